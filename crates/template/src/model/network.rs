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
use super::groups::{Groups, UNSEEN};
use super::matrix::Matrix;
use crate::features::Row;

/// Numbers that stand for a block: three vectors of eight, which registers hold for three blocks at once.
pub const HIDDEN: usize = 24;

/// How often blocks look around.
pub const ROUNDS: usize = 1;

// Blocks that are not asked for do not look around, which others would see in a second round.
const _: () = assert!(ROUNDS == 1);

/// Distances of the blocks above (positive) and below (negative) that are looked at, as means.
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

    /// Log-odds of some blocks, by index, given what the inputs make of each block of the page.
    fn odds(&self, cells: Vec<Cell>, groups: &Groups, of: &[usize]) -> Vec<f32> {
        Arch::new().dispatch(Odds { network: self, cells, groups, of })
    }
}

/// The log-odds to be found.
struct Odds<'a> {
    network: &'a Network,
    cells: Vec<Cell>,
    groups: &'a Groups,
    of: &'a [usize],
}

impl WithSimd for Odds<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
        let Self { network: Network { rounds, head, odds, base, .. }, cells, groups, of } = self;
        let mut own: Vec<Cell> = of.iter().map(|&block| cells[block]).collect();
        let mut heads = head.start(&own);
        for (index, round) in rounds.iter().enumerate() {
            let added = round.look_around(groups, &cells, of, &own);
            add_cells(&mut own, &added);
            head.add((index + 1) * HIDDEN, &own, &mut heads);
        }
        relu(&mut heads);
        weigh(&heads, odds, *base)
    }
}

impl Round {
    /// What is added to some blocks, by index, whose own cells are these.
    #[inline(always)]
    fn look_around(&self, groups: &Groups, cells: &[Cell], of: &[usize], own: &[Cell]) -> Vec<Cell> {
        let mut seen = self.around.start(own);
        for (index, way) in groups.ways.iter().enumerate() {
            let means = means(cells, &way.of_block, way.count, &groups.weights);
            let mut of_groups = vec![[0.0; HIDDEN]; way.count];
            self.around.add((1 + index) * HIDDEN, &means, &mut of_groups);
            for (seen, &block) in seen.iter_mut().zip(of) {
                add_to(seen, &of_groups[way.of_block[block] as usize]);
            }
        }
        let windows = (1 + groups.ways.len()) * HIDDEN;
        for (index, window) in WINDOWS.iter().enumerate() {
            self.around.add(windows + index * HIDDEN, &window_means(cells, of, window), &mut seen);
        }
        relu(&mut seen);
        let mut added = self.add.start(&seen);
        relu(&mut added);
        added
    }
}

/// Added to the weight of each group, so that none divides by zero.
pub const SPARE_WEIGHT: f32 = 1e-3;

/// The means of groups of blocks by weight, but for [`UNSEEN`].
#[inline(always)]
fn means(cells: &[Cell], of_block: &[u32], count: usize, weights: &[f32]) -> Vec<Cell> {
    let mut means = vec![[0.0; HIDDEN]; count];
    let mut totals = vec![SPARE_WEIGHT; count];
    for ((cell, &group), &weight) in cells.iter().zip(of_block).zip(weights) {
        if group == UNSEEN {
            continue;
        }
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

/// The mean of the blocks at these distances from each of some blocks. What is beyond the page counts as zero.
#[inline(always)]
fn window_means(cells: &[Cell], of: &[usize], window: &RangeInclusive<isize>) -> Vec<Cell> {
    let mut means = vec![[0.0; HIDDEN]; of.len()];
    let share = 1.0 / window.clone().count() as f32;
    for (mean, &block) in means.iter_mut().zip(of) {
        let first = block.saturating_add_signed(-window.end());
        let end = (block + 1).saturating_add_signed(-window.start()).min(cells.len());
        let mut sum = [0.0; HIDDEN];
        for cell in cells[first.min(end)..end].iter().rev() {
            add_to(&mut sum, cell);
        }
        scale(&mut sum, share);
        *mean = sum;
    }
    means
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

    /// Log-odds of content of some blocks of a page, by index.
    pub fn odds(&self, rows: &[Row], groups: &Groups, of: &[usize]) -> Vec<f32> {
        let mut sums = vec![0.0; of.len()];
        if of.is_empty() {
            return sums;
        }
        let groups = groups.seen_by(of);
        for (network, cells) in self.networks.iter().zip(self.cells(rows)) {
            sums.iter_mut().zip(network.odds(cells, &groups, of)).for_each(|(sum, odds)| *sum += odds);
        }
        let count = self.networks.len().max(1) as f32;
        sums.into_iter().map(|sum| sum / count).collect()
    }

    /// What the inputs make of each block, by network. The inputs themselves are eight times as large and kept of a batch alone.
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
            let odds = ensemble.odds(&rows(&[1.0, 0.5, 0.8, 0.0]), &groups, &[0, 1, 2, 3]);
            let near = odds.iter().zip(seen).all(|(odds, seen)| (odds - seen).abs() < 1e-2);
            assert!(near, "part {part}: {odds:?}");
            let some = ensemble.odds(&rows(&[1.0, 0.5, 0.8, 0.0]), &groups, &[1, 3]);
            assert_eq!(some, [odds[1], odds[3]], "some blocks see what they see of all");
        }
    }
}
