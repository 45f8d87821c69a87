//! Tables while they are read: where their cells stand, and whether they hold data or arrange the page.

use std::ops::Range;

use crate::block::{Block, BlockKind};
use crate::outline::{NodeId, Outline};

/// Most columns that a cell takes, as the standard has it.
const MAX_COLSPAN: u16 = 1_000;

/// Most columns in which cells reach down into the rows below: what a row costs is bounded by it.
const MAX_SPANNED: usize = 256;

/// Most characters of a data cell that is marked up as paragraphs or a list: longer ones are prose.
const MAX_CELL_CHARS: u32 = 400;

/// Most blocks of a data cell.
const MAX_CELL_BLOCKS: usize = 12;

/// Rows of two cells or more that make a grid; fewer put things side by side.
const MIN_ROWS: u32 = 2;

/// Rows and cells counted while a table is read.
#[derive(Default)]
pub(super) struct Table {
    rows: u32,
    /// Column of the row's next cell.
    column: u16,
    /// The row from which each of the first columns is free again of cells that reach down.
    taken: Vec<u32>,
    /// Blocks of the cell being read that stand in it directly.
    direct_blocks: u32,
    /// All of the table's blocks that stand in a cell directly.
    direct: Vec<usize>,
    /// A cell holds several blocks, or the table a table: unless it is a grid of short cells, it arranges the page.
    is_layout: bool,
    /// A cell holds a table, headings or much text in several blocks: no grid of data.
    is_rich: bool,
    /// Cells of the row that hold text.
    filled: u32,
    /// Rows with two of them.
    full_rows: u32,
    /// The cells that may be one block.
    cells: Vec<Cell>,
}

/// A cell whose text may be one block.
struct Cell {
    kind: BlockKind,
    /// Its node, and one past the last node in it.
    nodes: Range<NodeId>,
    blocks: Range<usize>,
}

impl Table {
    pub(super) fn nest(&mut self) {
        self.is_layout = true;
        self.is_rich = true;
    }

    /// A `<tbody>`, `<thead>` or `<tfoot>` begins: no cell reaches into it.
    pub(super) fn open_group(&mut self) {
        self.taken.clear();
    }

    pub(super) fn open_row(&mut self) {
        self.rows += 1;
        self.column = 0;
        self.filled = 0;
    }

    /// A cell begins that spans these columns and rows, as the page writes them; its row and column.
    pub(super) fn open_cell(&mut self, [colspan, rowspan]: [Option<&str>; 2]) -> (u32, u16) {
        let row = self.rows.saturating_sub(1);
        while self.taken.get(usize::from(self.column)).is_some_and(|&free| free > row) {
            self.column += 1;
        }
        let column = self.column.min(u16::MAX - 1);
        let parse = |span: Option<&str>| span.and_then(|span| span.trim().parse::<u16>().ok());
        let width = parse(colspan).unwrap_or(1).clamp(1, MAX_COLSPAN);
        self.column = self.column.saturating_add(width);
        let free = match parse(rowspan).unwrap_or(1) {
            0 => u32::MAX,
            rows => row.saturating_add(rows.into()),
        };
        if free > row + 1 {
            self.take(usize::from(column)..usize::from(self.column), free);
        }
        self.direct_blocks = 0;
        (row, column)
    }

    fn take(&mut self, columns: Range<usize>, free: u32) {
        let columns = columns.start.min(MAX_SPANNED)..columns.end.min(MAX_SPANNED);
        if self.taken.len() < columns.end {
            self.taken.resize(columns.end, 0);
        }
        self.taken[columns].fill(free);
    }

    /// A block that stands in the cell directly.
    pub(super) fn push_direct(&mut self, index: usize) {
        self.direct_blocks += 1;
        self.is_layout |= self.direct_blocks > 1;
        self.direct.push(index);
    }

    /// A cell ends that holds these blocks, from `first` on.
    pub(super) fn close_cell(&mut self, kind: BlockKind, nodes: Range<NodeId>, first: usize, inside: &[Block]) {
        let [head, rest @ ..] = inside else { return };
        if self.is_rich {
            return; // what tables in tables hold is not gone through once for each
        }
        self.filled += 1;
        self.full_rows += u32::from(self.filled == 2);
        let is_direct = rest.is_empty() && head.kind == kind;
        let is_short =
            inside.len() <= MAX_CELL_BLOCKS && inside.iter().map(|block| block.chars).sum::<u32>() <= MAX_CELL_CHARS;
        let is_sole_header = rest.is_empty() && matches!(kind, BlockKind::TableCell { header: true, .. });
        let is_heading = |block: &Block| matches!(block.kind, BlockKind::Heading(_));
        self.is_rich |= !is_direct && !is_short || !is_sole_header && inside.iter().any(is_heading);
        if inside.iter().all(|block| is_plain(block.kind) || is_heading(block))
            && rest.iter().all(|block| block.hidden == head.hidden)
        {
            self.cells.push(Cell { kind, nodes, blocks: first..first + inside.len() });
        }
    }

    /// The table of this node ends: cells of data become one block each, those of a layout paragraphs.
    pub(super) fn finish(self, node: NodeId, outline: &mut Outline, blocks: &mut Vec<Block>) {
        if !self.is_rich && self.full_rows >= MIN_ROWS {
            join_cells(&self.cells, node, outline, blocks);
        } else if self.is_layout {
            for index in self.direct {
                blocks[index].kind = BlockKind::Paragraph;
            }
        }
    }
}

/// Whether a block of this kind in a cell is but a piece of the cell's text.
fn is_plain(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::TableCell { .. } | BlockKind::Paragraph | BlockKind::ListItem { .. })
}

/// Makes one block of each cell, its pieces parted by line breaks.
fn join_cells(cells: &[Cell], table: NodeId, outline: &mut Outline, blocks: &mut Vec<Block>) {
    let Some(first) = cells.first().map(|cell| cell.blocks.start) else { return };
    let tail = blocks.split_off(first);
    // Where each block of the table goes, and what comes after the last.
    let mut places = Vec::with_capacity(tail.len() + 1);
    let mut cells_ahead = cells.iter().peekable();
    for (index, mut block) in (first..).zip(tail) {
        while cells_ahead.next_if(|cell| cell.blocks.end <= index).is_some() {}
        let cell = cells_ahead.peek().filter(|cell| cell.blocks.contains(&index));
        match (cell, blocks.last_mut()) {
            (Some(cell), Some(last)) if cell.blocks.start < index => append(last, block),
            (cell, _) => {
                if let Some(cell) = cell {
                    block.kind = cell.kind;
                    block.node = if cell.blocks.len() > 1 { cell.nodes.start } else { block.node };
                }
                blocks.push(block);
            }
        }
        places.push(blocks.len() as u32 - 1);
    }
    places.push(blocks.len() as u32);
    let place = |block: u32| (block as usize).checked_sub(first).map_or(block, |index| places[index]);
    for node in &mut outline.nodes[table as usize..] {
        (node.first_block, node.end_block) = (place(node.first_block), place(node.end_block));
    }
    for cell in cells.iter().filter(|cell| cell.blocks.len() > 1) {
        give_text(cell, table, outline);
    }
}

fn append(block: &mut Block, next: Block) {
    block.text.push('\n');
    let offset = block.text.len() as u32;
    block.text.push_str(&next.text);
    block.chars += 1 + next.chars;
    block.link_chars += next.link_chars;
    block.strong_chars += next.strong_chars;
    block.links.extend(next.links.into_iter().map(|mut link| {
        link.range = (link.range.0 + offset, link.range.1 + offset);
        link
    }));
}

/// The text of a cell is its own now, no longer that of the elements in it, and longer by the line breaks.
fn give_text(cell: &Cell, table: NodeId, outline: &mut Outline) {
    let inner = cell.nodes.start as usize + 1..cell.nodes.end as usize;
    let block = outline.node(cell.nodes.start).first_block;
    for node in &mut outline.nodes[inner] {
        (node.first_block, node.end_block) = (block, block);
        (node.chars, node.link_chars) = (0, 0);
    }
    let breaks = cell.blocks.len() as u32 - 1;
    let mut id = cell.nodes.start;
    while id >= table {
        let node = &mut outline.nodes[id as usize];
        node.chars = node.chars.saturating_add(breaks);
        if id == table {
            break;
        }
        id = node.parent;
    }
}
