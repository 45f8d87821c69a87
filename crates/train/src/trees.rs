//! Fits one forest with forust (gradient-boosted trees).

use anyhow::Context;
use dechrome_template::features::{COLUMNS, Row};
use dechrome_template::model::{Child, Forest, Split, Tree, Trees};
use forust_ml::gradientbooster::{GradientBooster, GrowPolicy};
use forust_ml::objective::ObjectiveType;
use forust_ml::sampler::SampleMethod;
use forust_ml::{Matrix, tree};

/// Size and regularisation, chosen by cross-validation on the development sets.
const TREES: usize = 160;
const LEAVES: usize = 32;
const DEPTH: usize = 12;
const RATE: f32 = 0.1;
const L2: f32 = 3.0;
const MIN_LEAF_WEIGHT: f32 = 0.4;
const ROW_SHARE: f32 = 0.6;
const COLUMN_SHARE: f64 = 0.3;
const BINS: u16 = 127;

/// Blocks of a page to learn from, in parallel lists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weighted<'a> {
    pub(crate) rows: &'a [Row],
    pub(crate) labels: &'a [bool],
    pub(crate) weights: &'a [f32],
}

/// Fits a forest to the blocks of pages.
pub(crate) fn fit_forest(pages: &[Weighted<'_>]) -> anyhow::Result<Forest> {
    let rows: usize = pages.iter().map(|page| page.rows.len()).sum();
    let mut data = Vec::with_capacity(rows * COLUMNS);
    for column in 0..COLUMNS {
        let rows = pages.iter().flat_map(|page| page.rows);
        data.extend(rows.map(|row| f64::from(row[column])));
    }
    let labels = pages.iter().flat_map(|page| page.labels);
    let labels: Vec<f64> = labels.map(|&label| f64::from(u8::from(label))).collect();
    let weights = pages.iter().flat_map(|page| page.weights);
    let weights: Vec<f64> = weights.map(|&weight| f64::from(weight)).collect();
    let mut booster = booster();
    booster.fit(&Matrix::new(&data, rows, COLUMNS), &labels, &weights, None).context("the forest cannot be fitted")?;
    let trees = Trees { base: booster.base_score as f32, trees: booster.trees.iter().map(convert).collect() };
    Ok(Forest::try_from(trees)?)
}

fn booster() -> GradientBooster {
    let mut booster = GradientBooster::default()
        .set_objective_type(ObjectiveType::LogLoss)
        .set_iterations(TREES)
        .set_learning_rate(RATE)
        .set_max_leaves(LEAVES)
        .set_max_depth(DEPTH)
        .set_l2(L2)
        .set_min_leaf_weight(MIN_LEAF_WEIGHT)
        .set_nbins(BINS)
        .set_subsample(ROW_SHARE)
        .set_sample_method(SampleMethod::Random)
        .set_colsample_bytree(COLUMN_SHARE)
        .set_seed(1);
    booster.grow_policy = GrowPolicy::LossGuide;
    booster
}

/// A tree in evaluation order: splits before the splits they lead to.
fn convert(tree: &tree::Tree) -> Tree {
    let mut splits = Vec::new();
    if tree.nodes.first().is_some_and(|root| !root.is_leaf) {
        push(tree, 0, &mut splits);
    }
    Tree { splits }
}

fn push(tree: &tree::Tree, at: usize, splits: &mut Vec<Split>) -> Child {
    let node = &tree.nodes[at];
    if node.is_leaf {
        return Child::Leaf(node.weight_value);
    }
    let place = splits.len();
    splits.push(Split {
        column: node.split_feature as u16,
        threshold: node.split_value as f32,
        missing_left: node.missing_node == node.left_child,
        left: Child::Leaf(0.0),
        right: Child::Leaf(0.0),
    });
    splits[place].left = push(tree, node.left_child, splits);
    splits[place].right = push(tree, node.right_child, splits);
    Child::Split(place as u16)
}
