//! What a site's documents say of the blocks of one more document, or of one of themselves: the page's own is no witness.

use ahash::AHashSet;
use dechrome_page::Page;

use super::evidence::{ANCHOR_DOCUMENTS, SiteEvidence, anchor_share, can_be_anchor};
use super::frozen::FEW_DOCUMENTS;
use super::sketch::{BlockSketch, Sketch, block_keys, document_id, sketch_with};
use super::tables::{Tables, View};
use super::twins;

/// What the site's other documents say of one block. Shares are 0 to 1; `None` where nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BlockEvidence {
    /// Other documents that could hold the text: those of the page's layout epoch, and of other epochs those that do.
    pub of: u32,
    /// How many of them hold the text; `None` for texts too short to tell.
    pub documents: Option<u32>,
    /// Whether it is the headline of one of them.
    pub is_headline: bool,
    /// How many of them have text at places written alike, by their share in the page's layout epoch.
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
}

impl SiteEvidence {
    /// Where the sketch is among those counted that is the page's own: never a witness.
    pub(super) fn own(&self, id: u64, sketch: &Sketch) -> Option<usize> {
        let by_id = self.by_id.binary_search_by_key(&id, |&(id, _)| id).ok().map(|found| self.by_id[found].1);
        let by_headline = || {
            let place = *self.by_headline.get(&sketch.headline)?;
            let holders = |key: u64| self.tables.iter().map(|tables| tables.holders.get(key)).sum();
            twins::is_twin(sketch, &self.documents[place].0, holders).then_some(place)
        };
        by_id.or_else(by_headline)
    }

    /// What the other documents say of each block of a page. Blocks beyond the sketch's length have none.
    pub fn of_page(&self, page: &Page) -> Vec<BlockEvidence> {
        self.of_page_with(page, &block_keys(page))
    }

    /// The same, given the keys of its blocks.
    pub(crate) fn of_page_with(&self, page: &Page, keys: &[u64]) -> Vec<BlockEvidence> {
        let sketch = sketch_with(page, &vec![0.0; page.blocks.len()], keys);
        self.of_blocks(document_id(page), &sketch)
    }

    fn of_blocks(&self, id: u64, sketch: &Sketch) -> Vec<BlockEvidence> {
        let witnesses = Witnesses::of(self, id, sketch);
        let blocks: Vec<BlockSketch> = sketch.blocks.iter().collect();
        let counts: Vec<Count> = blocks.iter().map(|block| witnesses.count(block.key)).collect();
        let is_anchor = |(block, count): (&BlockSketch, &Count)| {
            let enough = ANCHOR_DOCUMENTS.saturating_sub(1).max(anchor_share(count.of)).max(1);
            can_be_anchor(block) && count.documents >= enough
        };
        let anchors: Vec<bool> = blocks.iter().zip(&counts).map(is_anchor).collect();
        let mut evidence: Vec<BlockEvidence> = blocks
            .iter()
            .zip(&counts)
            .map(|(block, count)| {
                let path = witnesses.view().get(block.path, |tables| &tables.paths);
                BlockEvidence {
                    of: count.of,
                    documents: (block.key != 0).then_some(count.documents),
                    is_headline: block.key != sketch.headline && self.by_headline.contains_key(&block.key),
                    path_documents: witnesses.scaled(path.documents, count.of),
                    path_recurs: path.recurring_share(),
                    path_content: path.content_share(),
                    ..BlockEvidence::default()
                }
            })
            .collect();
        witnesses.view().fill_above(&blocks, &anchors, &mut evidence);
        witnesses.view().fill_below(&blocks, &anchors, &mut evidence);
        evidence
    }
}

/// Documents that hold a text, of those that could.
struct Count {
    documents: u32,
    of: u32,
}

/// The documents that may testify about a page: all but its own. Text counts wherever it stands, as it outlives a redesign;
/// its absence, places and slots count in the page's own layout epoch alone.
struct Witnesses<'a> {
    evidence: &'a SiteEvidence,
    /// The page's epoch, and the number of its other documents.
    epoch: usize,
    of: u32,
    /// Whether one count of each is the page's own, nobody knows which.
    may_be_own: bool,
    /// What the page's own document holds, its epoch, and what it put into the tables, if that is the page's.
    own_keys: AHashSet<u64>,
    own_epoch: Option<usize>,
    left_out: Tables,
}

impl<'a> Witnesses<'a> {
    fn of(evidence: &'a SiteEvidence, id: u64, sketch: &Sketch) -> Self {
        let epoch = evidence.epochs.of_sketch(sketch);
        let count = evidence.tables[epoch].count;
        let may_be_own = evidence.is_frozen && count >= FEW_DOCUMENTS;
        let own = evidence.own(id, sketch).map(|place| &evidence.documents[place]);
        let own_epoch = own.map(|(_, epoch)| *epoch);
        let own_keys = own.iter().flat_map(|(own, _)| own.blocks.keys()).collect();
        let mut left_out = Tables::default();
        if let Some((own, _)) = own.filter(|own| own.1 == epoch) {
            evidence.contribute(own, epoch, &mut left_out);
        }
        let of = count.saturating_sub(u32::from(may_be_own || own_epoch == Some(epoch)));
        Self { evidence, epoch, of, may_be_own, own_keys, own_epoch, left_out }
    }

    fn view(&self) -> View<'_> {
        View { tables: &self.evidence.tables[self.epoch], left_out: &self.left_out }
    }

    fn count(&self, key: u64) -> Count {
        let (here, others) = self.evidence.holders(self.epoch, key);
        let is_own = self.own_keys.contains(&key);
        let is_here = self.may_be_own || (is_own && self.own_epoch == Some(self.epoch));
        let here = here.saturating_sub(u32::from(is_here));
        let others = others.saturating_sub(u32::from(is_own && !is_here));
        Count { documents: here + others, of: self.of + others }
    }

    /// Documents of the epoch that have text at a place, as the same share of so many.
    fn scaled(&self, documents: u32, of: u32) -> u32 {
        let documents = documents.saturating_sub(u32::from(self.may_be_own));
        if of == self.of { documents } else { (documents * of).div_ceil(self.of.max(1)) }
    }
}
