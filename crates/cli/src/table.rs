//! Plain tables that fit the terminal.

use terminal_size::{Width, terminal_size};
use unicode_width::UnicodeWidthChar;

/// Columns where the output is no terminal.
const DEFAULT_WIDTH: u16 = 120;
/// Fewest columns that the last cell of a row is cut to.
const MIN_LAST: usize = 20;
/// Between columns.
const GAP: &str = "  ";

/// The terminal's columns.
pub(crate) fn terminal_width() -> u16 {
    terminal_size().map_or(DEFAULT_WIDTH, |(Width(width), _)| width)
}

/// Lays out rows in columns, the last of which takes what is left of `width` and is cut to it.
pub(crate) fn layout<const N: usize>(rows: &[[String; N]], width: u16) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = columns(cell).max(*widest);
        }
    }
    let before: usize = widths.iter().take(N.saturating_sub(1)).map(|width| width + GAP.len()).sum();
    let last = usize::from(width).saturating_sub(before).max(MIN_LAST);
    let mut table = String::new();
    for row in rows {
        let start = table.len();
        for (place, (cell, width)) in row.iter().zip(widths).enumerate() {
            if place + 1 == N {
                table += &cut(cell, last);
            } else {
                table += cell;
                table.extend(std::iter::repeat_n(' ', width - columns(cell)));
                table += GAP;
            }
        }
        table.truncate(start + table[start..].trim_end().len());
        table.push('\n');
    }
    table
}

/// A text in one line of at most this many columns, with `…` where it was cut. Control characters, which could
/// command the terminal, are left out.
pub(crate) fn cut(text: &str, width: usize) -> String {
    let line = one_line(text);
    if columns(&line) <= width {
        return line;
    }
    let mut short = String::new();
    let mut used = 1;
    for c in line.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        short.push(c);
    }
    short.push('…');
    short
}

/// A text with line breaks shown as `⏎` and without control characters.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '⏎' } else { c }).filter(|c| !c.is_control()).collect()
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_columns() {
        for (text, width, expected) in [
            ("short", 5, "short"),
            ("too long", 5, "too …"),
            ("漢字漢字", 5, "漢字…"),
            ("a\nb", 5, "a⏎b"),
            ("\u{1b}[31mred\t", 9, "[31mred"),
            ("", 5, ""),
        ] {
            assert_eq!(cut(text, width), expected);
        }
    }

    #[test]
    fn columns_are_aligned_and_the_last_is_cut() {
        let rows = [["a", "bc", "some text that is long enough to be cut"], ["漢字", "", "x"]];
        let rows = rows.map(|row| row.map(str::to_owned));
        assert_eq!(layout(&rows, 32), "a     bc  some text that is lon…\n漢字      x\n");
    }
}
