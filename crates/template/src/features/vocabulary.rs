//! How much more often words stand in content than in boilerplate: log-odds by hashed word, for the
//! words of text and for the words of class and id names. Counted, not fitted; see `crates/train`.

use serde::{Deserialize, Serialize};

/// Bits of a table's index.
pub const BITS: u32 = 14;

/// Steps of a stored value in one unit of log-odds: values of -6.3 to 6.3 in one byte.
pub const STEPS: f32 = 20.0;

/// Tables of log-odds. Positive values speak for content.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Vocabulary {
    /// By word of text.
    pub text: Vec<i8>,
    /// By word of class, id, role or itemprop and the level above the block, see [`name_slot`].
    pub names: Vec<i8>,
}

impl Vocabulary {
    /// Whether the tables have their length.
    pub(crate) fn is_whole(&self) -> bool {
        self.text.len() == 1 << BITS && self.names.len() == 1 << BITS
    }

    /// Log-odds of a word of text.
    pub fn of_text(&self, hash: u32) -> f32 {
        odds(self.text[text_slot(hash)])
    }

    /// Log-odds of a name `level` elements above the block.
    pub fn of_name(&self, hash: u32, level: usize) -> f32 {
        odds(self.names[name_slot(hash, level)])
    }
}

/// The log-odds that a stored value stands for, from a table: they are asked for of most words and names of a page, and a division takes longer.
fn odds(stored: i8) -> f32 {
    static ODDS: [f32; 256] = {
        let mut odds = [0.0; 256];
        let mut byte = 0;
        while byte < odds.len() {
            odds[byte] = (byte as u8).cast_signed() as f32 / STEPS;
            byte += 1;
        }
        odds
    };
    ODDS[usize::from(stored.cast_unsigned())]
}

/// Where a word of text stands in its table.
pub fn text_slot(hash: u32) -> usize {
    (hash.wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
}

/// Where a name stands in its table. Names on the block's own element, near above it and far above
/// it speak differently.
pub fn name_slot(hash: u32, level: usize) -> usize {
    let band = match level {
        0 => 0x1234_5678_u32,
        1..=3 => 0x5bd1_e995,
        _ => 0x27d4_eb2f,
    };
    ((hash ^ band).wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
}
