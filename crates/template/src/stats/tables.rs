//! What is counted of the documents of one layout epoch.

use ahash::AHashMap;

use super::holders::Holders;
use super::sketch::{BlockSketch, Sketch};
use super::witnesses::BlockEvidence;

/// What several documents show of one key, as integer sums. A slot's blocks: how many documents have
/// any, their characters, how many of these recur, and how many the generic verdict takes for content.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) documents: u32,
    pub(super) chars: u64,
    pub(super) recurring: u64,
    /// In 255ths of a character.
    pub(super) content: u64,
}

impl Sums {
    pub(super) fn add(&mut self, other: Self) {
        self.documents += other.documents;
        self.chars += other.chars;
        self.recurring += other.recurring;
        self.content += other.content;
    }

    pub(super) fn without(self, own: Self) -> Self {
        Self {
            documents: self.documents.saturating_sub(own.documents),
            chars: self.chars.saturating_sub(own.chars),
            recurring: self.recurring.saturating_sub(own.recurring),
            content: self.content.saturating_sub(own.content),
        }
    }

    pub(super) fn recurring_share(self) -> Option<f32> {
        (self.chars > 0).then(|| self.recurring as f32 / self.chars as f32)
    }

    pub(super) fn content_share(self) -> Option<f32> {
        (self.chars > 0).then(|| self.content as f32 / (255.0 * self.chars as f32))
    }
}

/// What is counted by what.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// Documents of the epoch.
    pub(super) count: u32,
    /// How many of them hold a key.
    pub(super) holders: Holders,
    /// Blocks by how their place is written.
    pub(super) paths: AHashMap<u64, Sums>,
    /// Blocks between an anchor and the next one, by the anchor above.
    pub(super) after: AHashMap<u64, Sums>,
    /// The same by the anchor below.
    pub(super) before: AHashMap<u64, Sums>,
}

impl Tables {
    /// Tables of so many documents and what keys they hold, without any place or slot.
    pub(super) fn of(documents: &[&Sketch]) -> Self {
        Self { count: documents.len() as u32, holders: Holders::of(documents), ..Self::default() }
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        let Self { count: _, holders, paths, after, before } = self;
        let sums = paths.len() + after.len() + before.len();
        holders.bytes() + table_bytes(sums, 40)
    }
}

/// Bytes of a table with so many entries: an eighth to a half of its places are free.
pub(super) fn table_bytes(entries: usize, bytes: usize) -> usize {
    entries * bytes * 3 / 2
}

/// The tables without what one document put there.
pub(super) struct View<'a> {
    pub(super) tables: &'a Tables,
    pub(super) left_out: &'a Tables,
}

impl View<'_> {
    pub(super) fn get(&self, key: u64, table: impl Fn(&Tables) -> &AHashMap<u64, Sums>) -> Sums {
        let all = table(self.tables).get(&key).copied().unwrap_or_default();
        all.without(table(self.left_out).get(&key).copied().unwrap_or_default())
    }

    pub(super) fn fill_above(&self, blocks: &[BlockSketch], anchors: &[bool], evidence: &mut [BlockEvidence]) {
        let mut above: Option<usize> = None;
        for index in 0..blocks.len() {
            let key = above.map_or(0, |anchor| blocks[anchor].key);
            evidence[index].anchor_content = self.get(key, |tables| &tables.after).content_share();
            evidence[index].anchor_distance = above.map(|anchor| (index - anchor) as u32);
            if anchors[index] {
                above = Some(index);
            }
        }
    }

    pub(super) fn fill_below(&self, blocks: &[BlockSketch], anchors: &[bool], evidence: &mut [BlockEvidence]) {
        let mut below: Option<usize> = None;
        for index in (0..blocks.len()).rev() {
            let key = below.map_or(0, |anchor| blocks[anchor].key);
            evidence[index].next_content = self.get(key, |tables| &tables.before).content_share();
            evidence[index].next_distance = below.map(|anchor| (anchor - index) as u32);
            if anchors[index] {
                below = Some(index);
            }
        }
    }
}
