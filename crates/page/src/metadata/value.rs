//! Values of metadata: entities resolved, tags taken out, white space folded, NFC, of bounded length.

use unicode_normalization::UnicodeNormalization;

/// Longest short value (a title, a name), in bytes.
pub(super) const SHORT: usize = 1 << 10;
/// Longest description, in bytes.
pub(super) const LONG: usize = 8 << 10;
/// Longest body, in bytes.
pub(super) const BODY: usize = 1 << 20;

/// One line of text, or `None` when nothing is left.
pub(super) fn line(value: &str, longest: usize) -> Option<String> {
    let cut = &value[..value.floor_char_boundary(longest)];
    let mut folded = String::with_capacity(cut.len());
    for word in cut.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().filter(|&c| !is_clutter(c)));
    }
    let text = if folded.is_ascii() { folded } else { folded.nfc().collect() };
    (!text.is_empty()).then_some(text)
}

/// As [`line`], of a value that may hold markup inside a JSON string.
pub(super) fn marked_line(value: &str, longest: usize) -> Option<String> {
    let cut = &value[..value.floor_char_boundary(longest)];
    if cut.contains(['&', '<']) { line(&without_markup(cut), longest) } else { line(cut, longest) }
}

/// Lines of text, of a value that may hold markup.
pub(super) fn paragraphs(value: &str) -> Option<String> {
    let cut = &value[..value.floor_char_boundary(BODY)];
    let lines: Vec<String> = without_markup(cut).lines().filter_map(|text| line(text, BODY)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Soft hyphens, zero-width spaces and marks of order, which are no part of a text.
fn is_clutter(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Entities are resolved before tags are cut (markup is often escaped inside JSON) and once more after, for
/// those that were escaped twice.
fn without_markup(value: &str) -> String {
    let resolved = html_escape::decode_html_entities(value);
    let mut text = String::with_capacity(resolved.len());
    let mut rest = resolved.as_ref();
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (replacement, length) = match tag(rest) {
            Some((name, length)) => (if is_inline(name) { "" } else { "\n" }, length),
            None => ("<", 1),
        };
        text.push_str(replacement);
        rest = &rest[length..];
    }
    text.push_str(rest);
    html_escape::decode_html_entities(&text).into_owned()
}

/// The name and length of the tag that `text` begins with.
fn tag(text: &str) -> Option<(&str, usize)> {
    /// A longer tag is a less-than sign in prose.
    const LONGEST: usize = 2048;
    let head = &text.as_bytes()[..text.len().min(LONGEST)];
    let start = if head.get(1) == Some(&b'/') { 2 } else { 1 };
    head.get(start).filter(|byte| byte.is_ascii_alphabetic() || **byte == b'!')?;
    let end = memchr::memchr(b'>', head)?;
    let name = text[start..end].split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    Some((name, end + 1))
}

fn is_inline(name: &str) -> bool {
    const INLINE: &[&str] = &[
        "a", "b", "i", "em", "strong", "span", "u", "s", "sup", "sub", "mark", "small", "font", "code", "wbr", "abbr",
    ];
    INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(name))
}
