//! Where to cut between content and boilerplate on one page.

/// The cut never leaves this range: beyond it single blocks would decide for the whole page.
const RANGE: (f32, f32) = (0.12, 0.60);

/// Words added to each block, so that blocks of few words weigh something.
const SPARE_WORDS: f32 = 0.3;

/// The probability from which a block is kept: the cut with the highest *expected* F1 of words, if the
/// probabilities are right (Lewis 1995, "Evaluating and optimizing autonomous text classification
/// systems"). On pages of short blocks it is low, on articles high. `words` is parallel to `content`.
pub fn cut(content: &[f32], words: &[u32]) -> f32 {
    let mut blocks: Vec<(f32, f32)> =
        content.iter().zip(words).map(|(&content, &words)| (content, words as f32 + SPARE_WORDS)).collect();
    blocks.sort_by(|a, b| b.0.total_cmp(&a.0));
    let expected: f32 = blocks.iter().map(|(content, words)| content * words).sum();
    let (mut kept, mut right) = (0.0, 0.0);
    let mut best = (0.0, RANGE.1);
    for (content, words) in blocks {
        kept += words;
        right += content * words;
        let f1 = 2.0 * right / (kept + expected);
        if f1 > best.0 {
            best = (f1, content);
        }
    }
    best.1.clamp(RANGE.0, RANGE.1)
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn sure_pages_are_cut_between_and_doubtful_ones_low() {
        let sure = cut(&[0.95, 0.9, 0.05], &[100, 100, 100]);
        assert!(sure > 0.05 && sure <= 0.9);
        assert!(cut(&[0.3, 0.3, 0.02], &[50, 50, 50]) <= 0.3);
        assert!((cut(&[], &[]) - 0.6).abs() < f32::EPSILON);
    }
}
