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

/// Rows that go down a tree together: their steps do not wait for one another.
const LANES: usize = 8;

/// Trees laid out for evaluation: a node is eight bytes, so that a forest fits the nearer caches.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "Trees", into = "Trees")]
pub struct Forest {
    source: Trees,
    nodes: Vec<Node>,
    /// Values of the leaves, parallel to the nodes.
    values: Vec<f32>,
    layouts: Vec<Layout>,
}

/// A split or a leaf. A leaf leads to itself, so that rows whose leaves lie at different depths take the same number of steps:
/// no step has to be guessed by the processor.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Values below it go to `child`, others to the node behind that.
    threshold: f32,
    /// Index into [`Values`].
    value: u16,
    /// Counted from the tree's root.
    child: u16,
}

/// A tree's place among the nodes.
#[derive(Debug, Clone, Copy)]
struct Layout {
    root: u32,
    /// Steps from the root to the lowest leaf.
    depth: u16,
}

/// A row with its missing values below all thresholds, and again with them above all, so that a split asks one question.
type Values = [f32; 2 * COLUMNS];

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
        let root = self.nodes.len();
        // The children of a split stand side by side. Each is reached once, or the splits are no tree.
        let mut reached: Vec<(Child, u16)> = splits.first().map(|_| (Child::Split(0), 0)).into_iter().collect();
        let mut at = 0;
        while let Some(&(child, depth)) = reached.get(at) {
            match child {
                Child::Leaf(value) => self.push_node(Node::leaf(at)?, value),
                Child::Split(split) => {
                    let split_at = splits.get(usize::from(split))?;
                    self.push_node(Node::split(split_at, reached.len())?, 0.0);
                    reached.extend([(split_at.left, depth + 1), (split_at.right, depth + 1)]);
                }
            }
            at += 1;
            if reached.len() > 2 * splits.len() + 1 {
                return None;
            }
        }
        let depth = reached.last().map_or(0, |(_, depth)| *depth);
        self.layouts.push(Layout { root: root as u32, depth });
        Some(())
    }

    fn push_node(&mut self, node: Node, value: f32) {
        self.nodes.push(node);
        self.values.push(value);
    }

    /// Log-odds of content, by row.
    pub fn odds(&self, rows: &[Row]) -> Vec<f32> {
        rows.chunks(LANES).flat_map(|rows| self.odds_of(rows).into_iter().take(rows.len())).collect()
    }

    /// Log-odds of at most [`LANES`] rows; the lanes beyond them hold nothing of use.
    fn odds_of(&self, rows: &[Row]) -> [f32; LANES] {
        let mut values = [[0.0; 2 * COLUMNS]; LANES];
        values.iter_mut().zip(rows).for_each(|(values, row)| fill(values, row));
        let mut odds = [0.0; LANES];
        for tree in &self.layouts {
            let root = tree.root as usize;
            let nodes = &self.nodes[root..];
            let mut places = [0_u16; LANES];
            for _ in 0..tree.depth {
                for lane in 0..LANES {
                    places[lane] = nodes[usize::from(places[lane])].next(&values[lane]);
                }
            }
            for (odds, place) in odds.iter_mut().zip(places) {
                *odds += self.values[root + usize::from(place)];
            }
        }
        odds.map(|odds| self.source.base + odds)
    }
}

fn fill(values: &mut Values, row: &Row) {
    let (low, high) = values.split_at_mut(COLUMNS);
    for ((low, high), &value) in low.iter_mut().zip(high).zip(row) {
        *low = if value.is_nan() { f32::NEG_INFINITY } else { value };
        *high = if value.is_nan() { f32::INFINITY } else { value };
    }
}

impl Node {
    fn split(split: &Split, child: usize) -> Option<Self> {
        let column = usize::from(split.column);
        let value = if split.missing_left { column } else { column + COLUMNS };
        let is_known = column < COLUMNS;
        let child = u16::try_from(child).ok().filter(|&child| child < u16::MAX && is_known)?;
        Some(Self { threshold: split.threshold, value: value as u16, child })
    }

    /// Nothing is at or above its threshold, so it leads to itself.
    fn leaf(at: usize) -> Option<Self> {
        Some(Self { threshold: f32::NAN, value: 0, child: u16::try_from(at).ok()? })
    }

    fn next(self, values: &Values) -> u16 {
        self.child + u16::from(values[usize::from(self.value)] >= self.threshold)
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
            assert_eq!(forest.odds(&[row(first, second)]), [odds], "{first} {second}");
        }
        let rows: Vec<Row> = (0..2 * LANES + 3).map(|i| row(i as f32 % 4.0, i as f32 / 20.0)).collect();
        let one_by_one: Vec<f32> = rows.chunks(1).flat_map(|row| forest.odds(row)).collect();
        assert_eq!(forest.odds(&rows), one_by_one);
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
