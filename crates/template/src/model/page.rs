//! What a page alone says of its blocks: trees and networks, whose log-odds are averaged by weight.
//!
//! Networks are asked of blocks of which trees are not certain (a cascade, as in Viola and Jones 2001).
//!
//! Trees are right about columns that jump (a tag, a cue), networks about what a page's blocks say together. Averaged they
//! beat either: in a probe of pages alone, cross-validated by site, .883 on WCXB's pages against .873 and .880, and .950 on 33
//! sites against .946 and .942. How much each has to say was chosen for each medium (`crates/train`).

use dechrome_page::Media;
use serde::{Deserialize, Serialize};

use super::forest::Forest;
use super::groups::Groups;
use super::network::Ensemble;
use super::probabilities;
use crate::features::{COLUMNS, MISSING, Row};

/// Log-odds by trees from which they are certain, and networks are not asked: of 65 of 100 blocks of WCXB's pages. Cross-validated no kind of page differs by more than .0015 from 3, as HTML or as
/// flat text (33 flat sites learned gain as much), and at 2.25 collections lose .007.
const CERTAIN: f32 = 2.5;

/// Log-odds by networks in those by trees, where these are certain: what networks say there is 1.2 (content) to 1.9 times as much, but the nearer
/// it is to that the fewer blocks are kept on forums, and by 1 precision falls behind recall by more than two points on 33 sites.
const AGREEMENT: f32 = 1.4;

/// The blocks, by index, of which trees with these log-odds are not certain.
pub fn doubtful(trees: &[f32]) -> Vec<usize> {
    trees.iter().enumerate().filter(|(_, odds)| odds.abs() < CERTAIN).map(|(block, _)| block).collect()
}

/// Trees and networks for pages of one medium.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PageModel {
    /// The trees.
    pub forest: Forest<COLUMNS>,
    /// The networks.
    pub ensemble: Ensemble,
    /// Weight of the trees in the log-odds, 0 to 1.
    pub forest_weight: f32,
}

impl PageModel {
    /// Whether it can be evaluated on pages of this medium.
    pub(super) fn is_sound(&self, media: Media) -> bool {
        (0.0..=1.0).contains(&self.forest_weight) && self.ensemble.is_sound(Groups::ways_of(media))
    }

    /// Log-odds of content of a page's blocks, by row.
    pub fn odds(&self, rows: &[Row], groups: &Groups) -> Vec<f32> {
        self.odds_with(&self.forest.odds(rows), rows, groups)
    }

    /// The same, given the log-odds by the trees.
    pub(crate) fn odds_with(&self, trees: &[f32], rows: &[Row], groups: &Groups) -> Vec<f32> {
        let doubtful = doubtful(trees);
        let mut networks: Vec<f32> = trees.iter().map(|trees| AGREEMENT * trees).collect();
        for (&block, odds) in doubtful.iter().zip(self.ensemble.odds(rows, groups, &doubtful)) {
            networks[block] = odds;
        }
        let weight = self.forest_weight;
        trees.iter().zip(networks).map(|(trees, networks)| weight * trees + (1.0 - weight) * networks).collect()
    }

    /// Probabilities of content by the trees alone, 0 to 1, for statistics: what a site's other pages show is a mean of many
    /// such, and costs a third.
    pub fn generic_probabilities(&self, rows: &[Row]) -> Vec<f32> {
        probabilities(&self.forest.odds(rows))
    }

    /// What each column adds to the log-odds of each block, columns first: how far they fall when that column is missing
    /// on the whole page. Columns of which nothing is known are left out.
    pub fn shares(&self, rows: &[Row], groups: &Groups) -> Vec<(usize, Vec<f32>)> {
        shares(rows, |rows| self.odds(rows, groups))
    }
}

/// What each column adds to these log-odds of each row, columns first.
pub(super) fn shares<const COLUMNS: usize>(
    rows: &[[f32; COLUMNS]],
    odds: impl Fn(&[[f32; COLUMNS]]) -> Vec<f32>,
) -> Vec<(usize, Vec<f32>)> {
    let whole = odds(rows);
    let is_known = |column: &usize| rows.iter().any(|row| !row[*column].is_nan());
    let share = |column: usize| {
        let mut without = rows.to_vec();
        for row in &mut without {
            row[column] = MISSING;
        }
        let left = odds(&without);
        (column, whole.iter().zip(left).map(|(whole, left)| whole - left).collect())
    };
    (0..COLUMNS).filter(is_known).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::super::forest::{Child, Split, Tree, Trees};
    use super::super::groups::Way;
    use super::*;

    #[test]
    fn a_weight_is_a_share() {
        for (forest_weight, is_sound) in [(0.0, true), (1.0, true), (-0.1, false), (1.1, false), (f32::NAN, false)] {
            let model = PageModel { forest_weight, ..PageModel::default() };
            assert_eq!(model.is_sound(Media::Html), is_sound, "{forest_weight}");
        }
    }

    #[test]
    fn networks_are_asked_where_trees_are_not_certain() {
        // Networks that are none say 0.
        let model = PageModel { forest_weight: 0.75, ..PageModel::default() };
        let trees = [-CERTAIN, 1.0 - CERTAIN, 0.5, CERTAIN - 1.0, CERTAIN];
        assert_eq!(doubtful(&trees), [1, 2, 3]);
        let groups = Groups { ways: Vec::new(), weights: vec![1.0; trees.len()] };
        let odds = model.odds_with(&trees, &[[MISSING; COLUMNS]; 5], &groups);
        let doubtful = 0.75 * (CERTAIN - 1.0);
        let certain = CERTAIN * (0.75 + 0.25 * AGREEMENT);
        for (odds, expected) in odds.iter().zip([-certain, -doubtful, 0.375, doubtful, certain]) {
            assert!((odds - expected).abs() < 1e-5, "{odds} {expected}");
        }
    }

    #[test]
    fn shares_tell_what_falls_without_a_column() {
        let split =
            Split { column: 0, threshold: 0.5, missing_left: true, left: Child::Leaf(-1.0), right: Child::Leaf(1.5) };
        let trees = Trees { base: 0.5, trees: vec![Tree { splits: vec![split] }] };
        let forest = Forest::try_from(trees).expect("sound");
        let model = PageModel { forest, ensemble: Ensemble::default(), forest_weight: 0.5 };
        let groups = Groups { ways: vec![Way { of_block: vec![0, 0], count: 1 }], weights: vec![1.0; 2] };
        let mut rows = [[MISSING; COLUMNS]; 2];
        rows[0][0] = 1.0;
        let [right, left] = [2.0, -0.5].map(|trees: f32| 0.5 * trees);
        assert_eq!(model.odds(&rows, &groups), [right, left]);
        assert_eq!(model.shares(&rows, &groups), [(0, vec![right - left, 0.0])]);
    }
}
