//! What is wrong with the log-odds of a batch.

use std::ops::Range;

use ndarray::Array2;

/// Weight of the page's F1 beside the log-loss of its blocks.
const F1_WEIGHT: f32 = 1.5;

/// Least probability of what is true: the loss of a single block stays finite.
const LEAST: f32 = 1e-7;

/// What should come out of a batch, by block but for `shares`.
#[derive(Debug, Default)]
pub(crate) struct Target {
    /// 1 for content, 0 for boilerplate.
    pub(crate) labels: Vec<f32>,
    /// Weights of the log-loss.
    pub(crate) weights: Vec<f32>,
    /// Words, as weights of the F1.
    pub(crate) words: Vec<f32>,
    /// Weight of each page's F1.
    pub(crate) shares: Vec<f32>,
}

/// The mean loss of the pages of a batch, and its gradient by the log-odds.
pub(crate) fn loss(odds: &Array2<f32>, target: &Target, pages: &[Range<usize>]) -> (f32, Array2<f32>) {
    let content = odds.mapv(|odds| 1.0 / (1.0 + (-odds).exp()));
    let mut gradient = Array2::zeros(odds.dim());
    let mut sum = 0.0;
    for (page, share) in pages.iter().zip(&target.shares) {
        for block in page.clone() {
            sum += log_loss(content[[block, 0]], block, target);
            gradient[[block, 0]] = target.weights[block] * (content[[block, 0]] - target.labels[block]);
        }
        sum += add_f1(&content, target, page.clone(), F1_WEIGHT * share, &mut gradient);
    }
    let scale = 1.0 / pages.len().max(1) as f32;
    gradient *= scale;
    (scale * sum, gradient)
}

fn log_loss(content: f32, block: usize, target: &Target) -> f32 {
    let right = if target.labels[block] > 0.5 { content } else { 1.0 - content };
    -target.weights[block] * right.max(LEAST).ln()
}

/// The loss of a page of which words are kept by their probabilities, one less F1, and its gradient, added. A page without
/// content has none.
fn add_f1(content: &Array2<f32>, target: &Target, page: Range<usize>, weight: f32, gradient: &mut Array2<f32>) -> f32 {
    let (mut right, mut kept, mut true_words) = (0.0, 0.0, 0.0);
    for block in page.clone() {
        let (content, label, words) = (content[[block, 0]], target.labels[block], target.words[block]);
        right += content * label * words;
        kept += content * words;
        true_words += label * words;
    }
    if true_words <= 0.0 {
        return 0.0;
    }
    let both = kept + true_words;
    for block in page {
        let content = content[[block, 0]];
        let by_content = 2.0 * target.words[block] * (target.labels[block] / both - right / (both * both));
        gradient[[block, 0]] -= weight * by_content * content * (1.0 - content);
    }
    weight * (1.0 - 2.0 * right / both)
}
