//! Words as the published measures count them: Python's `\w+`.

use std::collections::HashMap;
use std::hash::Hash;

use unicode_normalization::char::is_combining_mark;

/// Words of a shingle, as in the article-extraction-benchmark.
const SHINGLE: usize = 4;

/// Whether Python's `\w` matches: letters, numbers and the underscore. Rust counts signs of `Other_Alphabetic` among
/// the alphanumeric ones as well: vowel signs, and letters in circles and squares.
fn is_word(c: char) -> bool {
    let encircled = matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}');
    c == '_' || c.is_ascii_alphanumeric() || (c.is_alphanumeric() && !is_combining_mark(c) && !encircled)
}

/// Whether Python takes it for white space: besides Unicode's, the four information separators.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// Whether a word that holds it counts character by character: scripts written without spaces.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// The maximal runs of word characters.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_word(c)).filter(|run| !run.is_empty())
}

/// The words of a text that is in lower case.
pub(super) fn words(lowered: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for run in runs(lowered) {
        if run.chars().any(is_cjk) {
            words.extend(run.split_inclusive(|_| true));
        } else {
            words.push(run);
        }
    }
    words
}

/// The text's shingles: each four words in a row, or all there are where they are fewer.
pub(super) fn shingles<'a, 'w>(words: &'a [&'w str]) -> Vec<&'a [&'w str]> {
    if words.is_empty() { Vec::new() } else { words.windows(SHINGLE.min(words.len())).collect() }
}

/// The runs of a text as it is written.
pub(super) fn cased_words(text: &str) -> Vec<&str> {
    runs(text).collect()
}

/// Number of items that two multisets have in common.
pub(super) fn overlap<T: Eq + Hash + Copy>(a: &[T], b: &[T]) -> usize {
    let mut counts: HashMap<T, usize> = HashMap::new();
    for &item in b {
        *counts.entry(item).or_default() += 1;
    }
    let mut both = 0;
    for item in a {
        if let Some(count) = counts.get_mut(item).filter(|count| **count > 0) {
            *count -= 1;
            both += 1;
        }
    }
    both
}

/// The text with each run of white space as one space, and none at its ends.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for part in text.split(is_space).filter(|part| !part.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(part);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_python() {
        for (text, expected) in [
            ("it's a_b 3.5 ½ xⅷ", &["it", "s", "a_b", "3", "5", "½", "xⅷ"][..]),
            ("हिन्दी", &["ह", "न", "द"]),
            ("cafe\u{301} ⓐb", &["cafe", "b"]),
            ("東京2020年 ab", &["東", "京", "2", "0", "2", "0", "年", "ab"]),
            ("カナ한글", &["カ", "ナ", "한", "글"]),
            ("—…", &[]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn shingles_of_few_words_are_one() {
        for (text, expected) in [("", 0), ("a", 1), ("a b c d", 1), ("a b c d e", 2)] {
            assert_eq!(shingles(&cased_words(text)).len(), expected, "{text}");
        }
    }

    #[test]
    fn multisets_overlap() {
        assert_eq!(overlap(&["a", "a", "b"], &["a", "b", "b", "c"]), 2);
        assert_eq!(overlap::<&str>(&[], &["a"]), 0);
    }

    #[test]
    fn white_space_is_that_of_python() {
        assert_eq!(one_line(" a\u{a0}\u{1f}\n b\u{3000}c\u{200b} "), "a b c\u{200b}");
    }
}
