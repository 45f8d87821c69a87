//! Matrices of a network: stored in bytes, multiplied in a fixed order.

#![expect(clippy::inline_always, reason = "vectors are used only in what is inlined into `with_simd`")]

use std::array;

use pulp::Simd;
use serde::{Deserialize, Serialize};

use super::encoder::Batch;
use super::network::{Cell, HIDDEN};
use super::vectors::{self, Kernel, add_row, load, relu, store};

/// Blocks whose sums grow side by side, so that no sum waits for the one before and, where all blocks have the same inputs, a weight is
/// loaded once for all: as many as registers hold.
const BLOCKS: usize = 3;

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

    /// The bias and what the inputs of a batch of blocks give, by block, what is below zero cut off.
    pub(super) fn of_batch(&self, batch: &Batch, sums: &mut [Cell]) {
        vectors::run(Sparse { matrix: self, batch, sums });
    }

    /// The bias and what the first inputs give, by block.
    pub(super) fn start(&self, cells: &[Cell]) -> Vec<Cell> {
        let mut sums = vec![self.bias; cells.len()];
        self.add(0, cells, &mut sums);
        sums
    }

    /// Adds to each sum what its cell gives as the inputs from `first` on.
    pub(super) fn add(&self, first: usize, cells: &[Cell], sums: &mut [Cell]) {
        let Some(rows) = self.rows.get(first..).and_then(<[Cell]>::first_chunk) else { return };
        vectors::run(Dense { rows, cells, sums });
    }
}

/// Products of blocks' cells that are to be added to sums.
struct Dense<'a> {
    rows: &'a [Cell; HIDDEN],
    cells: &'a [Cell],
    sums: &'a mut [Cell],
}

impl Kernel for Dense<'_> {
    #[inline(always)]
    fn run<S: Simd, const VECTORS: usize>(self, simd: S) {
        let (cells, last_cells) = self.cells.as_chunks::<BLOCKS>();
        let (sums, last_sums) = self.sums.as_chunks_mut::<BLOCKS>();
        for (cells, sums) in cells.iter().zip(sums) {
            add_dense::<S, VECTORS, BLOCKS>(simd, self.rows, cells, sums);
        }
        for (cell, sum) in last_cells.iter().zip(last_sums) {
            add_dense::<S, VECTORS, 1>(simd, self.rows, array::from_ref(cell), array::from_mut(sum));
        }
    }
}

/// Sums of the products of the inputs of a batch of blocks.
struct Sparse<'a> {
    matrix: &'a Matrix,
    batch: &'a Batch,
    sums: &'a mut [Cell],
}

impl Kernel for Sparse<'_> {
    #[inline(always)]
    fn run<S: Simd, const VECTORS: usize>(self, simd: S) {
        let Self { matrix: Matrix { rows, bias, .. }, batch, sums } = self;
        let mut start = load::<S, VECTORS>(simd, bias);
        for &(input, value) in &batch.shared {
            add_row(simd, &mut start, &rows[input as usize], value);
        }
        let (sums, last_sums) = sums.as_chunks_mut::<BLOCKS>();
        let last = BLOCKS * sums.len();
        for (group, sums) in sums.iter_mut().enumerate() {
            sum_batch::<S, VECTORS, BLOCKS>(simd, rows, &start, batch, group, sums);
        }
        for (at, sum) in last_sums.iter_mut().enumerate() {
            sum_batch::<S, VECTORS, 1>(simd, rows, &start, batch, last + at, array::from_mut(sum));
        }
    }
}

/// Adds the products of some blocks' cells. Most of their numbers are zero, as `relu` leaves them and neighbours are alike: what is
/// so in all of these blocks adds nothing.
#[inline(always)]
fn add_dense<S: Simd, const VECTORS: usize, const N: usize>(
    simd: S,
    rows: &[Cell; HIDDEN],
    cells: &[Cell; N],
    sums: &mut [Cell; N],
) {
    let mut parts = [[simd.splat_f32s(0.0); VECTORS]; N];
    parts.iter_mut().zip(sums.iter()).for_each(|(part, sum)| *part = load(simd, sum));
    let mut left = not_zero(cells);
    while left != 0 {
        let at = left.trailing_zeros() as usize;
        left &= left - 1;
        for (part, cell) in parts.iter_mut().zip(cells) {
            add_row(simd, part, &rows[at], cell[at]);
        }
    }
    sums.iter_mut().zip(parts).for_each(|(sum, part)| store::<S, VECTORS>(part, sum));
}

/// Which numbers are not zero in all of these cells, by bit.
#[inline(always)]
fn not_zero<const N: usize>(cells: &[Cell; N]) -> u32 {
    let mut any = [0; HIDDEN];
    for cell in cells {
        any.iter_mut().zip(cell).for_each(|(any, value)| *any |= value.to_bits());
    }
    let mut bits = 0;
    for (at, any) in any.iter().enumerate() {
        bits |= u32::from(*any != 0) << at;
    }
    bits
}

/// The sums of some blocks of a batch that is cut into groups of so many, of this group, what is below zero cut off.
#[inline(always)]
fn sum_batch<S: Simd, const VECTORS: usize, const N: usize>(
    simd: S,
    rows: &[Cell],
    start: &[S::f32s; VECTORS],
    batch: &Batch,
    group: usize,
    sums: &mut [Cell; N],
) {
    let mut parts = [*start; N];
    for (input, values) in &batch.numbers {
        let (row, values) = (&rows[*input as usize], &values.as_chunks::<N>().0[group]);
        for (part, &value) in parts.iter_mut().zip(values) {
            add_row(simd, part, row, value);
        }
    }
    for inputs in &batch.others {
        for (part, &(input, value)) in parts.iter_mut().zip(&inputs.as_chunks::<N>().0[group]) {
            add_row(simd, part, &rows[input as usize], value);
        }
    }
    for (part, sum) in parts.iter_mut().zip(sums) {
        relu(simd, part);
        store::<S, VECTORS>(*part, sum);
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoder::BATCH;
    use super::*;

    #[test]
    fn products_are_those_of_the_weights_within_a_step() {
        let weights: Vec<f32> = (0..3 * HIDDEN).map(|at| (at as f32 * 0.7).sin()).collect();
        let bias: Vec<f32> = (0..HIDDEN).map(|at| at as f32).collect();
        let matrix = Matrix::nearest(&weights, &bias).expect("sound");
        let blocks = 2 * BLOCKS + 1;
        let mut found = vec![[9.0; HIDDEN]; blocks];
        let (numbers, others) = (vec![(1, [0.25; BATCH])], vec![[(2, -0.5); BATCH]]);
        matrix.of_batch(&Batch { shared: vec![(0, 1.0)], numbers, others }, &mut found);
        assert_eq!(found, vec![found[0]; blocks]);
        for (at, found) in found[0].iter().enumerate() {
            let exact = at as f32 + weights[at] + 0.25 * weights[HIDDEN + at] - 0.5 * weights[2 * HIDDEN + at];
            assert!((found - exact.max(0.0)).abs() < 0.01, "{at}: {found} {exact}");
        }
    }

    #[test]
    fn damaged_matrices_are_refused() {
        assert!(Matrix::nearest(&[0.0; HIDDEN + 1], &[0.0; HIDDEN]).is_err());
        assert!(Matrix::nearest(&[0.0; HIDDEN], &[0.0; HIDDEN - 1]).is_err());
    }
}
