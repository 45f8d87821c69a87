//! Equal things under one number.

use std::sync::LazyLock;

use ahash::RandomState;

/// Things by number: equal ones have the same, and the numbers are those in which they first appear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Numbering {
    /// The number of each thing.
    pub(crate) of: Vec<u32>,
    /// How many numbers there are.
    pub(crate) count: usize,
}

impl Numbering {
    /// Things are equal whose keys are.
    pub(crate) fn by(keys: impl ExactSizeIterator<Item = u64>) -> Self {
        let mut numbers = Numbers::of_at_most(keys.len());
        let of = keys.map(|key| numbers.number(key)).collect();
        Self { of, count: numbers.keys.len() }
    }
}

/// A hash table of numbers alone. It is asked for six numbers a block, of which most are there and near: a map of keys and values, each with a
/// hash of its own, takes three times as long.
struct Numbers {
    /// Keys by number.
    keys: Vec<u64>,
    /// Numbers from 1 on, by hash; 0 where there is none. At least half are.
    slots: Vec<u32>,
    /// What of a hash is not its slot.
    shift: u32,
}

impl Numbers {
    fn of_at_most(keys: usize) -> Self {
        let slots = (2 * keys).next_power_of_two().max(2);
        Self { keys: Vec::with_capacity(keys), slots: vec![0; slots], shift: u64::BITS - slots.trailing_zeros() }
    }

    /// The number of this key, the next one where it is new.
    fn number(&mut self, key: u64) -> u32 {
        let mut slot = (key.wrapping_mul(*MULTIPLIER) >> self.shift) as usize;
        loop {
            match self.slots[slot] {
                0 => {
                    let number = self.keys.len() as u32;
                    self.keys.push(key);
                    self.slots[slot] = number + 1;
                    return number;
                }
                taken if self.keys[taken as usize - 1] == key => return taken - 1,
                _ => slot = (slot + 1) % self.slots.len(),
            }
        }
    }
}

/// Any odd number makes a hash by multiplication (Dietzfelbinger et al. 1997); this one no page can be written against.
static MULTIPLIER: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0) | 1);

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn equal_keys_have_one_number_in_order_of_appearance(
            keys in prop::collection::vec(prop_oneof![0..9_u64, any::<u64>(), (0..9_u64).prop_map(|key| key << 60)], 0..200),
        ) {
            let mut numbers = HashMap::new();
            let expected: Vec<u32> = keys
                .iter()
                .map(|&key| {
                    let next = numbers.len() as u32;
                    *numbers.entry(key).or_insert(next)
                })
                .collect();
            let found = Numbering::by(keys.into_iter());
            prop_assert_eq!((found.of, found.count), (expected, numbers.len()));
        }
    }
}
