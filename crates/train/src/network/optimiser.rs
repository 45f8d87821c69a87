//! Steps down the gradient.

/// Greatest length of a gradient; longer ones are shortened to it.
const LONGEST: f32 = 1.0;

/// How fast the means of the gradient and of its square forget.
const FORGET: f32 = 0.9;
const FORGET_SQUARE: f32 = 0.999;

/// Keeps parameters without gradient from dividing by zero.
const SPARE: f32 = 1e-8;

/// What each parameter loses in a step, in proportion to the rate.
const DECAY: f32 = 1e-2;

/// Greatest rate.
const RATE: f32 = 3e-3;

/// Share of the steps in which the rate rises.
const WARM_UP: f32 = 1.0 / 20.0;

/// Least share of the rate after that.
const LEAST_RATE: f32 = 0.002;

/// The rate of a step, counted from 1: it rises in a line and falls along a cosine.
pub(crate) fn rate(step: usize, steps: usize) -> f32 {
    let done = step as f32 / steps as f32;
    if done < WARM_UP {
        return RATE * done / WARM_UP;
    }
    let phase = std::f32::consts::PI * (done - WARM_UP) / (1.0 - WARM_UP);
    RATE * (0.5 + 0.5 * phase.cos()).max(LEAST_RATE)
}

/// Adam with decay apart from the gradient (Loshchilov and Hutter 2019, "Decoupled weight decay regularization").
pub(crate) struct AdamW {
    means: Vec<f32>,
    squares: Vec<f32>,
    steps: i32,
}

impl AdamW {
    /// For so many parameters.
    pub(crate) fn new(parameters: usize) -> Self {
        Self { means: vec![0.0; parameters], squares: vec![0.0; parameters], steps: 0 }
    }

    /// One step down the gradient.
    pub(crate) fn step(&mut self, values: &mut [f32], gradient: &[f32], rate: f32) {
        self.steps += 1;
        let length = gradient.iter().map(|value| value * value).sum::<f32>().sqrt();
        let scale = if length > LONGEST { LONGEST / length } else { 1.0 };
        // Both means begin at zero; this takes that out of them.
        let (whole, whole_square) = (1.0 - FORGET.powi(self.steps), 1.0 - FORGET_SQUARE.powi(self.steps));
        let moments = self.means.iter_mut().zip(&mut self.squares);
        for ((value, gradient), (mean, square)) in values.iter_mut().zip(gradient).zip(moments) {
            let gradient = gradient * scale;
            *mean = FORGET * *mean + (1.0 - FORGET) * gradient;
            *square = FORGET_SQUARE * *square + (1.0 - FORGET_SQUARE) * gradient * gradient;
            let direction = (*mean / whole) / ((*square / whole_square).sqrt() + SPARE);
            *value -= rate * (direction + DECAY * *value);
        }
    }
}
