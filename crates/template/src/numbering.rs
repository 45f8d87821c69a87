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

    /// How many equal things stand before each, and how many there are in all.
    pub(crate) fn copies(&self) -> impl Iterator<Item = (u32, u32)> {
        let mut counts = vec![0; self.count];
        let count = |&number: &u32| {
            counts[number as usize] += 1;
            counts[number as usize] - 1
        };
        let above: Vec<u32> = self.of.iter().map(count).collect();
        above.into_iter().zip(&self.of).map(move |(above, &number)| (above, counts[number as usize]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_things_have_one_number_and_are_counted() {
        let numbering = Numbering::by(["b", "a", "b", "c", "b"].into_iter());
        assert_eq!(numbering, Numbering { of: vec![0, 1, 0, 2, 0], count: 3 });
        assert_eq!(numbering, Numbering::by_index([7, 2, 7, 0, 7].into_iter(), 8));
        assert_eq!(numbering.copies().collect::<Vec<_>>(), [(0, 3), (0, 1), (1, 3), (0, 1), (2, 3)]);
    }
}
