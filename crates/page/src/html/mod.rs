//! Blocks and outline from HTML.
//!
//! `tree` parses under limits, `walk` goes over the tree once, `run` gathers the text of one block, `table` tells
//! cells of data from layouts.

mod elements;
mod furniture;
mod names;
mod run;
mod table;
mod tree;
mod walk;

use crate::block::Block;
use crate::metadata::{self, Metadata};
use crate::outline::Outline;
use crate::page::Limits;
use crate::selectors::Selectors;

pub use tree::{MAX_BYTES, MAX_DEPTH};

/// What either parser gives.
pub(crate) struct Parsed {
    pub(crate) outline: Outline,
    pub(crate) blocks: Vec<Block>,
    pub(crate) metadata: Metadata,
    pub(crate) limits: Limits,
    /// Scripts of code in the page.
    pub(crate) scripts: u32,
}

/// Parses the HTML of the page at `url`. Never fails; limits hit are recorded.
pub(crate) fn parse(text: &str, url: Option<&str>, selectors: &Selectors) -> Parsed {
    let tree::Parsed { html, limits, scripts } = tree::parse(text);
    let metadata = metadata::from_html(&html, url, selectors);
    let (outline, blocks) = walk::walk(&html, selectors);
    Parsed { outline, blocks, metadata, limits, scripts }
}

#[cfg(test)]
mod tests;
