//! Text as hashed words, alike for whatever differs only in case, accents, white space or punctuation.

use unicode_normalization::char::decompose_canonical;

use crate::characters::Character;
use crate::reading::{Reader, read};

/// The hash that stands for every number.
pub(crate) const NUMBER: u64 = 0x9e37_79b9_7f4a_7c15;
const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// A word, a number, a `©`, or a single character of Chinese or Japanese, which do not space their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    /// Hash of the folded word; [`NUMBER`] for numbers.
    pub(crate) hash: u64,
    /// A colon follows it.
    pub(crate) colon: bool,
    /// It begins with a lower-case letter.
    pub(crate) lower: bool,
    /// It follows the token before it directly: only characters of unspaced scripts do.
    pub(crate) joined: bool,
}

/// How a character counts.
enum Class {
    /// Part of a word, folded.
    Letter(char),
    /// A word of its own.
    Alone(char),
    Digit,
    /// Neither seen nor a boundary: soft hyphens, joiners, marks.
    Ignored,
    Colon,
    Other,
}

/// What is being read.
#[derive(PartialEq)]
enum State {
    Between,
    Word,
    Number,
    /// A separator within a number, if a digit follows: `1,234`.
    Separator,
}

/// Cuts text into tokens.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut reader = TokenReader::new(&mut tokens);
    read(text, &mut reader);
    reader.end();
    tokens
}

/// Cuts text into tokens.
pub(crate) struct TokenReader<'a> {
    tokens: &'a mut Vec<Token>,
    state: State,
    hash: u64,
    lower: bool,
    /// Nothing but ignored characters since the last character that is a word of its own.
    touching: bool,
}

impl Reader for TokenReader<'_> {
    type Hash = u64;

    fn begin_letters(&mut self) -> u64 {
        self.begin(true);
        self.hash
    }

    fn mix(hash: u64, letter: u8) -> u64 {
        mix(hash, letter.into())
    }

    fn end_letters(&mut self, hash: u64, _: u32) {
        self.hash = hash;
    }

    fn space(&mut self) {
        self.end_token();
        self.touching = false;
    }

    fn capital(&mut self, c: char) {
        self.begin(false);
        self.mix(c.to_ascii_lowercase());
    }

    fn character(&mut self, c: char) {
        match classify(c) {
            Class::Letter(letter) => self.letter(letter, c),
            Class::Digit => self.digit(),
            Class::Alone(c) => self.alone(c),
            Class::Ignored => {}
            Class::Colon => self.colon(),
            Class::Other => self.other(c),
        }
    }
}

impl<'a> TokenReader<'a> {
    /// Begins a text. Its tokens replace those that are there: most texts are a few words, and room for them would be asked for 300 times a
    /// page.
    pub(crate) fn new(tokens: &'a mut Vec<Token>) -> Self {
        tokens.clear();
        Self { tokens, state: State::Between, hash: SEED, lower: false, touching: false }
    }

    /// Ends the text.
    pub(crate) fn end(mut self) {
        self.end_token();
    }

    /// Begins a word, if none is being read.
    fn begin(&mut self, lower: bool) {
        if self.state != State::Word {
            self.end_token();
            self.state = State::Word;
            self.lower = lower;
        }
    }

    fn letter(&mut self, letter: char, written: char) {
        self.begin(Character::of(written).is_lowercase());
        self.mix(letter);
        if matches!(written, 'ß' | 'ẞ') {
            self.mix(letter); // it is `ss` to those who have no key for it
        }
    }

    fn mix(&mut self, c: char) {
        self.hash = mix(self.hash, c.into());
    }

    fn digit(&mut self) {
        if self.state == State::Word || self.state == State::Between {
            self.end_token();
        }
        self.state = State::Number;
    }

    fn alone(&mut self, c: char) {
        self.end_token();
        let joined = self.touching;
        self.mix(c);
        self.push(joined);
        self.touching = true;
    }

    fn colon(&mut self) {
        self.end_token();
        self.touching = false;
        if let Some(last) = self.tokens.last_mut() {
            last.colon = true;
        }
    }

    fn other(&mut self, c: char) {
        if self.state == State::Number && matches!(c, '.' | ',' | '\'' | '’') {
            self.state = State::Separator;
        } else {
            self.space();
        }
    }

    /// Ends the word or number being read, if any.
    fn end_token(&mut self) {
        match self.state {
            State::Between => return,
            State::Word => {}
            State::Number | State::Separator => self.hash = NUMBER,
        }
        self.state = State::Between;
        self.push(false);
        self.touching = false;
    }

    fn push(&mut self, joined: bool) {
        self.tokens.push(Token { hash: self.hash, colon: false, lower: self.lower, joined });
        self.hash = SEED;
        self.lower = false;
    }
}

fn mix(hash: u64, c: u32) -> u64 {
    (hash ^ u64::from(c)).wrapping_mul(PRIME)
}

fn classify(c: char) -> Class {
    if c.is_ascii() { classify_ascii(c) } else { classify_wide(c) }
}

fn classify_ascii(c: char) -> Class {
    match c {
        'a'..='z' => Class::Letter(c),
        'A'..='Z' => Class::Letter(c.to_ascii_lowercase()),
        '0'..='9' => Class::Digit,
        ':' => Class::Colon,
        _ => Class::Other,
    }
}

fn classify_wide(c: char) -> Class {
    match c {
        'ß' | 'ẞ' => Class::Letter('s'),
        'ı' => Class::Letter('i'),
        // Soft hyphen, zero-width characters, direction marks, and combining marks that writers leave out.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2060}'
        | '\u{feff}'
        | '\u{300}'..='\u{36f}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{fe0e}'
        | '\u{fe0f}' => Class::Ignored,
        // Full-width forms of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).map_or(Class::Other, classify_ascii),
        // Accents of Latin and Greek: capitals go without them in several languages.
        '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}' => letter_or_other(base(c)),
        // Alef, yeh, kaf and heh, which keyboards spell differently.
        'أ' | 'إ' | 'آ' => Class::Letter('ا'),
        'ى' | 'ی' => Class::Letter('ي'),
        'ک' => Class::Letter('ك'),
        'ة' => Class::Letter('ه'),
        'ё' | 'Ё' => Class::Letter('е'),
        '\u{30fb}' => Class::Other,
        '©'
        | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Class::Alone(c),
        _ => letter_or_other(c),
    }
}

fn letter_or_other(c: char) -> Class {
    let c = Character::of(c);
    if c.is_numeric() {
        Class::Digit
    } else if c.is_alphabetic() {
        Class::Letter(match c.lower() {
            'ς' => 'σ',
            lower => lower,
        })
    } else {
        Class::Other
    }
}

/// The letter without its accents.
fn base(c: char) -> char {
    let mut first = None;
    decompose_canonical(c, |part| first = first.or(Some(part)));
    first.unwrap_or(c)
}
