//! What the site's other documents say of a block. All columns are missing when nothing is known.

use libm::lgamma;

use super::{Feature, MISSING, Row, log, set};
use crate::stats::BlockEvidence;

/// Beta priors of how often boilerplate and content recur: boilerplate on most documents, content
/// on few, and the fewer the longer it is. Chosen in a probe of 35 sites, not tuned here; the model combines them.
const BOILERPLATE_PRIOR: (f64, f64) = (1.2, 1.0);
const CONTENT_PRIOR_B: f64 = 2.0;

fn content_prior_a(chars: u32) -> f64 {
    0.02 + 0.4 * (-f64::from(chars) / 25.0).exp()
}

/// Fills the columns of the site.
pub(crate) fn fill(evidence: &[BlockEvidence], chars: impl Iterator<Item = u32>, rows: &mut [Row]) {
    for ((evidence, chars), row) in evidence.iter().zip(chars).zip(rows) {
        if evidence.of > 0 {
            fill_row(evidence, chars, row);
        }
    }
}

fn fill_row(evidence: &BlockEvidence, chars: u32, row: &mut Row) {
    let of = evidence.of as f32;
    let share = |documents: u32| documents as f32 / of;
    let value = |share: Option<f32>| share.unwrap_or(MISSING);
    let distance = |blocks: Option<u32>| blocks.map_or(MISSING, log);
    for (feature, value) in [
        (Feature::site_documents, log(evidence.of)),
        (Feature::site_share, value(evidence.documents.map(share))),
        (Feature::site_odds, value(evidence.documents.map(|documents| odds(documents, evidence.of, chars)))),
        (Feature::site_path_documents, share(evidence.path_documents)),
        (Feature::site_path_recurs, value(evidence.path_recurs)),
        (Feature::site_path_content, value(evidence.path_content)),
        (Feature::site_anchor_content, value(evidence.anchor_content)),
        (Feature::site_anchor_distance, distance(evidence.anchor_distance)),
        (Feature::site_next_content, value(evidence.next_content)),
        (Feature::site_next_distance, distance(evidence.next_distance)),
        (Feature::site_tail, value(evidence.tail)),
        (Feature::site_head, value(evidence.head)),
    ] {
        set(row, feature, value);
    }
}

/// Log-odds of boilerplate for a text on `documents` of `of`: the ratio of two beta-binomials,
/// zero when nothing was seen and smooth to any number of documents.
pub(crate) fn odds(documents: u32, of: u32, chars: u32) -> f32 {
    let (t, n) = (f64::from(documents), f64::from(of));
    let likelihood = |a: f64, b: f64| log_beta(t + a, n - t + b) - log_beta(a, b);
    let (a, b) = BOILERPLATE_PRIOR;
    (likelihood(a, b) - likelihood(content_prior_a(chars), CONTENT_PRIOR_B)) as f32
}

fn log_beta(a: f64, b: f64) -> f64 {
    lgamma(a) + lgamma(b) - lgamma(a + b)
}

#[cfg(test)]
mod tests {
    use super::odds;

    #[test]
    fn odds_are_neutral_without_documents_and_rise_with_recurrence_and_length() {
        assert!(odds(0, 0, 50).abs() < 1e-6);
        assert!(odds(3, 3, 50) > odds(1, 3, 50));
        assert!(odds(1, 3, 200) > odds(1, 3, 5));
        assert!(odds(0, 8, 50) < 0.0);
        assert!(odds(5_000, 5_000, 50).is_finite());
    }
}
