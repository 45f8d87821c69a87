//! Putting the kept blocks of a page together into one text.

use std::borrow::Cow;

use dechrome_page::{Block, BlockKind, NodeId, Page, ROOT, Tag};

use crate::document::{Segment, Source, kind_name};
use crate::layout::{Anchor, Cell, Part, grid};
use crate::normalise::{Spacing, normalise, normalise_marked};

/// A text and its pieces; `parts` is parallel to `segments`.
#[derive(Default)]
pub(crate) struct Assembled {
    pub(crate) text: String,
    pub(crate) segments: Vec<Segment>,
    pub(crate) parts: Vec<Part>,
}

/// A kept block that holds text, made ready.
struct Piece<'a> {
    index: usize,
    block: &'a Block,
    text: Cow<'a, str>,
    links: Vec<Anchor>,
    container: NodeId,
}

impl Piece<'_> {
    /// The row and column of a cell.
    fn cell(&self) -> Option<(u32, u16)> {
        match self.block.kind {
            BlockKind::TableCell { row, column, .. } => Some((row, column)),
            _ => None,
        }
    }

    fn row(&self) -> Option<u32> {
        self.cell().map(|(row, _)| row)
    }
}

/// Puts the blocks of these ascending indices together.
pub(crate) fn assemble(page: &Page, kept: impl Iterator<Item = usize> + Clone) -> Assembled {
    let places = Places::of(page);
    let size = kept.clone().map(|index| page.blocks[index].text.len() + "\n\n".len()).sum();
    let mut assembled = Assembled { text: String::with_capacity(size), ..Assembled::default() };
    let pieces = kept.map(|index| {
        let block = &page.blocks[index];
        let (text, links) = clean(block);
        Piece { index, block, text, links, container: places.container(block) }
    });
    let mut pieces: Vec<_> = pieces.filter(|piece| !piece.text.is_empty()).collect();
    let mut item = None;
    for group in pieces.chunk_by_mut(|a, b| a.cell().is_some() && b.cell().is_some() && a.container == b.container) {
        let columns = columns_of(group).unwrap_or_default();
        for row in group.chunk_by_mut(|a, b| a.row() == b.row()) {
            let block = row[0].block;
            let continues = item.is_some() && item == places.item(block);
            assembled.open_row(&row[0], continues);
            assembled.append_row(row, &columns);
            item = places.item(block);
        }
    }
    assembled
}

/// The columns of a table's cells, if they make a grid.
fn columns_of(cells: &[Piece<'_>]) -> Option<Vec<u16>> {
    let rows = cells.chunk_by(|a, b| a.row() == b.row()).count();
    let cells = cells.chunk_by(|a, b| a.cell() == b.cell()).filter_map(|pieces| pieces[0].cell());
    grid(cells.map(|(_, column)| column).collect(), rows)
}

/// The block's text, normalised, and the ranges and targets of its links.
fn clean(block: &Block) -> (Cow<'_, str>, Vec<Anchor>) {
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

    /// Begins the segment of a row or of any other piece.
    fn open_row(&mut self, first: &Piece<'_>, continues: bool) {
        let (kind, container) = (first.block.kind, first.container);
        let part = Part { kind, container, continues, links: Vec::new(), cells: Vec::new() };
        self.open(part, Some(first.index as u32), None);
    }

    /// Adds a row's cells, a tab for each of the table's columns that is passed, so that the columns of all rows stand
    /// below one another; between pieces of one cell a space. Where there is no grid, one tab a cell.
    fn append_row(&mut self, row: &mut [Piece<'_>], columns: &[u16]) {
        let mut reached = 0;
        let mut last = None;
        for piece in row {
            let column = piece.cell().map(|(_, column)| column);
            if last.is_some() && last == column {
                self.text.push(' ');
            } else {
                let place = column.and_then(|column| columns.binary_search(&column).ok()).unwrap_or(0);
                let steps = place.saturating_sub(reached).max(usize::from(last.is_some()));
                self.text.extend(std::iter::repeat_n('\t', steps));
                reached = reached.max(place);
            }
            self.append(piece);
            last = column;
        }
    }

    /// Adds a block's text and links to the segment that is open.
    fn append(&mut self, piece: &mut Piece<'_>) {
        let start = self.text.len();
        self.text.push_str(&piece.text);
        let end = self.text.len();
        let (Some(segment), Some(part)) = (self.segments.last_mut(), self.parts.last_mut()) else { return };
        segment.end = end;
        part.links.extend(piece.links.drain(..).map(|link| {
            let range = start + link.range.start..start + link.range.end;
            Anchor { range, ..link }
        }));
        if let BlockKind::TableCell { column, header, .. } = piece.block.kind {
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
