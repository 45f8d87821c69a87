//! The model of one medium: what a page alone says of its blocks, and how that changes with what the site's other documents say.
//!
//! The second part is a small forest over the evidence of the site and the first part's log-odds, to which it adds. So one
//! page alone is judged by a model that knows of nothing else, and learning moves one number a block.
//! One model with the site's columns among the page's was no better on learned sites (.963 and .962 on 33 sites, .943 and .946
//! flat) and worse on pages alone (.879 instead of .882 on WCXB's, cross-validated by site).

use serde::{Deserialize, Serialize};

use super::forest::Forest;
use super::page::{self, PageModel};
use crate::features::{SITE_COLUMNS, SiteFeature, SiteRow, is_known};

/// Probability of content, by the other documents, of the texts around a new one from which it is among content, 0 to 1. By this
/// and the next two, learning costs more than a point of recall on 2 sites of 33 instead of 4 (flat 4 instead of 5), F1 of the sites
/// is .9659 instead of .9651 (flat .9340, .9343), and WCXB's pages, whose domains have few, lose .0002 by learning instead of .0012.
/// Cross-validated by site.
const AMONG_CONTENT: f32 = 0.8;

/// How much of what speaks against a new text is believed, of many documents.
const BY_PLACE: f32 = 0.8;

/// Documents of which half of that is.
const FEW_DOCUMENTS: f32 = 1.0;

/// The model for pages of one medium.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct BlockModel {
    /// What a page alone says.
    pub page: PageModel,
    /// What the site's other documents add to the log-odds.
    pub site: Forest<SITE_COLUMNS>,
}

impl BlockModel {
    /// Log-odds of content of blocks, given what is known of their site.
    pub fn with_site(&self, rows: &[SiteRow]) -> Vec<f32> {
        let add = |(row, site): (&SiteRow, f32)| {
            row[SiteFeature::alone as usize] + if is_known(row) { believed(row, site) } else { 0.0 }
        };
        rows.iter().zip(self.site.odds(rows)).map(add).collect()
    }

    /// What each of the site's columns adds to the log-odds of each block, columns first; see [`PageModel::shares`]. Without the number of
    /// documents nothing is known, so that has no share of its own.
    pub fn site_shares(&self, rows: &[SiteRow]) -> Vec<(usize, Vec<f32>)> {
        let mut shares = page::shares(rows, |rows| self.with_site(rows));
        let without = [SiteFeature::alone, SiteFeature::site_documents].map(|feature| feature as usize);
        shares.retain(|(column, _)| !without.contains(column));
        shares
    }
}

/// What is believed of what the site adds. What speaks against a text that no other document holds knows its place only: the fewer
/// the documents, the likelier they are of another kind of page; and among what is content elsewhere it is not believed.
fn believed(row: &SiteRow, site: f32) -> f32 {
    let value = |feature: SiteFeature| row[feature as usize];
    let is_new = value(SiteFeature::site_share) == 0.0;
    if !is_new || site >= 0.0 {
        return site;
    }
    let around = value(SiteFeature::site_anchor_content).min(value(SiteFeature::site_next_content));
    let documents = value(SiteFeature::site_documents).exp_m1();
    if around >= AMONG_CONTENT { 0.0 } else { BY_PLACE * documents / (documents + FEW_DOCUMENTS) * site }
}

#[cfg(test)]
mod tests {
    use super::super::forest::{Child, Split, Tree, Trees};
    use super::*;
    use crate::features::MISSING;

    #[test]
    fn a_site_adds_to_what_the_page_says_where_it_is_known() {
        let column = SiteFeature::site_share as u16;
        let split =
            Split { column, threshold: 0.5, missing_left: true, left: Child::Leaf(0.5), right: Child::Leaf(-3.0) };
        let trees = Trees { base: 0.25, trees: vec![Tree { splits: vec![split] }] };
        let model = BlockModel { site: Forest::try_from(trees).expect("sound"), page: PageModel::default() };
        let row = |alone: f32, documents: f32, share: f32| {
            let mut row = [MISSING; SITE_COLUMNS];
            row[SiteFeature::alone as usize] = alone;
            row[SiteFeature::site_documents as usize] = documents;
            row[SiteFeature::site_share as usize] = share;
            row
        };
        let rows = [row(1.0, 2.0, 1.0), row(1.0, 2.0, 0.0), row(1.0, MISSING, MISSING)];
        assert_eq!(model.with_site(&rows), [-1.75, 1.75, 1.0]);
        let shares = model.site_shares(&rows[..2]);
        assert!(shares.contains(&(column.into(), vec![-3.5, 0.0])), "{shares:?}");
    }

    #[test]
    fn little_is_believed_against_new_text_by_its_place_alone() {
        let row = |documents: u32, share: f32, around: [f32; 2]| {
            let mut row = [MISSING; SITE_COLUMNS];
            row[SiteFeature::site_documents as usize] = (documents as f32).ln_1p();
            row[SiteFeature::site_share as usize] = share;
            row[SiteFeature::site_anchor_content as usize] = around[0];
            row[SiteFeature::site_next_content as usize] = around[1];
            row
        };
        let is = |row: SiteRow, site: f32, expected: f32| assert!((believed(&row, site) - expected).abs() < 1e-5);
        is(row(1, 0.0, [0.1, 0.1]), -1.0, -0.4);
        is(row(7, 0.0, [0.9, 0.1]), -1.0, -0.7);
        is(row(7, 0.0, [0.9, 0.8]), -1.0, 0.0);
        is(row(7, 0.0, [0.9, MISSING]), -1.0, 0.0);
        is(row(7, 0.3, [0.9, 0.9]), -1.0, -1.0);
        is(row(1, 0.0, [0.1, 0.1]), 1.0, 1.0);
    }
}
