//! Block keys: what makes two blocks equal across the pages of a site.

use crate::characters::Character;
use crate::reading::{Reader, read};

/// Letters that a text must hold before its recurrence means anything.
const MIN_LETTERS: u32 = 4;

/// Bits of a key. Of four million lines, the most that are remembered of a site, two have one key by chance on one of 35 sites (n² / 2⁴⁹);
/// of 10,000 lines, on one of 5.6 million.
pub(crate) const KEY_BITS: u32 = 48;

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = KEY_BITS as usize / 8;

/// A key of a block's text: lower case, runs of digits masked, punctuation and white space folded, so
/// that "Published 3 May" and "Published 12 May" are equal. `None` for texts of fewer than four letters. It has [`KEY_BITS`], and is
/// never 0, which stands for no key.
pub(crate) fn block_key(text: &str) -> Option<u64> {
    let mut reader = KeyReader { hash: Hash::default(), letters: 0, begins_word: true, is_number: false };
    read(text, &mut reader);
    (reader.letters >= MIN_LETTERS).then(|| narrow(reader.hash.0).max(1))
}

/// Makes a text's key.
struct KeyReader {
    hash: Hash,
    letters: u32,
    /// Whether neither a letter nor a digit stands before what comes.
    begins_word: bool,
    /// Whether a digit does.
    is_number: bool,
}

impl Reader for KeyReader {
    type Hash = u64;

    fn begin_letters(&mut self) -> u64 {
        self.begin_word();
        self.hash.0
    }

    fn mix(hash: u64, letter: u8) -> u64 {
        mix(hash, letter.into())
    }

    fn end_letters(&mut self, hash: u64, letters: u32) {
        self.hash.0 = hash;
        self.letters += letters;
    }

    fn space(&mut self) {
        (self.begins_word, self.is_number) = (true, false);
    }

    fn capital(&mut self, c: char) {
        self.begin_word();
        self.hash.add(u32::from(c.to_ascii_lowercase()));
        self.letters += 1;
    }

    fn character(&mut self, c: char) {
        let character = Character::of(c);
        if character.is_alphabetic() {
            self.begin_word();
            character.for_each_lower(c, |c| self.hash.add(u32::from(c)));
            self.letters += 1;
        } else if character.is_numeric() {
            self.digit();
        } else {
            self.space();
        }
    }
}

impl KeyReader {
    /// A letter comes.
    fn begin_word(&mut self) {
        if self.begins_word {
            self.hash.add(u32::from(' '));
        }
        (self.begins_word, self.is_number) = (false, false);
    }

    fn digit(&mut self) {
        if !self.is_number {
            self.hash.add(u32::from('0'));
        }
        (self.begins_word, self.is_number) = (false, true);
    }
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
        self.0 = mix(self.0, value);
    }

    /// A hash of a whole text.
    pub(crate) fn of(text: &str) -> u64 {
        let mut hash = Self::default();
        text.chars().for_each(|c| hash.add(u32::from(c)));
        hash.0
    }
}

fn mix(hash: u64, value: u32) -> u64 {
    (hash ^ u64::from(value)).wrapping_mul(0x0100_0000_01b3)
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
