//! The network in fitting: its parameters, what it computes of a batch of pages, and which way its loss falls.
//!
//! It is the network that `dechrome_template::model` evaluates, in full precision; see there for what it looks at.

mod around;
mod backward;
mod forward;
mod loss;
mod optimiser;

use anyhow::ensure;
use dechrome_template::model::{Encoder, Encoding, HIDDEN, Matrix, Network, ROUNDS, Round, WINDOWS};
use fastrand::Rng;
use ndarray::{ArrayView2, ArrayViewMut2};

pub(crate) use around::Surroundings;
pub(crate) use backward::backward;
pub(crate) use forward::forward;
pub(crate) use loss::{Target, loss};
pub(crate) use optimiser::{AdamW, rate};

/// Where a matrix, by input, and after it its bias stand among the parameters.
#[derive(Debug, Clone, Copy)]
struct Layer {
    start: usize,
    inputs: usize,
    outputs: usize,
}

/// The layers of a [`Round`].
#[derive(Debug, Clone, Copy)]
struct RoundLayers {
    around: Layer,
    add: Layer,
}

/// The layers of a [`Network`].
#[derive(Debug, Clone)]
struct Layers {
    inputs: Layer,
    rounds: Vec<RoundLayers>,
    head: Layer,
    odds: Layer,
    /// Number of parameters.
    total: usize,
}

/// What is fitted, or the gradient of the loss by it.
#[derive(Debug, Clone)]
pub(crate) struct Parameters {
    layers: Layers,
    pub(crate) values: Vec<f32>,
}

impl Layers {
    /// Layers for so many inputs and ways in which blocks are grouped.
    fn of(inputs: usize, ways: usize) -> Self {
        let mut total = 0;
        let mut layer = |inputs: usize, outputs: usize| {
            let layer = Layer { start: total, inputs, outputs };
            total += (inputs + 1) * outputs;
            layer
        };
        let inputs = layer(inputs, HIDDEN);
        let seen = (1 + ways + WINDOWS.len()) * HIDDEN;
        let rounds =
            (0..ROUNDS).map(|_| RoundLayers { around: layer(seen, HIDDEN), add: layer(HIDDEN, HIDDEN) }).collect();
        let (head, odds) = (layer((ROUNDS + 1) * HIDDEN, HIDDEN), layer(HIDDEN, 1));
        Self { inputs, rounds, head, odds, total }
    }

    fn all(&self) -> impl Iterator<Item = Layer> {
        let rounds = self.rounds.iter().flat_map(|round| [round.around, round.add]);
        [self.inputs].into_iter().chain(rounds).chain([self.head, self.odds])
    }
}

impl Parameters {
    /// Where fitting begins: weights at random, with variance 2 / inputs (He et al. 2015, "Delving deep into rectifiers"),
    /// biases zero. So are the weights of the flags that say that a number is missing: a flag that fitting never
    /// sees has no effect.
    pub(crate) fn at_random(encoder: &Encoder, ways: usize, rng: &mut Rng) -> Self {
        let layers = Layers::of(encoder.width(), ways);
        let mut values = vec![0.0; layers.total];
        for layer in layers.all() {
            let deviation = (2.0 / layer.inputs as f32).sqrt();
            for weight in &mut values[layer.weights()] {
                *weight = deviation * normal(rng);
            }
        }
        let mut at = 0;
        for encoding in encoder.encodings() {
            if matches!(encoding, Encoding::Number { .. }) {
                let flag = layers.inputs.start + (at + 1) * HIDDEN;
                values[flag..flag + HIDDEN].fill(0.0);
            }
            at += encoding.width();
        }
        Self { layers, values }
    }

    /// As many parameters, all zero.
    pub(crate) fn zero(&self) -> Self {
        Self { layers: self.layers.clone(), values: vec![0.0; self.values.len()] }
    }

    /// The nearest network that an artefact can hold.
    pub(crate) fn network(&self) -> anyhow::Result<Network> {
        ensure!(self.values.iter().all(|value| value.is_finite()), "fitting has diverged");
        let layers = &self.layers;
        let matrix = |layer: Layer| Matrix::nearest(&self.values[layer.weights()], self.bias(layer));
        let round = |round: &RoundLayers| Ok(Round { around: matrix(round.around)?, add: matrix(round.add)? });
        Ok(Network {
            inputs: matrix(layers.inputs)?,
            rounds: layers.rounds.iter().map(round).collect::<anyhow::Result<_>>()?,
            head: matrix(layers.head)?,
            odds: self.values[layers.odds.weights()].to_vec(),
            base: self.bias(layers.odds)[0],
        })
    }

    fn weights(&self, layer: Layer) -> ArrayView2<'_, f32> {
        let shape = (layer.inputs, layer.outputs);
        ArrayView2::from_shape(shape, &self.values[layer.weights()]).expect("as many weights as the layer has")
    }

    fn bias(&self, layer: Layer) -> &[f32] {
        let end = layer.weights().end;
        &self.values[end..end + layer.outputs]
    }

    /// Weights and bias.
    fn parts_mut(&mut self, layer: Layer) -> (ArrayViewMut2<'_, f32>, &mut [f32]) {
        let split = layer.inputs * layer.outputs;
        let all = &mut self.values[layer.start..layer.start + split + layer.outputs];
        let (weights, bias) = all.split_at_mut(split);
        let shape = (layer.inputs, layer.outputs);
        (ArrayViewMut2::from_shape(shape, weights).expect("as many weights as the layer has"), bias)
    }
}

impl Layer {
    fn weights(self) -> std::ops::Range<usize> {
        self.start..self.start + self.inputs * self.outputs
    }
}

/// A number of the normal distribution (Box and Muller 1958).
fn normal(rng: &mut Rng) -> f32 {
    let radius = (-2.0 * (1.0 - rng.f32()).ln()).sqrt();
    radius * (std::f32::consts::TAU * rng.f32()).cos()
}

#[cfg(test)]
mod tests;
