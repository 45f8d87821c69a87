//! Lines of flat text, and the joining of hard-wrapped ones.

use std::borrow::Cow;

/// Columns that a tab stands for.
const TAB: u8 = 4;

/// Widths at which people and mailers wrap text.
const WRAP_WIDTHS: std::ops::RangeInclusive<usize> = 40..=110;

/// Lines ended by the wrap width that a page must have before it counts as hard-wrapped.
const MIN_WRAPPED: usize = 6;

/// Share of the lines within paragraphs that the wrap width must explain.
const MIN_EXPLAINED: f32 = 0.9;

/// A line that holds text.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// White space folded, never empty.
    pub(super) text: Cow<'a, str>,
    pub(super) blank_before: u8,
    pub(super) indent: u8,
    chars: usize,
}

/// The lines that hold text.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut blank = 0_u8;
    for raw in text.split(is_line_end).flat_map(split_carriage_returns) {
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            blank = blank.saturating_add(1);
            continue;
        }
        let text = fold(trimmed);
        lines.push(Line { chars: text.chars().count(), text, blank_before: blank, indent: indent(raw) });
        blank = 0;
    }
    lines
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A carriage return ends a line; before a line feed it ends no second one.
fn split_carriage_returns(line: &str) -> impl Iterator<Item = &str> {
    line.strip_suffix('\r').unwrap_or(line).split('\r')
}

fn indent(line: &str) -> u8 {
    let lead = line.chars().take_while(|c| c.is_whitespace());
    lead.fold(0, |columns: u8, c| columns.saturating_add(if c == '\t' { TAB } else { 1 }))
}

/// One space for every run of white space.
fn fold(text: &str) -> Cow<'_, str> {
    let is_plain = text.split(' ').all(|word| !word.is_empty() && !word.contains(char::is_whitespace));
    if is_plain { Cow::Borrowed(text) } else { Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" ")) }
}

/// Joins the lines of each paragraph if the page is hard-wrapped, else gives the lines as they are.
pub(super) fn join_wrapped<'a>(lines: &[Line<'a>]) -> Vec<Line<'a>> {
    let Some(width) = wrap_width(lines) else { return lines.to_vec() };
    let mut joined: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let wrapped = index > 0 && is_wrapped(&lines[index - 1], line, width);
        match joined.last_mut() {
            Some(paragraph) if wrapped => {
                let text = paragraph.text.to_mut();
                text.push(' ');
                text.push_str(&line.text);
            }
            _ => joined.push(line.clone()),
        }
    }
    joined
}

/// The width at which the page is wrapped: the longest line within paragraphs, if nearly every
/// other ends where its next line's first word would not have fitted.
fn wrap_width(lines: &[Line<'_>]) -> Option<usize> {
    let inner = || lines.windows(2).filter(|pair| is_inner(&pair[0], &pair[1]));
    let width = inner().map(|pair| pair[0].chars).max()?;
    let total = inner().count();
    let explained = inner().filter(|pair| is_wrapped(&pair[0], &pair[1], width)).count();
    let is_wrapped =
        WRAP_WIDTHS.contains(&width) && explained >= MIN_WRAPPED && explained as f32 >= MIN_EXPLAINED * total as f32;
    is_wrapped.then_some(width)
}

/// Whether both lines could belong to one paragraph of running text.
fn is_inner(line: &Line<'_>, next: &Line<'_>) -> bool {
    next.blank_before == 0 && line.indent == next.indent && line.chars >= *WRAP_WIDTHS.start() / 2
}

fn is_wrapped(line: &Line<'_>, next: &Line<'_>, width: usize) -> bool {
    let first_word = next.text.split(' ').next().map_or(0, |word| word.chars().count());
    is_inner(line, next) && line.chars <= width && line.chars + 1 + first_word > width
}
