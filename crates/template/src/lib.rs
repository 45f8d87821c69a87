//! Labels a page's blocks with reasons, and learns what recurs on a site.

pub mod features;
mod template;
mod verdict;

pub use template::{SiteStats, Template};
pub use verdict::{Label, Reason, Verdict};
