use dechrome_template::model::{Encoding, Groups, KNOTS, Way};
use ndarray::Array2;

use super::*;

const WAYS: usize = 2;

fn encoder() -> Encoder {
    let number = |column| Encoding::Number { column, knots: (0..KNOTS).map(|knot| knot as f32).collect() };
    let choice = Encoding::Choice { column: 1, values: vec![1.0, 2.0] };
    Encoder::try_from(vec![number(0), choice, number(2)]).unwrap()
}

/// Two pages, of 9 and 14 blocks, whose groups interleave.
fn surroundings() -> Surroundings {
    let groups = |blocks: usize| {
        let threes = Way { of_block: (0..blocks).map(|block| block as u32 % 3).collect(), count: 3 };
        let page = Way { of_block: vec![0; blocks], count: 1 };
        Groups { ways: vec![threes, page], weights: (0..blocks).map(|block| 0.5 + block as f32).collect() }
    };
    Surroundings::of([(&groups(9), 9), (&groups(20), 14)].into_iter())
}

fn target(blocks: usize, rng: &mut Rng) -> Target {
    Target {
        labels: (0..blocks).map(|_| f32::from(rng.bool())).collect(),
        weights: (0..blocks).map(|_| rng.f32()).collect(),
        words: (0..blocks).map(|_| 10.0 * rng.f32()).collect(),
        shares: vec![1.0, 0.4],
    }
}

fn noise(shape: (usize, usize), rng: &mut Rng) -> Array2<f32> {
    Array2::from_shape_simple_fn(shape, || normal(rng))
}

#[test]
fn the_gradient_is_that_of_the_loss() {
    let mut rng = Rng::with_seed(5);
    let (around, target, encoder) = (surroundings(), target(23, &mut rng), encoder());
    let inputs = noise((23, encoder.width()), &mut rng);
    let mut parameters = Parameters::at_random(&encoder, WAYS, &mut rng);
    parameters.values.iter_mut().for_each(|value| *value += 0.05 * normal(&mut rng));
    let pass = forward(&parameters, &inputs, &around, 0.0, &mut rng);
    let (_, by_odds) = loss(&pass.odds, &target, &around.pages);
    let gradient = backward(&parameters, &inputs, &around, &pass, &by_odds);
    let loss_at = |values: Vec<f32>| {
        let parameters = Parameters { layers: parameters.layers.clone(), values };
        let odds = forward(&parameters, &inputs, &around, 0.0, &mut Rng::with_seed(0)).odds;
        loss(&odds, &target, &around.pages).0
    };
    for layer in parameters.layers.all() {
        let own = layer.start..layer.weights().end + layer.outputs;
        let length = gradient.values[own.clone()].iter().map(|value| value * value).sum::<f32>().sqrt();
        for _ in 0..4 {
            // Half along the gradient, half in any direction.
            // Longer steps cross the kinks of more rectifiers: the distance falls with the step, down to rounding.
            let step = 1e-4;
            let size = (own.len() as f32).sqrt();
            let direction: Vec<f32> =
                own.clone().map(|at| gradient.values[at] / length + 2.0 * normal(&mut rng) / size.sqrt()).collect();
            let moved = |step: f32| {
                let mut values = parameters.values.clone();
                values[own.clone()].iter_mut().zip(&direction).for_each(|(value, by)| *value += step * by);
                values
            };
            let slope = (loss_at(moved(step)) - loss_at(moved(-step))) / (2.0 * step);
            let expected: f32 = own.clone().zip(&direction).map(|(at, by)| gradient.values[at] * by).sum();
            assert!((slope - expected).abs() < 0.01 * length, "{layer:?}: {slope} {expected} {length}");
        }
    }
}

#[test]
fn looking_back_is_looking_transposed() {
    let mut rng = Rng::with_seed(8);
    let around = surroundings();
    let cells = noise((23, HIDDEN), &mut rng);
    let seen = noise((23, (1 + WAYS + WINDOWS.len()) * HIDDEN), &mut rng);
    let (there, back) = ((around.look(&cells) * &seen).sum(), (around.look_back(&seen) * &cells).sum());
    assert!((there - back).abs() < 1e-3 * there.abs().max(1.0), "{there} {back}");
}

#[test]
fn dropping_keeps_the_expected_sum() {
    let mut rng = Rng::with_seed(9);
    let parameters = Parameters::at_random(&encoder(), WAYS, &mut rng);
    let pass = forward(&parameters, &noise((23, 6), &mut rng), &surroundings(), 0.25, &mut rng);
    let mask = &pass.all_mask;
    assert!(mask.iter().all(|value| *value == 0.0 || (value - 4.0 / 3.0).abs() < 1e-6));
    assert!((mask.sum() / mask.len() as f32 - 1.0).abs() < 0.05);
}

#[test]
fn the_rate_rises_and_falls() {
    let rates: Vec<f32> = (1..=1000).map(|step| rate(step, 1000)).collect();
    assert!(rates[..50].is_sorted() && rates[49..].iter().rev().is_sorted());
    assert!((rates[49] - 3e-3).abs() < 1e-6 && (rates[999] - 6e-6).abs() < 1e-8);
}

#[test]
fn steps_lead_down() {
    let mut values = vec![3.0, -2.0];
    let mut optimiser = AdamW::new(2);
    for _ in 0..400 {
        let gradient: Vec<f32> = values.iter().map(|value| 2.0 * value).collect();
        optimiser.step(&mut values, &gradient, 0.05);
    }
    assert!(values.iter().all(|value| value.abs() < 0.05), "{values:?}");
}
