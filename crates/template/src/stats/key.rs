//! Block keys: what makes two blocks equal across the pages of a site.

use crate::characters::{Character, take_small_letters};

/// Letters that a text must hold before its recurrence means anything.
const MIN_LETTERS: usize = 4;

/// Bits of a key. Of four million lines, the most that are remembered of a site, two have one key by chance on one of 35 sites (n² / 2⁴⁹);
/// of 10,000 lines, on one of 5.6 million.
pub(crate) const KEY_BITS: u32 = 48;

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = KEY_BITS as usize / 8;

/// A key of a block's text: lower case, runs of digits masked, punctuation and white space folded, so
/// that "Published 3 May" and "Published 12 May" are equal. `None` for texts of fewer than four letters. It has [`KEY_BITS`], and is
/// never 0, which stands for no key.
pub(crate) fn block_key(text: &str) -> Option<u64> {
    let mut hash = Hash::default();
    let mut letters = 0;
    let (mut begins_word, mut is_number) = (true, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == ' ' {
            (begins_word, is_number) = (true, false);
            continue;
        }
        let character = Character::of(c);
        let is_letter = character.is_alphabetic();
        let is_digit = !is_letter && character.is_numeric();
        if is_letter {
            if begins_word {
                hash.add(u32::from(' '));
            }
            character.for_each_lower(c, |c| hash.add(u32::from(c)));
            letters += 1 + take_small_letters(&mut chars, |letter| hash.add(letter.into()));
        } else if is_digit && !is_number {
            hash.add(u32::from('0'));
        }
        (begins_word, is_number) = (!is_letter && !is_digit, is_digit);
    }
    (letters >= MIN_LETTERS).then(|| narrow(hash.0).max(1))
}

/// A hash in [`KEY_BITS`]: the upper half from its upper end, the lower half from its lower. So keys are in the order of the hashes, by
/// which what is equal is ranked, and a rule's name is made of both ends. Of five made-up sorts of lines, 40 million each, 0 to 5
/// pairs had one key, where 2.8 are to be expected.
pub(crate) fn narrow(hash: u64) -> u64 {
    let half = KEY_BITS / 2;
    (hash >> (u64::BITS - half) << half) | (hash & ((1 << half) - 1))
}

/// A key as bytes.
pub(super) fn key_bytes(key: u64) -> [u8; KEY_BYTES] {
    std::array::from_fn(|place| key.to_le_bytes()[place])
}

/// A hash from its bytes, of which there are at most eight.
pub(super) fn from_bytes<const BYTES: usize>(bytes: &[u8; BYTES]) -> u64 {
    let mut all = [0; size_of::<u64>()];
    all[..BYTES].copy_from_slice(bytes);
    u64::from_le_bytes(all)
}

/// 64-bit FNV-1a over code points: stable, as statistics keep it.
pub(crate) struct Hash(pub(crate) u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    pub(crate) fn add(&mut self, value: u32) {
        self.0 = (self.0 ^ u64::from(value)).wrapping_mul(0x0100_0000_01b3);
    }

    /// A hash of a whole text.
    pub(crate) fn of(text: &str) -> u64 {
        let mut hash = Self::default();
        text.chars().for_each(|c| hash.add(u32::from(c)));
        hash.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_case_and_punctuation_do_not_matter() {
        for (a, b) in [
            ("Published 3 May", "published: 12 MAY"),
            ("1d | Panorama", "13d – panorama"),
            ("»Mehr Themen«", "Mehr Themen"),
        ] {
            assert_eq!(block_key(a), block_key(b), "{a} {b}");
            assert!(block_key(a).is_some());
        }
    }

    #[test]
    fn other_words_and_other_cuts_between_words_do() {
        for (a, b) in [("most read", "most viewed"), ("the rapist", "therapist"), ("page", "pages")] {
            assert_ne!(block_key(a), block_key(b), "{a} {b}");
        }
    }

    #[test]
    fn keys_keep_the_order_of_the_hashes_and_both_their_ends() {
        let hashes = [0, 1, 0x00ab_cdef_0000_0000, 0x1234_5678_9abc_def0, u64::MAX];
        assert_eq!(hashes.map(narrow), [0, 1, 0x00ab_cd00_0000, 0x1234_56bc_def0, (1 << KEY_BITS) - 1]);
        for key in hashes.map(narrow) {
            assert_eq!(from_bytes(&key_bytes(key)), key);
        }
    }

    #[test]
    fn too_little_text_has_no_key() {
        for text in ["", "12", "3 h", "· · ·", "abc"] {
            assert_eq!(block_key(text), None, "{text}");
        }
    }
}
