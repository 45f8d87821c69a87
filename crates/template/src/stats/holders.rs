//! How many documents hold each key.

use ahash::AHashMap;

use super::ascending::Ascending;
use super::key::KEY_BITS;
use super::sketch::Sketch;
use super::tables::table_bytes;

/// Keys looked at together. Most of a site's lines are on one document alone, and a table of all of them takes more memory than the
/// documents do; so they are counted a part after the other: 2 MB at a time.
const AT_ONCE: usize = 1 << 18;

/// Calls `look` with the keys that documents have, part by part: ascending, and each as often as documents have it.
fn for_each_part<'a, K: Iterator<Item = u64>>(
    documents: &[&'a Sketch],
    keys: impl Fn(&'a Sketch) -> K,
    mut look: impl FnMut(&[u64]),
) {
    let blocks: usize = documents.iter().map(|document| document.blocks.len()).sum();
    let parts = blocks.div_ceil(AT_ONCE).max(1);
    let (mut held, mut own): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
    for part in 0..parts {
        for document in documents {
            own.extend(keys(document).filter(|&key| part_of(key, parts) == part));
            own.sort_unstable();
            own.dedup();
            held.append(&mut own);
        }
        held.sort_unstable();
        look(&held);
        held.clear();
    }
}

/// The part of a key, of so many. A path is a longer hash, of which the upper bits do not matter here.
fn part_of(key: u64, parts: usize) -> usize {
    let key = key & ((1 << KEY_BITS) - 1);
    ((u128::from(key) * parts as u128) >> KEY_BITS) as usize
}

/// The keys of a part, with the number of documents that have each.
fn counts(part: &[u64]) -> impl Iterator<Item = (u64, u32)> {
    part.chunk_by(|a, b| a == b).map(|holders| (holders[0], holders.len() as u32))
}

/// The keys that at least so many documents have, with the number of these.
pub(super) fn held_by<'a, K: Iterator<Item = u64>>(
    least: u32,
    documents: &[&'a Sketch],
    keys: impl Fn(&'a Sketch) -> K,
) -> AHashMap<u64, u32> {
    let mut held = AHashMap::new();
    for_each_part(documents, keys, |part| held.extend(counts(part).filter(|&(_, holders)| holders >= least)));
    held
}

/// The number of documents that hold each key.
#[derive(Debug, Default)]
pub(super) struct Holders {
    several: AHashMap<u64, u32>,
    /// The keys of one document alone, nearly all of them, by part.
    one: Vec<Ascending>,
}

impl Holders {
    /// Of the keys of all blocks.
    pub(super) fn of<'a>(documents: &[&'a Sketch]) -> Self {
        let mut holders = Self::default();
        for_each_part(
            documents,
            |document: &'a Sketch| document.blocks.keys(),
            |part| {
                holders.several.extend(counts(part).filter(|&(_, holders)| holders > 1));
                holders.one.push(counts(part).filter(|&(_, holders)| holders == 1).map(|(key, _)| key).collect());
            },
        );
        holders
    }

    /// Sets the number of documents that hold a key.
    pub(super) fn set(&mut self, key: u64, documents: u32) {
        self.several.insert(key, documents);
    }

    /// Documents that hold a key.
    pub(super) fn get(&self, key: u64) -> u32 {
        let several = self.several.get(&key).copied();
        several.unwrap_or_else(|| self.is_of_one(key).into())
    }

    fn is_of_one(&self, key: u64) -> bool {
        self.one.get(part_of(key, self.one.len())).is_some_and(|one| one.contains(key))
    }

    /// Whether more documents than one hold a key.
    pub(super) fn are_several(&self, key: u64) -> bool {
        self.several.get(&key).is_some_and(|&documents| documents > 1)
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        let one: usize = self.one.iter().map(Ascending::bytes).sum();
        table_bytes(self.several.len(), 16) + one
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::stats::sketch::BlockSketch;

    /// Documents of so many blocks, of which every other one is the document's own.
    fn documents(count: u64, blocks: u64) -> Vec<Sketch> {
        let key = |document: u64, block: u64| {
            let number = if block.is_multiple_of(2) { block } else { 1_000_000 + document * blocks + block };
            // Hashes, as keys are: multiplied by 2^64 over the golden ratio (Knuth, TAOCP 3, 6.4).
            (1 + number).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - KEY_BITS)
        };
        let block = |document, block| BlockSketch { key: key(document, block), path: 0, chars: 9, content: 0 };
        let blocks = |document| (0..blocks).map(move |number| block(document, number)).chain([block(document, 0)]);
        let sketch = |document| Sketch {
            headline: 0,
            blocks: blocks(document).collect(),
            section: None,
            day: None,
            link_chars: 0,
            readable: None,
        };
        (0..count).map(sketch).collect()
    }

    #[test]
    fn documents_are_counted_alike_at_once_and_in_parts() {
        for (count, blocks) in [(0, 0), (1, 5), (7, 40), (300, 1_001)] {
            let documents = documents(count, blocks);
            let documents: Vec<&Sketch> = documents.iter().collect();
            let mut expected: BTreeMap<u64, u32> = BTreeMap::new();
            for document in &documents {
                let keys: BTreeSet<u64> = document.blocks.keys().collect();
                for key in keys {
                    *expected.entry(key).or_default() += 1;
                }
            }
            let holders = Holders::of(&documents);
            assert_eq!(holders.one.len() > 1, documents.len() > 100, "in parts only where there are many");
            for (&key, &documents) in &expected {
                assert_eq!((holders.get(key), holders.are_several(key)), (documents, documents > 1));
            }
            assert_eq!(holders.get(3), 0);
            for least in [1, 2, 8] {
                let held: BTreeMap<u64, u32> =
                    held_by(least, &documents, |document| document.blocks.keys()).into_iter().collect();
                let expected = expected.iter().filter(|&(_, &documents)| documents >= least);
                assert!(held.iter().eq(expected), "{count} documents, on {least}");
            }
        }
    }
}
