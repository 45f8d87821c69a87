//! Lines of flat text, and the joining of hard-wrapped ones.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::is_unspaced;

/// Columns that a tab stands for.
const TAB: u8 = 4;

/// Widths at which people and mailers wrap text.
const WRAP_WIDTHS: std::ops::RangeInclusive<usize> = 40..=110;

/// Lines ended by the wrap width that a page must have before it counts as hard-wrapped, and their share of all lines with another one
/// directly below.
const MIN_WRAPPED: usize = 6;
const MIN_SHARE: f32 = 0.5;

/// Share of a paragraph's lines that the wrap width must explain.
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
    for run in runs(lines) {
        let is_paragraph = is_explained(run, width);
        for (index, line) in run.iter().enumerate() {
            let goes_on = is_paragraph && index > 0 && is_wrapped(&run[index - 1], line, width);
            match joined.last_mut() {
                Some(paragraph) if goes_on => {
                    let text = paragraph.text.to_mut();
                    if !text.ends_with(is_unspaced) {
                        text.push(' ');
                    }
                    text.push_str(&line.text);
                }
                _ => joined.push(line.clone()),
            }
        }
    }
    joined
}

/// The width at which the page is wrapped: that which explains where nearly all lines of most paragraphs end, as their next lines' first
/// words would not have fitted. Chrome is not wrapped, so it takes no more than half of the lines.
fn wrap_width(lines: &[Line<'_>]) -> Option<usize> {
    let paragraphs: Vec<&[Line<'_>]> = runs(lines).filter(|run| run.len() > 1).collect();
    let longest = |run: &&[Line<'_>]| run[..run.len() - 1].iter().map(|line| line.chars).max();
    let widths: BTreeSet<usize> = paragraphs.iter().filter_map(longest).filter(|w| WRAP_WIDTHS.contains(w)).collect();
    let explained = |width: usize| paragraphs.iter().copied().filter(move |run| is_explained(run, width));
    let count = |run: &[Line<'_>]| run.len() - 1;
    let (wrapped, width) = widths.into_iter().map(|width| (explained(width).map(count).sum::<usize>(), width)).max()?;
    let total: usize = paragraphs.iter().copied().map(count).sum();
    let is_wrapped = wrapped >= MIN_WRAPPED && wrapped as f32 >= MIN_SHARE * total as f32;
    (is_wrapped && go_on(explained(width).flat_map(|run| &run[1..]))).then_some(width)
}

/// Whether lines go on from those before as running text does: lists of titles that are cut at one length end alike too, but few of
/// their lines begin in lower case.
fn go_on<'a, 'b: 'a>(lines: impl Iterator<Item = &'a Line<'b>>) -> bool {
    let (mut lower, mut upper) = (0, 0);
    for first in lines.filter_map(|line| line.text.chars().next()) {
        lower += usize::from(first.is_lowercase());
        upper += usize::from(first.is_uppercase());
    }
    lower >= upper
}

/// Whether a width explains where nearly all of a run's lines end.
fn is_explained(run: &[Line<'_>], width: usize) -> bool {
    let explained = run.windows(2).filter(|pair| is_wrapped(&pair[0], &pair[1], width)).count();
    explained as f32 >= MIN_EXPLAINED * (run.len() - 1) as f32
}

/// Lines that could belong to one paragraph each.
fn runs<'a, 'b>(lines: &'b [Line<'a>]) -> impl Iterator<Item = &'b [Line<'a>]> {
    lines.chunk_by(is_inner)
}

/// Whether both lines could belong to one paragraph of running text.
fn is_inner(line: &Line<'_>, next: &Line<'_>) -> bool {
    next.blank_before == 0 && line.indent == next.indent && line.chars >= *WRAP_WIDTHS.start() / 2
}

/// Whether a line ends where the next one's first word would not have fitted. Where no spaces part words, any letter may begin a line.
fn is_wrapped(line: &Line<'_>, next: &Line<'_>, width: usize) -> bool {
    let first_word = || match next.text.split(' ').next() {
        Some(word) if !word.starts_with(is_unspaced) => word.chars().take(width).count(),
        _ => 1,
    };
    is_inner(line, next) && line.chars <= width && line.chars + 1 + first_word() > width
}
