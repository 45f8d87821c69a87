//! Gradient-boosted trees, evaluated.

#![expect(clippy::inline_always, reason = "wide vectors are used only in what is inlined into `with_simd`")]

use pulp::{Arch, Simd, WithSimd};
use serde::{Deserialize, Serialize};

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

/// Most leaves of a tree: a bit each.
const LEAVES: usize = 32;

/// Rows that are asked together: enough that the compiler keeps the loop over them, and makes vectors of it.
const LANES: usize = 64;

/// Trees laid out for evaluation. No row goes down a tree, where each step waits for the one before: all questions of a tree
/// are asked, of many rows at once, and each whose answer leads right rules out the leaves at its left. The first leaf that
/// remains is the row's. (The scheme is that of Lucchese et al. 2015.)
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "Trees", into = "Trees")]
pub struct Forest<const COLUMNS: usize> {
    source: Trees,
    layouts: Vec<Layout>,
}

/// A tree's questions, and the values of its leaves from left to right.
#[derive(Debug, Clone, Default)]
struct Layout {
    questions: Vec<Question>,
    leaves: [f32; LEAVES],
}

#[derive(Debug, Clone, Copy)]
struct Question {
    /// Values below it go left.
    threshold: f32,
    column: u16,
    missing_left: bool,
    /// The leaves that remain for the others, by bit.
    remaining: u32,
}

/// Rows, columns first.
type Values = [[f32; LANES]];

/// A tree that cannot be evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "tree {tree} is damaged: too many leaves, or a split that leads back, nowhere, or asks for a column that there is not"
)]
pub struct DamagedTree {
    /// Its index.
    tree: usize,
}

impl<const COLUMNS: usize> TryFrom<Trees> for Forest<COLUMNS> {
    type Error = DamagedTree;

    fn try_from(source: Trees) -> Result<Self, DamagedTree> {
        let layout = |(tree, Tree { splits }): (usize, &Tree)| Layout::of(splits, COLUMNS).ok_or(DamagedTree { tree });
        let layouts = source.trees.iter().enumerate().map(layout).collect::<Result<_, _>>()?;
        Ok(Self { source, layouts })
    }
}

impl<const COLUMNS: usize> From<Forest<COLUMNS>> for Trees {
    fn from(forest: Forest<COLUMNS>) -> Self {
        forest.source
    }
}

impl Layout {
    /// `None` for a damaged tree, or one that asks for other columns.
    fn of(splits: &[Split], columns: usize) -> Option<Self> {
        if splits.iter().any(|split| usize::from(split.column) >= columns) {
            return None;
        }
        let mut layout = Self::default();
        if !splits.is_empty() {
            layout.push(splits, 0, 0)?;
        }
        // In any order they rule out the same; in this one it is no surprise which way missing values go.
        layout.questions.sort_by_key(|question| question.missing_left);
        Some(layout)
    }

    /// Adds a split and what it leads to, the leaves from `start` on, and says where they end.
    fn push(&mut self, splits: &[Split], at: usize, start: usize) -> Option<usize> {
        let split = splits.get(at)?;
        let middle = self.push_child(splits, at, split.left, start)?;
        let Split { column, threshold, missing_left, .. } = *split;
        let ruled_out = (start..middle).fold(0, |leaves, leaf| leaves | 1 << leaf);
        self.questions.push(Question { threshold, column, missing_left, remaining: !ruled_out });
        self.push_child(splits, at, split.right, middle)
    }

    fn push_child(&mut self, splits: &[Split], parent: usize, child: Child, start: usize) -> Option<usize> {
        match child {
            Child::Leaf(value) => {
                *self.leaves.get_mut(start)? = value;
                Some(start + 1)
            }
            // Not deeper than there are leaves, whatever is damaged.
            Child::Split(split) if usize::from(split) > parent && splits.len() < LEAVES => {
                self.push(splits, usize::from(split), start)
            }
            Child::Split(_) => None,
        }
    }
}

impl<const COLUMNS: usize> Forest<COLUMNS> {
    /// Log-odds of content, by row.
    pub fn odds(&self, rows: &[[f32; COLUMNS]]) -> Vec<f32> {
        let mut odds = Vec::with_capacity(rows.len());
        let mut values = vec![[0.0; LANES]; COLUMNS];
        for rows in rows.chunks(LANES) {
            fill(&mut values, rows);
            let sums = Arch::new().dispatch(Sums { layouts: &self.layouts, values: &values });
            odds.extend(sums[..rows.len()].iter().map(|sum| self.source.base + sum));
        }
        odds
    }
}

fn fill<const COLUMNS: usize>(values: &mut Values, rows: &[[f32; COLUMNS]]) {
    for (column, values) in values.iter_mut().enumerate() {
        values.iter_mut().zip(rows).for_each(|(value, row)| *value = row[column]);
    }
}

impl Question {
    /// Rules out leaves of each row by its value.
    #[inline(always)]
    fn ask(&self, values: &[f32; LANES], left: &mut [u32; LANES]) {
        if self.missing_left {
            self.rule_out(values, left, |value| u32::from(value >= self.threshold).wrapping_sub(1));
        } else {
            self.rule_out(values, left, |value| u32::from(value < self.threshold).wrapping_neg());
        }
    }

    /// `goes_left` is all ones where nothing is ruled out, else zero.
    #[inline(always)]
    fn rule_out(&self, values: &[f32; LANES], left: &mut [u32; LANES], goes_left: impl Fn(f32) -> u32) {
        for (left, &value) in left.iter_mut().zip(values) {
            *left &= self.remaining | goes_left(value);
        }
    }
}

/// Sums of the leaves of some rows.
struct Sums<'a> {
    layouts: &'a [Layout],
    values: &'a Values,
}

impl WithSimd for Sums<'_> {
    type Output = [f32; LANES];

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> [f32; LANES] {
        let mut sums = [0.0; LANES];
        for layout in self.layouts {
            let mut left = [u32::MAX; LANES];
            for question in &layout.questions {
                question.ask(&self.values[usize::from(question.column)], &mut left);
            }
            for (sum, left) in sums.iter_mut().zip(left) {
                *sum += layout.leaves[left.trailing_zeros() as usize % LEAVES];
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(column: u16, threshold: f32, missing_left: bool, left: Child, right: Child) -> Split {
        Split { column, threshold, missing_left, left, right }
    }

    type Row = [f32; 2];
    type Forest = super::Forest<2>;

    #[test]
    fn trees_ask_and_add_up() {
        let inner = split(1, 0.5, true, Child::Leaf(1.0), Child::Leaf(-1.0));
        let tree = Tree { splits: vec![split(0, 2.0, false, Child::Leaf(3.0), Child::Split(1)), inner] };
        let stump = Tree { splits: vec![split(0, 2.0, true, Child::Leaf(0.5), Child::Leaf(0.25))] };
        let trees = vec![tree, Tree::default(), stump];
        let forest = Forest::try_from(Trees { base: 1.0, trees }).expect("whole");
        let missing = f32::NAN;
        for (first, second, odds) in [(1.0, 0.0, 4.5), (2.0, 0.0, 2.25), (2.0, 0.5, 0.25), (missing, missing, 2.5)] {
            assert_eq!(forest.odds(&[[first, second]]), [odds], "{first} {second}");
        }
        let rows: Vec<Row> = (0..2 * LANES + 3).map(|i| [i as f32 % 4.0, i as f32 / 20.0]).collect();
        let one_by_one: Vec<f32> = rows.chunks(1).flat_map(|row| forest.odds(row)).collect();
        assert_eq!(forest.odds(&rows), one_by_one);
    }

    #[test]
    fn damaged_trees_are_refused() {
        for (column, next) in [(0, 0), (0, 9), (2, 1)] {
            let leaf = split(0, 0.0, true, Child::Leaf(0.0), Child::Leaf(0.0));
            let splits = vec![split(column, 0.0, true, Child::Split(next), Child::Leaf(0.0)), leaf];
            assert!(Forest::try_from(Trees { base: 0.0, trees: vec![Tree { splits }] }).is_err(), "{column} {next}");
        }
    }

    #[test]
    fn trees_have_no_more_leaves_than_a_word_has_bits() {
        let tree = |leaves: u16| {
            let next = |at: u16| if at + 2 < leaves { Child::Split(at + 1) } else { Child::Leaf(f32::from(at) + 1.0) };
            let chain = |at: u16| split(0, f32::from(at), true, Child::Leaf(f32::from(at)), next(at));
            Tree { splits: (0..leaves - 1).map(chain).collect() }
        };
        let forest = |leaves: u16| Forest::try_from(Trees { base: 0.0, trees: vec![tree(leaves)] });
        let rows: Vec<Row> = (0..LEAVES).map(|leaf| [leaf as f32 - 0.5, 0.0]).collect();
        let leaves: Vec<f32> = (0..LEAVES).map(|leaf| leaf as f32).collect();
        assert_eq!(forest(LEAVES as u16).expect("whole").odds(&rows), leaves);
        assert!(forest(LEAVES as u16 + 1).is_err());
    }
}
