//! Labels a page's blocks with reasons, and learns what recurs on a site.

pub mod features;
mod verdict;

pub use verdict::{Label, Reason, Verdict};
