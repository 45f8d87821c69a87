//! Something to fetch.

use serde::{Deserialize, Serialize};

use super::settings::SeedKind;

/// What a task's answer is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// To be kept.
    Page,
    /// To find pages. Sitemaps nest this deep already.
    Sitemap(u8),
    /// To find pages.
    Feed,
    /// To know what this origin allows.
    Robots(Box<str>),
}

impl From<SeedKind> for Purpose {
    fn from(kind: SeedKind) -> Self {
        match kind {
            SeedKind::Page => Self::Page,
            SeedKind::Sitemap => Self::Sitemap(0),
            SeedKind::Feed => Self::Feed,
        }
    }
}

/// Something to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Task {
    /// Its number in the crawl.
    pub(crate) id: u64,
    /// Where it is: a normalised URL.
    pub(crate) url: Box<str>,
    /// What its answer is for.
    pub(crate) purpose: Purpose,
    /// Links between the seed and this.
    pub(crate) depth: u16,
    /// The URLs that redirected here, first to last.
    pub(crate) chain: Vec<Box<str>>,
    /// The page, sitemap or feed that named it.
    pub(crate) via: Option<Box<str>>,
    /// Attempts made.
    #[serde(skip)]
    pub(crate) attempt: u8,
}
