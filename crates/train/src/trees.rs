//! Fits forests with forust (gradient-boosted trees).

use anyhow::Context;
use dechrome_page::Media;
use dechrome_template::features::{COLUMNS, SITE_COLUMNS, SiteFeature, SiteRow};
use dechrome_template::model::{Child, Forest, Split, Tree, Trees, probabilities};
use forust_ml::constraints::{Constraint, ConstraintMap};
use forust_ml::gradientbooster::{GradientBooster, GrowPolicy};
use forust_ml::objective::ObjectiveType;
use forust_ml::sampler::SampleMethod;
use forust_ml::{Matrix, tree};

/// Trees of a forest. The last quarter of 160 adds little on HTML pages beside networks (WCXB .8887 to .8892, collections .729 to .733, 33 sites .962 to .961).
const fn trees(media: Media) -> usize {
    match media {
        Media::Html => 120,
        Media::Text => 160,
    }
}

/// Size and regularisation, chosen by cross-validation on the development sets.
const LEAVES: usize = 32;
const DEPTH: usize = 12;
const RATE: f32 = 0.1;
const L2: f32 = 3.0;
const MIN_LEAF_WEIGHT: f32 = 0.4;
const ROW_SHARE: f32 = 0.6;
const COLUMN_SHARE: f64 = 0.3;
const BINS: u16 = 127;

/// The same for what a site adds: from 30 trees of 8 leaves to 120 of 16, and with the page's columns beside the site's, learned
/// sites differ by less than .002 or lose.
const SITE_TREES: usize = 60;
const SITE_LEAVES: usize = 8;
const SITE_COLUMN_SHARE: f64 = 0.4;

/// Least hessian of a probability, so that what is sure and wrong does not outweigh all else.
const MIN_HESSIAN: f64 = 1e-4;

/// Blocks of a page to learn from, in parallel lists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weighted<'a, const COLUMNS: usize> {
    pub(crate) rows: &'a [[f32; COLUMNS]],
    pub(crate) labels: &'a [bool],
    pub(crate) weights: &'a [f32],
}

/// The blocks of all pages, columns first.
struct Blocks<const COLUMNS: usize> {
    data: Vec<f64>,
    labels: Vec<f64>,
    weights: Vec<f64>,
}

impl<const COLUMNS: usize> Blocks<COLUMNS> {
    fn of(pages: &[Weighted<'_, COLUMNS>]) -> Self {
        let rows = || pages.iter().flat_map(|page| page.rows);
        let labels = pages.iter().flat_map(|page| page.labels);
        let weights = pages.iter().flat_map(|page| page.weights);
        Self {
            data: (0..COLUMNS).flat_map(|column| rows().map(move |row| f64::from(row[column]))).collect(),
            labels: labels.map(|&label| f64::from(u8::from(label))).collect(),
            weights: weights.map(|&weight| f64::from(weight)).collect(),
        }
    }

    fn fit(&self, booster: &mut GradientBooster, targets: &[f64], weights: &[f64]) -> anyhow::Result<()> {
        let matrix = Matrix::new(&self.data, targets.len(), COLUMNS);
        booster.fit(&matrix, targets, weights, None).context("the forest cannot be fitted")
    }
}

/// Fits a forest to the blocks of pages.
pub(crate) fn fit_forest(media: Media, pages: &[Weighted<'_, COLUMNS>]) -> anyhow::Result<Forest<COLUMNS>> {
    let blocks = Blocks::of(pages);
    let mut booster = booster(trees(media), LEAVES, COLUMN_SHARE).set_objective_type(ObjectiveType::LogLoss);
    blocks.fit(&mut booster, &blocks.labels, &blocks.weights)?;
    let trees = Trees { base: booster.base_score as f32, trees: booster.trees.iter().map(convert).collect() };
    Ok(Forest::try_from(trees)?)
}

/// Fits what the sites' columns add to the log-odds by the pages alone. The library boosts from a constant only: here each tree
/// is a least-squares fit to the Newton step that is left, `(label - probability) / hessian` by weight of the hessian, which is
/// what boosting does (Friedman, Hastie, Tibshirani 2000, "Additive logistic regression").
pub(crate) fn fit_site_forest(pages: &[Weighted<'_, SITE_COLUMNS>]) -> anyhow::Result<Forest<SITE_COLUMNS>> {
    let blocks = Blocks::of(pages);
    let rows: Vec<SiteRow> = pages.iter().flat_map(|page| page.rows).copied().collect();
    let mut odds: Vec<f32> = rows.iter().map(|row| row[SiteFeature::alone as usize]).collect();
    let mut trees = Vec::new();
    for seed in 0..SITE_TREES as u64 {
        let (targets, weights) = newton_step(&blocks, &odds);
        let mut booster = booster(1, SITE_LEAVES, SITE_COLUMN_SHARE)
            .set_objective_type(ObjectiveType::SquaredLoss)
            .set_initialize_base_score(false)
            .set_base_score(0.0)
            .set_monotone_constraints(Some(directions()))
            .set_seed(seed);
        blocks.fit(&mut booster, &targets, &weights)?;
        let tree: Vec<Tree> = booster.trees.iter().map(convert).collect();
        let step = Forest::<SITE_COLUMNS>::try_from(Trees { base: 0.0, trees: tree.clone() })?;
        odds.iter_mut().zip(step.odds(&rows)).for_each(|(odds, step)| *odds += step);
        trees.extend(tree);
    }
    Ok(Forest::try_from(Trees { base: 0.0, trees })?)
}

/// Which way what is known of a site may point. Few sites are known, and where they say nothing of a case, a tree would believe what
/// it saw by chance. With this and several draws of other pages, learning costs more than a point of recall on 1 site of 33 instead of 2
/// (flat 2 instead of 5); F1 differs by what single sites do (.9644 to .9666, flat .9486 to .9452; cross-validated by site).
fn directions() -> ConstraintMap {
    let speaks_for = [SiteFeature::site_path_content, SiteFeature::site_anchor_content, SiteFeature::site_next_content];
    let speaks_against = [SiteFeature::site_share, SiteFeature::site_odds, SiteFeature::site_path_recurs];
    let rising = speaks_for.map(|column| (column as usize, Constraint::Positive));
    let falling = speaks_against.map(|column| (column as usize, Constraint::Negative));
    rising.into_iter().chain(falling).collect()
}

/// Where each block's log-odds should move, and the weight of that.
fn newton_step(blocks: &Blocks<SITE_COLUMNS>, odds: &[f32]) -> (Vec<f64>, Vec<f64>) {
    let step = |((probability, label), weight): ((f32, &f64), &f64)| {
        let probability = f64::from(probability);
        let hessian = (probability * (1.0 - probability)).max(MIN_HESSIAN);
        ((label - probability) / hessian, weight * hessian)
    };
    probabilities(odds).into_iter().zip(&blocks.labels).zip(&blocks.weights).map(step).unzip()
}

fn booster(trees: usize, leaves: usize, column_share: f64) -> GradientBooster {
    let mut booster = GradientBooster::default()
        .set_iterations(trees)
        .set_learning_rate(RATE)
        .set_max_leaves(leaves)
        .set_max_depth(DEPTH)
        .set_l2(L2)
        .set_min_leaf_weight(MIN_LEAF_WEIGHT)
        .set_nbins(BINS)
        .set_subsample(ROW_SHARE)
        .set_sample_method(SampleMethod::Random)
        .set_colsample_bytree(column_share)
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

#[cfg(test)]
mod tests {
    use dechrome_template::features::MISSING;
    use dechrome_template::model::BlockModel;
    use fastrand::Rng;

    use super::*;

    fn row(alone: f32, share: f32) -> SiteRow {
        let mut row = [MISSING; SITE_COLUMNS];
        row[SiteFeature::alone as usize] = alone;
        row[SiteFeature::site_documents as usize] = 2.0;
        row[SiteFeature::site_share as usize] = share;
        row
    }

    /// A model of blocks that the page alone judges by chance, content where `is_content` says so.
    fn fitted(is_content: impl Fn(&mut Rng, &SiteRow) -> bool) -> BlockModel {
        let mut rng = Rng::with_seed(1);
        let rows: Vec<SiteRow> =
            (0..4000).map(|_| row(4.0 * rng.f32() - 2.0, f32::from(u8::from(rng.bool())))).collect();
        let labels: Vec<bool> = rows.iter().map(|row| is_content(&mut rng, row)).collect();
        let pages = [Weighted { rows: &rows, labels: &labels, weights: &vec![0.1; rows.len()] }];
        BlockModel { site: fit_site_forest(&pages).unwrap(), ..BlockModel::default() }
    }

    #[test]
    fn what_the_site_knows_better_is_added() {
        let model = fitted(|_, row| row[SiteFeature::site_share as usize] < 0.5);
        let odds = model.with_site(&[row(1.5, 1.0), row(-1.5, 1.0), row(1.5, 0.0), row(-1.5, 0.0)]);
        assert!(odds[0] < -1.0 && odds[1] < -1.0 && odds[2] > 1.0 && odds[3] > 1.0, "{odds:?}");
    }

    #[test]
    fn what_a_site_shows_points_one_way_only() {
        // What recurs is content here, against all that is known of sites.
        let model = fitted(|_, row| row[SiteFeature::site_share as usize] > 0.5);
        let odds = model.with_site(&[row(0.0, 1.0), row(0.0, 0.0)]);
        assert!(odds[0] <= odds[1], "{odds:?}");
    }

    #[test]
    fn nothing_is_added_to_what_the_page_knows() {
        let model = fitted(|rng, row| rng.f32() < probabilities(&row[..1])[0]);
        for alone in [-1.5, 0.0, 1.5] {
            for odds in model.with_site(&[row(alone, 0.0), row(alone, 1.0)]) {
                assert!((odds - alone).abs() < 0.5, "{alone} {odds}");
            }
        }
    }
}
