//! Gradient-boosted trees, evaluated.

use serde::{Deserialize, Serialize};

use crate::features::{COLUMNS, Row};

/// Where a split leads: another split, or a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Child {
    /// Index into [`Tree::splits`].
    Split(u16),
    /// The leaf's share in the sum of log-odds.
    Leaf(f32),
}

/// One question about a row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// The column.
    pub column: u16,
    /// Values below it go left.
    pub threshold: f32,
    /// Whether missing values go left.
    pub missing_left: bool,
    /// Where values below the threshold lead.
    pub left: Child,
    /// Where the others lead.
    pub right: Child,
}

/// A decision tree; the first split is its root. A split leads only to later ones.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Tree {
    /// Its splits.
    pub splits: Vec<Split>,
}

/// Trees whose values are summed to log-odds, as an artefact holds them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Trees {
    /// Log-odds before any tree.
    pub base: f32,
    /// The trees.
    pub trees: Vec<Tree>,
}

/// Rows that go through the forest together, so that both they and the tree they are in fit the nearest cache.
const CHUNK: usize = 16;

/// Trees laid out for evaluation: a split is twelve bytes, so that a forest fits the nearest caches.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "Trees", into = "Trees")]
pub struct Forest {
    source: Trees,
    nodes: Vec<Node>,
    leaves: Vec<f32>,
    /// Where each tree's nodes and leaves begin.
    starts: Vec<(u32, u32)>,
}

/// A split. The children count from the tree's root; below zero they are leaves: `!child` counts from the
/// tree's first leaf.
#[derive(Debug, Clone, Copy)]
struct Node {
    threshold: f32,
    column: u16,
    missing_left: bool,
    left: i16,
    right: i16,
}

/// A tree that cannot be evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("tree {tree} is damaged: a split leads back, nowhere, or asks for a column that there is not")]
pub struct DamagedTree {
    /// Its index.
    tree: usize,
}

impl TryFrom<Trees> for Forest {
    type Error = DamagedTree;

    fn try_from(source: Trees) -> Result<Self, DamagedTree> {
        let mut forest = Self { source: Trees::default(), ..Self::default() };
        for (tree, Tree { splits }) in source.trees.iter().enumerate() {
            forest.push(splits).ok_or(DamagedTree { tree })?;
        }
        forest.source = source;
        Ok(forest)
    }
}

impl From<Forest> for Trees {
    fn from(forest: Forest) -> Self {
        forest.source
    }
}

impl Forest {
    fn push(&mut self, splits: &[Split]) -> Option<()> {
        let first_leaf = self.leaves.len();
        if !splits.is_empty() {
            self.starts.push((self.nodes.len() as u32, first_leaf as u32));
        }
        let mut child = |at: usize, child: Child| match child {
            Child::Split(next) => {
                let is_later = usize::from(next) > at && usize::from(next) < splits.len();
                i16::try_from(next).ok().filter(|_| is_later)
            }
            Child::Leaf(value) => {
                self.leaves.push(value);
                i16::try_from(self.leaves.len() - 1 - first_leaf).ok().map(|leaf| !leaf)
            }
        };
        let mut nodes = Vec::with_capacity(splits.len());
        for (at, split) in splits.iter().enumerate() {
            let Split { column, threshold, missing_left, left, right } = *split;
            let is_known = usize::from(column) < COLUMNS;
            let (left, right) = (child(at, left)?, child(at, right)?);
            nodes.push(is_known.then_some(Node { threshold, column, missing_left, left, right })?);
        }
        self.nodes.append(&mut nodes);
        Some(())
    }

    /// Probability of content, 0 to 1.
    pub fn probability(&self, row: &Row) -> f32 {
        sigmoid(self.odds(row))
    }

    /// The same for many rows.
    pub fn probabilities(&self, rows: &[Row]) -> Vec<f32> {
        rows.chunks(CHUNK).flat_map(|rows| self.odds_of(rows).into_iter().take(rows.len()).map(sigmoid)).collect()
    }

    /// Log-odds of content.
    pub fn odds(&self, row: &Row) -> f32 {
        self.odds_of(std::slice::from_ref(row))[0]
    }

    /// Log-odds of at most [`CHUNK`] rows.
    fn odds_of(&self, rows: &[Row]) -> [f32; CHUNK] {
        let mut odds = [0.0; CHUNK];
        for &(nodes, leaves) in &self.starts {
            let (nodes, leaves) = (&self.nodes[nodes as usize..], &self.leaves[leaves as usize..]);
            for (odds, row) in odds.iter_mut().zip(rows) {
                *odds += leaves[leaf(nodes, row)];
            }
        }
        odds.map(|odds| self.source.base + odds)
    }

    /// What each known column adds to the log-odds: how far they fall when that column alone is missing.
    pub fn shares(&self, row: &Row) -> Vec<(usize, f32)> {
        let odds = self.odds(row);
        let share = |column: usize| {
            let mut without = *row;
            without[column] = f32::NAN;
            (column, odds - self.odds(&without))
        };
        (0..COLUMNS).filter(|&column| !row[column].is_nan()).map(share).collect()
    }
}

fn sigmoid(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// The leaf that a row falls into, counted from the tree's first; the tree's nodes come first in `nodes`.
fn leaf(nodes: &[Node], row: &Row) -> usize {
    let mut at = 0;
    loop {
        let node = &nodes[at];
        let value = row[usize::from(node.column)];
        let left = (value < node.threshold) | (node.missing_left & value.is_nan());
        let next = if left { node.left } else { node.right };
        if next < 0 {
            return usize::from((!next).unsigned_abs());
        }
        at = next as usize;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(column: u16, threshold: f32, missing_left: bool, left: Child, right: Child) -> Split {
        Split { column, threshold, missing_left, left, right }
    }

    fn row(first: f32, second: f32) -> Row {
        let mut row = [f32::NAN; COLUMNS];
        (row[0], row[1]) = (first, second);
        row
    }

    #[test]
    fn trees_ask_and_add_up() {
        let inner = split(1, 0.5, true, Child::Leaf(1.0), Child::Leaf(-1.0));
        let tree = Tree { splits: vec![split(0, 2.0, false, Child::Leaf(3.0), Child::Split(1)), inner] };
        let stump = Tree { splits: vec![split(0, 2.0, true, Child::Leaf(0.5), Child::Leaf(0.25))] };
        let trees = vec![tree, Tree::default(), stump];
        let forest = Forest::try_from(Trees { base: 1.0, trees }).expect("whole");
        let missing = f32::NAN;
        for (first, second, odds) in [(1.0, 0.0, 4.5), (2.0, 0.0, 2.25), (2.0, 0.5, 0.25), (missing, missing, 2.5)] {
            let probability = 1.0 / (1.0 + f32::exp(-odds));
            assert!((forest.probability(&row(first, second)) - probability).abs() < 1e-6, "{first} {second}");
        }
        let rows: Vec<Row> = (0..2 * CHUNK + 3).map(|i| row(i as f32 % 4.0, i as f32 / 20.0)).collect();
        let one_by_one: Vec<f32> = rows.iter().map(|row| forest.probability(row)).collect();
        assert_eq!(forest.probabilities(&rows), one_by_one);
    }

    #[test]
    fn damaged_trees_are_refused() {
        for (column, next) in [(0, 0), (0, 9), (u16::MAX, 1)] {
            let leaf = split(0, 0.0, true, Child::Leaf(0.0), Child::Leaf(0.0));
            let splits = vec![split(column, 0.0, true, Child::Split(next), Child::Leaf(0.0)), leaf];
            assert!(Forest::try_from(Trees { base: 0.0, trees: vec![Tree { splits }] }).is_err());
        }
    }
}
