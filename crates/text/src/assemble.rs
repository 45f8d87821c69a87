//! Putting the kept blocks of a page together into one text.

use dechrome_page::{Block, BlockKind, NodeId, Page, ROOT, Tag};

use crate::document::{Segment, Source, kind_name};
use crate::layout::{Anchor, Cell, Part};
use crate::normalise::{Spacing, normalise, normalise_marked};

/// A text and its pieces; `parts` is parallel to `segments`.
#[derive(Default)]
pub(crate) struct Assembled {
    pub(crate) text: String,
    pub(crate) segments: Vec<Segment>,
    pub(crate) parts: Vec<Part>,
}

/// Puts the blocks of these ascending indices together.
pub(crate) fn assemble(page: &Page, kept: impl Iterator<Item = usize> + Clone) -> Assembled {
    let places = Places::of(page);
    let size = kept.clone().map(|index| page.blocks[index].text.len() + "\n\n".len()).sum();
    let mut assembled = Assembled { text: String::with_capacity(size), ..Assembled::default() };
    let mut row = None;
    let mut item = None;
    for index in kept {
        let block = &page.blocks[index];
        let (text, links) = clean(block);
        if text.is_empty() {
            continue;
        }
        let part = Part {
            kind: block.kind,
            container: places.container(block),
            continues: item.is_some() && item == places.item(block),
            links: Vec::new(),
            cells: Vec::new(),
        };
        let this_row = row_of(block.kind).map(|row| (part.container, row));
        if this_row.is_none() || this_row != row {
            assembled.open(part, Some(index as u32), None);
        } else {
            assembled.part_cell(block.kind);
        }
        assembled.append(block, &text, links);
        row = this_row;
        item = places.item(block);
    }
    assembled
}

/// The block's text, normalised, and the ranges and targets of its links.
fn clean(block: &Block) -> (std::borrow::Cow<'_, str>, Vec<Anchor>) {
    let spacing = match block.kind {
        BlockKind::Code => return (normalise_marked(&block.text, Spacing::Code, &mut []), Vec::new()),
        BlockKind::TableCell { .. } => Spacing::Line,
        _ => Spacing::Prose,
    };
    let links = ordered_links(block);
    let mut marks: Vec<usize> = links.iter().flat_map(|link| [link.range.start, link.range.end]).collect();
    let text = normalise_marked(&block.text, spacing, &mut marks);
    let links = links.into_iter().zip(marks.chunks_exact(2)).filter_map(|(link, ends)| {
        let linked = text.get(ends[0]..ends[1])?;
        let start = ends[0] + (linked.len() - linked.trim_start().len());
        let range = start..start + linked.trim().len();
        (!range.is_empty()).then_some(Anchor { range, ..link })
    });
    let links = links.collect();
    (text, links)
}

/// The links that stand within the text, in order, without those that overlap an earlier one.
fn ordered_links(block: &Block) -> Vec<Anchor> {
    let mut end = 0;
    let links = block.links.iter().filter_map(|link| {
        let range = link.range.0 as usize..link.range.1 as usize;
        let fits = range.start >= end && range.start < range.end && block.text.get(range.clone()).is_some();
        fits.then(|| {
            end = range.end;
            Anchor { range, href: link.href.clone() }
        })
    });
    links.collect()
}

fn row_of(kind: BlockKind) -> Option<u32> {
    match kind {
        BlockKind::TableCell { row, .. } => Some(row),
        _ => None,
    }
}

impl Assembled {
    /// Adds a paragraph that stands in no block.
    pub(crate) fn add(&mut self, paragraph: &str, source: Source) {
        let text = normalise(paragraph, Spacing::Prose);
        if text.is_empty() {
            return;
        }
        let kind = BlockKind::Paragraph;
        self.open(
            Part { kind, container: ROOT, continues: false, links: Vec::new(), cells: Vec::new() },
            None,
            Some(source),
        );
        self.text.push_str(&text);
        if let Some(segment) = self.segments.last_mut() {
            segment.end = self.text.len();
        }
    }

    /// Begins a segment, after what separates it from the one before.
    fn open(&mut self, part: Part, block: Option<u32>, source: Option<Source>) {
        if let Some(before) = self.parts.last() {
            self.text.push_str(if part.follows(before) { "\n" } else { "\n\n" });
        }
        let start = self.text.len();
        self.segments.push(Segment { start, end: start, kind: kind_name(part.kind), block, source });
        self.parts.push(part);
    }

    /// Separates what comes next from what the row already holds: a tab, or within one cell a space.
    fn part_cell(&mut self, kind: BlockKind) {
        let last = self.parts.last().and_then(|part| part.cells.last());
        let same =
            matches!(kind, BlockKind::TableCell { column, .. } if last.is_some_and(|cell| cell.column == column));
        self.text.push(if same { ' ' } else { '\t' });
    }

    /// Adds a block's text and links to the segment that is open.
    fn append(&mut self, block: &Block, text: &str, links: Vec<Anchor>) {
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        let (Some(segment), Some(part)) = (self.segments.last_mut(), self.parts.last_mut()) else { return };
        segment.end = end;
        part.links.extend(links.into_iter().map(|link| {
            let range = start + link.range.start..start + link.range.end;
            Anchor { range, ..link }
        }));
        if let BlockKind::TableCell { column, header, .. } = block.kind {
            match part.cells.last_mut().filter(|cell| cell.column == column) {
                Some(cell) => cell.range.end = end,
                None => part.cells.push(Cell { column, header, range: start..end }),
            }
        }
    }
}

/// The list, table and list item that hold each node of an outline.
struct Places {
    lists: Vec<NodeId>,
    tables: Vec<NodeId>,
    items: Vec<NodeId>,
}

impl Places {
    fn of(page: &Page) -> Self {
        let outline = &page.outline;
        let needed = |block: &Block| matches!(block.kind, BlockKind::ListItem { .. } | BlockKind::TableCell { .. });
        let nodes = if page.blocks.iter().any(needed) { outline.nodes.as_slice() } else { &[] };
        let mut places = Self { lists: vec![], tables: vec![], items: vec![] };
        for (id, node) in (0..).zip(nodes) {
            let above = |of: &[NodeId]| of.get(node.parent as usize).copied().unwrap_or(ROOT);
            let (list, table, item) = (above(&places.lists), above(&places.tables), above(&places.items));
            let begins = list == ROOT && matches!(node.tag, Tag::Ul | Tag::Ol | Tag::Menu);
            places.lists.push(if begins { id } else { list });
            places.tables.push(if node.tag == Tag::Table { id } else { table });
            places.items.push(if node.tag == Tag::Li { id } else { item });
        }
        places
    }

    /// The outermost list of a list item, the innermost table of a cell, else the root.
    fn container(&self, block: &Block) -> NodeId {
        let of = match block.kind {
            BlockKind::ListItem { .. } => &self.lists,
            BlockKind::TableCell { .. } => &self.tables,
            _ => return ROOT,
        };
        of.get(block.node as usize).copied().unwrap_or(ROOT)
    }

    /// The list item that holds a block, where the outline tells.
    fn item(&self, block: &Block) -> Option<NodeId> {
        let is_item = matches!(block.kind, BlockKind::ListItem { .. });
        self.items.get(block.node as usize).copied().filter(|&item| is_item && item != ROOT)
    }
}
