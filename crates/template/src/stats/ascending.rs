//! Sets of keys in little memory.

use super::varint;

/// Keys of a run, in which one is found by walking from its beginning: eight steps, on average. What runs take besides is a byte a key.
/// With 32 of them it is half a byte, and learning takes a quarter of a percent more instructions.
const RUN: usize = 16;

/// Distinct keys, given in ascending order. Hashes are spread evenly, so the differences between neighbours are small where there are
/// many: of a million keys of 48 bits, four bytes.
#[derive(Debug, Default)]
pub(super) struct Ascending {
    /// The first key of each run, and where the differences of the others to their neighbours begin.
    runs: Box<[(u64, u32)]>,
    /// These differences, as [`varint`]s.
    steps: Box<[u8]>,
}

impl Ascending {
    pub(super) fn contains(&self, key: u64) -> bool {
        let after = self.runs.partition_point(|&(first, _)| first <= key);
        let Some(&(mut at, start)) = after.checked_sub(1).and_then(|run| self.runs.get(run)) else { return false };
        let end = self.runs.get(after).map_or(self.steps.len(), |&(_, start)| start as usize);
        let mut steps = &self.steps[start as usize..end];
        while at < key && !steps.is_empty() {
            at += varint::take(&mut steps);
        }
        at == key
    }

    /// Bytes in memory besides the value's own.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.runs) + self.steps.len()
    }
}

impl FromIterator<u64> for Ascending {
    fn from_iter<T: IntoIterator<Item = u64>>(keys: T) -> Self {
        let (mut runs, mut steps) = (Vec::new(), Vec::new());
        let mut last = 0;
        for (place, key) in keys.into_iter().enumerate() {
            if place.is_multiple_of(RUN) {
                runs.push((key, steps.len() as u32));
            } else {
                varint::push(&mut steps, key - last);
            }
            last = key;
        }
        Self { runs: runs.into(), steps: steps.into() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_set_holds_what_it_was_made_of(keys in prop::collection::btree_set(0..3_000_u64, 0..300)) {
            for factor in [1, (1 << 48) / 3_000] {
                let set: Ascending = keys.iter().map(|key| key * factor).collect();
                let held: BTreeSet<u64> = (0..3_001).filter(|key| set.contains(key * factor)).collect();
                prop_assert_eq!(&held, &keys);
            }
        }
    }

    #[test]
    fn of_many_keys_each_takes_five_bytes() {
        let keys: BTreeSet<u64> = (1..=200_000_u64).map(|key| key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20).collect();
        let set: Ascending = keys.iter().copied().collect();
        assert!(set.bytes() <= 5 * keys.len(), "{}", set.bytes());
    }
}
