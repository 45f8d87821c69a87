//! From the gradient by log-odds to the gradient by the parameters.

use dechrome_template::model::HIDDEN;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Axis, Slice, Zip};

use super::forward::Pass;
use super::{Layer, Parameters, Surroundings};

/// The gradient by the parameters, given that by the log-odds of a pass over `inputs`.
pub(crate) fn backward(
    parameters: &Parameters,
    inputs: &Array2<f32>,
    around: &Surroundings,
    pass: &Pass,
    by_odds: &Array2<f32>,
) -> Parameters {
    let layers = &parameters.layers;
    let mut gradient = parameters.zero();
    let mut by_head = parameters.back(layers.odds, &pass.head, by_odds, &mut gradient);
    through_relu(&mut by_head, &pass.head);
    let mut by_all = parameters.back(layers.head, &pass.all, &by_head, &mut gradient);
    by_all *= &pass.all_mask;
    let by_cells_of = |index: usize| by_all.slice_axis(Axis(1), Slice::from(index * HIDDEN..(index + 1) * HIDDEN));
    let mut by_cells = by_cells_of(layers.rounds.len()).to_owned();
    for (index, (round, pass)) in layers.rounds.iter().zip(&pass.rounds).enumerate().rev() {
        let mut by_added = by_cells.clone();
        through_relu(&mut by_added, &pass.added);
        let mut by_middle = parameters.back(round.add, &pass.middle, &by_added, &mut gradient);
        by_middle *= &pass.middle_mask;
        // Where a value was dropped its gradient is zero already.
        through_relu(&mut by_middle, &pass.middle);
        let by_seen = parameters.back(round.around, &pass.seen, &by_middle, &mut gradient);
        let mut by_kept = around.look_back(&by_seen);
        by_kept *= &pass.mask;
        by_cells += &by_kept;
        by_cells += &by_cells_of(index);
    }
    through_relu(&mut by_cells, &pass.cells[0]);
    gradient.add(layers.inputs, inputs, &by_cells);
    gradient
}

impl Parameters {
    /// Adds to the gradient by a layer; returns the gradient by its inputs.
    fn back(&self, layer: Layer, inputs: &Array2<f32>, by_outputs: &Array2<f32>, gradient: &mut Self) -> Array2<f32> {
        gradient.add(layer, inputs, by_outputs);
        let mut by_inputs = Array2::zeros(inputs.dim());
        general_mat_mul(1.0, by_outputs, &self.weights(layer).t(), 0.0, &mut by_inputs);
        by_inputs
    }

    /// Adds to this gradient what a layer's inputs and the gradient by its outputs give.
    fn add(&mut self, layer: Layer, inputs: &Array2<f32>, by_outputs: &Array2<f32>) {
        let (mut weights, bias) = self.parts_mut(layer);
        general_mat_mul(1.0, &inputs.t(), by_outputs, 1.0, &mut weights);
        for row in by_outputs.rows() {
            bias.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
    }
}

/// The gradient before a rectifier, given its outputs.
fn through_relu(gradient: &mut Array2<f32>, outputs: &Array2<f32>) {
    Zip::from(gradient).and(outputs).for_each(|gradient, output| {
        if *output <= 0.0 {
            *gradient = 0.0;
        }
    });
}
