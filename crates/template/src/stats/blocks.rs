//! A document's blocks as they are remembered, in little memory: most of what a site's statistics take.

use super::key::{KEY_BYTES, from_bytes, key_bytes};
use super::sketch::BlockSketch;
use super::varint;

/// Bytes of a path.
const PATH_BYTES: usize = size_of::<u64>();

/// A document's blocks, in order. Most take nine bytes, as they have few characters (nine of ten, of 33 sites and of WCXB) and the page
/// has few distinct paths; with the paths it is 11.6 bytes a block of 33 sites, of flat text 9.4.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Blocks {
    /// Number of blocks: a document has at most [`super::sketch::MAX_BLOCKS`].
    count: u16,
    /// Number of distinct paths.
    paths: u16,
    /// Column after column: the blocks' keys, their shares of content, the distinct paths, ascending, and of each block the place of
    /// its path among these and the number of characters, as [`varint`]s.
    columns: Box<[u8]>,
}

impl Blocks {
    /// Number of blocks.
    pub(super) fn len(&self) -> usize {
        self.count.into()
    }

    /// The blocks, in order.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = BlockSketch> {
        let (keys, rest) = self.key_column();
        let (contents, rest) = rest.split_at(self.len());
        let (paths, mut rest) = rest.split_at(PATH_BYTES * usize::from(self.paths));
        let (paths, _) = paths.as_chunks();
        keys.iter().zip(contents).map(move |(key, &content)| BlockSketch {
            key: from_bytes(key),
            path: u64::from_le_bytes(paths[varint::take(&mut rest) as usize]),
            chars: varint::take(&mut rest) as u32,
            content,
        })
    }

    /// Distinct paths, ascending.
    pub(super) fn paths(&self) -> impl ExactSizeIterator<Item = u64> {
        let before = (KEY_BYTES + 1) * self.len();
        let (paths, _) = self.columns[before..].as_chunks();
        paths[..self.paths.into()].iter().map(|&path| u64::from_le_bytes(path))
    }

    /// Keys of the blocks that have one, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = u64> {
        self.key_column().0.iter().map(from_bytes).filter(|&key| key != 0)
    }

    /// The keys, and what comes behind them.
    fn key_column(&self) -> (&[[u8; KEY_BYTES]], &[u8]) {
        let (keys, rest) = self.columns.split_at(KEY_BYTES * self.len());
        (keys.as_chunks().0, rest)
    }

    /// Bytes in memory besides the value's own.
    pub(super) fn bytes(&self) -> usize {
        self.columns.len()
    }
}

impl FromIterator<BlockSketch> for Blocks {
    /// Takes at most 65,535 blocks.
    fn from_iter<T: IntoIterator<Item = BlockSketch>>(blocks: T) -> Self {
        let blocks: Vec<BlockSketch> = blocks.into_iter().collect();
        let mut paths: Vec<u64> = blocks.iter().map(|block| block.path).collect();
        paths.sort_unstable();
        paths.dedup();
        let mut columns = Vec::with_capacity((KEY_BYTES + 4) * blocks.len() + PATH_BYTES * paths.len());
        columns.extend(blocks.iter().flat_map(|block| key_bytes(block.key)));
        columns.extend(blocks.iter().map(|block| block.content));
        columns.extend(paths.iter().flat_map(|path| path.to_le_bytes()));
        for block in &blocks {
            varint::push(&mut columns, paths.partition_point(|&path| path < block.path) as u64);
            varint::push(&mut columns, block.chars.into());
        }
        Self { count: blocks.len() as u16, paths: paths.len() as u16, columns: columns.into() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::key::KEY_BITS;
    use crate::stats::sketch::MAX_BLOCKS;

    fn block() -> impl Strategy<Value = BlockSketch> {
        let path = prop_oneof![0..4_u64, any::<u64>()];
        let chars = prop_oneof![0..300_u32, any::<u32>()];
        let fields = (0..1_u64 << KEY_BITS, path, chars, any::<u8>());
        fields.prop_map(|(key, path, chars, content)| BlockSketch { key, path, chars, content })
    }

    proptest! {
        #[test]
        fn blocks_are_what_they_were_made_of(blocks in prop::collection::vec(block(), 0..400)) {
            let held: Blocks = blocks.iter().copied().collect();
            prop_assert_eq!(held.len(), blocks.len());
            prop_assert_eq!(held.iter().collect::<Vec<_>>(), blocks.clone());
            let keys: Vec<u64> = blocks.iter().map(|block| block.key).filter(|&key| key != 0).collect();
            prop_assert_eq!(held.keys().collect::<Vec<_>>(), keys);
            let paths: std::collections::BTreeSet<u64> = blocks.iter().map(|block| block.path).collect();
            prop_assert!(held.paths().eq(paths));
        }
    }

    #[test]
    fn the_longest_document_may_have_as_many_paths_as_blocks() {
        let blocks = (0..MAX_BLOCKS as u64).rev().map(|path| BlockSketch { key: 1, path, chars: 2, content: 3 });
        let held: Blocks = blocks.clone().collect();
        assert!(held.iter().eq(blocks));
    }

    #[test]
    fn most_blocks_take_nine_bytes() {
        for (path, chars, bytes) in [(0, 127, 9), (0, 128, 10), (200, 127, 10)] {
            // Paths up to that of the block that is looked at.
            let blocks =
                |count| (0..count).map(|number| BlockSketch { key: 1, path: path.min(number), chars, content: 0 });
            let size = |count| blocks(count).collect::<Blocks>().bytes();
            assert_eq!(size(1_001) - size(1_000), bytes, "path {path}, {chars} characters");
        }
    }
}
