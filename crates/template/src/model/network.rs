//! The block model's network, evaluated: a small neural network that looks at a page's blocks together.
//!
//! Each block is a vector of [`HIDDEN`] numbers made of its columns. In [`ROUNDS`] rounds it looks around: at the mean of
//! each group it belongs to ([`Groups`]) and at the blocks before and after it ([`WINDOWS`]), and adds what it learns
//! there. The last vector and all before it give its log-odds of content. (The scheme is that of Zaheer et al. 2017, "Deep
//! Sets", with residual connections.) All sums are taken in a fixed order, so the same page gives the same bits.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::encoder::Encoder;
use super::groups::Groups;
use super::matrix::Matrix;
use crate::features::Row;

/// Numbers that stand for a block.
pub const HIDDEN: usize = 32;

/// How often blocks look around.
pub const ROUNDS: usize = 1;

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

    /// Log-odds of blocks given what their inputs make of each.
    fn odds(&self, mut cells: Vec<Cell>, groups: &Groups) -> Vec<f32> {
        let mut heads: Vec<Cell> = cells.iter().map(|cell| self.head.start(cell)).collect();
        for (index, round) in self.rounds.iter().enumerate() {
            round.look_around(groups, &mut cells);
            for (head, cell) in heads.iter_mut().zip(&cells) {
                self.head.add((index + 1) * HIDDEN, cell, head);
            }
        }
        heads.into_iter().map(|head| self.base + dot(&relu(head), &self.odds)).collect()
    }
}

impl Round {
    fn look_around(&self, groups: &Groups, cells: &mut [Cell]) {
        let Self { around, add } = self;
        let seen: Vec<Vec<Cell>> = groups
            .ways
            .iter()
            .enumerate()
            .map(|(index, way)| {
                let means = means(cells, &way.of_block, way.count, &groups.weights);
                means.iter().map(|mean| around.product((index + 1) * HIDDEN, mean)).collect()
            })
            .collect();
        let added: Vec<Cell> = (0..cells.len())
            .map(|block| {
                let mut sum = around.start(&cells[block]);
                for (seen, way) in seen.iter().zip(&groups.ways) {
                    add_to(&mut sum, &seen[way.of_block[block] as usize]);
                }
                for (index, window) in WINDOWS.iter().enumerate() {
                    if let Some(mean) = window_mean(cells, block, window) {
                        around.add((1 + groups.ways.len() + index) * HIDDEN, &mean, &mut sum);
                    }
                }
                relu(add.start(&relu(sum)))
            })
            .collect();
        cells.iter_mut().zip(&added).for_each(|(cell, added)| add_to(cell, added));
    }
}

/// Added to the weight of each group, so that none divides by zero.
pub const SPARE_WEIGHT: f32 = 1e-3;

fn means(cells: &[Cell], of_block: &[u32], count: usize, weights: &[f32]) -> Vec<Cell> {
    let mut sums = vec![([0.0; HIDDEN], SPARE_WEIGHT); count];
    for ((cell, &group), &weight) in cells.iter().zip(of_block).zip(weights) {
        let (sum, total) = &mut sums[group as usize];
        sum.iter_mut().zip(cell).for_each(|(sum, value)| *sum += weight * value);
        *total += weight;
    }
    sums.into_iter().map(|(sum, total)| sum.map(|value| value / total)).collect()
}

/// The mean of the blocks at these distances; those beyond the page count as zero. `None` where all are.
fn window_mean(cells: &[Cell], block: usize, window: &RangeInclusive<isize>) -> Option<Cell> {
    let mut mean = [0.0; HIDDEN];
    let mut found = false;
    for distance in window.clone() {
        let other = block.checked_add_signed(-distance).and_then(|other| cells.get(other));
        if let Some(other) = other {
            add_to(&mut mean, other);
            found = true;
        }
    }
    let size = (window.end() - window.start() + 1) as f32;
    found.then(|| mean.map(|value| value / size))
}

fn add_to(sum: &mut Cell, cell: &Cell) {
    sum.iter_mut().zip(cell).for_each(|(sum, value)| *sum += value);
}

fn relu(cell: Cell) -> Cell {
    cell.map(|value| value.max(0.0))
}

fn dot(cell: &Cell, weights: &[f32]) -> f32 {
    cell.iter().zip(weights).map(|(value, weight)| value * weight).sum()
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

    /// What the inputs make of each block, by network. The inputs themselves are eight times as large and never kept.
    fn cells(&self, rows: &[Row]) -> Vec<Vec<Cell>> {
        let mut cells = vec![Vec::with_capacity(rows.len()); self.networks.len()];
        let mut inputs = Vec::with_capacity(self.encoder.encodings().len());
        for row in rows {
            inputs.clear();
            self.encoder.encode(row, &mut inputs);
            for (network, cells) in self.networks.iter().zip(&mut cells) {
                cells.push(relu(network.inputs.apply_sparse(&inputs)));
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
