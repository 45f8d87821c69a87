//! On which documents lines and paths were seen, and what follows what.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::SiteEvidence;
use super::sketch::Sketch;

/// What one document shows.
#[derive(Debug)]
pub(crate) struct Sighting {
    /// Days from 1970-01-01 to its capture.
    pub(crate) day: Option<i32>,
    /// Its layout epoch.
    pub(crate) epoch: usize,
    /// Characters of it that are content by the generic verdict.
    pub(crate) content: u32,
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
            lines: document.blocks.iter().filter(|b| b.key != 0).map(|block| (block.key, block.chars)).collect(),
            paths: document.blocks.iter().map(|block| block.path).collect(),
        };
        self.sketches().map(sighting).collect()
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
