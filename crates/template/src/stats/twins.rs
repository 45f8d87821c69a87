//! Twins: one article under several addresses, which must count as one document.
//!
//! Without this, a site crawled as ten copies of one article has every line of it "recur on ten documents".

use std::collections::{BTreeMap, HashMap};

use super::sketch::Sketch;

/// Characters that make a line long enough to tell documents apart.
const LONG_LINE: u32 = 60;

/// Share of the smaller document's long lines that twins have in common.
const TWIN_SHARE: f32 = 0.5;

/// Documents that may hold a line before it is no sign of twins: a rare line.
const RARE: usize = 4;

/// Members of a group of one headline that a document is compared with.
const MAX_COMPARED: usize = 8;

/// For each document, in order, the index of the first of its twins (itself where it has none).
pub(super) fn representatives(documents: &[&Sketch]) -> Vec<usize> {
    let mut representative: Vec<usize> = (0..documents.len()).collect();
    let lines: Vec<BTreeMap<u64, u32>> = documents.iter().map(|document| long_lines(document)).collect();
    for group in same_headline(documents).into_iter().chain(same_rare_line(&lines)) {
        for (position, &document) in group.iter().enumerate() {
            let earlier = group[..position].iter().rev().take(MAX_COMPARED);
            let twin = earlier.copied().find(|&other| are_twins(&lines[document], &lines[other]));
            if let Some(twin) = twin {
                join(&mut representative, document, twin);
            }
        }
    }
    (0..documents.len()).map(|document| root(&representative, document)).collect()
}

fn long_lines(document: &Sketch) -> BTreeMap<u64, u32> {
    let long = document.blocks.iter().filter(|block| block.chars >= LONG_LINE && block.key != 0);
    long.map(|block| (block.key, block.chars)).collect()
}

/// Whether two documents share most of the smaller one's long lines.
pub(super) fn are_twins(a: &BTreeMap<u64, u32>, b: &BTreeMap<u64, u32>) -> bool {
    let total = |lines: &BTreeMap<u64, u32>| lines.values().sum::<u32>();
    let smaller = total(a).min(total(b));
    let shared: u32 = a.iter().filter(|(key, _)| b.contains_key(key)).map(|(_, chars)| chars).sum();
    smaller > 0 && shared as f32 >= TWIN_SHARE * smaller as f32
}

/// Groups of documents under one headline.
fn same_headline(documents: &[&Sketch]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, document) in documents.iter().enumerate().filter(|(_, document)| document.headline != 0) {
        groups.entry(document.headline).or_default().push(index);
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// Groups of documents that share a long line which few documents hold.
fn same_rare_line(lines: &[BTreeMap<u64, u32>]) -> Vec<Vec<usize>> {
    let mut holders: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, lines) in lines.iter().enumerate() {
        for &key in lines.keys() {
            holders.entry(key).or_default().push(index);
        }
    }
    let mut groups: Vec<Vec<usize>> = holders.into_values().filter(|group| (2..=RARE).contains(&group.len())).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

pub(super) fn root(representative: &[usize], mut document: usize) -> usize {
    while representative[document] != document {
        document = representative[document];
    }
    document
}

pub(super) fn join(representative: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(representative, a), root(representative, b));
    representative[a.max(b)] = a.min(b);
}

/// Where each headline stands first, so that a page not learned from finds its twin.
pub(super) fn by_headline(documents: &[&Sketch]) -> HashMap<u64, usize> {
    let mut first = HashMap::new();
    for (index, document) in documents.iter().enumerate().filter(|(_, document)| document.headline != 0) {
        first.entry(document.headline).or_insert(index);
    }
    first
}

/// Whether a document is a twin of another.
pub(super) fn is_twin(a: &Sketch, b: &Sketch) -> bool {
    are_twins(&long_lines(a), &long_lines(b))
}
