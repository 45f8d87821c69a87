//! A document's blocks as they are remembered, in little memory: most of what a site's statistics take.

use super::sketch::BlockSketch;

/// A document's blocks, in order. Each distinct path is held once, as a page has few.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Blocks {
    /// Distinct, ascending.
    paths: Box<[u64]>,
    blocks: Box<[Compact]>,
}

/// A block in bytes, which need no alignment: a third less than in fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Compact {
    key: [u8; 8],
    chars: [u8; 4],
    /// Place of its path among the distinct ones: a document has at most [`super::sketch::MAX_BLOCKS`].
    path: [u8; 2],
    content: u8,
}

impl Blocks {
    /// Number of blocks.
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// The blocks, in order.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = BlockSketch> + DoubleEndedIterator + Clone {
        self.blocks.iter().map(|block| BlockSketch {
            key: u64::from_ne_bytes(block.key),
            path: self.paths[usize::from(u16::from_ne_bytes(block.path))],
            chars: u32::from_ne_bytes(block.chars),
            content: block.content,
        })
    }

    /// Distinct paths, ascending.
    pub(super) fn paths(&self) -> &[u64] {
        &self.paths
    }

    /// Keys of the blocks that have one, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = u64> {
        self.blocks.iter().map(|block| u64::from_ne_bytes(block.key)).filter(|&key| key != 0)
    }

    /// Bytes in memory besides the value's own.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.paths) + size_of_val(&*self.blocks)
    }
}

impl FromIterator<BlockSketch> for Blocks {
    /// Takes at most 65,536 distinct paths.
    fn from_iter<T: IntoIterator<Item = BlockSketch>>(blocks: T) -> Self {
        let blocks: Vec<BlockSketch> = blocks.into_iter().collect();
        let mut paths: Vec<u64> = blocks.iter().map(|block| block.path).collect();
        paths.sort_unstable();
        paths.dedup();
        let compact = |block: &BlockSketch| Compact {
            key: block.key.to_ne_bytes(),
            chars: block.chars.to_ne_bytes(),
            path: (paths.partition_point(|&path| path < block.path) as u16).to_ne_bytes(),
            content: block.content,
        };
        let blocks = blocks.iter().map(compact).collect();
        Self { paths: paths.into(), blocks }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::sketch::MAX_BLOCKS;

    fn block() -> impl Strategy<Value = BlockSketch> {
        let path = prop_oneof![0..4_u64, any::<u64>()];
        let fields = (any::<u64>(), path, any::<u32>(), any::<u8>());
        fields.prop_map(|(key, path, chars, content)| BlockSketch { key, path, chars, content })
    }

    proptest! {
        #[test]
        fn blocks_are_what_they_were_made_of(blocks in prop::collection::vec(block(), 0..40)) {
            let held: Blocks = blocks.iter().copied().collect();
            prop_assert_eq!(held.len(), blocks.len());
            prop_assert_eq!(held.iter().collect::<Vec<_>>(), blocks.clone());
            let keys: Vec<u64> = blocks.iter().map(|block| block.key).filter(|&key| key != 0).collect();
            prop_assert_eq!(held.keys().collect::<Vec<_>>(), keys);
            let paths: std::collections::BTreeSet<u64> = blocks.iter().map(|block| block.path).collect();
            prop_assert_eq!(held.paths(), paths.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_longest_document_may_have_as_many_paths_as_blocks() {
        let blocks = (0..MAX_BLOCKS as u64).rev().map(|path| BlockSketch { key: 1, path, chars: 2, content: 3 });
        let held: Blocks = blocks.clone().collect();
        assert!(held.iter().eq(blocks));
    }
}
