//! Which characters are clutter in text meant for reading by machines.

use unicode_normalization::char::canonical_combining_class;

/// What becomes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Keep,
    Drop,
    Space,
    Tab,
    Break,
    /// A zero-width joiner or non-joiner: kept where it changes what is read.
    Joiner,
}

/// The fate of a character, by itself.
pub(crate) fn fate(c: char) -> Fate {
    match c {
        ' '..='~' => Fate::Keep,
        '\t' => Fate::Tab,
        // U+2028 and U+2029 are Unicode's line and paragraph separators.
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => Fate::Break,
        '\u{200c}' | '\u{200d}' => Fate::Joiner,
        _ if c.is_whitespace() => Fate::Space,
        _ if c.is_control() || is_invisible(c) => Fate::Drop,
        _ => Fate::Keep,
    }
}

/// Characters without width or meaning of their own: soft hyphen, grapheme joiner, Arabic letter mark, Mongolian
/// vowel separator, zero-width space, directional marks and embeddings, word joiner and invisible operators,
/// byte-order mark, interlinear annotation and object replacement.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}')
}

/// Whether a joiner between these characters changes what is read: between letters of scripts that join or form
/// conjuncts, and (the joiner proper) in emoji sequences.
pub(crate) fn joins(before: Option<char>, joiner: char, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    is_joining(before) && is_joining(after) || joiner == '\u{200d}' && is_emoji(before) && is_emoji(after)
}

/// Letters and marks of Arabic, Syriac, N'Ko, the Indic scripts, Sinhala, Tibetan, Myanmar, Khmer and Mongolian.
fn is_joining(c: char) -> bool {
    let in_block = matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{f00}'..='\u{109f}'
        | '\u{1780}'..='\u{18af}' | '\u{a840}'..='\u{a8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    in_block && (c.is_alphabetic() || canonical_combining_class(c) != 0)
}

/// Pictographs, the symbols that join them, skin tones and the emoji variation selector.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{fe0f}' | '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}
