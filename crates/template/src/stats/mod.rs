//! What a site's pages have shown: sketches of its documents, and the evidence counted from them.

mod evidence;
mod frozen;
mod key;
mod recurring;
mod sightings;
mod sketch;
mod twins;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use dechrome_page::Page;
use serde::{Deserialize, Serialize};

use crate::cues::Cues;
use crate::model::Model;
pub use evidence::{BlockEvidence, SiteEvidence};
pub(crate) use frozen::{LineCounts, PathCounts};
pub(crate) use key::{Hash, block_key};
pub use recurring::{Recurring, RecurringKind};
pub(crate) use sightings::Sighting;
pub(crate) use sketch::{Layout, date_of, place};
use sketch::{Sketch, document_id, readable_sketch, sketch};

/// Documents kept of a site: those with the smallest ids, which are hashes, so a uniform sample whatever
/// the order of learning. A share of documents estimated from 2,000 is within .03 of the true one in 99 of 100 cases.
const MAX_DOCUMENTS: usize = 2_000;

/// Documents, those with the smallest ids, of which something readable is kept: some 20 KB each, and what stands on
/// one document in twenty is on ten of 200.
const MAX_READABLE: usize = 200;

/// What a site's pages have shown: a commutative monoid. Any order and any sharding of the same
/// pages gives the same value, and a page learned twice counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteStats {
    documents: BTreeMap<u64, Sketch>,
}

impl SiteStats {
    /// What one page shows.
    pub fn of(page: &Page) -> Self {
        let mut stats = Self::default();
        stats.learn(page);
        stats
    }

    /// What one page shows, without anything readable: a third of the size, and the same [`evidence`](Self::evidence).
    pub fn unreadable(page: &Page) -> Self {
        let mut stats = Self::default();
        stats.insert(document_id(page), sketch(page, &generic(page)));
        stats
    }

    /// Remembers a page.
    pub fn learn(&mut self, page: &Page) {
        self.learn_with(page, &generic(page));
    }

    /// Remembers a page, given the generic probability of content of each of its blocks.
    pub fn learn_with(&mut self, page: &Page, content: &[f32]) {
        self.insert(document_id(page), readable_sketch(page, content));
    }

    /// Adds what other pages of the site have shown.
    pub fn merge(&mut self, other: Self) {
        for (id, sketch) in other.documents {
            self.insert(id, sketch);
        }
    }

    /// Number of pages remembered.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// Of two versions of one document the greater stays, whichever came first.
    fn insert(&mut self, id: u64, sketch: Sketch) {
        match self.documents.entry(id) {
            Entry::Vacant(entry) => {
                entry.insert(sketch);
            }
            Entry::Occupied(mut entry) => {
                if *entry.get() < sketch {
                    entry.insert(sketch);
                }
            }
        }
        if self.documents.len() > MAX_DOCUMENTS {
            self.documents.pop_last();
        }
        self.forget_readable(id);
    }

    /// Keeps the texts of as many documents as may have any, after one was inserted. A document's place only ever
    /// moves back, so what one order of learning forgets no other keeps.
    fn forget_readable(&mut self, inserted: u64) {
        let Some((&first, sketch)) = self.documents.iter_mut().nth(MAX_READABLE) else { return };
        sketch.readable = None;
        if let Some(sketch) = self.documents.get_mut(&inserted).filter(|_| inserted > first) {
            sketch.readable = None;
        }
    }

    /// Counts the evidence.
    pub fn evidence(&self) -> SiteEvidence {
        SiteEvidence::count(&self.documents)
    }

    /// A hash of all that is remembered.
    pub fn fingerprint(&self) -> String {
        let mut hash = Hash::default();
        // Integers and texts always have bytes.
        postcard::to_stdvec(self).unwrap_or_default().into_iter().for_each(|byte| hash.add(u32::from(byte)));
        format!("{:016x}", hash.0)
    }

    /// What stands on at least two documents: see [`SiteEvidence::recurring`].
    pub fn recurring(&self) -> Vec<Recurring> {
        self.evidence().recurring()
    }
}

/// The generic probability of content of each of a page's blocks.
fn generic(page: &Page) -> Vec<f32> {
    let model = Model::embedded();
    model.content(page.media, &model.rows(page, Cues::embedded()))
}

#[cfg(test)]
mod tests;
