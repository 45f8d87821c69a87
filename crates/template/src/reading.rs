//! How texts are read, for keys, words and cues, by one reader or by two at once: most of its characters are small letters of ASCII, which come in runs.

/// What makes something of a text.
pub(crate) trait Reader {
    /// Hash of the word being read, kept in registers over a run of letters.
    type Hash: Copy;

    /// Lower-case letters of ASCII begin: the hash of the word so far.
    fn begin_letters(&mut self) -> Self::Hash;

    /// The hash with one of them more.
    fn mix(hash: Self::Hash, letter: u8) -> Self::Hash;

    /// So many of them were read, the hash is this now.
    fn end_letters(&mut self, hash: Self::Hash, letters: u32);

    /// A space, which most of the other characters are.
    fn space(&mut self);

    /// A capital of ASCII.
    fn capital(&mut self, c: char);

    /// Any other character.
    fn character(&mut self, c: char);
}

/// Two readers of the same text.
impl<A: Reader, B: Reader> Reader for (A, B) {
    type Hash = (A::Hash, B::Hash);

    fn begin_letters(&mut self) -> Self::Hash {
        (self.0.begin_letters(), self.1.begin_letters())
    }

    fn mix((first, second): Self::Hash, letter: u8) -> Self::Hash {
        (A::mix(first, letter), B::mix(second, letter))
    }

    fn end_letters(&mut self, (first, second): Self::Hash, letters: u32) {
        self.0.end_letters(first, letters);
        self.1.end_letters(second, letters);
    }

    fn space(&mut self) {
        self.0.space();
        self.1.space();
    }

    fn capital(&mut self, c: char) {
        self.0.capital(c);
        self.1.capital(c);
    }

    fn character(&mut self, c: char) {
        self.0.character(c);
        self.1.character(c);
    }
}

/// Reads a text.
pub(crate) fn read<R: Reader>(text: &str, reader: &mut R) {
    let mut chars = text.chars();
    loop {
        let rest = chars.as_str();
        if rest.as_bytes().first().is_some_and(u8::is_ascii_lowercase) {
            let mut hash = reader.begin_letters();
            let mut letters = 0;
            for &letter in rest.as_bytes().iter().take_while(|letter| letter.is_ascii_lowercase()) {
                hash = R::mix(hash, letter);
                letters += 1;
            }
            reader.end_letters(hash, letters as u32);
            chars = rest[letters..].chars();
        }
        match chars.next() {
            Some(' ') => reader.space(),
            Some(c @ 'A'..='Z') => reader.capital(c),
            Some(c) => reader.character(c),
            None => break,
        }
    }
}
