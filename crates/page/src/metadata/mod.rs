//! What a page says of itself: JSON-LD, OpenGraph, `<meta>`, `<title>`, `<time>`, bylines.

use serde::{Deserialize, Serialize};

/// What a page says of itself, from its head, its structured data and its visible bylines.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Metadata {
    /// The article's headline, without the site's name.
    pub title: Option<String>,
    /// The authors, joined by `; `.
    pub author: Option<String>,
    /// When it was published: `YYYY-MM-DD`.
    pub date: Option<String>,
    /// The name of the site or publisher.
    pub site_name: Option<String>,
    /// The page's own summary of itself.
    pub description: Option<String>,
    /// The declared language: a BCP 47 tag as written, lower-case.
    pub language: Option<String>,
    /// The page's canonical address (`rel=canonical`, else `og:url`).
    pub canonical: Option<String>,
    /// Subjects and keywords, in the page's order, without duplicates.
    pub tags: Vec<String>,
    /// Types that structured data gives the page (`Article`, `Product`, …), as written.
    pub types: Vec<String>,
    /// Text that structured data holds: `articleBody`, else a product's `description`.
    pub body: Option<String>,
}
