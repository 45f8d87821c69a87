//! What to fetch: seeds, links to follow, the `[fetch]` table of a site file.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a URL given by the user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SeedKind {
    /// A page to fetch.
    Page,
    /// A sitemap or sitemap index.
    Sitemap,
    /// An RSS, Atom or JSON feed.
    Feed,
}

/// A URL to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// The URL as given.
    pub url: String,
    /// What it is.
    pub kind: SeedKind,
}

impl Seed {
    /// A page.
    pub fn page(url: impl Into<String>) -> Self {
        Self { url: url.into(), kind: SeedKind::Page }
    }

    /// A sitemap.
    pub fn sitemap(url: impl Into<String>) -> Self {
        Self { url: url.into(), kind: SeedKind::Sitemap }
    }

    /// A feed.
    pub fn feed(url: impl Into<String>) -> Self {
        Self { url: url.into(), kind: SeedKind::Feed }
    }
}

/// Which links to follow. Links never leave the registrable domains of the seeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// Path patterns (see [`Pattern`](super::Pattern)) of which one must match; none: all do.
    pub allow: Vec<String>,
    /// Path patterns of which none may match.
    pub deny: Vec<String>,
    /// Most links between a seed and a page.
    pub depth: u16,
}

impl Default for Follow {
    fn default() -> Self {
        Self { allow: Vec::new(), deny: Vec::new(), depth: 3 }
    }
}

/// What holds for one site: what its site file's `[fetch]` table says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FetchSettings {
    /// Pages to begin at.
    pub start: Vec<String>,
    /// Sitemaps to read.
    pub sitemaps: Vec<String>,
    /// Feeds to read.
    pub feeds: Vec<String>,
    /// Path patterns (see [`Pattern`](super::Pattern)): links that match one are followed. Without any, none are.
    pub allow: Vec<String>,
    /// Path patterns that are not followed, whatever `allow` says.
    pub deny: Vec<String>,
    /// Time between requests to one host; overrides [`Politeness::delay`](super::Politeness::delay).
    pub delay: Option<Duration>,
    /// Most links between a start page and a page; 3 if not given.
    pub depth: Option<u16>,
    /// Most pages fetched in a run.
    pub max_pages: Option<u64>,
    /// Header fields sent to the site's own hosts only.
    pub headers: BTreeMap<String, String>,
}
