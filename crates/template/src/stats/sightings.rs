//! On which documents lines and paths were seen, and what follows what.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::SiteEvidence;

/// What one document shows.
#[derive(Debug)]
pub(crate) struct Sighting {
    /// Days from 1970-01-01 to its capture.
    pub(crate) day: Option<i32>,
    /// Its lines, and their characters.
    pub(crate) lines: BTreeMap<u64, u32>,
    /// The paths of its blocks.
    pub(crate) paths: BTreeSet<u64>,
}

impl SiteEvidence {
    /// What each document shows, twins left out, by ascending id.
    pub(crate) fn sightings(&self) -> Vec<Sighting> {
        let sighting = |document: &super::Sketch| Sighting {
            day: document.day,
            lines: document.blocks.iter().filter(|b| b.key != 0).map(|block| (block.key, block.chars)).collect(),
            paths: document.blocks.iter().map(|block| block.path).collect(),
        };
        self.sketches().map(sighting).collect()
    }

    /// For each anchor, the anchor that most often comes next, 0 for the page's end.
    pub(crate) fn next_anchors(&self) -> BTreeMap<u64, u64> {
        let mut next: BTreeMap<u64, BTreeMap<u64, u32>> = BTreeMap::new();
        for document in self.sketches() {
            let anchors = document.blocks.iter().filter(|block| self.is_anchor(block)).map(|block| block.key);
            let anchors: Vec<u64> = anchors.chain([0]).collect();
            for pair in anchors.windows(2) {
                *next.entry(pair[0]).or_default().entry(pair[1]).or_default() += 1;
            }
        }
        let most = |counts: BTreeMap<u64, u32>| counts.into_iter().max_by_key(|&(_, count)| count).map(|(key, _)| key);
        next.into_iter().filter_map(|(key, counts)| Some((key, most(counts)?))).collect()
    }
}
