//! The block model's network, evaluated: a small neural network that looks at a page's blocks together.
//!
//! Each block is a vector of [`HIDDEN`] numbers made of its columns. In [`ROUNDS`] rounds it looks around: at the mean of
//! each group it belongs to ([`Groups`]) and at the blocks before and after it ([`WINDOWS`]), and adds what it learns
//! there. The last vector and all before it give its log-odds of content. (The scheme is that of Zaheer et al. 2017, "Deep
//! Sets", with residual connections.) All sums are taken in a fixed order, so the same page gives the same bits.

#![expect(clippy::inline_always, reason = "wide vectors are used only in what is inlined into what is dispatched")]

use std::ops::RangeInclusive;

use pulp::{Arch, Simd, WithSimd};
use serde::{Deserialize, Serialize};

use super::encoder::{BATCH, Batch, Encoder};
use super::groups::Groups;
use super::matrix::Matrix;
use crate::features::Row;

/// Numbers that stand for a block: three vectors of eight, which registers hold for three blocks at once.
pub const HIDDEN: usize = 24;

/// How often blocks look around.
pub const ROUNDS: usize = 1;

/// Distances of the blocks above (positive) and below (negative) that are looked at, as means: in pairs of as many blocks, above and below.
pub const WINDOWS: [RangeInclusive<isize>; 6] = [1..=1, -1..=-1, 2..=4, -4..=-2, 5..=10, -10..=-5];

/// A vector that stands for a block.
pub(super) type Cell = [f32; HIDDEN];

/// What a block learns in one round.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Round {
    /// From the block itself, the means of its groups, and its windows, side by side.
    pub around: Matrix,
    /// From what comes out of that, what is added to the block.
    pub add: Matrix,
}

/// One network.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Network {
    /// From the inputs of [`Encoder`].
    pub inputs: Matrix,
    /// The rounds, [`ROUNDS`] of them.
    pub rounds: Vec<Round>,
    /// From the block before and after each round, side by side.
    pub head: Matrix,
    /// Weights of the head's numbers in the log-odds of content.
    pub odds: Vec<f32>,
    /// Log-odds where these are zero.
    pub base: f32,
}

impl Network {
    /// Whether the matrices fit each other, given the inputs and the ways in which blocks are grouped.
    fn is_sound(&self, inputs: usize, ways: usize) -> bool {
        let fits = |round: &Round| {
            round.around.inputs() == (1 + ways + WINDOWS.len()) * HIDDEN && round.add.inputs() == HIDDEN
        };
        self.inputs.inputs() == inputs
            && self.rounds.len() == ROUNDS
            && self.rounds.iter().all(fits)
            && self.head.inputs() == (ROUNDS + 1) * HIDDEN
            && self.odds.len() == HIDDEN
    }

    /// Log-odds of blocks given what their inputs make of each.
    fn odds(&self, cells: Vec<Cell>, groups: &Groups) -> Vec<f32> {
        Arch::new().dispatch(Odds { network: self, cells, groups })
    }
}

/// The log-odds to be found.
struct Odds<'a> {
    network: &'a Network,
    cells: Vec<Cell>,
    groups: &'a Groups,
}

impl WithSimd for Odds<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
        let Self { network: Network { rounds, head, odds, base, .. }, mut cells, groups } = self;
        relu(&mut cells);
        let mut heads = head.start(&cells);
        for (index, round) in rounds.iter().enumerate() {
            round.look_around(groups, &mut cells);
            head.add((index + 1) * HIDDEN, &cells, &mut heads);
        }
        relu(&mut heads);
        weigh(&heads, odds, *base)
    }
}

impl Round {
    #[inline(always)]
    fn look_around(&self, groups: &Groups, cells: &mut [Cell]) {
        let mut seen = self.around.start(cells);
        for (index, way) in groups.ways.iter().enumerate() {
            let means = means(cells, &way.of_block, way.count, &groups.weights);
            let mut of_groups = vec![[0.0; HIDDEN]; way.count];
            self.around.add((1 + index) * HIDDEN, &means, &mut of_groups);
            spread(&of_groups, &way.of_block, &mut seen);
        }
        let windows = (1 + groups.ways.len()) * HIDDEN;
        for (pair, [above, below]) in WINDOWS.as_chunks().0.iter().enumerate() {
            let means = run_means(cells, above.clone().count());
            for (side, window) in [above, below].into_iter().enumerate() {
                let (means, seen) = in_window(&means, window, &mut seen);
                self.around.add(windows + (2 * pair + side) * HIDDEN, means, seen);
            }
        }
        relu(&mut seen);
        let mut added = self.add.start(&seen);
        relu(&mut added);
        add_cells(cells, &added);
    }
}

/// Added to the weight of each group, so that none divides by zero.
pub const SPARE_WEIGHT: f32 = 1e-3;

/// The means of groups of blocks by weight.
#[inline(always)]
fn means(cells: &[Cell], of_block: &[u32], count: usize, weights: &[f32]) -> Vec<Cell> {
    let mut means = vec![[0.0; HIDDEN]; count];
    let mut totals = vec![SPARE_WEIGHT; count];
    for ((cell, &group), &weight) in cells.iter().zip(of_block).zip(weights) {
        let mut mean = means[group as usize];
        mean.iter_mut().zip(cell).for_each(|(mean, value)| *mean += weight * value);
        means[group as usize] = mean;
        totals[group as usize] += weight;
    }
    for (mean, total) in means.iter_mut().zip(totals) {
        scale(mean, 1.0 / total);
    }
    means
}

/// Adds to each block's sum what its group gives.
#[inline(always)]
fn spread(of_groups: &[Cell], of_block: &[u32], sums: &mut [Cell]) {
    for (sum, &group) in sums.iter_mut().zip(of_block) {
        add_to(sum, &of_groups[group as usize]);
    }
}

/// The mean of each run of so many blocks, by its last block, which may be beyond the page. What is there counts as zero.
#[inline(always)]
fn run_means(cells: &[Cell], length: usize) -> Vec<Cell> {
    let mut means = vec![[0.0; HIDDEN]; cells.len() + length - 1];
    let share = 1.0 / length as f32;
    for (last, mean) in means.iter_mut().enumerate() {
        let end = last + 1;
        let mut sum = [0.0; HIDDEN];
        for cell in cells[end.saturating_sub(length)..end.min(cells.len())].iter().rev() {
            add_to(&mut sum, cell);
        }
        scale(&mut sum, share);
        *mean = sum;
    }
    means
}

/// The means of runs as long as the window, and the sums of the blocks that see each of them there.
#[inline(always)]
fn in_window<'a>(
    means: &'a [Cell],
    window: &RangeInclusive<isize>,
    sums: &'a mut [Cell],
) -> (&'a [Cell], &'a mut [Cell]) {
    let distance = window.start().unsigned_abs();
    let (means, sums) = match window.start() {
        1.. => (means, sums.get_mut(distance..).unwrap_or_default()),
        _ => (means.get(distance..).unwrap_or_default(), sums),
    };
    let count = means.len().min(sums.len());
    (&means[..count], &mut sums[..count])
}

#[inline(always)]
fn scale(cell: &mut Cell, by: f32) {
    for value in cell {
        *value *= by;
    }
}

/// Whatever is read is read before anything is written, or it would not be done by vectors.
#[inline(always)]
fn add_to(sum: &mut Cell, cell: &Cell) {
    let mut total = *sum;
    total.iter_mut().zip(cell).for_each(|(total, value)| *total += value);
    *sum = total;
}

#[inline(always)]
fn add_cells(sums: &mut [Cell], cells: &[Cell]) {
    sums.iter_mut().zip(cells).for_each(|(sum, cell)| add_to(sum, cell));
}

#[inline(always)]
fn relu(cells: &mut [Cell]) {
    for value in cells.as_flattened_mut() {
        *value = if *value > 0.0 { *value } else { 0.0 };
    }
}

/// The base and the sum of a cell's numbers by weight, of each cell.
#[inline(always)]
fn weigh(cells: &[Cell], weights: &[f32], base: f32) -> Vec<f32> {
    let mut odds = vec![base; cells.len()];
    for (odds, cell) in odds.iter_mut().zip(cells) {
        let mut parts = [0.0; 8];
        for (cell, weights) in cell.as_chunks::<8>().0.iter().zip(weights.as_chunks::<8>().0) {
            parts.iter_mut().zip(cell).zip(weights).for_each(|((part, value), weight)| *part += value * weight);
        }
        for half in [4, 2, 1] {
            for at in 0..half {
                parts[at] += parts[at + half];
            }
        }
        *odds += parts[0];
    }
    odds
}

/// Networks of one encoder, fitted from different beginnings: the mean of their log-odds is steadier than any of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Ensemble {
    /// Makes their inputs.
    pub encoder: Encoder,
    /// The networks.
    pub networks: Vec<Network>,
}

impl Ensemble {
    /// Whether it can be evaluated on pages whose blocks are grouped in so many ways.
    pub(super) fn is_sound(&self, ways: usize) -> bool {
        self.networks.iter().all(|network| network.is_sound(self.encoder.width(), ways))
    }

    /// Log-odds of content of a page's blocks, by row.
    pub fn odds(&self, rows: &[Row], groups: &Groups) -> Vec<f32> {
        let mut sums = vec![0.0; rows.len()];
        for (network, cells) in self.networks.iter().zip(self.cells(rows)) {
            sums.iter_mut().zip(network.odds(cells, groups)).for_each(|(sum, odds)| *sum += odds);
        }
        let count = self.networks.len().max(1) as f32;
        sums.into_iter().map(|sum| sum / count).collect()
    }

    /// What the inputs make of each block, by network, before what is below zero is cut off. The inputs themselves are eight times as large
    /// and kept of a batch alone.
    fn cells(&self, rows: &[Row]) -> Vec<Vec<Cell>> {
        let mut cells = vec![vec![[0.0; HIDDEN]; rows.len()]; self.networks.len()];
        let mut batch = Batch::default();
        for (index, rows) in rows.chunks(BATCH).enumerate() {
            self.encoder.encode_batch(rows, &mut batch);
            for (network, cells) in self.networks.iter().zip(&mut cells) {
                network.inputs.of_batch(&batch, &mut cells[index * BATCH..][..rows.len()]);
            }
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoder::Encoding;
    use super::super::groups::Way;
    use super::*;
    use crate::features::{COLUMNS, MISSING};

    /// A matrix of one weight of 1.
    fn wire(inputs: usize, from: usize, to: usize) -> Matrix {
        let mut weights = vec![0.0; inputs * HIDDEN];
        weights[from * HIDDEN + to] = 1.0;
        Matrix::nearest(&weights, &[0.0; HIDDEN]).expect("sound")
    }

    /// Networks whose log-odds are what a block sees at this part of its surroundings, of the only column.
    fn seeing(part: usize) -> Ensemble {
        let encoding = Encoding::Number { column: 0, knots: vec![0.0, 1.0] };
        let round = |part: usize| Round {
            around: wire((1 + 1 + WINDOWS.len()) * HIDDEN, part * HIDDEN, 0),
            add: wire(HIDDEN, 0, 1),
        };
        let mut odds = vec![0.0; HIDDEN];
        odds[0] = 1.0;
        let network = Network {
            inputs: wire(2, 0, 0),
            rounds: vec![round(part)],
            head: wire((ROUNDS + 1) * HIDDEN, HIDDEN + 1, 0),
            odds,
            base: 0.0,
        };
        Ensemble {
            encoder: Encoder::try_from(vec![encoding]).expect("sound"),
            networks: vec![network.clone(), network],
        }
    }

    fn rows(values: &[f32]) -> Vec<Row> {
        let row = |value: &f32| {
            let mut row = [MISSING; COLUMNS];
            row[0] = *value;
            row
        };
        values.iter().map(row).collect()
    }

    #[test]
    fn blocks_see_themselves_their_groups_and_their_neighbours() {
        let groups = Groups { ways: vec![Way { of_block: vec![0, 0, 1, 1], count: 2 }], weights: vec![1.0; 4] };
        for (part, seen) in [
            (0, [1.0, 0.0, 0.6, 0.0]),             // itself
            (1, [0.5, 0.5, 0.3, 0.3]),             // its group
            (2, [0.0, 1.0, 0.0, 0.6]),             // the block above
            (3, [0.0, 0.6, 0.0, 0.0]),             // the block below
            (4, [0.0, 0.0, 1.0 / 3.0, 1.0 / 3.0]), // two to four above
        ] {
            let ensemble = seeing(part);
            assert!(ensemble.is_sound(1) && !ensemble.is_sound(2));
            let odds = ensemble.odds(&rows(&[1.0, 0.5, 0.8, 0.0]), &groups);
            let near = odds.iter().zip(seen).all(|(odds, seen)| (odds - seen).abs() < 1e-2);
            assert!(near, "part {part}: {odds:?}");
        }
    }
}
