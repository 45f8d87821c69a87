//! Gradient-boosted trees, evaluated.

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

impl Tree {
    fn value(&self, row: &[f32]) -> f32 {
        let mut at = 0_usize;
        // Each step goes to a later split, so this ends; a damaged tree ends in 0.
        while let Some(split) = self.splits.get(at) {
            let value = row.get(usize::from(split.column)).copied().unwrap_or(f32::NAN);
            let left = if value.is_nan() { split.missing_left } else { value < split.threshold };
            match if left { split.left } else { split.right } {
                Child::Leaf(value) => return value,
                Child::Split(next) if usize::from(next) > at => at = usize::from(next),
                Child::Split(_) => break,
            }
        }
        0.0
    }
}

/// Trees whose values are summed to log-odds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Forest {
    /// Log-odds before any tree.
    pub base: f32,
    /// The trees.
    pub trees: Vec<Tree>,
}

impl Forest {
    /// Probability of content, 0 to 1.
    pub fn probability(&self, row: &[f32]) -> f32 {
        let odds = self.base + self.trees.iter().map(|tree| tree.value(row)).sum::<f32>();
        1.0 / (1.0 + (-odds).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(column: u16, threshold: f32, missing_left: bool, left: Child, right: Child) -> Split {
        Split { column, threshold, missing_left, left, right }
    }

    #[test]
    fn trees_ask_and_add_up() {
        let inner = split(1, 0.5, true, Child::Leaf(1.0), Child::Leaf(-1.0));
        let tree = Tree { splits: vec![split(0, 2.0, false, Child::Leaf(3.0), Child::Split(1)), inner] };
        for (row, value) in [([1.0, 0.0], 3.0), ([2.0, 0.0], 1.0), ([2.0, 0.5], -1.0), ([f32::NAN, f32::NAN], 1.0)] {
            assert!((tree.value(&row) - value).abs() < f32::EPSILON, "{row:?}");
        }
        let forest = Forest { base: 1.0, trees: vec![tree.clone(), tree] };
        assert!((forest.probability(&[2.0, 0.5]) - 1.0 / (1.0 + 1.0_f32.exp())).abs() < 1e-6);
    }

    #[test]
    fn damaged_trees_end() {
        let circle = Tree { splits: vec![split(0, 0.0, true, Child::Split(0), Child::Split(9))] };
        assert_eq!((circle.value(&[f32::NAN]), circle.value(&[1.0])), (0.0, 0.0));
    }
}
