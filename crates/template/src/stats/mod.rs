//! What a site's pages have shown: sketches of its documents, and the evidence counted from them.

mod ascending;
mod blocks;
mod epochs;
mod evidence;
mod frozen;
mod gather;
mod groups;
mod holders;
mod key;
mod packed;
mod recurring;
mod sightings;
mod sketch;
mod store;
mod tables;
mod twins;
mod varint;
mod witnesses;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::cues::Cues;
use crate::error::StatsError;
use crate::first_look::FirstLook;
use crate::model::Model;
use dechrome_page::Page;
pub use evidence::SiteEvidence;
pub(crate) use frozen::{FEW_DOCUMENTS, LineCounts, PathCounts};
pub use gather::{EvidenceBySite, Gathering};
pub(crate) use key::{Hash, KEY_BITS, KEY_BYTES, block_key, narrow};
use packed::Packed;
pub use recurring::{Recurring, RecurringKind};
pub(crate) use sightings::Sighting;
pub use sightings::Spread;
use sketch::{BlockSketch, Readable, Sketch, document_id, readable_sketch, sketch_with};
pub(crate) use sketch::{Layout, block_keys, date_of, day_of, place};
pub use store::StatsStore;
pub use witnesses::BlockEvidence;

/// What is kept of a site, as [`Sketch::size`] counts it: the documents with the smallest ids, which are hashes, up to and with the one
/// that goes beyond it. 89,000 documents of 22 blocks, 33,000 of 100, 24,400 of 144 (the mean page of 33 sites), 12,600 of 300, with what
/// is counted of them in 58 to 61 MB (`examples/scale.rs`): all of nearly every site, else a uniform sample whatever the order of
/// learning. A share of documents estimated from 12,600 is within .012 of the true one in 99 of 100 cases, where all have the most blocks
/// that are kept, from 2,000, within .029.
const MAX_SIZE: usize = 4_100_000;

/// Documents, those with the smallest ids, of which something readable is kept: some 20 KB each, and what stands on
/// one document in twenty is on ten of 200.
const MAX_READABLE: usize = 200;
const _: () = assert!(MAX_SIZE / sketch::MAX_SIZE > MAX_READABLE, "what goes is never readable");

/// Version of [`SiteStats::to_bytes`].
const VERSION: u8 = 5;

/// What a site's pages have shown: a commutative monoid. Any order and any sharding of the same
/// pages gives the same value, and a page learned twice counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteStats {
    documents: BTreeMap<u64, Arc<Sketch>>,
    /// Of all of them.
    size: usize,
}

impl SiteStats {
    /// What one page shows.
    pub fn of(page: &Page) -> Self {
        let mut stats = Self::default();
        stats.learn(page);
        stats
    }

    /// The same, given the generic probability of content of each of its blocks.
    pub fn with(page: &Page, content: &[f32]) -> Self {
        let mut stats = Self::default();
        stats.learn_with(page, content);
        stats
    }

    /// The same of a page of which a first look was taken, without anything readable: a third of the size, and the same
    /// [`evidence`](Self::evidence).
    pub fn unreadable(page: &Page, look: &FirstLook) -> Self {
        let mut stats = Self::default();
        stats.insert(document_id(page), sketch_with(page, &look.content(), &look.keys).into());
        stats
    }

    /// Remembers a page.
    pub fn learn(&mut self, page: &Page) {
        if !self.is_beyond(document_id(page)) {
            self.learn_with(page, &generic(page));
        }
    }

    /// Remembers a page, given the generic probability of content of each of its blocks.
    pub fn learn_with(&mut self, page: &Page, content: &[f32]) {
        let id = document_id(page);
        if !self.is_beyond(id) {
            self.insert(id, readable_sketch(page, content).into());
        }
    }

    /// Adds what other pages of the site have shown.
    pub fn merge(&mut self, other: Self) {
        for (id, sketch) in other.documents {
            self.insert(id, sketch);
        }
    }

    /// The same without the lines and the places that are rejected: as blocks without a key and at no place, they testify to
    /// nothing. A place is given as a CSS selector.
    pub(crate) fn without(self, line: impl Fn(u64) -> bool, place: impl Fn(&str) -> bool) -> Self {
        let readable = self.documents.values().filter_map(|sketch| sketch.readable.as_deref());
        let places: BTreeSet<u64> =
            readable.flat_map(Readable::paths).filter(|(_, selector)| place(selector)).map(|(path, _)| path).collect();
        let mut stats = self;
        for sketch in stats.documents.values_mut() {
            let kept = |block: BlockSketch| {
                let is_gone = places.contains(&block.path);
                let key = if is_gone || line(block.key) { 0 } else { block.key };
                BlockSketch { key, path: if is_gone { 0 } else { block.path }, ..block }
            };
            let blocks = sketch.blocks.iter().map(kept).collect();
            Arc::make_mut(sketch).blocks = blocks;
        }
        stats
    }

    /// Number of pages remembered.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// Whether a document of this id would be the first to go.
    fn is_beyond(&self, id: u64) -> bool {
        self.size > MAX_SIZE && self.documents.last_key_value().is_some_and(|(&last, _)| id > last)
    }

    /// Of two versions of one document the greater stays, whichever came first. It is never smaller in size, so a site only ever
    /// grows, and what is beyond its bound once stays beyond it: any order ends with the same documents.
    fn insert(&mut self, id: u64, sketch: Arc<Sketch>) {
        if self.is_beyond(id) {
            return;
        }
        let size = sketch.size();
        match self.documents.entry(id) {
            Entry::Vacant(entry) => {
                entry.insert(sketch);
                self.size += size;
            }
            Entry::Occupied(mut entry) => {
                if *entry.get() < sketch {
                    self.size += size - entry.insert(sketch).size();
                }
            }
        }
        while let Some(last) = self.documents.last_entry().filter(|last| self.size - last.get().size() > MAX_SIZE) {
            self.size -= last.remove().size();
        }
        self.forget_readable(id);
    }

    /// Keeps the texts of as many documents as may have any, after one was inserted. A document's place only ever
    /// moves back, so what one order of learning forgets no other keeps.
    fn forget_readable(&mut self, inserted: u64) {
        let Some((&first, sketch)) = self.documents.iter_mut().nth(MAX_READABLE) else { return };
        forget(sketch);
        if let Some(sketch) = self.documents.get_mut(&inserted).filter(|_| inserted > first) {
            forget(sketch);
        }
    }

    /// Bytes in memory, about.
    pub(crate) fn bytes(&self) -> usize {
        self.documents.values().map(|sketch| sketch.bytes()).sum()
    }

    /// The statistics as bytes: the same for the same documents, in whatever order and shards they were learned.
    ///
    /// # Errors
    /// None known: the encoder has errors for values that statistics do not hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>, StatsError> {
        let documents: Vec<(u64, Packed, Option<&Readable>)> = self
            .documents
            .iter()
            .map(|(&id, sketch)| (id, Packed::from(&**sketch), sketch.readable.as_deref()))
            .collect();
        Ok(postcard::to_extend(&documents, vec![VERSION])?)
    }

    /// Statistics from their bytes.
    ///
    /// # Errors
    /// The bytes are of another version or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StatsError> {
        let Some((&found, bytes)) = bytes.split_first() else { return Err(StatsError::Columns) };
        if found != VERSION {
            return Err(StatsError::Version { found: found.into(), known: VERSION.into() });
        }
        let documents: Vec<(u64, Packed, Option<Box<Readable>>)> = postcard::from_bytes(bytes)?;
        let mut stats = Self::default();
        for (id, packed, readable) in documents {
            let sketch = packed.unpack().ok_or(StatsError::Columns)?;
            stats.insert(id, Arc::new(Sketch { readable, ..sketch }));
        }
        Ok(stats)
    }

    /// Counts the evidence.
    pub fn evidence(&self) -> SiteEvidence {
        SiteEvidence::count(&self.documents)
    }

    /// A hash of all that is remembered.
    pub fn fingerprint(&self) -> String {
        let mut hash = Hash::default();
        // Integers and texts always have bytes.
        self.to_bytes().unwrap_or_default().into_iter().for_each(|byte| hash.add(u32::from(byte)));
        format!("{:016x}", hash.0)
    }

    /// What stands on at least two documents: see [`SiteEvidence::recurring`].
    pub fn recurring(&self) -> Vec<Recurring> {
        self.evidence().recurring()
    }
}

/// Leaves out what people can read of a document.
fn forget(sketch: &mut Arc<Sketch>) {
    if sketch.readable.is_some() {
        Arc::make_mut(sketch).readable = None;
    }
}

/// The generic probability of content of each of a page's blocks.
fn generic(page: &Page) -> Vec<f32> {
    Model::embedded().first_look(page, Cues::embedded()).content()
}

#[cfg(test)]
mod tests;
