//! What is counted of the documents of one layout epoch.

use std::collections::BTreeMap;

use ahash::AHashMap;

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
    /// Documents that hold a key.
    pub(super) documents: AHashMap<u64, u32>,
    /// Blocks by how their place is written.
    pub(super) paths: AHashMap<u64, Sums>,
    /// Blocks between an anchor and the next one, by the anchor above.
    pub(super) after: AHashMap<u64, Sums>,
    /// The same by the anchor below.
    pub(super) before: AHashMap<u64, Sums>,
    /// All that stands below an anchor's last place, and above its first: `chars` is the content of the
    /// whole document, `recurring` that of the part.
    pub(super) tail: AHashMap<u64, Sums>,
    pub(super) head: AHashMap<u64, Sums>,
}

impl Tables {
    /// Documents that hold a key.
    pub(super) fn holders(&self, key: u64) -> u32 {
        self.documents.get(&key).copied().unwrap_or_default()
    }

    /// Counts a document and the keys that it holds.
    pub(super) fn add_keys(&mut self, document: &Sketch) {
        let mut keys: Vec<u64> = document.blocks.iter().map(|block| block.key).filter(|&key| key != 0).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            *self.documents.entry(key).or_default() += 1;
        }
        self.count += 1;
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        let Self { count: _, documents, paths, after, before, tail, head } = self;
        let sums = paths.len() + after.len() + before.len() + tail.len() + head.len();
        table_bytes(documents.len(), 16) + table_bytes(sums, 40)
    }
}

/// Bytes of a table with so many entries: an eighth to a half of its places are free.
pub(super) fn table_bytes(entries: usize, bytes: usize) -> usize {
    entries * bytes * 3 / 2
}

/// Adds what a document shows of its content above and below its anchors, which are given by their places.
pub(super) fn contribute_cuts(document: &Sketch, anchors: &[usize], tables: &mut Tables) {
    let mass = |block: &BlockSketch| u64::from(block.content) * u64::from(block.chars);
    let total: u64 = document.blocks.iter().map(mass).sum();
    if total == 0 {
        return;
    }
    let mut before = 0;
    let mut next = 0;
    let mut head: BTreeMap<u64, u64> = BTreeMap::new();
    let mut tail: BTreeMap<u64, u64> = BTreeMap::new();
    for &anchor in anchors {
        before += document.blocks[next..anchor].iter().map(mass).sum::<u64>();
        next = anchor;
        let key = document.blocks[anchor].key;
        head.entry(key).or_insert(before);
        tail.insert(key, total - before);
    }
    // Shares in thousandths, so that every document weighs the same.
    let share = |part: u64| Sums { documents: 1, chars: 1000, recurring: part * 1000 / total, content: 0 };
    for (key, part) in head {
        tables.head.entry(key).or_default().add(share(part));
    }
    for (key, part) in tail {
        tables.tail.entry(key).or_default().add(share(part));
    }
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

    pub(super) fn fill_above(&self, sketch: &Sketch, anchors: &[bool], evidence: &mut [BlockEvidence]) {
        let mut above: Option<usize> = None;
        let mut tail: Option<f32> = None;
        for (index, block) in sketch.blocks.iter().enumerate() {
            let key = above.map_or(0, |anchor| sketch.blocks[anchor].key);
            evidence[index].anchor_content = self.get(key, |tables| &tables.after).content_share();
            evidence[index].anchor_distance = above.map(|anchor| (index - anchor) as u32);
            evidence[index].tail = tail;
            if anchors[index] {
                above = Some(index);
                tail = least(tail, self.get(block.key, |tables| &tables.tail).recurring_share());
            }
        }
    }

    pub(super) fn fill_below(&self, sketch: &Sketch, anchors: &[bool], evidence: &mut [BlockEvidence]) {
        let mut below: Option<usize> = None;
        let mut head: Option<f32> = None;
        for (index, block) in sketch.blocks.iter().enumerate().rev() {
            let key = below.map_or(0, |anchor| sketch.blocks[anchor].key);
            evidence[index].next_content = self.get(key, |tables| &tables.before).content_share();
            evidence[index].next_distance = below.map(|anchor| (anchor - index) as u32);
            evidence[index].head = head;
            if anchors[index] {
                below = Some(index);
                head = least(head, self.get(block.key, |tables| &tables.head).recurring_share());
            }
        }
    }
}

fn least(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
