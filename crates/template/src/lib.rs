//! Labels a page's blocks with reasons, and learns what recurs on a site.

mod verdict;

pub use verdict::{Label, Reason, Verdict};
