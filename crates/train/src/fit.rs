//! Fits networks to pages.

use std::ops::Range;

use dechrome_page::Media;
use dechrome_template::model::{Encoder, Encoding, Ensemble, Groups, Network, SPARE_WORDS};
use fastrand::Rng;
use ndarray::{Array2, ArrayViewMut2, Axis, Slice};
use rayon::prelude::*;

use crate::encode::Inputs;
use crate::network::{AdamW, Parameters, Surroundings, Target, backward, forward, loss, rate};

/// Networks of an ensemble. Of HTML pages a third one adds nothing where they are given few columns (WCXB .8885 with two, .8883 with three).
const fn members(media: Media) -> u64 {
    match media {
        Media::Html => 2,
        Media::Text => 3,
    }
}

/// How often each page is seen.
const EPOCHS: usize = 16;

/// Pages of a step.
const BATCH: usize = 16;

/// Blocks of a page that are seen.
const MAX_BLOCKS: usize = 4000;

/// Share of a network's numbers that is dropped in a step.
const DROPOUT: f32 = 0.2;

/// How likely an encoding is dropped from all of a page in a step: no column may be relied on alone.
const INPUT_DROPOUT: f32 = 0.2;

/// Weight of trees beside networks. Networks are better on mixed pages, trees on sites that no fit has seen: flat pages gain from .65 to .5, WCXB
/// .0004, 33 sites .0015, by cuts through the odds of held-out pages. Of HTML pages from .5 to .58 no kind gains or loses more than .004.
pub(crate) fn forest_weight(media: Media) -> f32 {
    match media {
        Media::Html => 0.54,
        Media::Text => 0.5,
    }
}

/// A page to learn from. All lists are parallel to its blocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Example<'a> {
    /// The page's rows as networks see them.
    pub(crate) inputs: &'a Inputs,
    pub(crate) labels: &'a [bool],
    pub(crate) weights: &'a [f32],
    pub(crate) words: &'a [u32],
    pub(crate) groups: &'a Groups,
    /// Weight of the page's F1.
    pub(crate) share: f32,
}

impl Example<'_> {
    fn blocks(&self) -> usize {
        self.labels.len().min(MAX_BLOCKS)
    }
}

/// Fits the networks of an ensemble to examples. Which they are does not depend on threads.
pub(crate) fn fit(media: Media, encoder: &Encoder, examples: &[Example<'_>]) -> anyhow::Result<Ensemble> {
    let networks = (1..=members(media)).into_par_iter().map(|seed| fit_network(encoder, examples, EPOCHS, seed));
    Ok(Ensemble { encoder: encoder.clone(), networks: networks.collect::<anyhow::Result<_>>()? })
}

fn fit_network(encoder: &Encoder, examples: &[Example<'_>], epochs: usize, seed: u64) -> anyhow::Result<Network> {
    let mut rng = Rng::with_seed(seed);
    let mut examples: Vec<&Example<'_>> = examples.iter().filter(|example| example.blocks() > 0).collect();
    let ways = examples.first().map_or(1, |example| example.groups.ways.len());
    let mut parameters = Parameters::at_random(encoder, ways, &mut rng);
    let mut optimiser = AdamW::new(parameters.values.len());
    let spans = spans(encoder);
    let size = BATCH.min(examples.len()).max(1);
    let steps = epochs * (examples.len() / size);
    let mut step = 0;
    for _ in 0..epochs {
        rng.shuffle(&mut examples);
        for examples in examples.chunks_exact(size) {
            step += 1;
            let batch = Batch::of(examples, encoder.width(), Some((&spans, &mut rng)));
            let (_, gradient) = batch.loss(&parameters, DROPOUT, &mut rng);
            optimiser.step(&mut parameters.values, &gradient.values, rate(step, steps));
        }
    }
    parameters.network()
}

/// The inputs of each encoding.
fn spans(encoder: &Encoder) -> Vec<Range<usize>> {
    let mut at = 0;
    let span = |encoding: &Encoding| {
        let start = at;
        at += encoding.width();
        start..at
    };
    encoder.encodings().iter().map(span).collect()
}

/// Pages that are learned from in one step, side by side.
struct Batch {
    inputs: Array2<f32>,
    around: Surroundings,
    target: Target,
}

impl Batch {
    /// A batch of examples with so many inputs. Given the inputs of each encoding, some of them are dropped.
    fn of(examples: &[&Example<'_>], width: usize, mut dropout: Option<(&[Range<usize>], &mut Rng)>) -> Self {
        let around = Surroundings::of(examples.iter().map(|example| (example.groups, example.blocks())));
        let blocks = examples.iter().map(|example| example.blocks()).sum();
        let mut inputs = Array2::zeros((blocks, width));
        let mut target = Target::default();
        for (example, page) in examples.iter().zip(&around.pages) {
            for (block, values) in page.clone().zip(example.inputs.blocks()) {
                for &(input, value) in values {
                    inputs[[block, input as usize]] = value;
                }
            }
            if let Some((spans, rng)) = &mut dropout {
                for span in spans.iter().filter(|_| rng.f32() < INPUT_DROPOUT) {
                    part(&mut inputs, page, span).fill(0.0);
                }
            }
            add_target(example, &mut target);
        }
        Self { inputs, around, target }
    }

    /// The loss, and its gradient by the parameters.
    fn loss(&self, parameters: &Parameters, dropout: f32, rng: &mut Rng) -> (f32, Parameters) {
        let pass = forward(parameters, &self.inputs, &self.around, dropout, rng);
        let (loss, by_odds) = loss(&pass.odds, &self.target, &self.around.pages);
        (loss, backward(parameters, &self.inputs, &self.around, &pass, &by_odds))
    }
}

/// Some inputs of some blocks.
fn part<'a>(inputs: &'a mut Array2<f32>, blocks: &Range<usize>, span: &Range<usize>) -> ArrayViewMut2<'a, f32> {
    let mut part = inputs.slice_axis_mut(Axis(0), Slice::from(blocks.clone()));
    part.slice_axis_inplace(Axis(1), Slice::from(span.clone()));
    part
}

fn add_target(example: &Example<'_>, target: &mut Target) {
    let blocks = example.blocks();
    target.labels.extend(example.labels[..blocks].iter().map(|&label| f32::from(label)));
    target.weights.extend_from_slice(&example.weights[..blocks]);
    target.words.extend(example.words[..blocks].iter().map(|&words| words as f32 + SPARE_WORDS));
    target.shares.push(example.share);
}

#[cfg(test)]
mod tests;
