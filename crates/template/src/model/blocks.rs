//! The model of one medium: what a page alone says of its blocks, and how that changes with what the site's other documents say.
//!
//! The second part is a small forest over the evidence of the site and the first part's log-odds, to which it adds. So one
//! page alone is judged by a model that knows of nothing else, and learning is one number a block, which `explain` shows.
//! One model with the site's columns among the page's was no better on learned sites (.963 and .962 on 33 sites, .943 and .946
//! flat), worse on pages alone (.879 instead of .882 on WCXB's, cross-validated by site), and twice as large and slow.

use serde::{Deserialize, Serialize};

use super::forest::Forest;
use super::page::{self, PageModel};
use crate::features::{SITE_COLUMNS, SiteFeature, SiteRow};

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
            let is_known = !row[SiteFeature::site_documents as usize].is_nan();
            row[SiteFeature::alone as usize] + if is_known { site } else { 0.0 }
        };
        rows.iter().zip(self.site.odds(rows)).map(add).collect()
    }

    /// What each of the site's columns adds to the log-odds of each block, columns first; see [`PageModel::shares`].
    pub fn site_shares(&self, rows: &[SiteRow]) -> Vec<(usize, Vec<f32>)> {
        let mut shares = page::shares(rows, |rows| self.with_site(rows));
        shares.retain(|(column, _)| *column != SiteFeature::alone as usize);
        shares
    }
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
}
