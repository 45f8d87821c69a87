//! Where a block stands: its ancestors, their names, and the containers that hold the page's prose.

use dechrome_page::{Media, Node, NodeId, Outline, Page, ROOT, Tag};

use super::shape::{Shape, title_block};
use super::siblings::Siblings;
use super::{Feature, MISSING, Row, Vocabulary, log, set};
use crate::numbering::Numbering;

/// Shares of the page's prose that make a container its core.
const CORES: [(f32, Feature, Feature); 3] = [
    (0.35, Feature::in_core_35, Feature::core_35_levels),
    (0.60, Feature::in_core_60, Feature::core_60_levels),
    (0.80, Feature::in_core_80, Feature::core_80_levels),
];

/// A node that holds this share of its parent's text is the trunk going on.
const TRUNK_SHARE: f32 = 0.9;

/// Ancestors whose names are read, at most.
const NAME_LEVELS: usize = 12;

/// Kinds of ancestors, and the columns of how far the nearest of each is.
const LANDMARKS: [(Tag, Feature); 9] = [
    (Tag::Nav, Feature::to_nav),
    (Tag::Header, Feature::to_header),
    (Tag::Footer, Feature::to_footer),
    (Tag::Aside, Feature::to_aside),
    (Tag::Form, Feature::to_form),
    (Tag::Article, Feature::to_article),
    (Tag::Main, Feature::to_main),
    (Tag::Li, Feature::to_item),
    (Tag::Td, Feature::to_cell),
];

/// Levels up to the nearest of each landmark, the node itself included.
type Landmarks = [u16; LANDMARKS.len()];

/// Where there is none.
const NO_LANDMARK: u16 = u16::MAX;

/// Fills the columns of position, and on HTML pages those of the outline. What they tell of is which blocks are written alike.
pub(super) fn fill(
    page: &Page,
    vocabulary: &Vocabulary,
    shapes: &[Shape],
    siblings: &Siblings,
    rows: &mut [Row],
) -> Numbering {
    fill_position(shapes, rows);
    if page.media == Media::Text {
        fill_lines(page, rows);
        return Numbering::default();
    }
    let places = Places::of(page, vocabulary, shapes, siblings);
    let mut ancestors = Vec::new();
    for (block, row) in page.blocks.iter().zip(rows.iter_mut()) {
        ancestors.clear();
        ancestors.extend(page.outline.ancestors(block.node));
        row_of_node(&places, &ancestors, row);
    }
    fill_title_ancestor(page, shapes, rows);
    let paths = Numbering::by(page.blocks.iter().map(|block| path_key(&page.outline, block.node)));
    fill_paths(page, &places, &paths, rows);
    paths
}

fn fill_position(shapes: &[Shape], rows: &mut [Row]) {
    let total: u32 = shapes.iter().map(|shape| shape.chars).sum::<u32>().max(1);
    let count = rows.len();
    let mut before = 0;
    for (index, (shape, row)) in shapes.iter().zip(rows.iter_mut()).enumerate() {
        let middle = before as f32 + shape.chars as f32 / 2.0;
        set(row, Feature::position, middle / total as f32);
        set(row, Feature::from_end, (total as f32 - middle).ln_1p());
        set(row, Feature::index, index as f32 / count as f32);
        set(row, Feature::blocks_before, log(index as u32));
        set(row, Feature::blocks_after, log((count - index) as u32));
        before += shape.chars;
    }
}

/// Flat pages: indentation, blank lines, and the run of lines between blank ones.
fn fill_lines(page: &Page, rows: &mut [Row]) {
    let blocks = &page.blocks;
    let mut start = 0;
    for end in 1..=blocks.len() {
        if end < blocks.len() && blocks[end].blank_before == 0 {
            continue;
        }
        let chars: u32 = blocks[start..end].iter().map(|block| block.chars).sum();
        for row in &mut rows[start..end] {
            set(row, Feature::run_length, log((end - start) as u32));
            set(row, Feature::run_chars, log(chars / (end - start) as u32));
        }
        start = end;
    }
    for (index, row) in rows.iter_mut().enumerate() {
        set(row, Feature::indent, f32::from(blocks[index].indent));
        set(row, Feature::blank_before, f32::from(blocks[index].blank_before.min(3)));
        let after = blocks.get(index + 1).map_or(3, |next| next.blank_before.min(3));
        set(row, Feature::blank_after, f32::from(after));
    }
}

/// What is known of each node of the outline.
struct Places<'a> {
    outline: &'a Outline,
    page_chars: u32,
    page_prose: u32,
    /// Characters of prose in each subtree.
    prose: Vec<u32>,
    /// Number of children with text, by node.
    children: Vec<u32>,
    siblings: &'a Siblings,
    /// Mean and extremes of the log-odds of each node's names, for three distances.
    names: Vec<[Names; 3]>,
    texts: Vec<Text>,
    landmarks: Vec<Landmarks>,
    /// How far each node is from the smallest containers of each share of the page's prose.
    cores: [Vec<Relation>; 3],
    /// The last node of the trunk: the containers that hold nearly everything.
    trunk: NodeId,
}

/// Where a node stands to another: levels from either up to the ancestor that they share.
#[derive(Debug, Clone, Copy, Default)]
struct Relation {
    own: u16,
    other: u16,
}

/// Log-odds of the names of one element.
#[derive(Debug, Clone, Copy, Default)]
struct Names {
    sum: f32,
    low: f32,
    high: f32,
}

impl<'a> Places<'a> {
    fn of(page: &'a Page, vocabulary: &Vocabulary, shapes: &[Shape], siblings: &'a Siblings) -> Self {
        let outline = &page.outline;
        let prose = prose_by_node(page, shapes);
        let page_prose = prose[ROOT as usize];
        Self {
            outline,
            page_chars: outline.node(ROOT).chars,
            page_prose,
            children: children(outline),
            siblings,
            names: (0..outline.nodes.len()).map(|id| names(outline, id as NodeId, vocabulary)).collect(),
            texts: outline.nodes.iter().map(Text::of).collect(),
            landmarks: landmarks(outline),
            cores: CORES.map(|(share, ..)| relations(outline, core(outline, &prose, share))),
            trunk: trunk(outline),
            prose,
        }
    }
}

/// What a row says of the text of a node: most nodes are above several blocks.
#[derive(Debug, Clone, Copy)]
struct Text {
    link_share: f32,
    /// The logarithm.
    chars: f32,
}

impl Text {
    const UNKNOWN: Self = Self { link_share: MISSING, chars: MISSING };

    fn of(node: &Node) -> Self {
        Self { link_share: link_share(node), chars: log(node.chars) }
    }
}

fn prose_by_node(page: &Page, shapes: &[Shape]) -> Vec<u32> {
    let mut prose = vec![0_u32; page.outline.nodes.len()];
    for (block, shape) in page.blocks.iter().zip(shapes).filter(|(_, shape)| shape.is_prose) {
        prose[block.node as usize] += shape.chars;
    }
    for id in (1..prose.len()).rev() {
        prose[page.outline.nodes[id].parent as usize] += prose[id];
    }
    prose
}

fn children(outline: &Outline) -> Vec<u32> {
    let mut children = vec![0; outline.nodes.len()];
    for node in outline.nodes.iter().skip(1).filter(|node| node.chars > 0) {
        children[node.parent as usize] += 1;
    }
    children
}

/// The landmarks of each node. Nodes come after their parents.
fn landmarks(outline: &Outline) -> Vec<Landmarks> {
    let mut landmarks = vec![[NO_LANDMARK; LANDMARKS.len()]; outline.nodes.len()];
    for (id, node) in outline.nodes.iter().enumerate() {
        landmarks[id] = landmarks[node.parent as usize].map(|level| level.saturating_add(1));
        if let Some(at) = LANDMARKS.iter().position(|&(tag, _)| tag == node.tag) {
            landmarks[id][at] = 0;
        }
    }
    landmarks
}

/// Levels that stand for the three bands of the vocabulary: own, near and far.
const BANDS: [usize; 3] = [0, 1, 4];

/// The names of one element; those of elements without text are never asked for.
fn names(outline: &Outline, id: NodeId, vocabulary: &Vocabulary) -> [Names; 3] {
    let mut bands = [Names::default(); 3];
    if outline.node(id).chars > 0 {
        for &word in outline.words(id) {
            for (names, level) in bands.iter_mut().zip(BANDS) {
                names.add(vocabulary.of_name(word, level));
            }
        }
    }
    bands
}

impl Names {
    fn add(&mut self, odds: f32) {
        self.add_all(Self { sum: odds, low: odds, high: odds });
    }

    /// What `f32::min` does of a missing value is not asked for, and takes three times as long.
    fn add_all(&mut self, names: Self) {
        self.sum += names.sum;
        self.low = if names.low < self.low { names.low } else { self.low };
        self.high = if names.high > self.high { names.high } else { self.high };
    }
}

/// Where each node stands to this one. Nodes come after their parents.
fn relations(outline: &Outline, to: NodeId) -> Vec<Relation> {
    let mut relations = vec![Relation::default(); outline.nodes.len()];
    let mut chain = vec![None; outline.nodes.len()];
    for (level, id) in outline.ancestors(to).enumerate() {
        chain[id as usize] = Some(level as u16);
    }
    for (id, node) in outline.nodes.iter().enumerate() {
        let above = relations[node.parent as usize];
        relations[id] = match chain[id] {
            Some(other) => Relation { own: 0, other },
            None => Relation { own: above.own + 1, ..above },
        };
    }
    relations
}

/// The smallest container that holds this share of the page's prose.
fn core(outline: &Outline, prose: &[u32], share: f32) -> NodeId {
    let enough = prose[ROOT as usize] as f32 * share;
    let holds = |&id: &usize| prose[id] > 0 && prose[id] as f32 >= enough;
    let deepest =
        (0..outline.nodes.len()).filter(holds).min_by_key(|&id| (prose[id], u16::MAX - outline.nodes[id].depth));
    deepest.unwrap_or(0) as NodeId
}

fn trunk(outline: &Outline) -> NodeId {
    let mut trunk = ROOT;
    for (id, node) in outline.nodes.iter().enumerate().skip(1) {
        let parent = outline.node(trunk);
        if node.parent == trunk && node.chars as f32 >= TRUNK_SHARE * parent.chars as f32 && node.chars > 0 {
            trunk = id as NodeId;
        }
    }
    trunk
}

/// Fills what is known of a block's own node, the first of these, and of those above it.
fn row_of_node(places: &Places<'_>, ancestors: &[NodeId], row: &mut Row) {
    let outline = places.outline;
    let id = ancestors[0];
    let at = |level: usize| ancestors.get(level).map(|&id| outline.node(id));
    set(row, Feature::depth, f32::from(outline.node(id).depth));
    set(row, Feature::parent_tag, f32::from(outline.node(id).tag as u8));
    set(row, Feature::second_tag, at(1).map_or(MISSING, |node| f32::from(node.tag as u8)));
    for (&(_, feature), &level) in LANDMARKS.iter().zip(&places.landmarks[id as usize]) {
        set(row, feature, if level == NO_LANDMARK { MISSING } else { f32::from(level) });
    }
    let shares = [Feature::link_share_0, Feature::link_share_1, Feature::link_share_2, Feature::link_share_3];
    let sizes = [Feature::chars_0, Feature::chars_1, Feature::chars_2, Feature::chars_3];
    for level in 0..4 {
        let text = ancestors.get(level).map_or(Text::UNKNOWN, |&id| places.texts[id as usize]);
        set(row, shares[level], text.link_share);
        set(row, sizes[level], text.chars);
    }
    let own = outline.node(id);
    set(row, Feature::siblings, log(places.children[own.parent as usize]));
    set(row, Feature::alike_siblings, log(places.siblings.alike(id)));
    set(row, Feature::parent_siblings, log(places.children[outline.node(own.parent).parent as usize]));
    set(row, Feature::alike_parents, log(places.siblings.alike(own.parent)));
    fill_names(places, ancestors, row);
    fill_cores(places, id, row);
    fill_regions(places, ancestors, row);
}

fn link_share(node: &Node) -> f32 {
    node.link_chars as f32 / node.chars.max(1) as f32
}

fn fill_names(places: &Places<'_>, ancestors: &[NodeId], row: &mut Row) {
    let mut bands = [Names::default(); 3];
    for (level, &id) in ancestors.iter().take(NAME_LEVELS).enumerate() {
        let band = match level {
            0 => 0,
            1..=3 => 1,
            _ => 2,
        };
        bands[band].add_all(places.names[id as usize][band]);
    }
    let [own, near, far] = bands;
    for (feature, value) in [
        (Feature::names_own, own.sum),
        (Feature::names_own_low, own.low),
        (Feature::names_near, near.sum),
        (Feature::names_near_low, near.low),
        (Feature::names_near_high, near.high),
        (Feature::names_far, far.sum),
        (Feature::names_far_low, far.low),
        (Feature::names_far_high, far.high),
    ] {
        set(row, feature, value);
    }
}

/// Whether a block is in the cores, and how many levels below them or, less than zero, outside them.
fn fill_cores(places: &Places<'_>, id: NodeId, row: &mut Row) {
    if places.page_prose == 0 {
        return;
    }
    for ((_, inside, levels), relations) in CORES.iter().zip(&places.cores) {
        let Relation { own, other } = relations[id as usize];
        set(row, *inside, f32::from(other == 0));
        set(row, *levels, if other == 0 { f32::from(own) } else { -f32::from(other) });
    }
}

fn fill_regions(places: &Places<'_>, ancestors: &[NodeId], row: &mut Row) {
    let Some(trunk) = ancestors.iter().position(|&id| id == places.trunk) else { return };
    let share = |part: u32, whole: u32| part as f32 / whole.max(1) as f32;
    if let Some(&region) = trunk.checked_sub(1).and_then(|level| ancestors.get(level)) {
        let node = places.outline.node(region);
        set(row, Feature::region_link_share, link_share(node));
        set(row, Feature::region_prose, share(places.prose[region as usize], places.page_prose));
        set(row, Feature::region_chars, share(node.chars, places.page_chars));
        set(row, Feature::region_names, places.names[region as usize][2].sum);
        set(row, Feature::region_tag, f32::from(node.tag as u8));
    }
    if let Some(&subregion) = trunk.checked_sub(2).and_then(|level| ancestors.get(level)) {
        let node = places.outline.node(subregion);
        set(row, Feature::subregion_link_share, link_share(node));
        set(row, Feature::subregion_prose, share(places.prose[subregion as usize], places.page_prose));
        set(row, Feature::subregion_chars, share(node.chars, places.page_chars));
        set(row, Feature::subregion_names, places.names[subregion as usize][2].sum);
    }
}

/// How many levels above the headline the ancestor lies that it shares with the block.
fn fill_title_ancestor(page: &Page, shapes: &[Shape], rows: &mut [Row]) {
    let Some(title) = title_block(page, shapes) else { return };
    let relations = relations(&page.outline, page.blocks[title].node);
    for (block, row) in page.blocks.iter().zip(rows.iter_mut()) {
        set(row, Feature::title_ancestor, f32::from(relations[block.node as usize].other));
    }
}

/// Elements that make up a block's path signature.
pub(crate) const PATH_LEVELS: usize = 4;

/// A hash of the signatures of the block's innermost elements: equal for blocks that the page's
/// template writes alike.
pub fn path_key(outline: &Outline, id: NodeId) -> u64 {
    outline.ancestors(id).take(PATH_LEVELS).fold(0, |key: u64, id| {
        (key.rotate_left(21) ^ u64::from(outline.node(id).signature)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

fn fill_paths(page: &Page, places: &Places<'_>, paths: &Numbering, rows: &mut [Row]) {
    let mut groups = vec![(0, 0, 0); paths.count];
    for (block, &path) in page.blocks.iter().zip(&paths.of) {
        let group = &mut groups[path as usize];
        *group = (group.0 + 1, group.1 + block.chars, group.2 + block.link_chars);
    }
    for (row, &path) in rows.iter_mut().zip(&paths.of) {
        let (count, chars, link_chars) = groups[path as usize];
        set(row, Feature::path_copies, log(count));
        set(row, Feature::path_chars, log(chars / count));
        set(row, Feature::path_link_share, link_chars as f32 / chars.max(1) as f32);
        set(row, Feature::path_share, chars as f32 / places.page_chars.max(1) as f32);
    }
}
