//! A text read once: its words as hashes, and its characters by class.

use crate::characters::Character;
use crate::cues::{Token, TokenReader, searched, separates_ages, separates_crumbs};
use crate::reading::{Reader, read};

/// Hashes of the lower-case words; ideographs and kana count one by one.
pub fn hash_words(text: &str, words: &mut Vec<u32>) {
    let mut reader = WordReader::new(words);
    read(text, &mut reader);
    reader.end();
}

/// The same, what else the text holds, and the tokens in which cues are looked for; says whether these are all of the text's.
pub(super) fn read_all(text: &str, words: &mut Vec<u32>, tokens: &mut Vec<Token>) -> (Counts, bool) {
    let (searched, rest) = text.split_at(searched(text));
    let mut readers = (WordReader::new(words), TokenReader::new(tokens));
    read(searched, &mut readers);
    let (mut words, tokens) = readers;
    tokens.end();
    read(rest, &mut words);
    (words.end(), rest.is_empty())
}

/// Characters of a text by class.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) letters: u32,
    pub(super) digits: u32,
    pub(super) capitals: u32,
    /// Words that begin with a capital.
    pub(super) capitalised: u32,
    pub(super) commas: u32,
    pub(super) sentences: u32,
    pub(super) separators: u32,
    pub(super) lines: u32,
    pub(super) has_year: bool,
    pub(super) has_currency: bool,
    pub(super) separators_of: Rows,
}

/// Rows whose parts any of a text's characters may stand between.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) ages: bool,
    pub(super) crumbs: bool,
}

struct WordReader<'a> {
    words: &'a mut Vec<u32>,
    /// Of the word being read.
    hash: u32,
    /// Whether a word is being read.
    open: bool,
    /// Whether the last character ends a sentence if white space follows.
    ends_sentence: bool,
    number: Number,
    counts: Counts,
}

impl Reader for WordReader<'_> {
    type Hash = u32;

    fn begin_letters(&mut self) -> u32 {
        self.end_number();
        self.hash
    }

    fn mix(hash: u32, letter: u8) -> u32 {
        mix(hash, letter.into())
    }

    fn end_letters(&mut self, hash: u32, letters: u32) {
        self.hash = hash;
        self.counts.letters += letters;
        self.open = true;
        self.ends_sentence = false;
    }

    fn space(&mut self) {
        self.end_word();
        self.end_number();
        self.counts.sentences += u32::from(self.ends_sentence);
        self.ends_sentence = false;
    }

    fn capital(&mut self, c: char) {
        self.end_number();
        self.counts.letters += 1;
        self.counts.capitals += 1;
        self.counts.capitalised += u32::from(!self.open);
        self.hash = mix(self.hash, u32::from(c.to_ascii_lowercase()));
        self.open = true;
        self.ends_sentence = false;
    }

    fn character(&mut self, c: char) {
        let character = Character::of(c);
        if character.is_alphanumeric() { self.letter(c, character) } else { self.sign(c) }
    }
}

impl<'a> WordReader<'a> {
    /// Begins a text: its words replace those that are there.
    fn new(words: &'a mut Vec<u32>) -> Self {
        words.clear();
        Self {
            words,
            hash: FNV,
            open: false,
            ends_sentence: false,
            number: Number::default(),
            counts: Counts::default(),
        }
    }

    /// Ends the text.
    fn end(mut self) -> Counts {
        self.space();
        self.counts
    }

    /// A letter or a digit.
    fn letter(&mut self, c: char, character: Character) {
        let is_capital = character.is_uppercase();
        self.counts.letters += 1;
        self.counts.capitals += u32::from(is_capital);
        self.counts.capitalised += u32::from(is_capital && !self.open);
        if let Some(digit) = c.to_digit(10) {
            self.counts.digits += 1;
            self.number.push(digit);
        } else {
            self.end_number();
        }
        if is_ideograph(c) {
            self.end_word();
        }
        character.for_each_lower(c, |c| self.hash = mix(self.hash, u32::from(c)));
        self.open = true;
        self.ends_sentence = false;
    }

    /// What is neither.
    fn sign(&mut self, c: char) {
        self.end_word();
        self.end_number();
        let counts = &mut self.counts;
        counts.separators_of.ages |= separates_ages(c);
        counts.separators_of.crumbs |= separates_crumbs(c);
        match c {
            ',' | '，' | '、' | '،' | ';' => counts.commas += 1,
            '。' | '！' | '？' => counts.sentences += 1,
            '|' | '/' | '»' | '›' | '·' | '•' | '>' | '→' => counts.separators += 1,
            '\n' => counts.lines += 1,
            '$' | '€' | '£' | '¥' | '₹' => counts.has_currency = true,
            _ => {}
        }
        counts.sentences += u32::from(self.ends_sentence && c.is_whitespace());
        self.ends_sentence = matches!(c, '.' | '!' | '?' | '…' | '؟');
    }

    fn end_word(&mut self) {
        if self.open {
            self.words.push(self.hash);
            self.hash = FNV;
            self.open = false;
        }
    }

    fn end_number(&mut self) {
        if self.number.digits > 0 {
            self.counts.has_year |= self.number.is_year();
            self.number = Number::default();
        }
    }
}

const FNV: u32 = 0x811c_9dc5;

fn mix(hash: u32, c: u32) -> u32 {
    (hash ^ c).wrapping_mul(0x0100_0193)
}

/// Han, kana and Hangul, which are written without spaces or nearly so.
pub(crate) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// A number being read.
#[derive(Default)]
struct Number {
    /// Its last five digits.
    value: u32,
    digits: u32,
}

impl Number {
    fn push(&mut self, digit: u32) {
        self.value = (self.value * 10 + digit) % 100_000;
        self.digits += 1;
    }

    fn is_year(&self) -> bool {
        self.digits == 4 && (1900..=2099).contains(&self.value)
    }
}

/// How a text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Nothing = 0,
    Comma = 1,
    Colon = 2,
    Ellipsis = 3,
    Sentence = 4,
}

/// How a text ends, closing quotes and brackets apart.
pub(super) fn ending(text: &str) -> Ending {
    let is_closing = |c| matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '“');
    let text = text.trim_end_matches(is_closing);
    match text.chars().next_back() {
        Some('.' | '!' | '?' | '。' | '！' | '？' | '؟' | '।') if !text.ends_with("...") => Ending::Sentence,
        Some('…' | '.') => Ending::Ellipsis,
        Some(':' | '：') => Ending::Colon,
        Some(',' | ';' | '，') => Ending::Comma,
        _ => Ending::Nothing,
    }
}

/// How a text begins: lower case 0, capital 1, other letter 2, digit 3, quote 4, sign 5.
pub(super) fn opening(text: &str) -> f32 {
    match text.chars().next() {
        Some(c) if c.is_lowercase() => 0.0,
        Some(c) if c.is_uppercase() => 1.0,
        Some(c) if c.is_alphabetic() => 2.0,
        Some(c) if c.is_numeric() => 3.0,
        Some('"' | '“' | '„' | '«' | '「' | '‘' | '\'') => 4.0,
        _ => 5.0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn two_readers_read_what_each_reads_alone(
            text in "(?s).{0,80}|[a-zA-Z0-9 :.,|/©äßλжを新م]{0,80}|([a-zé]{1,9}[ .]{1,2}){0,400}",
        ) {
            let (mut words, mut tokens) = (vec![1], Vec::new());
            let (_, complete) = read_all(&text, &mut words, &mut tokens);
            let mut expected = Vec::new();
            hash_words(&text, &mut expected);
            prop_assert_eq!(words, expected);
            let mut expected = Vec::new();
            let mut reader = TokenReader::new(&mut expected);
            read(&text[..searched(&text)], &mut reader);
            reader.end();
            prop_assert_eq!(tokens, expected);
            prop_assert_eq!(complete, searched(&text) == text.len());
        }
    }
}
