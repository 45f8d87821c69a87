//! From a block's columns to the inputs of a network: all between -1 and 1, and 0 where nothing is known.

#![expect(clippy::inline_always, reason = "wide vectors are used only in what is inlined into `with_simd`")]

use pulp::{Arch, Simd, WithSimd};
use serde::{Deserialize, Serialize};

use crate::features::{COLUMNS, Row};

/// Most knots of a number.
pub const KNOTS: usize = 17;

/// Greatest value of a choice: all are whole numbers, codes of a byte.
const GREATEST_CHOICE: f32 = 255.0;

/// What becomes of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Encoding {
    /// Where the value stands among the quantiles of the pages fitted on, -1 to 1, and whether it is missing.
    Number {
        /// The column.
        column: u16,
        /// Its quantiles, ascending, 2 to [`KNOTS`] of them.
        knots: Vec<f32>,
    },
    /// Whether the value is each of these.
    Choice {
        /// The column.
        column: u16,
        /// The values.
        values: Vec<f32>,
    },
}

impl Encoding {
    /// The column.
    pub fn column(&self) -> usize {
        match self {
            Self::Number { column, .. } | Self::Choice { column, .. } => usize::from(*column),
        }
    }

    /// How many inputs it makes.
    pub fn width(&self) -> usize {
        match self {
            Self::Number { .. } => 2,
            Self::Choice { values, .. } => values.len(),
        }
    }

    fn is_sound(&self) -> bool {
        let is_whole = match self {
            Self::Number { knots, .. } => {
                let rise = knots.windows(2).all(|pair| pair[0] < pair[1]);
                (2..=KNOTS).contains(&knots.len()) && rise && knots.iter().all(|knot| knot.is_finite())
            }
            Self::Choice { values, .. } => values.iter().copied().all(is_choice),
        };
        is_whole && self.column() < COLUMNS
    }
}

fn is_choice(value: f32) -> bool {
    value.fract() == 0.0 && (0.0..=GREATEST_CHOICE).contains(&value)
}

/// An input's index and value.
pub(super) type Input = (u32, f32);

/// Rows that are encoded together, a column after the other, so that a knot is compared with many values at once; and of columns that are the
/// same in all of them, which with neighbours many are, once. What becomes of them is as much as the nearer caches hold.
pub(super) const BATCH: usize = 48;

/// An encoding laid out for evaluation.
#[derive(Debug, Clone)]
pub(super) struct Code {
    column: usize,
    /// The first of its inputs.
    first: u32,
    scale: Scale,
}

#[derive(Debug, Clone)]
enum Scale {
    Number(Vec<Piece>),
    /// What becomes of each whole number from -1 on, which stands for whatever is no choice.
    Choice(Vec<Input>),
}

/// What lies between two knots: all pieces add as much.
#[derive(Debug, Clone, Copy)]
struct Piece {
    from: f32,
    /// By how much of what it adds a value rises by 1.
    rise: f32,
}

/// The inputs of some rows of a page, one after the other.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Of the columns that are the same in all rows: those of the page, those of which nothing is known, those of a list that is longer.
    pub(super) shared: Vec<Input>,
    /// Of columns of numbers that are known in all rows.
    pub(super) numbers: Vec<(u32, [f32; BATCH])>,
    /// Of the others.
    pub(super) others: Vec<[Input; BATCH]>,
}

/// Makes a network's inputs of rows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<Encoding>", into = "Vec<Encoding>")]
pub struct Encoder {
    encodings: Vec<Encoding>,
    codes: Vec<Code>,
    width: usize,
}

/// An encoding that cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "encoding {encoding} is damaged: knots that do not rise, choices that are no codes, or a column that there is not"
)]
pub struct DamagedEncoding {
    encoding: usize,
}

impl TryFrom<Vec<Encoding>> for Encoder {
    type Error = DamagedEncoding;

    fn try_from(encodings: Vec<Encoding>) -> Result<Self, DamagedEncoding> {
        if let Some(encoding) = encodings.iter().position(|encoding| !encoding.is_sound()) {
            return Err(DamagedEncoding { encoding });
        }
        let mut width = 0;
        let code = |encoding: &Encoding| {
            let code = Code::of(encoding, width as u32);
            width += encoding.width();
            code
        };
        let codes = encodings.iter().map(code).collect();
        Ok(Self { encodings, codes, width })
    }
}

impl From<Encoder> for Vec<Encoding> {
    fn from(encoder: Encoder) -> Self {
        encoder.encodings
    }
}

impl Code {
    fn of(encoding: &Encoding, first: u32) -> Self {
        let scale = match encoding {
            Encoding::Number { knots, .. } => Scale::Number(pieces(knots)),
            Encoding::Choice { values, .. } => Scale::Choice(choices(values, first)),
        };
        Self { column: encoding.column(), first, scale }
    }

    /// The only input of it that is not zero where its column has this value, else any.
    fn input(&self, value: f32) -> Input {
        match &self.scale {
            Scale::Number(_) if value.is_nan() => (self.first + 1, 1.0),
            Scale::Number(pieces) => (self.first, places(pieces, &[value])[0]),
            Scale::Choice(inputs) => inputs.get((value + 1.0) as usize).copied().unwrap_or(inputs[0]),
        }
    }
}

fn pieces(knots: &[f32]) -> Vec<Piece> {
    knots.windows(2).map(|pair| Piece { from: pair[0], rise: 1.0 / (pair[1] - pair[0]) }).collect()
}

fn choices(values: &[f32], first: u32) -> Vec<Input> {
    let greatest = values.iter().fold(-1.0_f32, |greatest, &value| greatest.max(value));
    let mut inputs = vec![(first, 0.0); (greatest + 2.0) as usize];
    for (input, &value) in (first..).zip(values) {
        inputs[value as usize + 1] = (input, 1.0);
    }
    inputs
}

impl Encoder {
    /// Number of inputs.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The encodings, in the order of the inputs.
    pub fn encodings(&self) -> &[Encoding] {
        &self.encodings
    }

    /// The inputs that are not zero, by index, appended to `inputs`.
    pub fn encode(&self, row: &Row, inputs: &mut Vec<Input>) {
        inputs.extend(self.codes.iter().map(|code| code.input(row[code.column])).filter(|&(_, value)| value != 0.0));
    }

    /// The inputs of at most [`BATCH`] rows, in place of those in `batch`.
    pub(super) fn encode_batch(&self, rows: &[Row], batch: &mut Batch) {
        Arch::new().dispatch(Encode { codes: &self.codes, rows, batch });
    }
}

struct Encode<'a> {
    codes: &'a [Code],
    rows: &'a [Row],
    batch: &'a mut Batch,
}

impl WithSimd for Encode<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { codes, rows, batch } = self;
        batch.clear();
        let Some(first) = rows.first() else { return };
        let varies = varies(rows, first);
        for code in codes {
            if varies[code.column] {
                let mut values = [first[code.column]; BATCH];
                values.iter_mut().zip(rows).for_each(|(value, row)| *value = row[code.column]);
                batch.push(code, &values);
            } else {
                batch.shared.push(code.input(first[code.column]));
            }
        }
    }
}

impl Batch {
    fn clear(&mut self) {
        self.shared.clear();
        self.numbers.clear();
        self.others.clear();
    }

    #[inline(always)]
    fn push(&mut self, code: &Code, values: &[f32; BATCH]) {
        match &code.scale {
            Scale::Number(pieces) if !values.iter().any(|value| value.is_nan()) => {
                self.numbers.push((code.first, places(pieces, values)));
            }
            Scale::Number(pieces) => {
                let mut inputs = places(pieces, values).map(|place| (code.first, place));
                let missing = inputs.iter_mut().zip(values).filter(|(_, value)| value.is_nan());
                missing.for_each(|(input, _)| *input = (code.first + 1, 1.0));
                self.others.push(inputs);
            }
            Scale::Choice(_) => self.others.push(values.map(|value| code.input(value))),
        }
    }
}

/// Which columns are not the same in all rows.
#[inline(always)]
fn varies(rows: &[Row], first: &Row) -> [bool; COLUMNS] {
    let mut differs = [0; COLUMNS];
    for row in rows {
        for ((differs, value), first) in differs.iter_mut().zip(row).zip(first) {
            *differs |= value.to_bits() ^ first.to_bits();
        }
    }
    differs.map(|differs| differs != 0)
}

/// Where values stand among the knots, -1 to 1; between them it is interpolated. A missing one stands lowest.
/// Nothing here has to be guessed by the processor, or looked up.
#[inline(always)]
fn places<const N: usize>(pieces: &[Piece], values: &[f32; N]) -> [f32; N] {
    let mut sums = [0.0_f32; N];
    for Piece { from, rise } in pieces {
        for (sum, value) in sums.iter_mut().zip(values) {
            let part = (value - from) * rise;
            let part = if part > 0.0 { part } else { 0.0 };
            *sum += if part < 1.0 { part } else { 1.0 };
        }
    }
    let step = 2.0 / pieces.len() as f32;
    for sum in &mut sums {
        *sum = *sum * step - 1.0;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoder() -> Encoder {
        let number = Encoding::Number { column: 0, knots: vec![0.0, 1.0, 5.0] };
        let choice = Encoding::Choice { column: 1, values: vec![2.0, 7.0] };
        Encoder::try_from(vec![number, choice]).expect("sound")
    }

    #[test]
    fn numbers_stand_among_quantiles_and_choices_are_flags() {
        for (first, second, inputs) in [
            (-3.0, 2.0, vec![(0, -1.0), (2, 1.0)]),
            (0.5, 7.0, vec![(0, -0.5), (3, 1.0)]),
            (3.0, 4.0, vec![(0, 0.5)]),
            (9.0, f32::NAN, vec![(0, 1.0)]),
            (f32::INFINITY, 2.0, vec![(0, 1.0), (2, 1.0)]),
            (f32::NAN, 2.0, vec![(1, 1.0), (2, 1.0)]),
        ] {
            let mut row = [f32::NAN; COLUMNS];
            (row[0], row[1]) = (first, second);
            let mut found = Vec::new();
            encoder().encode(&row, &mut found);
            assert_eq!(found, inputs, "{first} {second}");
        }
        assert_eq!(encoder().width(), 4);
    }

    #[test]
    fn what_a_batch_shares_is_encoded_once() {
        let row = |first: f32, second: f32| {
            let mut row = [f32::NAN; COLUMNS];
            (row[0], row[1]) = (first, second);
            row
        };
        let encoded = |rows: &[Row]| {
            let mut batch = Batch { shared: vec![(9, 9.0)], ..Batch::default() };
            encoder().encode_batch(rows, &mut batch);
            let first = |inputs: &[Input; BATCH]| inputs[..rows.len()].to_vec();
            let numbers: Vec<_> =
                batch.numbers.iter().map(|(input, values)| (*input, values[..rows.len()].to_vec())).collect();
            (batch.shared, numbers, batch.others.iter().map(first).collect::<Vec<_>>())
        };
        let (shared, numbers, others) = encoded(&[row(0.5, 7.0), row(f32::NAN, 7.0), row(9.0, 7.0)]);
        assert_eq!((shared, numbers, others), (vec![(3, 1.0)], vec![], vec![vec![(0, -0.5), (1, 1.0), (0, 1.0)]]));
        let (shared, numbers, others) = encoded(&[row(0.5, 7.0), row(3.0, 2.0)]);
        assert_eq!((shared, numbers, others), (vec![], vec![(0, vec![-0.5, 0.5])], vec![vec![(3, 1.0), (2, 1.0)]]));
        assert_eq!(encoded(&[]), (vec![], vec![], vec![]));
    }

    #[test]
    fn damaged_encodings_are_refused() {
        for encoding in [
            Encoding::Number { column: 0, knots: vec![1.0] },
            Encoding::Number { column: 0, knots: vec![1.0, 1.0] },
            Encoding::Number { column: 0, knots: vec![f32::NAN, 1.0] },
            Encoding::Number { column: COLUMNS as u16, knots: vec![0.0, 1.0] },
            Encoding::Number { column: 0, knots: vec![0.0, f32::INFINITY] },
            Encoding::Choice { column: u16::MAX, values: Vec::new() },
            Encoding::Choice { column: 0, values: vec![1e9] },
            Encoding::Choice { column: 0, values: vec![0.5] },
        ] {
            assert!(Encoder::try_from(vec![encoding]).is_err());
        }
    }
}
