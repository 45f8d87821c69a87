//! What the site's other documents say of a block, beside what the page alone says.

use dechrome_page::Page;
use libm::lgamma;

use super::{MISSING, columns, log};
use crate::stats::BlockEvidence;

columns! {
    /// A column of what is known of a block beyond its page.
    SiteFeature, SITE_NAMES:
    // The log-odds of content by the page alone.
    alone,
    // What the site's other documents say.
    site_documents, site_share, site_odds, site_path_documents, site_path_recurs, site_path_content,
    site_anchor_content, site_anchor_distance, site_next_content, site_next_distance,
}

/// Number of columns.
pub const SITE_COLUMNS: usize = SITE_NAMES.len();

/// One block's values, by [`SiteFeature`].
pub type SiteRow = [f32; SITE_COLUMNS];

/// Whether any other document of the block's site is known.
pub fn is_known(row: &SiteRow) -> bool {
    !row[SiteFeature::site_documents as usize].is_nan()
}

/// Beta priors of how often boilerplate and content recur: boilerplate on most documents, content
/// on few, and the fewer the longer it is. Chosen in a probe of 35 sites, not tuned here; the model combines them.
const BOILERPLATE_PRIOR: (f64, f64) = (1.2, 1.0);
const CONTENT_PRIOR_B: f64 = 2.0;

fn content_prior_a(chars: u32) -> f64 {
    0.02 + 0.4 * (-f64::from(chars) / 25.0).exp()
}

/// What the other documents of the page's site say of each of its blocks; no rows where no site is known. `alone` holds the
/// blocks' log-odds of content by the page alone. Blocks of which no evidence is kept have nothing else.
pub fn site_rows(page: &Page, evidence: &[BlockEvidence], alone: &[f32]) -> Vec<SiteRow> {
    if evidence.is_empty() {
        return Vec::new();
    }
    let evidence = evidence.iter().map(Some).chain(std::iter::repeat(None));
    let blocks = page.blocks.iter().zip(alone).zip(evidence);
    blocks.map(|((block, &alone), evidence)| row(evidence, block.chars, alone)).collect()
}

fn row(evidence: Option<&BlockEvidence>, chars: u32, alone: f32) -> SiteRow {
    let mut row = [MISSING; SITE_COLUMNS];
    row[SiteFeature::alone as usize] = alone;
    if let Some(evidence) = evidence.filter(|evidence| evidence.of > 0) {
        fill(evidence, chars, &mut row);
    }
    row
}

fn fill(evidence: &BlockEvidence, chars: u32, row: &mut SiteRow) {
    let of = evidence.of as f32;
    let share = |documents: u32| documents as f32 / of;
    let value = |share: Option<f32>| share.unwrap_or(MISSING);
    let distance = |blocks: Option<u32>| blocks.map_or(MISSING, log);
    for (feature, value) in [
        (SiteFeature::site_documents, log(evidence.of)),
        (SiteFeature::site_share, value(evidence.documents.map(share))),
        (SiteFeature::site_odds, value(evidence.documents.map(|documents| odds(documents, evidence.of, chars)))),
        (SiteFeature::site_path_documents, share(evidence.path_documents)),
        (SiteFeature::site_path_recurs, value(evidence.path_recurs)),
        (SiteFeature::site_path_content, value(evidence.path_content)),
        (SiteFeature::site_anchor_content, value(evidence.anchor_content)),
        (SiteFeature::site_anchor_distance, distance(evidence.anchor_distance)),
        (SiteFeature::site_next_content, value(evidence.next_content)),
        (SiteFeature::site_next_distance, distance(evidence.next_distance)),
    ] {
        row[feature as usize] = value;
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
    use dechrome_page::Capture;

    use super::*;

    #[test]
    fn blocks_without_evidence_have_a_row_of_the_page_alone() {
        let page = Page::read(&Capture::text("page", "One line\n\nAnother line"));
        let evidence = BlockEvidence { of: 3, documents: Some(2), ..BlockEvidence::default() };
        let rows = site_rows(&page, &[evidence], &[0.5, -0.5]);
        let column = |feature: SiteFeature| rows.iter().map(|row| row[feature as usize]).collect::<Vec<_>>();
        assert_eq!(column(SiteFeature::alone), [0.5, -0.5]);
        let share = column(SiteFeature::site_share);
        assert!((share[0] - 2.0 / 3.0).abs() < 1e-6 && share[1].is_nan());
        assert!(site_rows(&page, &[], &[0.5, -0.5]).is_empty());
    }

    #[test]
    fn odds_are_neutral_without_documents_and_rise_with_recurrence_and_length() {
        assert!(odds(0, 0, 50).abs() < 1e-6);
        assert!(odds(3, 3, 50) > odds(1, 3, 50));
        assert!(odds(1, 3, 200) > odds(1, 3, 5));
        assert!(odds(0, 8, 50) < 0.0);
        assert!(odds(5_000, 5_000, 50).is_finite());
    }
}
