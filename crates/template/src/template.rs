//! Everything known of one site, applied to its pages.

use dechrome_page::Page;

use crate::verdict::{Reason, Verdict};

/// Everything known of one site: a person's rules and what was learned. Applying it is pure.
#[derive(Debug, Clone, Copy, Default)]
pub struct Template<'a> {
    stats: Option<&'a SiteStats>,
}

impl<'a> Template<'a> {
    /// What holds for pages of unknown sites.
    pub fn generic() -> Self {
        Self::default()
    }

    /// The same with what was learned from the site's pages.
    #[must_use]
    pub fn with_stats(mut self, stats: &'a SiteStats) -> Self {
        self.stats = Some(stats);
        self
    }

    /// A verdict for each block of the page, in order.
    pub fn classify(&self, page: &Page) -> Vec<Verdict> {
        page.blocks.iter().map(|_| Verdict::content(Reason::Default)).collect()
    }
}

/// What recurs on a site: counts of documents, mergeable in any order.
#[derive(Debug, Clone, Default)]
pub struct SiteStats {}

impl SiteStats {
    /// Counts a page. The same document counted twice changes nothing.
    pub fn learn(&mut self, _page: &Page) {}

    /// Adds what other pages of the site showed.
    pub fn merge(&mut self, _other: &Self) {}
}
