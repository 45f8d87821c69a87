//! From a block's columns to the inputs of a network: all between -1 and 1, and 0 where nothing is known.

use serde::{Deserialize, Serialize};

use crate::features::{COLUMNS, Row};

/// Most knots of a number.
pub const KNOTS: usize = 17;

/// How far a value may lie from a choice's to be it: all are whole numbers.
const SAME: f32 = 0.01;

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
                (2..=KNOTS).contains(&knots.len()) && knots.windows(2).all(|pair| pair[0] < pair[1])
            }
            Self::Choice { .. } => true,
        };
        is_whole && self.column() < COLUMNS
    }
}

/// An input's index and value.
pub(super) type Input = (u32, f32);

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
    Number { knots: [f32; KNOTS], count: usize },
    Choice(Vec<f32>),
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
#[error("encoding {encoding} is damaged: knots that do not rise, or a column that there is not")]
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
            Encoding::Number { knots, .. } => {
                let mut padded = [f32::INFINITY; KNOTS];
                padded[..knots.len()].copy_from_slice(knots);
                Scale::Number { knots: padded, count: knots.len() }
            }
            Encoding::Choice { values, .. } => Scale::Choice(values.clone()),
        };
        Self { column: encoding.column(), first, scale }
    }

    /// The only input of it that is not zero in this row, else any.
    pub(super) fn input(&self, row: &Row) -> Input {
        let value = row[self.column];
        match &self.scale {
            Scale::Number { .. } if value.is_nan() => (self.first + 1, 1.0),
            Scale::Number { knots, count } => (self.first, quantile(knots, *count, value)),
            Scale::Choice(values) => {
                let choice = values.iter().position(|known| (known - value).abs() < SAME);
                choice.map_or((self.first, 0.0), |choice| (self.first + choice as u32, 1.0))
            }
        }
    }
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

/// Where a value stands among the first `count` knots, -1 to 1; between them it is interpolated.
fn quantile(knots: &[f32; KNOTS], count: usize, value: f32) -> f32 {
    let below = knots.iter().map(|&knot| u32::from(knot <= value)).sum::<u32>() as usize;
    if below == 0 {
        return -1.0;
    }
    if below >= count {
        return 1.0;
    }
    let (low, high) = (knots[below - 1], knots[below]);
    let place = (below - 1) as f32 + (value - low) / (high - low);
    2.0 * place / (count - 1) as f32 - 1.0
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
    fn damaged_encodings_are_refused() {
        for encoding in [
            Encoding::Number { column: 0, knots: vec![1.0] },
            Encoding::Number { column: 0, knots: vec![1.0, 1.0] },
            Encoding::Number { column: 0, knots: vec![f32::NAN, 1.0] },
            Encoding::Number { column: COLUMNS as u16, knots: vec![0.0, 1.0] },
            Encoding::Choice { column: u16::MAX, values: Vec::new() },
        ] {
            assert!(Encoder::try_from(vec![encoding]).is_err());
        }
    }
}
