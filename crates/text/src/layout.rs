//! How segments hang together: lists, tables, and links within the text.

use std::ops::Range;

use dechrome_page::{BlockKind, NodeId};

use crate::document::Document;

/// Deepest nesting of lists that the formats show.
const MAX_LIST_DEPTH: usize = 16;

/// What the formats with markup need to know of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// The kind of its (first) block.
    pub(crate) kind: BlockKind,
    /// The outermost list or the innermost table that holds it; the root where there is none.
    pub(crate) container: NodeId,
    /// Whether it goes on in the list item of the segment before it.
    pub(crate) continues: bool,
    /// The links in it: ascending, apart from one another, never empty.
    pub(crate) links: Vec<Anchor>,
    /// The cells of a table row; empty otherwise.
    pub(crate) cells: Vec<Cell>,
}

/// A link: where it stands in the document's text, and its target as the page writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) range: Range<usize>,
    pub(crate) href: String,
}

/// A cell of a table row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) column: u16,
    pub(crate) header: bool,
    /// Where it stands in the document's text.
    pub(crate) range: Range<usize>,
}

impl Part {
    /// Whether this segment and the one before it belong to one list or one table.
    pub(crate) fn follows(&self, before: &Self) -> bool {
        let alike = matches!(
            (self.kind, before.kind),
            (BlockKind::ListItem { .. }, BlockKind::ListItem { .. })
                | (BlockKind::TableCell { .. }, BlockKind::TableCell { .. })
        );
        alike && self.container == before.container
    }
}

/// Depth of a list item within a list that has items open to depth `open`: no level is left out.
pub(crate) fn list_depth(kind: BlockKind, open: usize) -> usize {
    let BlockKind::ListItem { depth, .. } = kind else { return 1 };
    usize::from(depth).clamp(1, (open + 1).min(MAX_LIST_DEPTH))
}

/// The number of an ordered list's item.
pub(crate) fn ordinal(kind: BlockKind) -> Option<u32> {
    match kind {
        // CommonMark and browsers agree on up to nine digits.
        BlockKind::ListItem { ordinal, .. } => ordinal.filter(|&n| n < 1_000_000_000),
        _ => None,
    }
}

/// The document's segments in groups: a whole list, a whole table, or one segment of any other kind.
pub(crate) fn groups(document: &Document) -> impl Iterator<Item = Range<usize>> + '_ {
    let parts = &document.parts;
    let mut start = 0;
    std::iter::from_fn(move || {
        let mut end = start + 1;
        while parts.get(end).is_some_and(|part| part.follows(&parts[end - 1])) {
            end += 1;
        }
        (start < parts.len()).then(|| std::mem::replace(&mut start, end)..end)
    })
}

/// The text of a range cut at the ends of links, with each run's link target.
pub(crate) fn runs<'a>(
    document: &'a Document,
    part: &'a Part,
    range: Range<usize>,
) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    let text = document.text.as_str();
    let first = part.links.partition_point(|link| link.range.end <= range.start);
    let mut links = part.links[first..].iter().peekable();
    let mut at = range.start;
    std::iter::from_fn(move || {
        let start = at;
        let (end, href) = match links.peek() {
            Some(link) if link.range.start <= at => {
                let end = link.range.end;
                (end, links.next().map(|link| link.href.as_str()))
            }
            Some(link) => (link.range.start, None),
            None => (range.end, None),
        };
        at = end.min(range.end);
        (start < range.end).then(|| (&text[start..at], href))
    })
}

/// A table's columns, as [`grid`] has them.
pub(crate) fn columns(rows: &[Part]) -> Option<Vec<u16>> {
    grid(rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.column)).collect(), rows.len())
}

/// The columns that cells of so many rows use: `None` where these are fewer than two, or where most of the grid would
/// be holes, so that writing it all out takes no more than some times the cells.
pub(crate) fn grid(mut columns: Vec<u16>, rows: usize) -> Option<Vec<u16>> {
    let cells = columns.len();
    columns.sort_unstable();
    columns.dedup();
    let is_sparse = columns.len() * rows > 8 * cells;
    (columns.len() >= 2 && !is_sparse).then_some(columns)
}
