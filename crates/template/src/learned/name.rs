//! How rules are named and written.

use crate::stats::{Hash, block_key, narrow};

/// Words and characters of a slug.
const SLUG_WORDS: usize = 4;
const SLUG_CHARS: usize = 32;

/// Hexadecimal digits of the hash that ends a name: two rules of a site with the same words have the same six once in
/// seventeen million.
const HASH_BITS: u32 = 24;

/// Elements that tell nothing of a place.
const PLAIN_TAGS: [&str; 9] = ["html", "body", "div", "section", "ul", "li", "p", "span", "td"];

/// A readable name with a hash of what the rule is about.
pub(super) fn rule_id(text: &str, key: u64) -> String {
    slug_and_hash(text.split(|c: char| !c.is_alphabetic()), key)
}

/// The same of a selector, of which the plainest elements are left out.
pub(super) fn selector_id(selector: &str, is_content: bool) -> String {
    let is_plain = |word: &&str| PLAIN_TAGS.contains(word);
    slug_and_hash(
        selector.split(|c: char| !c.is_alphabetic()).filter(|word| !is_plain(word)),
        selector_key(selector, is_content),
    )
}

fn slug_and_hash<'a>(words: impl Iterator<Item = &'a str>, key: u64) -> String {
    let mut slug = String::new();
    for word in words.filter(|word| !word.is_empty()).take(SLUG_WORDS) {
        if slug.chars().count() + word.chars().count() > SLUG_CHARS && !slug.is_empty() {
            break;
        }
        slug.extend(word.chars().take(SLUG_CHARS).flat_map(char::to_lowercase));
        slug.push('-');
    }
    format!("{slug}{:06x}", key_hash(key))
}

/// The part of a key that ends a rule's name.
pub(super) fn key_hash(key: u64) -> u32 {
    ((key ^ (key >> HASH_BITS)) & ((1 << HASH_BITS) - 1)) as u32
}

/// The hash that ends a rule's name.
pub(super) fn id_hash(id: &str) -> Option<u32> {
    let digits = id.rsplit('-').next()?;
    u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == HASH_BITS as usize / 4)
}

/// What a selector is named by, as long as the key of a line.
pub(super) fn selector_key(selector: &str, is_content: bool) -> u64 {
    narrow(Hash::of(selector)) ^ u64::from(is_content)
}

/// The key of a line as a template writes it; `None` for one that does not tell it.
pub(super) fn line_key(line: &str) -> Option<u64> {
    if line.ends_with(CUT) { None } else { block_key(line) }
}

/// Ends a line that is written only by its beginning.
pub(super) const CUT: &str = " …";

/// A line as slots name it: up to its first number, for the others have another.
pub(super) fn anchor(line: &str, is_whole: bool) -> String {
    let number = line.find(char::is_numeric);
    let beginning = &line[..number.unwrap_or(line.len())];
    match number {
        Some(_) if block_key(beginning).is_some() => format!("{}{CUT}", beginning.trim_end()),
        _ if is_whole => line.to_owned(),
        _ => format!("{}{CUT}", line.trim_end()),
    }
}

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
            ("", "00abcd"),
        ] {
            assert_eq!(rule_id(text, 0xabcd), id, "{text}");
            assert_eq!(id_hash(id), Some(key_hash(0xabcd)));
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
    fn selectors_are_named_by_what_tells_them_apart() {
        let name = |selector| selector_id(selector, false).rsplit_once('-').map(|(slug, _)| slug.to_owned());
        assert_eq!(name("body aside.related ul li").as_deref(), Some("aside-related"));
        assert_eq!(name("div.widget-wrap form div#subscribe-text p").as_deref(), Some("widget-wrap-form-subscribe"));
        assert_ne!(selector_id("aside", true), selector_id("aside", false));
    }

    #[test]
    fn anchors_end_before_numbers() {
        for (line, is_whole, expected) in [
            ("Top Stories", true, "Top Stories"),
            ("Published 3 May", true, "Published …"),
            ("3 more stories", true, "3 more stories"),
            ("A long line that goes", false, "A long line that goes …"),
        ] {
            assert_eq!(anchor(line, is_whole), expected);
        }
    }

    #[test]
    fn patterns_open_their_numbers() {
        assert_eq!(number_pattern("Published 3 May (12:30)", false), "^Published \\d+ May \\(\\d+:\\d+\\)$");
        assert_eq!(number_pattern("In 2024 the", true), "^In \\d+ the");
    }
}
