//! Which hashes a set may hold, a bit each: most that are asked for are in no set, and are not looked up.

/// Words of a filter: 65,536 bits.
const WORDS: usize = 1024;

/// Hashes by their lowest 16 bits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter(Vec<u64>);

impl Filter {
    pub(crate) fn add(&mut self, hash: u32) {
        self.0.resize(WORDS, 0);
        let (word, bit) = place(hash);
        self.0[word] |= bit;
    }

    /// Whether the hash was added, or another that ends alike.
    #[inline]
    pub(crate) fn may_hold(&self, hash: u32) -> bool {
        let (word, bit) = place(hash);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

fn place(hash: u32) -> (usize, u64) {
    ((hash >> 6) as usize % WORDS, 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_held_and_most_else_is_not() {
        let mut filter = Filter::default();
        assert!(!filter.may_hold(7));
        filter.add(7);
        filter.add(0xffff_ffff);
        assert!([7, 0xffff_ffff, 0x0001_0007].into_iter().all(|hash| filter.may_hold(hash)));
        assert!([0, 8, 71].into_iter().all(|hash| !filter.may_hold(hash)));
    }
}
