//! From a block's columns to the inputs of a network: all between -1 and 1, and 0 where nothing is known.

#![expect(clippy::inline_always, reason = "wide vectors are used only in what is inlined into `with_simd`")]

use std::array;

use pulp::{Arch, Simd, WithSimd};
use serde::{Deserialize, Serialize};

use crate::features::{COLUMNS, MISSING, Row};

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

/// Rows that are encoded together, a column after the other, so that a knot is compared with many values at once. What becomes of them is
/// as much as the nearer caches hold.
pub(super) const BATCH: usize = 48;

/// What a column becomes in the rows of a batch, an input each.
pub(super) type Column = [Input; BATCH];

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
    /// The knots, the greatest of them last however few there are; and for each what a value there becomes, and by how much more one
    /// that is greater by 1.
    Number { knots: [f32; KNOTS], places: [(f32, f32); KNOTS] },
    /// What becomes of each whole number from -1 on, which stands for whatever is no choice.
    Choice(Vec<Input>),
}

/// What is to be encoded of a page's rows.
pub(super) struct Parts<'a> {
    /// Inputs of the columns that are the same in all rows: those of the page, and those of which nothing is known.
    pub(super) shared: Vec<Input>,
    /// What makes the others, an input each.
    pub(super) own: Vec<&'a Code>,
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
            Encoding::Number { knots, .. } => number(knots),
            Encoding::Choice { values, .. } => Scale::Choice(choices(values, first)),
        };
        Self { column: encoding.column(), first, scale }
    }

    /// The only input of it that is not zero in this row, else any.
    fn input(&self, row: &Row) -> Input {
        let [input] = self.inputs(&[row[self.column]]);
        input
    }

    /// The same of each of these values of its column.
    #[inline(always)]
    fn inputs<const N: usize>(&self, values: &[f32; N]) -> [Input; N] {
        match &self.scale {
            Scale::Number { knots, places } => {
                let known = quantiles(knots, places, values);
                array::from_fn(|at| if values[at].is_nan() { (self.first + 1, 1.0) } else { (self.first, known[at]) })
            }
            Scale::Choice(inputs) => {
                values.map(|value| inputs.get((value + 1.0) as usize).copied().unwrap_or(inputs[0]))
            }
        }
    }
}

fn number(knots: &[f32]) -> Scale {
    let step = 2.0 / (knots.len() - 1) as f32;
    let mut padded = [knots[knots.len() - 1]; KNOTS];
    padded[..knots.len()].copy_from_slice(knots);
    let mut places = [(1.0, 0.0); KNOTS];
    for (at, pair) in knots.windows(2).enumerate() {
        places[at] = (step * at as f32 - 1.0, step / (pair[1] - pair[0]));
    }
    Scale::Number { knots: padded, places }
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
        inputs.extend(self.codes.iter().map(|code| code.input(row)).filter(|&(_, value)| value != 0.0));
    }

    /// Parts what is the same in all rows, and needs to be encoded once, from the rest.
    pub(super) fn part(&self, rows: &[Row]) -> Parts<'_> {
        let mut parts = Parts { shared: Vec::new(), own: Vec::new() };
        let Some((first, others)) = rows.split_first() else { return parts };
        let mut differs = [0; COLUMNS];
        for row in others {
            let bits = row.iter().zip(first).map(|(value, first)| value.to_bits() ^ first.to_bits());
            differs.iter_mut().zip(bits).for_each(|(differs, bits)| *differs |= bits);
        }
        for code in &self.codes {
            match differs[code.column] {
                0 => parts.shared.push(code.input(first)),
                _ => parts.own.push(code),
            }
        }
        parts
    }
}

impl Parts<'_> {
    /// The inputs of a batch of rows that are not shared, a column of them for each of [`Self::own`].
    pub(super) fn encode(&self, rows: &[Row], columns: &mut Vec<Column>) {
        columns.resize(self.own.len(), [(0, 0.0); BATCH]);
        Arch::new().dispatch(Encode { codes: &self.own, rows, columns });
    }
}

struct Encode<'a> {
    codes: &'a [&'a Code],
    rows: &'a [Row],
    columns: &'a mut [Column],
}

impl WithSimd for Encode<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (code, column) in self.codes.iter().zip(self.columns) {
            let mut values = [MISSING; BATCH];
            values.iter_mut().zip(self.rows).for_each(|(value, row)| *value = row[code.column]);
            *column = code.inputs(&values);
        }
    }
}

/// Where values stand among the knots, -1 to 1; between them it is interpolated. A missing one stands anywhere.
/// Nothing here has to be guessed by the processor, and nothing is divided.
#[inline(always)]
fn quantiles<const N: usize>(knots: &[f32; KNOTS], places: &[(f32, f32); KNOTS], values: &[f32; N]) -> [f32; N] {
    let values = values.map(|value| value.max(knots[0]).min(knots[KNOTS - 1]));
    let mut passed = [0_u32; N];
    for knot in &knots[1..] {
        passed.iter_mut().zip(&values).for_each(|(passed, value)| *passed += u32::from(knot <= value));
    }
    array::from_fn(|at| {
        let passed = passed[at] as usize;
        let (place, rise) = places[passed];
        place + (values[at] - knots[passed]) * rise
    })
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
    fn what_all_rows_share_is_encoded_once() {
        let row = |first: f32| {
            let mut row = [f32::NAN; COLUMNS];
            (row[0], row[1]) = (first, 7.0);
            row
        };
        let rows = [row(0.5), row(f32::NAN), row(9.0)];
        let encoder = encoder();
        let parts = encoder.part(&rows);
        assert_eq!((parts.own.len(), parts.shared.as_slice()), (1, [(3, 1.0)].as_slice()));
        let mut columns = Vec::new();
        parts.encode(&rows, &mut columns);
        assert_eq!(columns[0][..rows.len()], [(0, -0.5), (1, 1.0), (0, 1.0)]);
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
