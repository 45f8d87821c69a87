//! Sketches as bytes: columns in which each value that repeats is written once.
//!
//! A page of 300 blocks takes some 3 KB, as in memory. The same sketch gives the same bytes.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::key::{KEY_BYTES, from_bytes};
use super::sketch::{BlockSketch, MAX_BLOCKS, Sketch};

/// A sketch without what people can read.
#[derive(Serialize, Deserialize)]
pub(super) struct Packed {
    headline: u64,
    section: Option<String>,
    day: Option<i32>,
    link_chars: u32,
    keys: Column<KEY_BYTES>,
    paths: Column<8>,
    chars: Vec<u32>,
    content: Vec<u8>,
}

/// Hashes of so many bytes, many of them alike.
#[derive(Default, Serialize, Deserialize)]
struct Column<const BYTES: usize> {
    /// The distinct hashes in the order of their first place, all bytes of each: they have no small ones.
    values: Vec<u8>,
    /// The place of each hash among the distinct ones.
    places: Vec<u32>,
}

impl<const BYTES: usize> Column<BYTES> {
    fn of(hashes: impl Iterator<Item = u64>) -> Self {
        let mut column = Self::default();
        let mut known = HashMap::new();
        for hash in hashes {
            let next = known.len() as u32;
            let place = *known.entry(hash).or_insert_with(|| {
                column.values.extend(&hash.to_le_bytes()[..BYTES]);
                next
            });
            column.places.push(place);
        }
        column
    }

    /// The hashes; `None` where the bytes are damaged.
    fn hashes(&self) -> Option<Vec<u64>> {
        let (values, []) = self.values.as_chunks::<BYTES>() else { return None };
        self.places.iter().map(|&place| values.get(place as usize).map(from_bytes)).collect()
    }
}

impl From<&Sketch> for Packed {
    fn from(sketch: &Sketch) -> Self {
        Self {
            headline: sketch.headline,
            section: sketch.section.clone(),
            day: sketch.day,
            link_chars: sketch.link_chars,
            keys: Column::of(sketch.blocks.iter().map(|block| block.key)),
            paths: Column::of(sketch.blocks.iter().map(|block| block.path)),
            chars: sketch.blocks.iter().map(|block| block.chars).collect(),
            content: sketch.blocks.iter().map(|block| block.content).collect(),
        }
    }
}

impl Packed {
    /// The sketch; `None` where the columns do not fit together or are longer than a document's.
    pub(super) fn unpack(self) -> Option<Sketch> {
        let Self { headline, section, day, link_chars, keys, paths, chars, content } = self;
        let (keys, paths) = (keys.hashes()?, paths.hashes()?);
        let count = keys.len();
        if [paths.len(), chars.len(), content.len()] != [count; 3] || count > MAX_BLOCKS {
            return None;
        }
        let blocks = keys.into_iter().zip(paths).zip(chars.into_iter().zip(content));
        let blocks = blocks.map(|((key, path), (chars, content))| BlockSketch { key, path, chars, content });
        Some(Sketch { headline, blocks: blocks.collect(), section, day, link_chars, readable: None })
    }
}
