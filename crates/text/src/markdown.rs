//! Markdown: `CommonMark` with GitHub's tables.

use std::ops::Range;

use dechrome_page::BlockKind;

use crate::document::Document;
use crate::escape::{Place, escape, escape_target};
use crate::layout::{Part, columns, groups, list_depth, ordinal, runs};
use crate::link::Targets;

/// Writes a document as Markdown, its title as the one heading of level 1.
pub(crate) fn render(document: &Document, out: &mut String) {
    let mut markdown = Markdown { document, targets: Targets::new(document.base.as_deref()), out };
    if let Some(title) = &document.title {
        markdown.out.push_str("# ");
        escape(title, Place::Heading, false, markdown.out);
        markdown.out.push('\n');
    }
    let mut list = ListStyle::First;
    for (nth, group) in groups(document).enumerate() {
        if nth > 0 || document.title.is_some() {
            markdown.out.push('\n');
        }
        let is_list = matches!(document.parts[group.start].kind, BlockKind::ListItem { .. });
        markdown.group(group, list);
        list = if is_list { list.next() } else { ListStyle::First };
    }
}

/// Two lists in a row take different markers, or they would be one.
#[derive(Clone, Copy)]
enum ListStyle {
    First,
    Second,
}

impl ListStyle {
    fn next(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    fn marker(self, ordinal: Option<u32>) -> String {
        match (self, ordinal) {
            (Self::First, None) => "- ".to_owned(),
            (Self::Second, None) => "* ".to_owned(),
            (Self::First, Some(n)) => format!("{n}. "),
            (Self::Second, Some(n)) => format!("{n}) "),
        }
    }
}

struct Markdown<'a> {
    document: &'a Document,
    targets: Targets,
    out: &'a mut String,
}

impl Markdown<'_> {
    fn group(&mut self, group: Range<usize>, list: ListStyle) {
        match self.document.parts[group.start].kind {
            BlockKind::ListItem { .. } => self.list(group, list),
            BlockKind::TableCell { .. } => self.table(group),
            BlockKind::Code => self.code(group.start),
            BlockKind::Heading(level) => {
                self.out.push_str(&"######"[..usize::from(level.clamp(2, 6))]);
                self.out.push(' ');
                self.segment(group.start, Place::Heading, " ");
                self.out.push('\n');
            }
            BlockKind::Quote => {
                self.out.push_str("> ");
                self.segment(group.start, Place::Line, "\\\n> ");
                self.out.push('\n');
            }
            _ => {
                self.segment(group.start, Place::Line, "\\\n");
                self.out.push('\n');
            }
        }
    }

    fn code(&mut self, index: usize) {
        let segment = &self.document.segments[index];
        let code = &self.document.text[segment.start..segment.end];
        let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        for piece in [&fence, "\n", code, "\n", &fence, "\n"] {
            self.out.push_str(piece);
        }
    }

    fn list(&mut self, group: Range<usize>, style: ListStyle) {
        // The columns at which the text of the open items begins.
        let mut open: Vec<usize> = Vec::new();
        for index in group {
            let part = &self.document.parts[index];
            let continues = part.continues && !open.is_empty();
            if continues {
                self.out.push('\n');
                self.out.push_str(&" ".repeat(open[open.len() - 1]));
            } else {
                let depth = list_depth(part.kind, open.len());
                let number = ordinal(part.kind);
                if depth > 1 && depth > open.len() && number.is_some_and(|n| n != 1) {
                    self.out.push('\n'); // only a list that begins with 1 may follow a line of text at once
                }
                open.truncate(depth - 1);
                let indent = open.last().copied().unwrap_or(0);
                let marker = style.marker(number);
                self.out.push_str(&" ".repeat(indent));
                self.out.push_str(&marker);
                open.push(indent + marker.len());
            }
            let column = open.last().copied().unwrap_or(0);
            self.segment(index, Place::Line, &format!("\\\n{}", " ".repeat(column)));
            self.out.push('\n');
        }
    }

    fn table(&mut self, group: Range<usize>) {
        let rows = &self.document.parts[group.clone()];
        let Some(columns) = columns(rows) else { return self.lines(group) };
        for (nth, row) in rows.iter().enumerate() {
            self.row(row, &columns);
            if nth == 0 {
                self.out.push('|');
                self.out.push_str(&" --- |".repeat(columns.len()));
                self.out.push('\n');
            }
        }
    }

    fn row(&mut self, row: &Part, columns: &[u16]) {
        let mut cells = vec![Vec::new(); columns.len()];
        for cell in &row.cells {
            if let Ok(column) = columns.binary_search(&cell.column) {
                cells[column].push(cell.range.clone());
            }
        }
        self.out.push('|');
        for ranges in cells {
            for range in ranges {
                self.out.push(' ');
                self.inline(row, range, Place::Cell, " ");
            }
            self.out.push_str(" |");
        }
        self.out.push('\n');
    }

    /// Rows that make no table, as lines of a paragraph.
    fn lines(&mut self, group: Range<usize>) {
        for index in group.clone() {
            self.segment(index, Place::Line, "\\\n");
            self.out.push_str(if index + 1 < group.end { "\\\n" } else { "\n" });
        }
    }

    fn segment(&mut self, index: usize, place: Place, newline: &str) {
        let segment = &self.document.segments[index];
        let document = self.document;
        self.inline(&document.parts[index], segment.start..segment.end, place, newline);
    }

    /// Escaped text with its links; `newline` stands for line breaks outside links.
    fn inline(&mut self, part: &Part, range: Range<usize>, place: Place, newline: &str) {
        let mut starts_line = place == Place::Line;
        for (text, href) in runs(self.document, part, range) {
            if let Some(target) = href.and_then(|href| self.targets.resolve(href)) {
                self.out.push('[');
                escape(&text.replace('\n', " "), place, false, self.out);
                self.out.push_str("](");
                escape_target(&target, self.out);
                self.out.push(')');
                starts_line = false;
                continue;
            }
            for (nth, line) in text.split('\n').enumerate() {
                if nth > 0 {
                    self.out.push_str(newline);
                    starts_line = place == Place::Line;
                }
                escape(line, place, starts_line, self.out);
                starts_line &= line.is_empty();
            }
        }
    }
}
