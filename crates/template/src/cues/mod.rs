//! Cue lists: phrases in many languages that give away what a block is.
//!
//! They stand in `config/cues/<language>.toml`, a list of phrases under each name of [`CueList`]. All
//! languages are always in force, because pages mix them. A phrase is matched as whole words, whatever the
//! case, accents, white space and punctuation:
//!
//! | written | matches |
//! |---|---|
//! | `Related news` | a block that says this and nothing else |
//! | `Last modified …` | a block that begins so |
//! | `… all rights reserved …` | a block of at most [`MAX_WITHIN`] characters that says so somewhere |
//! | `{n}` | a number |
//! | `{w}` | one to four words, such as a site's name |
//! | `{name}` | one to four words, the first and last not in lower case |
//! | `Read also: …` | a colon between words or before ` …` must be there; other punctuation is not looked at |
//!
//! A phrase that is also ordinary prose is only safe as a whole block.

mod list;
mod pattern;
mod shapes;
#[cfg(test)]
mod tests;
mod tokens;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::LazyLock;

use ahash::AHashMap;
use toml::Spanned;

use crate::config::source::{Source, read, toml_files, unknown};
use crate::embedded;
use crate::error::{ConfigError, ConfigProblem};
use crate::filter::Filter;
use pattern::Pattern;
use tokens::{NUMBER, tokens};

pub use list::CueList;
pub use pattern::CueMode;
pub use shapes::is_breadcrumb;
pub(crate) use shapes::{separates_ages, separates_crumbs};
pub(crate) use tokens::{Token, TokenReader};

/// Longest block, in characters, that is searched for phrases within it: longer ones are prose.
pub const MAX_WITHIN: usize = 600;
/// How much of a longer block is read, in characters: enough for the longest beginning.
const MAX_PREFIX: usize = 250;

/// The cue lists, compiled.
#[derive(Debug, Clone, Default)]
pub struct Cues {
    /// What blocks of ordinary pages say.
    blocks: Phrases,
    /// What stands in for a page.
    notices: Phrases,
}

/// Phrases, found by a word of theirs.
#[derive(Debug, Clone, Default)]
struct Phrases {
    patterns: Vec<Pattern>,
    /// Phrases without placeholders that are whole blocks: hash of their words, set of lists.
    whole: AHashMap<u64, u32>,
    longest_whole: usize,
    /// Phrases whose first word stands at the block's beginning, or after a number there.
    beginnings: Index,
    /// Phrases that may stand anywhere, by their rarest word.
    anywhere: Index,
    /// A word of each phrase of ages that is a whole block.
    ages: Filter,
}

impl Cues {
    /// The lists that the library holds.
    ///
    /// # Panics
    /// If a file of the library is broken, which its tests rule out: they read them all.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Cues> = LazyLock::new(|| {
            let files = embedded::CUES.iter().map(|&(file, text)| Source { file, text });
            Cues::compile(files).unwrap_or_else(|error| panic!("{error}"))
        });
        &EMBEDDED
    }

    /// The embedded lists and those of the directory's `cues/*.toml`.
    ///
    /// # Errors
    /// [`ConfigError`], with file and line, for what cannot be read, unknown lists and malformed phrases.
    pub fn load(directory: &Path) -> Result<Self, ConfigError> {
        let mut files: Vec<(String, String)> =
            embedded::CUES.iter().map(|&(file, text)| (file.to_owned(), text.to_owned())).collect();
        for path in toml_files(&directory.join("cues"))? {
            files.push((path.display().to_string(), read(&path)?));
        }
        Self::compile(files.iter().map(|(file, text)| Source { file, text }))
    }

    /// Which lists hold a phrase that the text is, begins with or holds; [notices](CueList::is_notice) apart.
    ///
    /// # Example
    /// ```
    /// use dechrome_template::{CueList, CueMode, Cues};
    /// let hits = Cues::embedded().matches("» SKIP to main content");
    /// assert_eq!(hits.mode(CueList::SkipLink), Some(CueMode::Whole));
    /// ```
    pub fn matches(&self, text: &str) -> CueHits {
        self.blocks.matches(text)
    }

    /// The same of a text's first tokens, as many as are [searched], which may be all.
    pub(crate) fn matches_tokens(&self, tokens: &[Token], complete: bool) -> CueHits {
        self.blocks.matches_tokens(tokens, complete)
    }

    /// Whether a word of an age may be among these: the parts of a text that has none are no ages.
    pub(crate) fn may_hold_age(&self, tokens: &[Token]) -> bool {
        tokens.iter().any(|token| self.blocks.ages.may_hold(Index::part(token.hash)))
    }

    /// Which lists of [notices](CueList::is_notice) hold a phrase that the text is, begins with or holds.
    pub fn notices(&self, text: &str) -> CueHits {
        self.notices.matches(text)
    }

    fn compile<'a>(files: impl Iterator<Item = Source<'a>>) -> Result<Self, ConfigError> {
        let mut seen = HashSet::new();
        let mut patterns = Vec::new();
        for source in files {
            patterns.extend(read_lists(&source)?.into_iter().filter(|pattern| seen.insert(pattern.clone())));
        }
        // Words that few phrases hold are the rarer ones in texts, too.
        let mut counts: AHashMap<u64, usize> = AHashMap::new();
        patterns.iter().flat_map(Pattern::anchors).for_each(|word| *counts.entry(word).or_default() += 1);
        let mut cues = Self::default();
        for pattern in patterns {
            let phrases = if pattern.list.is_notice() { &mut cues.notices } else { &mut cues.blocks };
            phrases.add(pattern, |word| counts[&word]);
        }
        Ok(cues)
    }
}

impl Phrases {
    fn matches(&self, text: &str) -> CueHits {
        let searched = searched(text);
        self.matches_tokens(&tokens(&text[..searched]), searched == text.len())
    }

    fn matches_tokens(&self, tokens: &[Token], complete: bool) -> CueHits {
        let mut hits = CueHits::default();
        let numbers = tokens.iter().take_while(|token| token.hash == NUMBER).count();
        if let Some(first) = tokens.get(numbers) {
            self.collect(self.beginnings.get(first.hash), tokens, numbers, complete, &mut hits);
        }
        if complete {
            if tokens.len() <= self.longest_whole {
                hits.whole |= self.whole.get(&sequence(tokens.iter().map(|t| t.hash))).copied().unwrap_or(0);
            }
            for (at, token) in tokens.iter().enumerate() {
                self.collect(self.anywhere.get(token.hash), tokens, at, true, &mut hits);
            }
        }
        hits
    }

    fn collect(&self, candidates: &[u32], tokens: &[Token], at: usize, complete: bool, hits: &mut CueHits) {
        for &candidate in candidates {
            let pattern = &self.patterns[candidate as usize];
            if (complete || pattern.mode == CueMode::Prefix) && pattern.matches(tokens, at) {
                hits.add(pattern);
            }
        }
    }

    /// Adds a phrase; `count` tells how many phrases hold a word.
    fn add(&mut self, mut pattern: Pattern, count: impl Fn(u64) -> usize) {
        if pattern.list == CueList::Age && pattern.mode == CueMode::Whole {
            self.ages.add(Index::part(pattern.anchor().word));
        }
        if let (CueMode::Whole, Some(words)) = (pattern.mode, pattern.words()) {
            self.longest_whole = self.longest_whole.max(words.len());
            *self.whole.entry(sequence(words.into_iter())).or_default() |= pattern.list.bit();
        } else {
            let fixed = pattern.mode != CueMode::Within && pattern.begins_fixed();
            let index = if fixed {
                &mut self.beginnings
            } else {
                pattern.find_by_rarest(count);
                &mut self.anywhere
            };
            index.add(pattern.anchor().word, self.patterns.len() as u32);
            self.patterns.push(pattern);
        }
    }
}

/// How much of a text is searched for phrases, in bytes from its beginning.
pub(crate) fn searched(text: &str) -> usize {
    let is_long = text.len() > 4 * MAX_WITHIN;
    let limit = if is_long { MAX_PREFIX } else { MAX_WITHIN };
    let end = if text.len() <= limit { None } else { text.char_indices().nth(limit) };
    end.map_or(text.len(), |(end, _)| end)
}

/// The phrases of a file.
fn read_lists(source: &Source) -> Result<Vec<Pattern>, ConfigError> {
    let lists: BTreeMap<Spanned<String>, Vec<Spanned<String>>> = source.parse()?;
    let mut patterns = Vec::new();
    for (name, phrases) in &lists {
        let list = CueList::of(name.as_ref()).ok_or_else(|| {
            source.error(name.span(), unknown("cue list", name.as_ref(), CueList::ALL.iter().map(|list| list.name())))
        })?;
        let mut first: HashMap<Pattern, usize> = HashMap::default();
        for phrase in phrases {
            let fail = |problem| source.error(phrase.span(), problem);
            let pattern = Pattern::parse(list, phrase.as_ref()).map_err(fail)?;
            if let Some(&first) = first.get(&pattern) {
                let (name, first) = (phrase.as_ref().clone(), source.line(first));
                return Err(fail(ConfigProblem::Duplicate { what: "phrase", name, first }));
            }
            first.insert(pattern.clone(), phrase.span().start);
            patterns.push(pattern);
        }
    }
    Ok(patterns)
}

/// Hash of a sequence of words.
fn sequence(words: impl Iterator<Item = u64>) -> u64 {
    words.fold(0, |hash: u64, word| (hash.rotate_left(5) ^ word).wrapping_mul(NUMBER))
}

/// Phrases by a word of theirs.
#[derive(Debug, Clone, Default)]
struct Index {
    filter: Filter,
    phrases: AHashMap<u64, Vec<u32>>,
}

impl Index {
    /// What the filter knows of a hash: of short words, only these bits are mixed well (the prime of the hash is 2⁴⁰ and a little).
    fn part(hash: u64) -> u32 {
        (hash >> 40) as u32
    }

    fn add(&mut self, word: u64, phrase: u32) {
        self.filter.add(Self::part(word));
        self.phrases.entry(word).or_default().push(phrase);
    }

    #[inline]
    fn get(&self, word: u64) -> &[u32] {
        if !self.filter.may_hold(Self::part(word)) {
            return &[];
        }
        self.phrases.get(&word).map_or(&[], Vec::as_slice)
    }
}

/// The lists whose phrases a text holds, and where they stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CueHits {
    whole: u32,
    prefix: u32,
    within: u32,
}

impl CueHits {
    fn add(&mut self, pattern: &Pattern) {
        let bits = match pattern.mode {
            CueMode::Whole => &mut self.whole,
            CueMode::Prefix => &mut self.prefix,
            CueMode::Within => &mut self.within,
        };
        *bits |= pattern.list.bit();
    }

    /// Whether no list has a hit.
    pub fn is_empty(self) -> bool {
        self.bits() == 0
    }

    /// Whether the list has a hit.
    pub fn has(self, list: CueList) -> bool {
        self.bits() & list.bit() != 0
    }

    /// Whether any of the lists has a hit.
    pub fn has_any(self, lists: &[CueList]) -> bool {
        lists.iter().any(|&list| self.has(list))
    }

    /// The strongest mode in which the list has a hit: the whole block before its beginning before its inside.
    pub fn mode(self, list: CueList) -> Option<CueMode> {
        let modes = [(self.whole, CueMode::Whole), (self.prefix, CueMode::Prefix), (self.within, CueMode::Within)];
        modes.into_iter().find(|(bits, _)| bits & list.bit() != 0).map(|(_, mode)| mode)
    }

    /// Whether the whole block is a phrase of the list.
    pub fn is_whole(self, list: CueList) -> bool {
        self.whole & list.bit() != 0
    }

    /// The lists with a hit and the strongest mode of each, in the order of [`CueList::ALL`].
    pub fn iter(self) -> impl Iterator<Item = (CueList, CueMode)> {
        let mut bits = self.bits();
        std::iter::from_fn(move || {
            let list = *CueList::ALL.get(bits.trailing_zeros() as usize)?;
            bits &= !list.bit();
            self.mode(list).map(|mode| (list, mode))
        })
    }

    /// The set of lists with a hit, a bit each: bit `i` is `CueList::ALL[i]`.
    pub fn bits(self) -> u32 {
        self.whole | self.prefix | self.within
    }
}
