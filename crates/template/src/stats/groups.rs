//! Sites of documents that name none: those that share enough of their recurring short lines.
//!
//! Learned as one site, a mixture of sites has no line on many documents and is worse than nothing learned: on 737 flat
//! pages of 33 sites without their names F1 fell by two points. Parted by these rules each group was of one site, and
//! 709 pages were in the largest group of theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ahash::{AHashMap, AHashSet};
use dechrome_page::Page;

use super::sketch::{Sketch, document_id, sketch};
use super::twins::{join, root};
use super::{SiteEvidence, SiteStats};

/// Characters of a short line. Longer ones are more often those of an article that several sites print.
const SHORT_LINE: u32 = 80;

/// Share of the short lines of two documents, of those that recur, that one site's documents have in common.
/// From .15 to .25 the groups were the same but for ten pages.
const SHARED: f32 = 0.25;

/// Lines that they have in common at least: a single one, or two, are on many sites ("Share this", "Most read").
const SHARED_LINES: usize = 3;

/// Documents by the group they seem to be of, and the evidence of each group.
#[derive(Debug, Default)]
pub(super) struct Groups {
    groups: Vec<Group>,
    /// The group of each document that is known.
    by_id: AHashMap<u64, Option<usize>>,
}

#[derive(Debug)]
struct Group {
    /// Short lines on at least two of its documents.
    lines: AHashSet<u64>,
    evidence: Arc<SiteEvidence>,
}

impl Groups {
    /// Parts documents. The same documents give the same groups.
    pub(super) fn of(stats: &SiteStats) -> Self {
        let documents: Vec<(u64, &Arc<Sketch>)> = stats.documents.iter().map(|(&id, sketch)| (id, sketch)).collect();
        let lines = recurring_lines(documents.iter().map(|&(_, sketch)| &**sketch));
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (document, root) in roots(&lines).into_iter().enumerate() {
            members.entry(root).or_default().push(document);
        }
        let mut groups = Self::default();
        for members in members.into_values() {
            let place = (members.len() > 1).then_some(groups.groups.len());
            groups.by_id.extend(members.iter().map(|&member| (documents[member].0, place)));
            if place.is_some() {
                groups.groups.push(Group::of(members.iter().map(|&member| documents[member])));
            }
        }
        groups
    }

    /// The evidence of the group that the page is of, or that it shares most lines with.
    pub(super) fn of_page(&self, page: &Page) -> Option<Arc<SiteEvidence>> {
        let known = self.by_id.get(&document_id(page)).copied();
        let place = known.unwrap_or_else(|| self.nearest(&sketch(page, &vec![0.0; page.blocks.len()])))?;
        Some(self.groups.get(place)?.evidence.clone())
    }

    fn nearest(&self, sketch: &Sketch) -> Option<usize> {
        let lines: BTreeSet<u64> = short_lines(sketch).collect();
        let shared = |group: &Group| lines.iter().filter(|line| group.lines.contains(line)).count();
        let most = self.groups.iter().enumerate().map(|(place, group)| (shared(group), std::cmp::Reverse(place))).max();
        most.filter(|&(shared, _)| shared >= SHARED_LINES).map(|(_, place)| place.0)
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        let bytes = |group: &Group| group.evidence.bytes() + group.lines.len() * 16;
        self.by_id.len() * 32 + self.groups.iter().map(bytes).sum::<usize>()
    }
}

impl Group {
    fn of<'a>(members: impl Iterator<Item = (u64, &'a Arc<Sketch>)>) -> Self {
        let documents: BTreeMap<u64, Arc<Sketch>> = members.map(|(id, sketch)| (id, sketch.clone())).collect();
        let lines = recurring_lines(documents.values().map(|sketch| &**sketch)).into_iter().flatten().collect();
        Self { lines, evidence: Arc::new(SiteEvidence::count(&documents)) }
    }
}

fn short_lines(sketch: &Sketch) -> impl Iterator<Item = u64> {
    sketch.blocks.iter().filter(|block| block.key != 0 && block.chars <= SHORT_LINE).map(|block| block.key)
}

/// The short lines of each document that stand on at least two.
fn recurring_lines<'a>(documents: impl Iterator<Item = &'a Sketch>) -> Vec<BTreeSet<u64>> {
    let mut lines: Vec<BTreeSet<u64>> = documents.map(|sketch| short_lines(sketch).collect()).collect();
    let mut holders: AHashMap<u64, u32> = AHashMap::new();
    for &line in lines.iter().flatten() {
        *holders.entry(line).or_default() += 1;
    }
    for lines in &mut lines {
        lines.retain(|line| holders.get(line).is_some_and(|&holders| holders >= 2));
    }
    lines
}

/// For each document the first of its group. Compared are neighbours among the holders of each line, which is enough to
/// connect all of a site's, and linear in the number of documents.
fn roots(lines: &[BTreeSet<u64>]) -> Vec<usize> {
    let mut last: AHashMap<u64, usize> = AHashMap::new();
    let mut pairs = BTreeSet::new();
    for (document, lines) in lines.iter().enumerate() {
        for &line in lines {
            pairs.extend(last.insert(line, document).map(|before| (before, document)));
        }
    }
    let mut parents: Vec<usize> = (0..lines.len()).collect();
    for (a, b) in pairs {
        if are_of_one_site(&lines[a], &lines[b]) {
            join(&mut parents, a, b);
        }
    }
    (0..lines.len()).map(|document| root(&parents, document)).collect()
}

fn are_of_one_site(a: &BTreeSet<u64>, b: &BTreeSet<u64>) -> bool {
    let shared = a.intersection(b).count();
    let all = a.len() + b.len() - shared;
    shared >= SHARED_LINES && shared as f32 >= SHARED * all as f32
}
