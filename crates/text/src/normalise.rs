//! Normalisation: NFC, no invisible clutter, one kind of space.

use std::borrow::Cow;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::characters::{Fate, fate, joins};

/// What becomes of white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// Runs of spaces become one and runs of line breaks one; none at either end of a line.
    Prose,
    /// Line breaks become spaces too: titles, table cells.
    Line,
    /// Lines, tabs and indentation stay; blank lines at either end go.
    Code,
}

/// Text in NFC, without control characters, soft hyphens, byte-order marks and zero-width characters (joiners stay
/// where a script or an emoji needs them), with every kind of space folded to U+0020. Idempotent, linear, and without
/// a copy where nothing is to be done.
///
/// # Example
/// ```
/// use dechrome_text::{Spacing, normalise};
/// assert_eq!(normalise("Cafe\u{301}\u{a0}\u{a0}au\u{ad}bergine", Spacing::Prose), "Café aubergine");
/// ```
pub fn normalise(text: &str, spacing: Spacing) -> Cow<'_, str> {
    normalise_marked(text, spacing, &mut [])
}

/// As [`normalise`], moving `marks` (ascending byte positions in `text`) to where they stand in the result. Code has
/// none: its lines lose their ends.
pub(crate) fn normalise_marked<'a>(text: &'a str, spacing: Spacing, marks: &mut [usize]) -> Cow<'a, str> {
    if is_clean(text, spacing) {
        return Cow::Borrowed(text);
    }
    let filtered = filter(text, spacing, marks);
    Cow::Owned(if is_composed(&filtered) { filtered } else { compose(&filtered, marks) })
}

/// Whether normalisation would change nothing (`false` may be wrong, `true` never is).
fn is_clean(text: &str, spacing: Spacing) -> bool {
    let bytes = text.as_bytes();
    let mut is_certain = true;
    for (at, &byte) in bytes.iter().enumerate() {
        if PLAIN[usize::from(byte)] {
            continue;
        }
        let before = at.checked_sub(1).map(|at| bytes[at]);
        let clean = match (byte, spacing) {
            (b' ', Spacing::Code) => true,
            (b'\n', Spacing::Code) => !matches!(before, None | Some(b' ')),
            (b'\n', Spacing::Line) => false,
            (b' ' | b'\n', _) => !matches!(before, None | Some(b' ' | b'\n')),
            _ => {
                is_certain = false;
                text[at..].chars().next().is_none_or(|c| fate(c) == Fate::Keep)
            }
        };
        if !clean {
            return false;
        }
    }
    !text.ends_with([' ', '\n']) && (is_certain || is_composed(text))
}

/// Bytes of characters that are kept and in NFC for certain: printing ASCII but the space; the lead bytes of U+00C0 to
/// U+02FF (Latin), U+0400 to U+047F (Cyrillic) and U+4000 to U+9FFF (ideographs); and bytes that go on with a character.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = matches!(byte, 0x21..=0x7e | 0x80..=0xbf | 0xc3..=0xcb | 0xd0..=0xd1 | 0xe4..=0xe9);
        byte += 1;
    }
    plain
};

/// Whether the text is in NFC for certain.
fn is_composed(text: &str) -> bool {
    is_nfc_quick(text.chars()) == IsNormalized::Yes
}

/// Drops clutter and folds spaces.
fn filter(text: &str, spacing: Spacing, marks: &mut [usize]) -> String {
    let mut out = Filtered::new(text.len(), spacing);
    let mut pending = marks.iter_mut().peekable();
    let mut before = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        while let Some(mark) = pending.next_if(|mark| **mark <= at) {
            *mark = out.position();
        }
        match fate(c) {
            Fate::Keep => out.push(c),
            Fate::Space => out.space(' '),
            Fate::Tab => out.space('\t'),
            Fate::Break if c == '\r' && chars.peek().is_some_and(|&(_, next)| next == '\n') => {}
            Fate::Break => out.line(),
            Fate::Joiner if joins(before, c, chars.peek().map(|&(_, next)| next)) => out.push(c),
            Fate::Joiner | Fate::Drop => continue,
        }
        // Marks may change places with one another when composed: what they stand on does not.
        if c.is_ascii() || canonical_combining_class(c) == 0 {
            before = Some(c);
        }
    }
    let text = out.finish();
    for mark in pending {
        *mark = text.len();
    }
    for mark in marks {
        *mark = text.len().min(*mark);
    }
    text
}

/// Text being put together, with the white space that is owed before its next character.
struct Filtered {
    text: String,
    spacing: Spacing,
    owed: Option<char>,
}

impl Filtered {
    fn new(capacity: usize, spacing: Spacing) -> Self {
        Self { text: String::with_capacity(capacity), spacing, owed: None }
    }

    /// Where the next character will stand.
    fn position(&self) -> usize {
        self.text.len() + usize::from(self.owed.is_some())
    }

    fn push(&mut self, c: char) {
        if c == ' ' {
            return self.space(' ');
        }
        if let Some(owed) = self.owed.take() {
            self.text.push(owed);
        }
        self.text.push(c);
    }

    fn space(&mut self, space: char) {
        match self.spacing {
            Spacing::Code => self.text.push(space),
            _ if self.text.is_empty() => {}
            _ => self.owed = self.owed.or(Some(' ')),
        }
    }

    fn line(&mut self) {
        match self.spacing {
            Spacing::Line => self.space(' '),
            Spacing::Prose if self.text.is_empty() => {}
            Spacing::Prose => self.owed = Some('\n'),
            Spacing::Code => {
                self.text.truncate(self.text.trim_end_matches([' ', '\t']).len());
                if !self.text.is_empty() {
                    self.text.push('\n');
                }
            }
        }
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end_matches([' ', '\t', '\n']).len());
        self.text
    }
}

/// Composes to NFC piece by piece, so that the marks between the pieces can be moved. Where a mark splits what
/// composes (an accent outside the link that holds its letter), all marks are moved to the end.
fn compose(text: &str, marks: &mut [usize]) -> String {
    let composed: String = text.nfc().collect();
    let mut pieces = String::with_capacity(composed.len());
    let mut from = 0;
    for mark in marks.iter_mut() {
        pieces.extend(text[from..*mark].nfc());
        from = *mark;
        *mark = pieces.len();
    }
    pieces.extend(text[from..].nfc());
    if pieces != composed {
        marks.fill(composed.len());
    }
    composed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bytes_are_of_characters_to_which_nothing_is_done() {
        let plain = |c: &char| c.encode_utf8(&mut [0; 4]).bytes().all(|byte| PLAIN[usize::from(byte)]);
        for c in ('\0'..=char::MAX).filter(plain) {
            assert_eq!(fate(c), Fate::Keep, "{c:?}");
            assert_eq!(canonical_combining_class(c), 0, "{c:?}");
            assert_eq!(is_nfc_quick(std::iter::once(c)), IsNormalized::Yes, "{c:?}");
        }
    }
}
