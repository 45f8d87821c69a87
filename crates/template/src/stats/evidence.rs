//! What a site's documents show, counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use ahash::AHashMap;

use super::epochs::Epochs;
use super::sketch::{BlockSketch, Sketch};
use super::tables::{Sums, Tables};
use super::twins;

/// Share of the documents that a line must stand on to be an anchor: a fixed point between which
/// the slots of the page lie.
const ANCHOR_SHARE: f32 = 0.3;

/// Documents that an anchor must stand on.
pub(super) const ANCHOR_DOCUMENTS: u32 = 2;

/// Longest anchor, in characters. Headings, labels and notices are shorter; a longer text on several documents may well be
/// content that they share, and what stands below it their end: with any length, sites made of shared paragraphs lose 4 %
/// of their flat text.
const ANCHOR_CHARS: u32 = 160;

/// The evidence of a site's documents, twins counted once. Frozen; applying it changes nothing.
#[derive(Debug)]
pub struct SiteEvidence {
    pub(super) epochs: Epochs,
    /// What is counted, by epoch.
    pub(super) tables: Vec<Tables>,
    /// One sketch a document with its epoch, and where to find a page's own.
    pub(super) documents: Vec<(Arc<Sketch>, usize)>,
    /// By ascending id.
    pub(super) by_id: Vec<(u64, usize)>,
    pub(super) by_headline: AHashMap<u64, usize>,
    /// Whether only the counts are left: see [`super::frozen`].
    pub(super) is_frozen: bool,
}

impl Default for SiteEvidence {
    fn default() -> Self {
        Self::empty(Epochs::default())
    }
}

impl SiteEvidence {
    pub(super) fn empty(epochs: Epochs) -> Self {
        let tables = (0..epochs.len()).map(|_| Tables::default()).collect();
        let (documents, by_id, by_headline) = (Vec::new(), Vec::new(), AHashMap::new());
        Self { epochs, tables, documents, by_id, by_headline, is_frozen: false }
    }

    pub(super) fn count(documents: &BTreeMap<u64, Arc<Sketch>>) -> Self {
        let sketches: Vec<&Sketch> = documents.values().map(|sketch| &**sketch).collect();
        let representatives = twins::representatives(&sketches);
        let mut first: Vec<&Arc<Sketch>> = Vec::new();
        let mut by_id: Vec<(u64, usize)> = Vec::with_capacity(documents.len());
        for ((&id, sketch), representative) in documents.iter().zip(representatives) {
            // The first of its twins stands before it.
            let place = by_id.get(representative).map_or(first.len(), |&(_, place)| place);
            if place == first.len() {
                first.push(sketch);
            }
            by_id.push((id, place));
        }
        let sketches: Vec<&Sketch> = first.iter().map(|sketch| &***sketch).collect();
        let epochs = Epochs::of(&sketches);
        let documents = first.iter().map(|&sketch| (sketch.clone(), epochs.of_sketch(sketch))).collect();
        let by_headline = twins::by_headline(&sketches);
        let mut evidence = Self { documents, by_id, by_headline, ..Self::empty(epochs) };
        evidence.fill();
        evidence
    }

    fn fill(&mut self) {
        for epoch in 0..self.tables.len() {
            let sketches: Vec<&Sketch> =
                self.sketches().filter(|&(_, of)| of == epoch).map(|(sketch, _)| sketch).collect();
            self.tables[epoch] = Tables::of(&sketches);
        }
        let mut tables: Vec<Tables> = self.tables.iter().map(|_| Tables::default()).collect();
        for (document, epoch) in &self.documents {
            self.contribute(document, *epoch, &mut tables[*epoch]);
        }
        for (counted, own) in tables.iter_mut().zip(&mut self.tables) {
            counted.count = own.count;
            counted.holders = std::mem::take(&mut own.holders);
        }
        self.tables = tables;
    }

    /// Number of documents, twins counted once.
    pub fn documents(&self) -> usize {
        self.tables.iter().map(|tables| tables.count as usize).sum()
    }

    /// Documents that hold a key: those of an epoch, and those of all others.
    pub(super) fn holders(&self, epoch: usize, key: u64) -> (u32, u32) {
        let others = self.tables.iter().enumerate().filter(|&(other, _)| other != epoch);
        (self.tables[epoch].holders.get(key), others.map(|(_, tables)| tables.holders.get(key)).sum())
    }

    /// Shares of content in the text after and before an anchor, up to the next, in an epoch; of the key 0 before the first
    /// anchor and after the last.
    pub(crate) fn content_beside(&self, epoch: usize, key: u64) -> (Option<f32>, Option<f32>) {
        let share = |table: &AHashMap<u64, Sums>| table.get(&key).and_then(|sums| sums.content_share());
        (share(&self.tables[epoch].after), share(&self.tables[epoch].before))
    }

    pub(super) fn is_anchor(&self, epoch: usize, block: &BlockSketch) -> bool {
        // Most lines do not recur, which is told at once; how often they do is not.
        if !can_be_anchor(block) || !self.recurs(block) {
            return false;
        }
        let (own, others) = self.holders(epoch, block.key);
        own + others >= ANCHOR_DOCUMENTS.max(anchor_share(self.tables[epoch].count + others))
    }

    pub(super) fn recurs(&self, block: &BlockSketch) -> bool {
        let recurs = || match &*self.tables {
            [tables] => tables.holders.are_several(block.key),
            tables => tables.iter().map(|tables| tables.holders.get(block.key)).sum::<u32>() >= 2,
        };
        block.key != 0 && recurs()
    }

    /// One block's share in the sums.
    pub(super) fn sums(&self, block: &BlockSketch) -> Sums {
        Sums {
            documents: 0,
            chars: u64::from(block.chars),
            recurring: if self.recurs(block) { u64::from(block.chars) } else { 0 },
            content: u64::from(block.content) * u64::from(block.chars),
        }
    }

    /// The documents, twins left out, by ascending id, with their epochs.
    pub(super) fn sketches(&self) -> impl Iterator<Item = (&Sketch, usize)> {
        self.documents.iter().map(|(sketch, epoch)| (&**sketch, *epoch))
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        let sketches: usize = self.sketches().map(|(sketch, _)| sketch.bytes()).sum();
        sketches + self.tables.iter().map(Tables::bytes).sum::<usize>() + size_of_val(&*self.by_id)
    }

    /// Documents with text at this path.
    pub(super) fn path_documents(&self, path: u64) -> u32 {
        self.tables.iter().filter_map(|tables| tables.paths.get(&path)).map(|sums| sums.documents).sum()
    }

    /// Adds what one document shows.
    pub(super) fn contribute(&self, document: &Sketch, epoch: usize, tables: &mut Tables) {
        let blocks: Vec<BlockSketch> = document.blocks.iter().collect();
        let mut paths: BTreeMap<u64, Sums> = BTreeMap::new();
        for block in &blocks {
            paths.entry(block.path).or_default().add(self.sums(block));
        }
        for (path, sums) in paths {
            tables.paths.entry(path).or_default().add(Sums { documents: 1, ..sums });
        }
        let anchors: Vec<usize> = (0..blocks.len()).filter(|&index| self.is_anchor(epoch, &blocks[index])).collect();
        self.contribute_slots(&blocks, &anchors, tables);
    }

    fn contribute_slots(&self, blocks: &[BlockSketch], anchors: &[usize], tables: &mut Tables) {
        let mut start = 0;
        for end in anchors.iter().copied().chain([blocks.len()]) {
            let mut slot = Sums { documents: 1, ..Sums::default() };
            for block in &blocks[start..end] {
                slot.add(Sums { recurring: 0, ..self.sums(block) });
            }
            let key_at = |index: Option<usize>| index.and_then(|index| blocks.get(index)).map_or(0, |block| block.key);
            tables.after.entry(if start == 0 { 0 } else { key_at(Some(start - 1)) }).or_default().add(slot);
            tables.before.entry(key_at(Some(end))).or_default().add(slot);
            start = end + 1;
        }
    }
}

/// Documents that an anchor stands on at least, of so many.
pub(super) fn anchor_share(of: u32) -> u32 {
    (ANCHOR_SHARE * of as f32).ceil() as u32
}

pub(super) fn can_be_anchor(block: &BlockSketch) -> bool {
    block.key != 0 && block.chars <= ANCHOR_CHARS
}
