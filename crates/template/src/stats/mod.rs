//! What a site's pages have shown: sketches of its documents, and the evidence counted from them.

mod evidence;
mod key;
mod twins;

use std::collections::BTreeMap;

use dechrome_page::{Block, BlockKind, Media, Page, canonical_url};
use serde::{Deserialize, Serialize};

use crate::cues::Cues;
use crate::features::path_key;
use crate::model::Model;
pub use evidence::BlockEvidence;
pub use evidence::SiteEvidence;
use key::{Hash, block_key};

/// Documents kept of a site: those with the smallest ids, which are hashes, so a uniform sample whatever
/// the order of learning. A share of documents estimated from 2,000 is within .03 of the true one in 99 of 100 cases.
const MAX_DOCUMENTS: usize = 2_000;

/// Blocks kept of a document.
const MAX_BLOCKS: usize = 2_000;

/// A block as it is remembered: what is needed to count with it, none of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct BlockSketch {
    /// Its [`block_key`]; 0 where it has none.
    key: u64,
    /// How its place is written: its path in the outline, or its layout in flat text.
    path: u64,
    /// Number of characters.
    chars: u32,
    /// The generic verdict's probability of content, in 255ths.
    content: u8,
}

/// A document as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Sketch {
    /// Hash of its headline; 0 where it has none.
    headline: u64,
    blocks: Vec<BlockSketch>,
}

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

    /// Remembers a page.
    pub fn learn(&mut self, page: &Page) {
        let model = Model::embedded();
        self.learn_with(page, &model.content(page.media, &model.rows(page, Cues::embedded())));
    }

    /// Remembers a page, given the generic probability of content of each of its blocks.
    pub fn learn_with(&mut self, page: &Page, content: &[f32]) {
        self.insert(document_id(page), sketch(page, content));
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
        let known = self.documents.entry(id).or_insert_with(|| sketch.clone());
        if *known < sketch {
            *known = sketch;
        }
        if self.documents.len() > MAX_DOCUMENTS {
            self.documents.pop_last();
        }
    }

    /// Counts the evidence.
    pub fn evidence(&self) -> SiteEvidence {
        SiteEvidence::count(&self.documents)
    }
}

/// What names a document: its URL without what does not change it, else its canonical URL, else its text.
pub(crate) fn document_id(page: &Page) -> u64 {
    // The page's own address first: some sites give every page the front page as its canonical one.
    let own = page.url.as_deref().and_then(canonical_url);
    let canonical = || page.metadata.canonical.as_deref().and_then(canonical_url);
    match own.or_else(canonical) {
        Some(url) => Hash::of(&url),
        None => {
            page.blocks
                .iter()
                .fold(Hash::default(), |mut hash, block| {
                    hash.add(Hash::of(&block.text) as u32);
                    hash
                })
                .0
        }
    }
}

/// A page's sketch; `content` is parallel to its blocks.
pub(crate) fn sketch(page: &Page, content: &[f32]) -> Sketch {
    let headline = page.metadata.title.as_deref().and_then(block_key).unwrap_or_default();
    let blocks = page.blocks.iter().zip(content).take(MAX_BLOCKS).map(|(block, &content)| BlockSketch {
        key: block_key(&block.text).unwrap_or_default(),
        path: place(page, block),
        chars: block.chars,
        content: (content * 255.0).round() as u8,
    });
    Sketch { headline, blocks: blocks.collect() }
}

fn place(page: &Page, block: &Block) -> u64 {
    if page.media == Media::Html {
        return path_key(&page.outline, block.node);
    }
    let mut hash = Hash::default();
    hash.add(u32::from(block.indent));
    hash.add(u32::from(block.blank_before.min(2)));
    hash.add(u32::from(matches!(block.kind, BlockKind::ListItem { .. })));
    hash.0
}

#[cfg(test)]
mod tests;
