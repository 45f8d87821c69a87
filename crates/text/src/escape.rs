//! Escaping for Markdown and HTML.

use std::fmt::Write;

/// Where text stands in Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In lines of their own: a paragraph, a list item, a quotation.
    Line,
    /// In a heading, where a closing run of `#` would go.
    Heading,
    /// In a cell of a table, which a `|` would end.
    Cell,
}

/// Writes text so that Markdown reads it as nothing but text.
pub(crate) fn escape(text: &str, place: Place, starts_line: bool, out: &mut String) {
    let text = if starts_line { escape_start(text, out) } else { text };
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if is_special(before, c, chars.peek().copied(), place) {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
}

/// Whether a character may mean something where it stands. At the ends of a text, what stands beyond is not known.
fn is_special(before: Option<char>, c: char, after: Option<char>, place: Place) -> bool {
    let after_is = |test: fn(char) -> bool| after.is_none_or(test);
    match c {
        '\\' | '`' | '*' | '[' | ']' | '~' => true,
        '_' => !before.is_some_and(char::is_alphanumeric) || !after.is_some_and(char::is_alphanumeric),
        '<' => after_is(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
        '&' => after_is(|c| c.is_ascii_alphabetic() || c == '#'),
        '!' => after.is_none(),
        '#' => place == Place::Heading,
        '|' => place == Place::Cell,
        _ => false,
    }
}

/// Escapes what would open a block at the start of a line: headings, quotes, bullets, numbers, rules, tables.
/// Returns what is still to be written.
fn escape_start<'a>(text: &'a str, out: &mut String) -> &'a str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let opens = match text.as_bytes().get(digits) {
        Some(b'.' | b')') => digits > 0,
        Some(b'#' | b'>' | b'+' | b'-' | b'=' | b':' | b'|') => digits == 0,
        _ => false,
    };
    if !opens {
        return text;
    }
    let (done, rest) = text.split_at(digits + 1);
    out.push_str(&done[..digits]);
    out.push('\\');
    out.push_str(&done[digits..]);
    rest
}

/// Writes a link target for Markdown's `[text](target)`.
pub(crate) fn escape_target(target: &str, out: &mut String) {
    for c in target.chars() {
        match c {
            // An entity would be read as its character.
            '&' => out.push_str("&amp;"),
            '(' | ')' | '<' | '>' | '"' | '\\' | '`' | '|' | '\0'..=' ' | '\x7f' => {
                let _ = write!(out, "%{:02X}", u32::from(c)); // a String takes everything
            }
            _ if c.is_whitespace() || c.is_control() => {}
            _ => out.push(c),
        }
    }
}

/// Writes text for HTML, in elements and in quoted attributes alike.
pub(crate) fn escape_html(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}
