//! From a batch of pages to log-odds, with all that the way back needs.

use dechrome_template::model::HIDDEN;
use fastrand::Rng;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Axis, Slice};

use super::{Layer, Parameters, Surroundings};

/// What a network makes of a batch.
pub(crate) struct Pass {
    /// The blocks before and after each round.
    pub(super) cells: Vec<Array2<f32>>,
    pub(super) rounds: Vec<RoundPass>,
    /// All of `cells` side by side, and what was dropped of them.
    pub(super) all: Array2<f32>,
    pub(super) all_mask: Array2<f32>,
    pub(super) head: Array2<f32>,
    /// Log-odds of content, one a row.
    pub(crate) odds: Array2<f32>,
}

/// What a round makes of a batch. Masks are what values were multiplied by to drop some of them.
pub(super) struct RoundPass {
    pub(super) mask: Array2<f32>,
    pub(super) seen: Array2<f32>,
    pub(super) middle: Array2<f32>,
    pub(super) middle_mask: Array2<f32>,
    pub(super) added: Array2<f32>,
}

/// What a network makes of `inputs`, a row each block, where this share of what it computes is dropped at random
/// (Srivastava et al. 2014, "Dropout").
pub(crate) fn forward(
    parameters: &Parameters,
    inputs: &Array2<f32>,
    around: &Surroundings,
    dropout: f32,
    rng: &mut Rng,
) -> Pass {
    let layers = &parameters.layers;
    let mut cells = vec![relu(parameters.apply(layers.inputs, inputs))];
    let mut rounds = Vec::with_capacity(layers.rounds.len());
    for (index, round) in layers.rounds.iter().enumerate() {
        let mut kept = cells[index].clone();
        let mask = drop_some(&mut kept, dropout, rng);
        let seen = around.look(&kept);
        let mut middle = relu(parameters.apply(round.around, &seen));
        let middle_mask = drop_some(&mut middle, dropout, rng);
        let added = relu(parameters.apply(round.add, &middle));
        cells.push(&cells[index] + &added);
        rounds.push(RoundPass { mask, seen, middle, middle_mask, added });
    }
    let mut all = Array2::zeros((inputs.nrows(), cells.len() * HIDDEN));
    for (index, cells) in cells.iter().enumerate() {
        all.slice_axis_mut(Axis(1), Slice::from(index * HIDDEN..(index + 1) * HIDDEN)).assign(cells);
    }
    let all_mask = drop_some(&mut all, dropout, rng);
    let head = relu(parameters.apply(layers.head, &all));
    let odds = parameters.apply(layers.odds, &head);
    Pass { cells, rounds, all, all_mask, head, odds }
}

impl Parameters {
    /// The outputs of a layer.
    fn apply(&self, layer: Layer, inputs: &Array2<f32>) -> Array2<f32> {
        let mut outputs = Array2::zeros((inputs.nrows(), layer.outputs));
        for mut row in outputs.rows_mut() {
            row.iter_mut().zip(self.bias(layer)).for_each(|(output, bias)| *output = *bias);
        }
        general_mat_mul(1.0, inputs, &self.weights(layer), 1.0, &mut outputs);
        outputs
    }
}

fn relu(mut values: Array2<f32>) -> Array2<f32> {
    values.mapv_inplace(|value| value.max(0.0));
    values
}

/// Drops a share of the values and raises the others so that their expected sum stays; returns the mask.
fn drop_some(values: &mut Array2<f32>, share: f32, rng: &mut Rng) -> Array2<f32> {
    let raised = 1.0 / (1.0 - share);
    let mask = values.map(|_| if rng.f32() < share { 0.0 } else { raised });
    *values *= &mask;
    mask
}
