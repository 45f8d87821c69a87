//! What is decided of a page.

use crate::assessment::Evidence;
use crate::problem::Problem;
use crate::verdict::Verdict;

/// What is decided of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// A verdict for each block of the page, in order.
    pub verdicts: Vec<Verdict>,
    /// Why the page came without its content, where it did.
    pub problem: Option<Problem>,
    /// Whether the [text of its structured data](dechrome_page::Metadata::structured_text) is to be added, because the page does
    /// not show it.
    pub adds_structured: bool,
    /// The F1 that the blocks' probabilities promise, 0 to 1, where any block is kept.
    pub promised: Option<f32>,
    /// The F1 that pages of the same promise had on average, 0 to 1.
    pub confidence: f32,
}

/// A judgement with the evidence behind it, for people to read.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What is decided.
    pub judgement: Judgement,
    /// The evidence about each block, in order.
    pub evidence: Vec<Evidence>,
}
