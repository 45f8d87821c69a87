//! What blocks see around them: the means of their groups and of their windows, and the way back for gradients.

use std::ops::Range;

use dechrome_template::model::{Groups, HIDDEN, SPARE_WEIGHT, WINDOWS};
use ndarray::{Array2, Axis, Slice};

/// What the blocks of a batch have around them. No group and no window reaches beyond a page.
#[derive(Debug)]
pub(crate) struct Surroundings {
    pub(crate) pages: Vec<Range<usize>>,
    ways: Vec<Way>,
    /// A block's weight in the mean of its groups.
    weights: Vec<f32>,
}

/// One way in which blocks belong together.
#[derive(Debug, Default)]
struct Way {
    of_block: Vec<usize>,
    /// One over the weight of each group.
    shares: Vec<f32>,
}

impl Surroundings {
    /// The surroundings of pages side by side: of each, its groups and how many of its blocks are taken.
    pub(crate) fn of<'a>(pages: impl Iterator<Item = (&'a Groups, usize)>) -> Self {
        let mut all = Self { pages: Vec::new(), ways: Vec::new(), weights: Vec::new() };
        for (groups, blocks) in pages {
            all.ways.resize_with(groups.ways.len(), Way::default);
            let start = all.weights.len();
            all.pages.push(start..start + blocks);
            all.weights.extend_from_slice(&groups.weights[..blocks]);
            for (way, page) in all.ways.iter_mut().zip(&groups.ways) {
                let first = way.shares.len();
                way.of_block.extend(page.of_block[..blocks].iter().map(|&group| first + group as usize));
                way.shares.resize(first + page.count, SPARE_WEIGHT);
            }
        }
        for way in &mut all.ways {
            for (&group, weight) in way.of_block.iter().zip(&all.weights) {
                way.shares[group] += weight;
            }
            way.shares.iter_mut().for_each(|share| *share = share.recip());
        }
        all
    }

    /// Each block, the means of its groups and its windows, side by side.
    pub(super) fn look(&self, cells: &Array2<f32>) -> Array2<f32> {
        let mut seen = Array2::zeros((cells.nrows(), self.parts() * HIDDEN));
        seen.slice_axis_mut(Axis(1), Slice::from(..HIDDEN)).assign(cells);
        let from = cells.as_slice().expect("rows lie side by side");
        let to = seen.as_slice_mut().expect("rows lie side by side");
        let parts = self.parts();
        for (index, way) in self.ways.iter().enumerate() {
            let mut means = vec![0.0; way.shares.len() * HIDDEN];
            for (block, (&group, &weight)) in way.of_block.iter().zip(&self.weights).enumerate() {
                add(cell_mut(&mut means, group), cell(from, block), weight);
            }
            way.scale(&mut means);
            for (block, &group) in way.of_block.iter().enumerate() {
                cell_mut(to, block * parts + 1 + index).copy_from_slice(cell(&means, group));
            }
        }
        self.for_each_in_windows(|index, block, other, share| {
            add(cell_mut(to, block * parts + 1 + self.ways.len() + index), cell(from, other), share);
        });
        seen
    }

    /// The gradient by the blocks, given that by what they see: [`Self::look`] transposed.
    pub(super) fn look_back(&self, seen: &Array2<f32>) -> Array2<f32> {
        let mut cells = seen.slice_axis(Axis(1), Slice::from(..HIDDEN)).to_owned();
        let to = cells.as_slice_mut().expect("rows lie side by side");
        let from = seen.as_slice().expect("rows lie side by side");
        let parts = self.parts();
        for (index, way) in self.ways.iter().enumerate() {
            let mut sums = vec![0.0; way.shares.len() * HIDDEN];
            for (block, &group) in way.of_block.iter().enumerate() {
                add(cell_mut(&mut sums, group), cell(from, block * parts + 1 + index), 1.0);
            }
            way.scale(&mut sums);
            for (block, (&group, &weight)) in way.of_block.iter().zip(&self.weights).enumerate() {
                add(cell_mut(to, block), cell(&sums, group), weight);
            }
        }
        self.for_each_in_windows(|index, block, other, share| {
            add(cell_mut(to, other), cell(from, block * parts + 1 + self.ways.len() + index), share);
        });
        cells
    }

    /// How many cells a block sees, itself one of them.
    fn parts(&self) -> usize {
        1 + self.ways.len() + WINDOWS.len()
    }

    /// Visits the window, the block, each other block that stands in its window, and the other's share in the mean.
    fn for_each_in_windows(&self, mut visit: impl FnMut(usize, usize, usize, f32)) {
        for (index, window) in WINDOWS.iter().enumerate() {
            let share = 1.0 / (window.end() - window.start() + 1) as f32;
            for page in &self.pages {
                for distance in window.clone() {
                    for block in page.clone() {
                        let other = block.checked_add_signed(-distance).filter(|other| page.contains(other));
                        if let Some(other) = other {
                            visit(index, block, other, share);
                        }
                    }
                }
            }
        }
    }
}

impl Way {
    fn scale(&self, sums: &mut [f32]) {
        for (sum, share) in sums.chunks_exact_mut(HIDDEN).zip(&self.shares) {
            for value in sum {
                *value *= share;
            }
        }
    }
}

fn cell(values: &[f32], at: usize) -> &[f32; HIDDEN] {
    values[at * HIDDEN..].first_chunk().expect("cells are whole")
}

fn cell_mut(values: &mut [f32], at: usize) -> &mut [f32; HIDDEN] {
    values[at * HIDDEN..].first_chunk_mut().expect("cells are whole")
}

fn add(sum: &mut [f32; HIDDEN], cell: &[f32; HIDDEN], weight: f32) {
    sum.iter_mut().zip(cell).for_each(|(sum, value)| *sum += weight * value);
}
