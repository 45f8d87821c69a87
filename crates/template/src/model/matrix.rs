//! Matrices of a network: stored in bytes, multiplied in a fixed order.

use serde::{Deserialize, Serialize};

use super::network::{Cell, HIDDEN};

/// Numbers that are summed at once: as many as registers hold while all inputs go by.
const LANES: usize = 16;

/// A matrix from any number of inputs to [`HIDDEN`] outputs, and what the outputs are where all inputs are zero.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Matrix {
    /// Weights by input.
    rows: Vec<Cell>,
    bias: Cell,
    stored: Stored,
}

/// A matrix as an artefact holds it: each weight in 127ths of the greatest of its input.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    scales: Vec<f32>,
    steps: Vec<i8>,
    bias: Vec<f32>,
}

/// A matrix whose parts do not fit each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a matrix is damaged: {inputs} inputs, but {weights} weights")]
pub struct DamagedMatrix {
    inputs: usize,
    weights: usize,
}

impl TryFrom<Stored> for Matrix {
    type Error = DamagedMatrix;

    fn try_from(stored: Stored) -> Result<Self, DamagedMatrix> {
        let damaged = DamagedMatrix { inputs: stored.scales.len(), weights: stored.steps.len() };
        if stored.steps.len() != stored.scales.len() * HIDDEN {
            return Err(damaged);
        }
        let bias = stored.bias.as_slice().try_into().map_err(|_| damaged)?;
        let row = |(steps, scale): (&[i8], &f32)| std::array::from_fn(|at| f32::from(steps[at]) * scale / 127.0);
        let rows = stored.steps.chunks(HIDDEN).zip(&stored.scales).map(row).collect();
        Ok(Self { rows, bias, stored })
    }
}

impl From<Matrix> for Stored {
    fn from(matrix: Matrix) -> Self {
        matrix.stored
    }
}

impl Matrix {
    /// The nearest matrix that an artefact can hold. `weights` are by input, [`HIDDEN`] of each.
    ///
    /// # Errors
    /// Their number is no multiple of [`HIDDEN`], or `bias` has another length.
    pub fn nearest(weights: &[f32], bias: &[f32]) -> Result<Self, DamagedMatrix> {
        let greatest = |row: &[f32]| row.iter().fold(0.0_f32, |greatest, weight| greatest.max(weight.abs()));
        let scales: Vec<f32> = weights.chunks(HIDDEN).map(greatest).collect();
        let step = |(weight, scale): (&f32, &f32)| (weight / scale.max(f32::MIN_POSITIVE) * 127.0).round() as i8;
        let steps =
            weights.chunks(HIDDEN).zip(&scales).flat_map(|(row, scale)| row.iter().map(move |w| step((w, scale))));
        Self::try_from(Stored { steps: steps.collect(), scales, bias: bias.to_vec() })
    }

    /// Number of inputs.
    pub(super) fn inputs(&self) -> usize {
        self.rows.len()
    }

    /// The outputs for the inputs that are not zero, by index.
    pub(super) fn apply_sparse(&self, inputs: &[(u32, f32)]) -> Cell {
        let mut sum = self.bias;
        for lanes in (0..HIDDEN).step_by(LANES) {
            let mut part = take(&sum, lanes);
            for &(input, value) in inputs {
                add_row(&mut part, &self.rows[input as usize], lanes, value);
            }
            sum[lanes..lanes + LANES].copy_from_slice(&part);
        }
        sum
    }

    /// The bias and what the first inputs give.
    pub(super) fn start(&self, inputs: &Cell) -> Cell {
        let mut sum = self.bias;
        self.add(0, inputs, &mut sum);
        sum
    }

    /// What the inputs from `first` on give.
    pub(super) fn product(&self, first: usize, inputs: &Cell) -> Cell {
        let mut sum = [0.0; HIDDEN];
        self.add(first, inputs, &mut sum);
        sum
    }

    /// Adds what the inputs from `first` on give.
    pub(super) fn add(&self, first: usize, inputs: &Cell, sum: &mut Cell) {
        let rows = &self.rows[first..first + HIDDEN];
        for lanes in (0..HIDDEN).step_by(LANES) {
            let mut part = take(sum, lanes);
            for (row, &value) in rows.iter().zip(inputs) {
                add_row(&mut part, row, lanes, value);
            }
            sum[lanes..lanes + LANES].copy_from_slice(&part);
        }
    }
}

fn take(cell: &Cell, lanes: usize) -> [f32; LANES] {
    std::array::from_fn(|at| cell[lanes + at])
}

fn add_row(part: &mut [f32; LANES], row: &Cell, lanes: usize, value: f32) {
    for (at, sum) in part.iter_mut().enumerate() {
        *sum += row[lanes + at] * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_the_weights_within_a_step() {
        let weights: Vec<f32> = (0..3 * HIDDEN).map(|at| (at as f32 * 0.7).sin()).collect();
        let bias: Vec<f32> = (0..HIDDEN).map(|at| at as f32).collect();
        let matrix = Matrix::nearest(&weights, &bias).expect("sound");
        let found = matrix.apply_sparse(&[(0, 1.0), (2, -0.5)]);
        for (at, found) in found.iter().enumerate() {
            let exact = at as f32 + weights[at] - 0.5 * weights[2 * HIDDEN + at];
            assert!((found - exact).abs() < 0.01, "{at}: {found} {exact}");
        }
    }

    #[test]
    fn damaged_matrices_are_refused() {
        assert!(Matrix::nearest(&[0.0; HIDDEN + 1], &[0.0; HIDDEN]).is_err());
        assert!(Matrix::nearest(&[0.0; HIDDEN], &[0.0; HIDDEN - 1]).is_err());
    }
}
