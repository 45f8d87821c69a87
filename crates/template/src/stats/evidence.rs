//! The evidence that a site's documents give about a block of one more document.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use ahash::AHashMap;
use dechrome_page::Page;

use super::frozen::FEW_DOCUMENTS;
use super::sketch::{BlockSketch, Sketch, document_id, sketch};
use super::twins;

/// Share of the documents that a line must stand on to be an anchor: a fixed point between which
/// the slots of the page lie.
const ANCHOR_SHARE: f32 = 0.3;

/// Documents that an anchor must stand on.
const ANCHOR_DOCUMENTS: u32 = 2;

/// Longest anchor, in characters. Headings, labels and notices are shorter; a longer text on several documents may well be
/// content that they share, and what stands below it their end: with any length, sites made of shared paragraphs lose 4 %
/// of their flat text.
const ANCHOR_CHARS: u32 = 160;

/// What several documents show of one key, as integer sums. A slot's blocks: how many documents have
/// any, their characters, how many of these recur, and how many the generic verdict takes for content.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) documents: u32,
    pub(super) chars: u64,
    pub(super) recurring: u64,
    /// In 255ths of a character.
    pub(super) content: u64,
}

impl Sums {
    pub(super) fn add(&mut self, other: Self) {
        self.documents += other.documents;
        self.chars += other.chars;
        self.recurring += other.recurring;
        self.content += other.content;
    }

    fn without(self, own: Self) -> Self {
        Self {
            documents: self.documents.saturating_sub(own.documents),
            chars: self.chars.saturating_sub(own.chars),
            recurring: self.recurring.saturating_sub(own.recurring),
            content: self.content.saturating_sub(own.content),
        }
    }

    pub(super) fn recurring_share(self) -> Option<f32> {
        (self.chars > 0).then(|| self.recurring as f32 / self.chars as f32)
    }

    pub(super) fn content_share(self) -> Option<f32> {
        (self.chars > 0).then(|| self.content as f32 / (255.0 * self.chars as f32))
    }
}

/// What is counted by what.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// Documents that hold a key.
    pub(super) documents: AHashMap<u64, u32>,
    /// Blocks by how their place is written.
    pub(super) paths: AHashMap<u64, Sums>,
    /// Blocks between an anchor and the next one, by the anchor above.
    pub(super) after: AHashMap<u64, Sums>,
    /// The same by the anchor below.
    pub(super) before: AHashMap<u64, Sums>,
    /// All that stands below an anchor's last place, and above its first: `chars` is the content of the
    /// whole document, `recurring` that of the part.
    pub(super) tail: AHashMap<u64, Sums>,
    pub(super) head: AHashMap<u64, Sums>,
}

/// The evidence of a site's documents, twins counted once. Frozen; applying it changes nothing.
#[derive(Debug, Default)]
pub struct SiteEvidence {
    pub(super) tables: Tables,
    /// One sketch a document, and where to find a page's own.
    documents: Vec<Arc<Sketch>>,
    by_id: HashMap<u64, usize>,
    by_headline: HashMap<u64, usize>,
    /// Documents counted, where only the counts are left: see [`super::frozen`].
    pub(super) frozen: Option<u32>,
}

/// What the site's other documents say of one block. Shares are 0 to 1; `None` where nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BlockEvidence {
    /// Other documents of the site.
    pub of: u32,
    /// How many of them hold the text; `None` for texts too short to tell.
    pub documents: Option<u32>,
    /// Whether it is the headline of one of them.
    pub is_headline: bool,
    /// How many of them have text at places written alike.
    pub path_documents: u32,
    /// Share of the text at such places that recurs.
    pub path_recurs: Option<f32>,
    /// Share of the text at such places that is content by the generic verdict.
    pub path_content: Option<f32>,
    /// The same between the anchor above and the next anchor.
    pub anchor_content: Option<f32>,
    /// Blocks since the anchor above.
    pub anchor_distance: Option<u32>,
    /// The same between the anchor below and the one before it.
    pub next_content: Option<f32>,
    /// Blocks until the anchor below.
    pub next_distance: Option<u32>,
    /// The smallest share of a document's content that stands below any anchor above the block.
    pub tail: Option<f32>,
    /// The smallest share of a document's content that stands above any anchor below the block.
    pub head: Option<f32>,
}

impl SiteEvidence {
    pub(super) fn count(documents: &BTreeMap<u64, Arc<Sketch>>) -> Self {
        let sketches: Vec<&Sketch> = documents.values().map(|sketch| &**sketch).collect();
        let representatives = twins::representatives(&sketches);
        let mut evidence = Self::default();
        let mut place_of = HashMap::new();
        for (index, (&id, sketch)) in documents.iter().enumerate() {
            let place = *place_of.entry(representatives[index]).or_insert_with(|| {
                evidence.documents.push(sketch.clone());
                evidence.documents.len() - 1
            });
            evidence.by_id.insert(id, place);
        }
        evidence.by_headline = twins::by_headline(&evidence.sketches().collect::<Vec<_>>());
        evidence.fill();
        evidence
    }

    fn fill(&mut self) {
        for document in &self.documents {
            let mut keys: Vec<u64> = document.blocks.iter().map(|block| block.key).filter(|&key| key != 0).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                *self.tables.documents.entry(key).or_default() += 1;
            }
        }
        let mut tables = Tables::default();
        for document in &self.documents {
            self.contribute(document, &mut tables);
        }
        tables.documents = std::mem::take(&mut self.tables.documents);
        self.tables = tables;
    }

    /// Evidence of so many documents, so far without any line or path: see [`super::frozen`].
    pub(crate) fn frozen(documents: u32) -> Self {
        Self { frozen: Some(documents), ..Self::default() }
    }

    /// Number of documents, twins counted once.
    pub fn documents(&self) -> usize {
        self.frozen.map_or(self.documents.len(), |documents| documents as usize)
    }

    /// Shares of content in the text after and before an anchor, up to the next; of the key 0 before the first anchor
    /// and after the last.
    pub(crate) fn content_beside(&self, key: u64) -> (Option<f32>, Option<f32>) {
        let share = |table: &AHashMap<u64, Sums>| table.get(&key).and_then(|sums| sums.content_share());
        (share(&self.tables.after), share(&self.tables.before))
    }

    pub(super) fn is_anchor(&self, block: &BlockSketch) -> bool {
        let documents = self.tables.documents.get(&block.key).copied().unwrap_or_default();
        can_be_anchor(block)
            && documents >= ANCHOR_DOCUMENTS.max((ANCHOR_SHARE * self.documents.len() as f32).ceil() as u32)
    }

    pub(super) fn recurs(&self, block: &BlockSketch) -> bool {
        block.key != 0 && self.tables.documents.get(&block.key).is_some_and(|&documents| documents >= 2)
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

    /// The documents, twins left out, by ascending id.
    pub(super) fn sketches(&self) -> impl Iterator<Item = &Sketch> {
        self.documents.iter().map(|sketch| &**sketch)
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        let Tables { documents, paths, after, before, tail, head } = &self.tables;
        let sums = paths.len() + after.len() + before.len() + tail.len() + head.len();
        let sketches: usize = self.sketches().map(Sketch::bytes).sum();
        // Tables keep an eighth to a half of their places free.
        let table = |entries: usize, bytes: usize| entries * bytes * 3 / 2;
        sketches + table(documents.len(), 16) + table(sums, 40) + table(self.by_id.len(), 40)
    }

    /// Documents with text at this path.
    pub(super) fn path_documents(&self, path: u64) -> u32 {
        self.tables.paths.get(&path).map_or(0, |sums| sums.documents)
    }

    /// Mean shares of a document's content above an anchor's first place and below its last.
    pub(super) fn content_around(&self, key: u64) -> (Option<f32>, Option<f32>) {
        let share = |table: &AHashMap<u64, Sums>| table.get(&key).and_then(|sums| sums.recurring_share());
        (share(&self.tables.head), share(&self.tables.tail))
    }

    /// Adds what one document shows.
    fn contribute(&self, document: &Sketch, tables: &mut Tables) {
        let mut paths: BTreeMap<u64, Sums> = BTreeMap::new();
        for block in &document.blocks {
            paths.entry(block.path).or_default().add(self.sums(block));
        }
        for (path, sums) in paths {
            tables.paths.entry(path).or_default().add(Sums { documents: 1, ..sums });
        }
        let anchors: Vec<usize> =
            (0..document.blocks.len()).filter(|&index| self.is_anchor(&document.blocks[index])).collect();
        self.contribute_slots(document, &anchors, tables);
        contribute_cuts(document, &anchors, tables);
    }

    fn contribute_slots(&self, document: &Sketch, anchors: &[usize], tables: &mut Tables) {
        let mut start = 0;
        for end in anchors.iter().copied().chain([document.blocks.len()]) {
            let mut slot = Sums { documents: 1, ..Sums::default() };
            for block in document.blocks[start..end].iter().filter(|block| !self.is_anchor(block)) {
                slot.add(Sums { recurring: 0, ..self.sums(block) });
            }
            let key_at = |index: Option<usize>| index.and_then(|index| document.blocks.get(index)).map_or(0, |b| b.key);
            tables.after.entry(if start == 0 { 0 } else { key_at(Some(start - 1)) }).or_default().add(slot);
            tables.before.entry(key_at(Some(end))).or_default().add(slot);
            start = end + 1;
        }
    }

    /// The sketch among those counted that is the page's own: never a witness.
    fn own(&self, id: u64, sketch: &Sketch) -> Option<&Sketch> {
        let by_id = self.by_id.get(&id).copied();
        let by_headline = || {
            let place = *self.by_headline.get(&sketch.headline)?;
            let holders = |key: u64| self.tables.documents.get(&key).map_or(0, |&documents| documents as usize);
            twins::is_twin(sketch, &self.documents[place], holders).then_some(place)
        };
        by_id.or_else(by_headline).map(|place| &*self.documents[place])
    }

    /// What the other documents say of each block of a page. Blocks beyond the sketch's length have none.
    pub(crate) fn of_page(&self, page: &Page) -> Vec<BlockEvidence> {
        let sketch = sketch(page, &vec![0.0; page.blocks.len()]);
        self.of_blocks(document_id(page), &sketch)
    }

    fn of_blocks(&self, id: u64, sketch: &Sketch) -> Vec<BlockEvidence> {
        let own = self.own(id, sketch);
        let mut left_out = Tables::default();
        let mut own_keys = HashSet::new();
        if let Some(own) = own {
            self.contribute(own, &mut left_out);
            own_keys.extend(own.blocks.iter().map(|block| block.key));
        }
        let may_be_own = self.frozen.is_some_and(|documents| documents >= FEW_DOCUMENTS);
        let of = (self.documents() as u32).saturating_sub(u32::from(may_be_own || own.is_some()));
        let count = |key: u64| {
            let documents = self.tables.documents.get(&key).copied().unwrap_or_default();
            documents.saturating_sub(u32::from(may_be_own || own_keys.contains(&key)))
        };
        let view = View { tables: &self.tables, left_out: &left_out };
        let enough = ANCHOR_DOCUMENTS.saturating_sub(1).max((ANCHOR_SHARE * of as f32).ceil() as u32).max(1);
        let anchors: Vec<bool> =
            sketch.blocks.iter().map(|block| can_be_anchor(block) && count(block.key) >= enough).collect();
        let mut evidence: Vec<BlockEvidence> = sketch
            .blocks
            .iter()
            .map(|block| {
                let path = view.get(block.path, |tables| &tables.paths);
                BlockEvidence {
                    of,
                    documents: (block.key != 0).then(|| count(block.key)),
                    is_headline: block.key != sketch.headline && self.by_headline.contains_key(&block.key),
                    path_documents: path.documents.saturating_sub(u32::from(may_be_own)),
                    path_recurs: path.recurring_share(),
                    path_content: path.content_share(),
                    ..BlockEvidence::default()
                }
            })
            .collect();
        view.fill_above(sketch, &anchors, &mut evidence);
        view.fill_below(sketch, &anchors, &mut evidence);
        evidence
    }
}

fn can_be_anchor(block: &BlockSketch) -> bool {
    block.key != 0 && block.chars <= ANCHOR_CHARS
}

fn contribute_cuts(document: &Sketch, anchors: &[usize], tables: &mut Tables) {
    let mass = |block: &BlockSketch| u64::from(block.content) * u64::from(block.chars);
    let total: u64 = document.blocks.iter().map(mass).sum();
    if total == 0 {
        return;
    }
    let mut before = 0;
    let mut next = 0;
    let mut head: BTreeMap<u64, u64> = BTreeMap::new();
    let mut tail: BTreeMap<u64, u64> = BTreeMap::new();
    for &anchor in anchors {
        before += document.blocks[next..anchor].iter().map(mass).sum::<u64>();
        next = anchor;
        let key = document.blocks[anchor].key;
        head.entry(key).or_insert(before);
        tail.insert(key, total - before);
    }
    // Shares in thousandths, so that every document weighs the same.
    let share = |part: u64| Sums { documents: 1, chars: 1000, recurring: part * 1000 / total, content: 0 };
    for (key, part) in head {
        tables.head.entry(key).or_default().add(share(part));
    }
    for (key, part) in tail {
        tables.tail.entry(key).or_default().add(share(part));
    }
}

/// The tables without what one document put there.
struct View<'a> {
    tables: &'a Tables,
    left_out: &'a Tables,
}

impl View<'_> {
    fn get(&self, key: u64, table: impl Fn(&Tables) -> &AHashMap<u64, Sums>) -> Sums {
        let all = table(self.tables).get(&key).copied().unwrap_or_default();
        all.without(table(self.left_out).get(&key).copied().unwrap_or_default())
    }

    fn fill_above(&self, sketch: &Sketch, anchors: &[bool], evidence: &mut [BlockEvidence]) {
        let mut above: Option<usize> = None;
        let mut tail: Option<f32> = None;
        for (index, block) in sketch.blocks.iter().enumerate() {
            let key = above.map_or(0, |anchor| sketch.blocks[anchor].key);
            evidence[index].anchor_content = self.get(key, |tables| &tables.after).content_share();
            evidence[index].anchor_distance = above.map(|anchor| (index - anchor) as u32);
            evidence[index].tail = tail;
            if anchors[index] {
                above = Some(index);
                tail = least(tail, self.get(block.key, |tables| &tables.tail).recurring_share());
            }
        }
    }

    fn fill_below(&self, sketch: &Sketch, anchors: &[bool], evidence: &mut [BlockEvidence]) {
        let mut below: Option<usize> = None;
        let mut head: Option<f32> = None;
        for (index, block) in sketch.blocks.iter().enumerate().rev() {
            let key = below.map_or(0, |anchor| sketch.blocks[anchor].key);
            evidence[index].next_content = self.get(key, |tables| &tables.before).content_share();
            evidence[index].next_distance = below.map(|anchor| (anchor - index) as u32);
            evidence[index].head = head;
            if anchors[index] {
                below = Some(index);
                head = least(head, self.get(block.key, |tables| &tables.head).recurring_share());
            }
        }
    }
}

fn least(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
