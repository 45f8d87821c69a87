//! On which documents lines and paths were seen, and what follows what.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ahash::AHashMap;
use dechrome_page::Page;

use super::evidence::SiteEvidence;
use super::sketch::{Sketch, document_id, sketch};

/// How widely a text is spread over a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// Distinct days of the documents that have it.
    pub days: u32,
    /// Distinct sections of them.
    pub sections: u32,
}

impl fmt::Display for Spread {
    /// As the end of a list of counts: `, 12 days, 3 sections`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [(self.days, "day"), (self.sections, "section")];
        counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .try_for_each(|(count, what)| write!(f, ", {count} {what}{}", if *count == 1 { "" } else { "s" }))
    }
}

/// What one document shows.
#[derive(Debug)]
pub(crate) struct Sighting {
    /// Days from 1970-01-01 to its capture.
    pub(crate) day: Option<i32>,
    /// Its layout epoch.
    pub(crate) epoch: usize,
    /// Characters of it that are content by the generic verdict.
    pub(crate) content: u32,
    /// Characters of it, and those of them that stand within links.
    pub(crate) chars: u64,
    pub(crate) link_chars: u32,
    /// Its lines, and their characters.
    pub(crate) lines: BTreeMap<u64, u32>,
    /// The paths of its blocks.
    pub(crate) paths: BTreeSet<u64>,
}

impl SiteEvidence {
    /// What each document shows, twins left out, by ascending id.
    pub(crate) fn sightings(&self) -> Vec<Sighting> {
        let sighting = |(document, epoch): (&Sketch, usize)| Sighting {
            day: document.day,
            epoch,
            content: document.content(),
            chars: document.chars(),
            link_chars: document.link_chars,
            lines: document.blocks.iter().filter(|b| b.key != 0).map(|block| (block.key, block.chars)).collect(),
            paths: document.blocks.paths().collect(),
        };
        self.sketches().map(sighting).collect()
    }

    /// On how many days and in how many sections the other documents were that hold the text of each of a page's blocks. Blocks
    /// beyond a sketch's length have none, nor has evidence of counts alone.
    pub fn spread(&self, page: &Page) -> Vec<Spread> {
        let sketch = sketch(page, &vec![0.0; page.blocks.len()]);
        let own = self.own(document_id(page), &sketch);
        let keys: BTreeSet<u64> = sketch.blocks.keys().collect();
        let mut seen: AHashMap<u64, (BTreeSet<i32>, BTreeSet<&str>)> =
            keys.into_iter().map(|key| (key, (BTreeSet::new(), BTreeSet::new()))).collect();
        for (_, (document, _)) in self.sketches().enumerate().filter(|&(place, _)| Some(place) != own) {
            for key in document.blocks.keys() {
                if let Some((days, sections)) = seen.get_mut(&key) {
                    days.extend(document.day);
                    sections.extend(document.section.as_deref());
                }
            }
        }
        let spread = |(days, sections): &(BTreeSet<i32>, BTreeSet<&str>)| Spread {
            days: days.len() as u32,
            sections: sections.len() as u32,
        };
        let of_key = |key: &u64| seen.get(key).map(spread).unwrap_or_default();
        let mut spread: Vec<Spread> = sketch.blocks.iter().map(|block| of_key(&block.key)).collect();
        spread.resize(page.blocks.len(), Spread::default());
        spread
    }

    /// For each anchor, the anchor that most often comes next in the last layout that has it, 0 for the page's end.
    pub(crate) fn next_anchors(&self) -> BTreeMap<u64, u64> {
        (0..self.epochs.len()).flat_map(|epoch| self.next_anchors_of(epoch)).collect()
    }

    fn next_anchors_of(&self, epoch: usize) -> BTreeMap<u64, u64> {
        let mut next: BTreeMap<u64, BTreeMap<u64, u32>> = BTreeMap::new();
        for (document, _) in self.sketches().filter(|&(_, of)| of == epoch) {
            let anchors = document.blocks.iter().filter(|block| self.is_anchor(epoch, block)).map(|block| block.key);
            let anchors: Vec<u64> = anchors.chain([0]).collect();
            for pair in anchors.windows(2) {
                *next.entry(pair[0]).or_default().entry(pair[1]).or_default() += 1;
            }
        }
        let most = |counts: BTreeMap<u64, u32>| counts.into_iter().max_by_key(|&(_, count)| count).map(|(key, _)| key);
        next.into_iter().filter_map(|(key, counts)| Some((key, most(counts)?))).collect()
    }

    /// First day of each layout epoch but the oldest.
    pub(crate) fn layout_starts(&self) -> Vec<i32> {
        (1..self.epochs.len()).filter_map(|epoch| self.epochs.start(epoch)).collect()
    }

    /// Documents of each layout epoch, oldest first.
    pub(crate) fn layout_documents(&self) -> Vec<u32> {
        self.tables.iter().map(|tables| tables.count).collect()
    }
}
