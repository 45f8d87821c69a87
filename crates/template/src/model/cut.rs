//! Where to cut between content and boilerplate on one page.

use serde::{Deserialize, Serialize};

/// The cut never leaves this range: beyond it single blocks would decide for the whole page.
const RANGE: (f32, f32) = (0.12, 0.60);

/// Words added to each block, so that blocks of few words weigh something.
pub const SPARE_WORDS: f32 = 0.3;

/// Which error weighs more: chrome that is kept, or content that is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Favor {
    /// Less text, more of it content.
    Precision,
    /// Neither.
    #[default]
    Balance,
    /// More text, less content lost.
    Recall,
}

impl Favor {
    /// How many times as much recall weighs as precision: the beta of an F-measure. At the same precision this keeps more
    /// content than a higher or lower range does: the cut still follows the page.
    fn beta(self) -> f32 {
        match self {
            Self::Precision => 0.5,
            Self::Balance => 1.0,
            Self::Recall => 2.0,
        }
    }
}

/// A cut and what it is expected to give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    /// The probability from which a block is kept.
    pub at: f32,
    /// The F1 of words that it gives if the probabilities are right.
    pub expected: f32,
}

impl Cut {
    /// The cut with the highest *expected* F-measure of words, if the probabilities are right (Lewis 1995, "Evaluating and
    /// optimizing autonomous text classification systems"). On pages of short blocks it is low, on articles high.
    /// `words` is parallel to `content`.
    pub fn of(content: &[f32], words: &[u32], favor: Favor) -> Self {
        let mut blocks: Vec<(f32, f32)> =
            content.iter().zip(words).map(|(&content, &words)| (content, words as f32 + SPARE_WORDS)).collect();
        blocks.sort_by(|a, b| b.0.total_cmp(&a.0));
        let expected: f32 = blocks.iter().map(|(content, words)| content * words).sum();
        let beta = favor.beta().powi(2);
        let (mut kept, mut right) = (0.0, 0.0);
        let mut best = (0.0, RANGE.1);
        for &(content, words) in &blocks {
            kept += words;
            right += content * words;
            let value = (1.0 + beta) * right / (kept + beta * expected);
            if value > best.0 {
                best = (value, content);
            }
        }
        let at = best.1.clamp(RANGE.0, RANGE.1);
        Self { at, expected: expected_f1(&blocks, expected, at) }
    }
}

/// The F1 to expect if these blocks are kept from a cut on.
fn expected_f1(blocks: &[(f32, f32)], expected: f32, at: f32) -> f32 {
    let kept = blocks.iter().take_while(|(content, _)| *content >= at);
    let (kept, right) =
        kept.fold((0.0, 0.0), |(kept, right), (content, words)| (kept + words, right + content * words));
    if kept > 0.0 { 2.0 * right / (kept + expected) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{Cut, Favor};

    #[test]
    fn sure_pages_are_cut_between_and_doubtful_ones_low() {
        let cut = |content: &[f32], words: &[u32]| Cut::of(content, words, Favor::Balance).at;
        let sure = cut(&[0.95, 0.9, 0.05], &[100, 100, 100]);
        assert!(sure > 0.05 && sure <= 0.9);
        assert!(cut(&[0.3, 0.3, 0.02], &[50, 50, 50]) <= 0.3);
        assert!((cut(&[], &[]) - 0.6).abs() < f32::EPSILON);
    }

    #[test]
    fn favors_move_the_cut_and_doubt_lowers_what_is_expected() {
        let content = [0.97, 0.9, 0.7, 0.5, 0.4, 0.2, 0.1, 0.03];
        let at = |favor| Cut::of(&content, &[40; 8], favor).at;
        assert!(at(Favor::Recall) < at(Favor::Balance) && at(Favor::Balance) < at(Favor::Precision));
        let expected = |content: &[f32]| Cut::of(content, &[40; 2], Favor::Balance).expected;
        assert!(expected(&[0.99, 0.01]) > 0.95);
        assert!(expected(&[0.6, 0.4]) < 0.75);
        assert!(Cut::of(&[], &[], Favor::Balance).expected.abs() < f32::EPSILON);
    }
}
