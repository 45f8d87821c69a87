//! Twins: one article under several addresses, which must count as one document.
//!
//! Without this, a site crawled as ten copies of one article has every line of it "recur on ten documents".

use std::collections::BTreeMap;
use std::rc::Rc;

use ahash::AHashMap;

use super::holders::held_by;
use super::sketch::{BlockSketch, Sketch};

/// Characters that make a line long enough to tell documents apart.
const LONG_LINE: u32 = 30;

/// Share of the one document's weight, and of the other's, that twins have in common at least. By the smaller one's share alone, a
/// short article among the teasers of its day was everybody's twin: of 8 pages of such a site three were left.
const TWIN_SHARE: f32 = 0.5;
const OTHER_SHARE: f32 = 0.25;

/// Documents that may hold a line before it is no sign of twins: a rare line.
const RARE: u32 = 4;

/// Members of a group of one headline that a document is compared with.
const MAX_COMPARED: usize = 8;

/// Power of the probability of content in a line's weight: teasers at .6 are to weigh little beside an article at .85, though
/// there be twenty times as many.
const SHARPNESS: i32 = 8;

/// Lines whose weights are kept while documents are compared: 4 MB, of some 1,800 documents of 144 lines. Without a bound they would
/// take more than the documents do, where most of these share a rare line with another.
const AT_ONCE: usize = 1 << 18;

/// The weights of a document's long lines, by ascending key.
type Lines = Vec<(u64, f32)>;

/// The weights of documents that were compared of late, by their places: of few documents, on most sites.
struct Weighed<'a> {
    documents: &'a [&'a Sketch],
    holders: &'a AHashMap<u64, u32>,
    lines: AHashMap<usize, Rc<Lines>>,
    /// Lines of them together.
    count: usize,
}

impl Weighed<'_> {
    fn lines(&mut self, document: usize) -> Rc<Lines> {
        if let Some(lines) = self.lines.get(&document) {
            return lines.clone();
        }
        let holders = |key| self.holders.get(&key).copied().unwrap_or(1);
        let lines = Rc::new(weigh(self.documents[document], holders));
        self.count += lines.len();
        if self.count > AT_ONCE {
            self.lines.clear();
            self.count = lines.len();
        }
        self.lines.insert(document, lines.clone());
        lines
    }
}

/// For each document, in order, the index of the first of its twins (itself where it has none).
pub(super) fn representatives(documents: &[&Sketch]) -> Vec<usize> {
    let holders = held_by(2, documents, |document| long_lines(document).map(|block| block.key));
    let mut weighed = Weighed { documents, holders: &holders, lines: AHashMap::new(), count: 0 };
    let mut representative: Vec<usize> = (0..documents.len()).collect();
    for group in same_headline(documents).into_iter().chain(same_rare_line(documents, &holders)) {
        for (position, &document) in group.iter().enumerate() {
            let mut earlier = group[..position].iter().rev().take(MAX_COMPARED).copied();
            let twin = earlier.find(|&other| are_twins(&weighed.lines(document), &weighed.lines(other)));
            if let Some(twin) = twin {
                join(&mut representative, document, twin);
            }
        }
    }
    (0..documents.len()).map(|document| root(&representative, document)).collect()
}

fn long_lines(document: &Sketch) -> impl Iterator<Item = BlockSketch> {
    document.blocks.iter().filter(|block| block.chars >= LONG_LINE && block.key != 0)
}

/// What each long line says of which article the document is: the surer the generic verdict takes it for content and the fewer
/// documents hold it, the more. By characters alone, pages with much chrome around short articles fell together: of 33 sites as
/// flat text, ten kept less than two thirds of their documents, and at worst two of 40.
fn weigh(document: &Sketch, holders: impl Fn(u64) -> u32) -> Lines {
    let weight = |block: BlockSketch| {
        let content = f32::from(block.content) / 255.0;
        block.chars as f32 * content.powi(SHARPNESS) / holders(block.key).max(1) as f32
    };
    let mut lines: Lines = long_lines(document).map(|block| (block.key, weight(block))).collect();
    // A line that the document holds several times weighs what it does last.
    lines.reverse();
    lines.sort_by_key(|&(key, _)| key);
    lines.dedup_by_key(|&mut (key, _)| key);
    lines
}

/// Whether two documents share most of the one's weight and much of the other's.
fn are_twins(a: &Lines, b: &Lines) -> bool {
    let share =
        |lines: &Lines, other: &Lines| shared(lines, |key| other.binary_search_by_key(&key, |&(key, _)| key).is_ok());
    let (one, other) = (share(a, b), share(b, a));
    one.max(other) >= TWIN_SHARE && one.min(other) >= OTHER_SHARE
}

/// The share of the lines' weight that another document has, 0 to 1.
fn shared(lines: &Lines, has: impl Fn(u64) -> bool) -> f32 {
    let total: f32 = lines.iter().map(|(_, weight)| weight).sum();
    let shared: f32 = lines.iter().filter(|&&(key, _)| has(key)).map(|(_, weight)| weight).sum();
    if total > 0.0 { shared / total } else { 0.0 }
}

/// Whether a page that was not learned from is a twin of a document that was and has its headline. No verdict on the page is known
/// yet, so its own lines have no weight: the document's decide.
pub(super) fn is_twin(page: &Sketch, document: &Sketch, holders: impl Fn(u64) -> u32) -> bool {
    let keys: Vec<u64> = long_lines(page).map(|block| block.key).collect();
    shared(&weigh(document, holders), |key| keys.contains(&key)) >= TWIN_SHARE
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
fn same_rare_line(documents: &[&Sketch], holders: &AHashMap<u64, u32>) -> Vec<Vec<usize>> {
    let is_rare = |key: u64| holders.get(&key).is_some_and(|&holders| holders <= RARE);
    let mut groups: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, document) in documents.iter().enumerate() {
        for block in long_lines(document).filter(|block| is_rare(block.key)) {
            groups.entry(block.key).or_default().push(index);
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.iter_mut().for_each(Vec::dedup);
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
pub(super) fn by_headline(documents: &[&Sketch]) -> AHashMap<u64, usize> {
    let mut first = AHashMap::new();
    for (index, document) in documents.iter().enumerate().filter(|(_, document)| document.headline != 0) {
        first.entry(document.headline).or_insert(index);
    }
    first
}
