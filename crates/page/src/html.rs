//! Blocks from HTML.
use crate::{block::Block, metadata::Metadata, outline::Outline, page::Limits, selectors::Selectors};

/// Deepest nesting kept; deeper elements become children of their ancestor at this depth, as
/// in browsers (Blink and WebKit cap at 512).
pub const MAX_DEPTH: usize = 512;
/// Longest page read, in bytes of UTF-8.
pub const MAX_BYTES: usize = 64 << 20;
/// Most nodes a page's tree may have.
pub const MAX_NODES: usize = 4_000_000;

pub(crate) struct Parsed {
    pub(crate) outline: Outline,
    pub(crate) blocks: Vec<Block>,
    pub(crate) metadata: Metadata,
    pub(crate) limits: Limits,
}
pub(crate) fn parse(_text: &str, _selectors: &Selectors) -> Parsed {
    unimplemented!()
}
