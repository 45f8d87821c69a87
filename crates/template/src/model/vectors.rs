//! Cells in the processor's vectors: eight numbers each, as a cell is three of them, whatever wider ones there are.
//!
//! Vectors are written out here and not left to the compiler, which otherwise makes sixteens of what lies side by side and runs out of registers
//! by whim. Products are added without rounding them first on every machine, so that all find the same bits.

#![expect(clippy::inline_always, reason = "vectors are used only in what is inlined into `with_simd`")]

use pulp::{Simd, WithSimd};

use super::network::{Cell, HIDDEN};

// A cell divides into vectors of eight and of four.
const _: () = assert!(HIDDEN.is_multiple_of(8));

/// What is computed of cells that are so many vectors each.
pub(super) trait Kernel {
    /// Computes it.
    fn run<S: Simd, const VECTORS: usize>(self, simd: S);
}

/// Runs a kernel by the vectors that this machine has.
pub(super) fn run(kernel: impl Kernel) {
    let kernel = ByWidth(kernel);
    #[cfg(target_arch = "x86_64")]
    match pulp::x86::V3::try_new() {
        Some(simd) => Simd::vectorize(simd, kernel),
        None => Simd::vectorize(pulp::Scalar, kernel),
    }
    #[cfg(not(target_arch = "x86_64"))]
    pulp::Arch::new().dispatch(kernel);
}

struct ByWidth<K>(K);

impl<K: Kernel> WithSimd for ByWidth<K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::F32_LANES {
            8 => self.0.run::<S, { HIDDEN / 8 }>(simd),
            4 => self.0.run::<S, { HIDDEN / 4 }>(simd),
            // One number at a time, or a width that a cell does not divide into.
            _ => self.0.run::<_, HIDDEN>(pulp::Scalar),
        }
    }
}

/// The vectors of a cell.
#[inline(always)]
pub(super) fn load<S: Simd, const VECTORS: usize>(simd: S, cell: &Cell) -> [S::f32s; VECTORS] {
    let mut vectors = [simd.splat_f32s(0.0); VECTORS];
    vectors.iter_mut().zip(S::as_simd_f32s(cell).0).for_each(|(vector, value)| *vector = *value);
    vectors
}

/// Writes vectors to a cell.
#[inline(always)]
pub(super) fn store<S: Simd, const VECTORS: usize>(vectors: [S::f32s; VECTORS], cell: &mut Cell) {
    S::as_mut_simd_f32s(cell).0.iter_mut().zip(vectors).for_each(|(value, vector)| *value = vector);
}

/// Adds a row of weights times a value.
#[inline(always)]
pub(super) fn add_row<S: Simd, const VECTORS: usize>(simd: S, sum: &mut [S::f32s; VECTORS], row: &Cell, value: f32) {
    let value = simd.splat_f32s(value);
    for (sum, &weight) in sum.iter_mut().zip(S::as_simd_f32s(row).0) {
        *sum = simd.mul_add_f32s(weight, value, *sum);
    }
}

/// Cuts off what is below zero.
#[inline(always)]
pub(super) fn relu<S: Simd, const VECTORS: usize>(simd: S, vectors: &mut [S::f32s; VECTORS]) {
    for vector in vectors {
        *vector = simd.max_f32s(*vector, simd.splat_f32s(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds a row as often as a cell has numbers, each time by another of them.
    struct Products<'a> {
        row: &'a Cell,
        cell: &'a mut Cell,
    }

    impl Kernel for Products<'_> {
        #[inline(always)]
        fn run<S: Simd, const VECTORS: usize>(self, simd: S) {
            let mut sum = load::<S, VECTORS>(simd, self.cell);
            for value in *self.cell {
                add_row(simd, &mut sum, self.row, value);
            }
            relu(simd, &mut sum);
            store::<S, VECTORS>(sum, self.cell);
        }
    }

    #[test]
    fn all_machines_find_the_same_bits() {
        let row: Cell = std::array::from_fn(|at| (at as f32 * 0.7).sin());
        let cell: Cell = std::array::from_fn(|at| 0.1 + (at as f32).cos());
        let (mut by_vectors, mut by_numbers) = (cell, cell);
        run(Products { row: &row, cell: &mut by_vectors });
        Simd::vectorize(pulp::Scalar, ByWidth(Products { row: &row, cell: &mut by_numbers }));
        assert_eq!(by_vectors.map(f32::to_bits), by_numbers.map(f32::to_bits));
        let expected: Cell =
            std::array::from_fn(|at| cell.iter().fold(cell[at], |sum, &value| row[at].mul_add(value, sum)).max(0.0));
        assert_eq!(by_vectors.map(f32::to_bits), expected.map(f32::to_bits));
        assert!(expected.contains(&0.0) && expected.iter().any(|&value| value > 1.0));
    }
}
