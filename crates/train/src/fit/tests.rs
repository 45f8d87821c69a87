use dechrome_template::features::{COLUMNS, MISSING, Row};
use dechrome_template::model::{KNOTS, Way};

use super::*;

/// Made-up pages of three numbers and a choice, on which a block is content where the first number of the block above is high.
struct Problem {
    encoder: Encoder,
    rows: Vec<Vec<Row>>,
    inputs: Vec<Inputs>,
    labels: Vec<Vec<bool>>,
    weights: Vec<f32>,
    words: Vec<u32>,
    groups: Vec<Groups>,
}

const BLOCKS: usize = 12;

impl Problem {
    fn new(pages: usize, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let knots: Vec<f32> = (0..KNOTS).map(|knot| knot as f32 / 16.0).collect();
        let number = |column| Encoding::Number { column, knots: knots.clone() };
        let choice = Encoding::Choice { column: 3, values: vec![0.0, 1.0] };
        let encoder = Encoder::try_from(vec![number(0), number(1), choice, number(2)]).unwrap();
        let rows: Vec<Vec<Row>> = (0..pages).map(|_| (0..BLOCKS).map(|_| row(&mut rng)).collect()).collect();
        let is_content = |rows: &Vec<Row>, block: usize| block > 0 && rows[block - 1][0] > 0.5;
        let halves = |_| {
            let page = Way { of_block: vec![0; BLOCKS], count: 1 };
            let halves = Way { of_block: (0..BLOCKS).map(|block| u32::from(block > 5)).collect(), count: 2 };
            Groups { ways: vec![halves, page], weights: (0..BLOCKS).map(|block| 1.0 + block as f32).collect() }
        };
        Self {
            inputs: rows.iter().map(|rows| Inputs::of(&encoder, rows)).collect(),
            labels: rows.iter().map(|rows| (0..BLOCKS).map(|block| is_content(rows, block)).collect()).collect(),
            weights: vec![1.0 / BLOCKS as f32; BLOCKS],
            words: (0..BLOCKS as u32).collect(),
            groups: (0..pages).map(halves).collect(),
            encoder,
            rows,
        }
    }

    fn examples(&self) -> Vec<Example<'_>> {
        let Self { weights, words, .. } = self;
        let example = |page: usize| {
            let (inputs, labels, groups) = (&self.inputs[page], &self.labels[page], &self.groups[page]);
            Example { inputs, labels, weights, words, groups, share: 1.0 }
        };
        (0..self.inputs.len()).map(example).collect()
    }
}

/// The third number is missing in half of the rows.
fn row(rng: &mut Rng) -> Row {
    let mut row = [MISSING; COLUMNS];
    (row[0], row[1], row[3]) = (rng.f32(), rng.f32(), f32::from(rng.bool()));
    if rng.bool() {
        row[2] = rng.f32();
    }
    row
}

/// Log-odds of all blocks of a page.
fn odds(ensemble: &Ensemble, rows: &[Row], groups: &Groups) -> Vec<f32> {
    ensemble.odds(rows, groups, &(0..rows.len()).collect::<Vec<_>>())
}

#[test]
fn what_is_fitted_is_what_is_evaluated() {
    let problem = Problem::new(3, 1);
    let examples = problem.examples();
    let mut rng = Rng::with_seed(2);
    let mut parameters = Parameters::at_random(&problem.encoder, 2, &mut rng);
    parameters.values.iter_mut().for_each(|value| *value += 0.1 * (rng.f32() - 0.5));
    let batch = Batch::of(&examples.iter().collect::<Vec<_>>(), problem.encoder.width(), None);
    let found = forward(&parameters, &batch.inputs, &batch.around, 0.0, &mut rng).odds;
    let ensemble = Ensemble { encoder: problem.encoder.clone(), networks: vec![parameters.network().unwrap()] };
    let pages = problem.rows.iter().zip(&problem.groups);
    let odds: Vec<f32> = pages.flat_map(|(rows, groups)| odds(&ensemble, rows, groups)).collect();
    let spread = odds.iter().fold(0.0_f32, |most, odds| most.max((odds - odds_mean(&found)).abs()));
    let off = odds.iter().zip(&found).fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
    assert!(spread > 0.3 && off < 0.03 * spread, "{off} of {spread}");
}

fn odds_mean(odds: &Array2<f32>) -> f32 {
    odds.sum() / odds.len() as f32
}

#[test]
fn fitting_twice_gives_the_same_network_and_learns_an_easy_rule() {
    let problem = Problem::new(96, 3);
    let examples = problem.examples();
    let fitted = || fit_network(&problem.encoder, &examples, 40, 1).unwrap();
    let (first, second) = (fitted(), fitted());
    assert_eq!(format!("{first:?}"), format!("{second:?}"));
    let unseen = Problem::new(32, 4);
    let ensemble = Ensemble { encoder: problem.encoder.clone(), networks: vec![first] };
    let right: usize = (0..unseen.rows.len())
        .map(|page| {
            let odds = odds(&ensemble, &unseen.rows[page], &unseen.groups[page]);
            odds.iter().zip(&unseen.labels[page]).filter(|(odds, label)| (**odds > 0.0) == **label).count()
        })
        .sum();
    assert!(right as f32 > 0.92 * (32 * BLOCKS) as f32, "{right} of {}", 32 * BLOCKS);
}

#[test]
fn flags_that_fitting_never_sees_have_no_effect() {
    let problem = Problem::new(32, 5);
    let network = fit_network(&problem.encoder, &problem.examples(), 4, 1).unwrap();
    let ensemble = Ensemble { encoder: problem.encoder.clone(), networks: vec![network] };
    // The knots' middle is as little as nothing known: column 1 was never missing in fitting.
    let mut rows = problem.rows[0].clone();
    for row in &mut rows {
        row[1] = 0.5;
    }
    let middle = odds(&ensemble, &rows, &problem.groups[0]);
    for row in &mut rows {
        row[1] = MISSING;
    }
    assert_eq!(odds(&ensemble, &rows, &problem.groups[0]), middle);
}

#[test]
fn dropped_inputs_are_those_of_whole_encodings_on_whole_pages() {
    let problem = Problem::new(64, 6);
    let examples = problem.examples();
    let examples: Vec<&Example<'_>> = examples.iter().collect();
    let (spans, width) = (spans(&problem.encoder), problem.encoder.width());
    assert_eq!(spans, [0..2, 2..4, 4..6, 6..8]);
    let mut whole = Batch::of(&examples, width, None);
    let mut batch = Batch::of(&examples, width, Some((&spans, &mut Rng::with_seed(7))));
    let mut dropped = 0;
    for page in &batch.around.pages.clone() {
        for span in &spans {
            let part = |batch: &mut Batch| part(&mut batch.inputs, page, span).to_owned();
            let is_dropped = part(&mut batch).iter().all(|value| *value == 0.0);
            assert!(is_dropped || part(&mut batch) == part(&mut whole));
            dropped += usize::from(is_dropped);
        }
    }
    assert!((26..=78).contains(&dropped), "{dropped}");
}
