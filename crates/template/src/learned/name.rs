//! How rules are named and written.

use crate::stats::{Hash, block_key};

/// Words and characters of a slug.
const SLUG_WORDS: usize = 4;
const SLUG_CHARS: usize = 32;

/// Hexadecimal digits of the hash that ends a name: two rules of a site with the same words have the same six once in
/// seventeen million.
const HASH_BITS: u32 = 24;

/// A readable name with a hash of what the rule is about.
pub(super) fn rule_id(text: &str, key: u64) -> String {
    let mut slug = String::new();
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    for word in words.take(SLUG_WORDS) {
        if slug.chars().count() + word.chars().count() > SLUG_CHARS && !slug.is_empty() {
            break;
        }
        slug.extend(word.chars().take(SLUG_CHARS).flat_map(char::to_lowercase));
        slug.push('-');
    }
    format!("{slug}{:06x}", (key ^ (key >> 40)) & ((1 << HASH_BITS) - 1))
}

/// A key of a rule that is about places with this selector.
pub(super) fn selector_key(selector: &str, is_content: bool) -> u64 {
    Hash::of(selector) ^ u64::from(is_content)
}

/// The key of a line as a template writes it; `None` for one that does not tell it.
pub(super) fn line_key(line: &str) -> Option<u64> {
    if line.ends_with(CUT) { None } else { block_key(line) }
}

/// Ends a line that is written only by its beginning.
pub(super) const CUT: &str = " …";

/// A line with its numbers open, as a regular expression; `is_cut` where it goes on.
pub(super) fn number_pattern(line: &str, is_cut: bool) -> String {
    let mut pattern = String::from("^");
    let mut in_digits = false;
    for c in line.chars() {
        let digit = c.is_numeric();
        if digit && !in_digits {
            pattern += "\\d+";
        } else if !digit {
            pattern += &regex::escape(c.encode_utf8(&mut [0; 4]));
        }
        in_digits = digit;
    }
    if !is_cut {
        pattern.push('$');
    }
    pattern
}

/// The file of a site's template: its name, where that can stand in one.
pub(super) fn file_name(site: &str) -> String {
    const MAX_STEM: usize = 100;
    let fits = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    if site.chars().all(fits) && !site.starts_with('.') && site.len() <= MAX_STEM && !site.is_empty() {
        return format!("{site}.toml");
    }
    let stem: String = site.chars().filter(|&c| fits(c) && c != '.').take(SLUG_CHARS).collect();
    format!("{stem}-{:016x}.toml", Hash::of(site))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable_and_differ() {
        for (text, id) in [
            ("Top Stories", "top-stories-00abcd"),
            ("© 2024 The Paper. All rights reserved", "the-paper-all-rights-00abcd"),
            ("人気の記事", "人気の記事-00abcd"),
            ("aside.related ul li", "aside-related-ul-li-00abcd"),
            ("", "00abcd"),
        ] {
            assert_eq!(rule_id(text, 0xabcd), id, "{text}");
        }
        assert!(rule_id(&"word ".repeat(50), 1).len() <= 40);
        assert!(rule_id(&"w".repeat(500), 1).len() <= 40);
    }

    #[test]
    fn files_are_named_after_their_sites() {
        assert_eq!(file_name("paper.example"), "paper.example.toml");
        for site in ["../paper", "a/b", "", ".hidden", "nul\0", &"x".repeat(300)] {
            let name = file_name(site);
            assert!(!name.contains(['/', '\0']) && !name.starts_with('.') && name.len() < 120, "{name}");
            assert_ne!(name, file_name(&format!("{site}/")));
        }
    }

    #[test]
    fn patterns_open_their_numbers() {
        assert_eq!(number_pattern("Published 3 May (12:30)", false), "^Published \\d+ May \\(\\d+:\\d+\\)$");
        assert_eq!(number_pattern("In 2024 the", true), "^In \\d+ the");
    }
}
