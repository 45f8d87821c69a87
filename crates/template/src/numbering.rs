//! Equal things under one number.

use std::hash::Hash;

use ahash::AHashMap;

/// Things by number: equal ones have the same, and the numbers are those in which they first appear.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Numbering {
    /// The number of each thing.
    pub(crate) of: Vec<u32>,
    /// How many numbers there are.
    pub(crate) count: usize,
}

impl Numbering {
    pub(crate) fn by<K: Hash + Eq>(keys: impl ExactSizeIterator<Item = K>) -> Self {
        let mut numbers: AHashMap<K, u32> = AHashMap::with_capacity(keys.len());
        let of = keys
            .map(|key| {
                let next = numbers.len() as u32;
                *numbers.entry(key).or_insert(next)
            })
            .collect();
        Self { of, count: numbers.len() }
    }

    /// The same of indices below a limit, which need no map.
    pub(crate) fn by_index(indices: impl Iterator<Item = usize>, below: usize) -> Self {
        let mut numbers = vec![u32::MAX; below];
        let mut count = 0;
        let of = indices
            .map(|index| {
                if numbers[index] == u32::MAX {
                    numbers[index] = count;
                    count += 1;
                }
                numbers[index]
            })
            .collect();
        Self { of, count: count as usize }
    }
}
