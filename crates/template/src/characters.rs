//! Classes and lower case of characters, in a table.
//!
//! They are asked of every character of a page several times, and the standard library searches for those outside ASCII:
//! a seventh of the CPU on pages of many languages.

use std::sync::LazyLock;

/// Characters of the basic plane: all that pages are written in, but for rare ideographs and emoji.
const PLANE: u32 = 0x1_0000;

const ALPHABETIC: u32 = 1 << 31;
const NUMERIC: u32 = 1 << 30;
const UPPERCASE: u32 = 1 << 29;
/// The lower case is more than one character.
const EXPANDS: u32 = 1 << 28;
const LOWERCASE: u32 = 1 << 27;
/// The bits of the lower case.
const LOWER: u32 = (1 << 21) - 1;

static TABLE: LazyLock<Vec<Character>> =
    LazyLock::new(|| (0..PLANE).map(|code| char::from_u32(code).map_or(Character(0), Character::look_up)).collect());

/// The same for ASCII, of which most text is: known when this is compiled, and in the nearest cache.
static ASCII: [Character; 0x80] = {
    let mut table = [Character(0); 0x80];
    let mut code = 0;
    while code < table.len() {
        table[code] = Character::of_ascii(code as u8);
        code += 1;
    }
    table
};

/// What is known of a character: its classes above its lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Character(u32);

impl Character {
    pub(crate) fn of(c: char) -> Self {
        ASCII.get(c as usize).copied().unwrap_or_else(|| Self::of_wide(c))
    }

    fn of_wide(c: char) -> Self {
        TABLE.get(c as usize).copied().unwrap_or_else(|| Self::look_up(c))
    }

    const fn of_ascii(c: u8) -> Self {
        let classes = match c {
            b'0'..=b'9' => NUMERIC,
            b'A'..=b'Z' => ALPHABETIC | UPPERCASE,
            b'a'..=b'z' => ALPHABETIC | LOWERCASE,
            _ => 0,
        };
        Self(classes | c.to_ascii_lowercase() as u32)
    }

    fn look_up(c: char) -> Self {
        let mut lower = c.to_lowercase();
        let first = lower.next().map_or(0, u32::from);
        let flag = |holds: bool, flag: u32| if holds { flag } else { 0 };
        Self(
            first
                | flag(c.is_alphabetic(), ALPHABETIC)
                | flag(c.is_numeric(), NUMERIC)
                | flag(c.is_uppercase(), UPPERCASE)
                | flag(c.is_lowercase(), LOWERCASE)
                | flag(lower.next().is_some(), EXPANDS),
        )
    }

    /// [`char::is_alphabetic`].
    pub(crate) fn is_alphabetic(self) -> bool {
        self.0 & ALPHABETIC != 0
    }

    /// [`char::is_numeric`].
    pub(crate) fn is_numeric(self) -> bool {
        self.0 & NUMERIC != 0
    }

    /// [`char::is_alphanumeric`].
    pub(crate) fn is_alphanumeric(self) -> bool {
        self.0 & (ALPHABETIC | NUMERIC) != 0
    }

    /// [`char::is_uppercase`].
    pub(crate) fn is_uppercase(self) -> bool {
        self.0 & UPPERCASE != 0
    }

    /// [`char::is_lowercase`].
    pub(crate) fn is_lowercase(self) -> bool {
        self.0 & LOWERCASE != 0
    }

    /// Hands over the characters of [`char::to_lowercase`] of the character that it is known of.
    pub(crate) fn for_each_lower(self, c: char, mut take: impl FnMut(char)) {
        if self.0 & EXPANDS == 0 { take(self.lower()) } else { c.to_lowercase().for_each(take) }
    }

    /// The first character of [`char::to_lowercase`].
    pub(crate) fn lower(self) -> char {
        char::from_u32(self.0 & LOWER).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_as_the_standard_library_has_it() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            let known = Character::of(c);
            assert_eq!(known.is_alphabetic(), c.is_alphabetic(), "{c:?}");
            assert_eq!(known.is_numeric(), c.is_numeric(), "{c:?}");
            assert_eq!(known.is_alphanumeric(), c.is_alphanumeric(), "{c:?}");
            assert_eq!(known.is_uppercase(), c.is_uppercase(), "{c:?}");
            assert_eq!(known.is_lowercase(), c.is_lowercase(), "{c:?}");
            let mut lower = String::new();
            known.for_each_lower(c, |c| lower.push(c));
            assert_eq!(lower, c.to_lowercase().to_string(), "{c:?}");
            assert_eq!(Some(known.lower()), lower.chars().next(), "{c:?}");
        }
    }
}
