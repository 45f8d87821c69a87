//! Minimal HTML: one `<article>` a document.

use std::ops::Range;

use dechrome_page::BlockKind;

use crate::document::Document;
use crate::escape::escape_html;
use crate::layout::{Part, columns, groups, list_depth, ordinal, runs};
use crate::link::Targets;

/// What stands before the first article.
pub(crate) const OPENING: &str = "<!doctype html>\n<meta charset=\"utf-8\">\n";

/// What becomes of links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    Keep,
    Unlink,
}

/// Writes a document as an `<article>`.
pub(crate) fn render(document: &Document, links: Links, out: &mut String) {
    let targets = (links == Links::Keep).then(|| Targets::new(document.base.as_deref()));
    let mut html = Html { document, targets, out };
    html.open_article();
    for group in groups(document) {
        html.group(group);
    }
    html.out.push_str("</article>\n");
}

struct Html<'a> {
    document: &'a Document,
    /// `None` where links are not shown.
    targets: Option<Targets>,
    out: &'a mut String,
}

impl Html<'_> {
    fn open_article(&mut self) {
        let document = self.document;
        self.out.push_str("<article");
        for (name, value) in
            [("data-id", Some(&document.id)), ("data-url", document.url.as_ref()), ("lang", document.language.as_ref())]
        {
            if let Some(value) = value {
                attribute(name, value, self.out);
            }
        }
        self.out.push_str(">\n");
        if let Some(title) = &document.title {
            self.out.push_str("<h1>");
            escape_html(title, self.out);
            self.out.push_str("</h1>\n");
        }
    }

    fn group(&mut self, group: Range<usize>) {
        let part = &self.document.parts[group.start];
        let (open, close) = match part.kind {
            BlockKind::ListItem { .. } => return self.list(group),
            BlockKind::TableCell { .. } => return self.table(group),
            BlockKind::Heading(level) => {
                [("<h2>", "</h2>"), ("<h3>", "</h3>"), ("<h4>", "</h4>"), ("<h5>", "</h5>"), ("<h6>", "</h6>")]
                    [usize::from(level.clamp(2, 6)) - 2]
            }
            BlockKind::Paragraph | BlockKind::Control => ("<p>", "</p>"),
            BlockKind::Code => return self.code(group.start),
            BlockKind::Quote => ("<blockquote><p>", "</p></blockquote>"),
            BlockKind::Caption => ("<figure><figcaption>", "</figcaption></figure>"),
            BlockKind::Term => ("<dl><dt>", "</dt></dl>"),
            BlockKind::Description => ("<dl><dd>", "</dd></dl>"),
        };
        self.out.push_str(open);
        self.segment(group.start);
        self.out.push_str(close);
        self.out.push('\n');
    }

    fn code(&mut self, index: usize) {
        let segment = &self.document.segments[index];
        self.out.push_str("<pre>");
        escape_html(&self.document.text[segment.start..segment.end], self.out);
        self.out.push_str("</pre>\n");
    }

    fn list(&mut self, group: Range<usize>) {
        // The end tags of the open lists.
        let mut open: Vec<&str> = Vec::new();
        for index in group {
            let part = &self.document.parts[index];
            if part.continues && !open.is_empty() {
                self.out.push_str("<p>");
                self.segment(index);
                self.out.push_str("</p>");
                continue;
            }
            self.item(part, &mut open);
            self.segment(index);
        }
        for end in open.iter().rev() {
            self.out.push_str("</li>");
            self.out.push_str(end);
        }
        self.out.push('\n');
    }

    /// Opens a list item, closing and opening lists as its depth and kind demand.
    fn item(&mut self, part: &Part, open: &mut Vec<&'static str>) {
        let depth = list_depth(part.kind, open.len());
        let number = ordinal(part.kind);
        let end = if number.is_some() { "</ol>" } else { "</ul>" };
        while open.len() > depth || open.len() == depth && open.last() != Some(&end) {
            self.out.push_str("</li>");
            self.out.push_str(open.pop().unwrap_or_default());
        }
        if open.len() == depth {
            self.out.push_str("</li>\n");
        } else {
            self.out.push_str(if number.is_some() { "<ol" } else { "<ul" });
            if let Some(number) = number.filter(|&n| n != 1) {
                attribute("start", &number.to_string(), self.out);
            }
            self.out.push_str(">\n");
            open.push(end);
        }
        self.out.push_str("<li>");
    }

    fn table(&mut self, group: Range<usize>) {
        let rows = &self.document.parts[group.clone()];
        let Some(columns) = columns(rows) else { return self.lines(group) };
        self.out.push_str("<table>\n");
        for row in rows {
            self.row(row, &columns);
        }
        self.out.push_str("</table>\n");
    }

    fn row(&mut self, row: &Part, columns: &[u16]) {
        let mut cells = vec![Vec::new(); columns.len()];
        for cell in &row.cells {
            if let Ok(column) = columns.binary_search(&cell.column) {
                cells[column].push(cell);
            }
        }
        self.out.push_str("<tr>");
        for cells in cells {
            let tag = if cells.iter().any(|cell| cell.header) { "th>" } else { "td>" };
            self.out.push('<');
            self.out.push_str(tag);
            for (nth, cell) in cells.into_iter().enumerate() {
                self.out.push_str(if nth > 0 { " " } else { "" });
                self.inline(row, cell.range.clone());
            }
            self.out.push_str("</");
            self.out.push_str(tag);
        }
        self.out.push_str("</tr>\n");
    }

    /// Rows that make no table, as lines of a paragraph.
    fn lines(&mut self, group: Range<usize>) {
        self.out.push_str("<p>");
        for index in group.clone() {
            self.segment(index);
            self.out.push_str(if index + 1 < group.end { "<br>\n" } else { "</p>\n" });
        }
    }

    fn segment(&mut self, index: usize) {
        let document = self.document;
        let segment = &document.segments[index];
        self.inline(&document.parts[index], segment.start..segment.end);
    }

    fn inline(&mut self, part: &Part, range: Range<usize>) {
        for (text, href) in runs(self.document, part, range) {
            let target = href.and_then(|href| self.targets.as_ref()?.resolve(href));
            if let Some(target) = &target {
                self.out.push_str("<a");
                attribute("href", target, self.out);
                self.out.push('>');
            }
            for (nth, line) in text.split('\n').enumerate() {
                self.out.push_str(if nth > 0 { "<br>\n" } else { "" });
                escape_html(line, self.out);
            }
            self.out.push_str(if target.is_some() { "</a>" } else { "" });
        }
    }
}

/// Writes an attribute, quoted and escaped.
pub(crate) fn attribute(name: &str, value: &str, out: &mut String) {
    for piece in [" ", name, "=\""] {
        out.push_str(piece);
    }
    escape_html(value, out);
    out.push('"');
}
