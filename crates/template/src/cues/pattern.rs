//! Phrases with placeholders, and how they are written.

use super::list::CueList;
use super::tokens::{NUMBER, Token, tokens};
use crate::config::source::unknown;
use crate::error::ConfigProblem;

/// Most words a `{w}` or `{name}` stands for.
const MAX_WORDS: usize = 4;
/// Most tokens it stands for, where words are not spaced.
const MAX_TOKENS: usize = 12;
/// Longest phrase, in characters.
const MAX_PHRASE: usize = 200;

/// Where a phrase must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CueMode {
    /// Somewhere in the block, as whole words.
    Within,
    /// At the beginning of the block, as whole words.
    Prefix,
    /// The phrase is the whole block.
    Whole,
}

/// One step of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Step {
    kind: Kind,
    /// A colon must follow.
    colon: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    /// This word, or any number.
    Word(u64),
    /// `{w}`: one to four words.
    Words,
    /// `{name}`: one to four words, the first and last not in lower case.
    Name,
}

/// A phrase of a cue list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Pattern {
    pub(crate) list: CueList,
    pub(crate) mode: CueMode,
    steps: Vec<Step>,
    anchor: Anchor,
}

/// A word of a phrase by which it is found, no number: the first, or what is told to be the rarest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Anchor {
    /// The step that it is.
    place: usize,
    pub(crate) word: u64,
}

impl Anchor {
    /// All that there may be.
    fn of(steps: &[Step]) -> impl Iterator<Item = Self> {
        steps.iter().enumerate().filter_map(|(place, step)| match step.kind {
            Kind::Word(word) if word != NUMBER => Some(Self { place, word }),
            _ => None,
        })
    }
}

impl Pattern {
    /// Reads a phrase as it is written in a cue list.
    pub(crate) fn parse(list: CueList, phrase: &str) -> Result<Self, ConfigProblem> {
        let bad = |reason| ConfigProblem::Phrase { phrase: phrase.to_owned(), reason };
        if phrase.chars().count() > MAX_PHRASE {
            return Err(bad("it is longer than 200 characters, write its beginning and ` …`"));
        }
        let (mode, body) = match (phrase.strip_prefix("… "), phrase.strip_suffix(" …")) {
            (Some(rest), Some(_)) => (CueMode::Within, rest.strip_suffix(" …").unwrap_or_default()),
            (None, Some(body)) => (CueMode::Prefix, body),
            (None, None) => (CueMode::Whole, phrase),
            (Some(_), None) => return Err(bad("a phrase that begins with `…` must end with ` …`")),
        };
        if body.contains('…') {
            return Err(bad("`…` stands at its ends only, with a space between"));
        }
        let mut steps = steps(phrase, body)?;
        if mode == CueMode::Whole
            && let Some(last) = steps.last_mut()
        {
            last.colon = false;
        }
        let anchor = Anchor::of(&steps).next().ok_or_else(|| bad("it holds no word"))?;
        let pattern = Self { list, mode, steps, anchor };
        pattern.check().map_err(bad)?;
        Ok(pattern)
    }

    fn check(&self) -> Result<(), &'static str> {
        let open = self.steps.iter().filter(|step| step.is_open()).count();
        if open > 3 {
            return Err("more than three placeholders for words");
        }
        let begins_open = self.steps.first().is_some_and(Step::is_open);
        let ends_in_words = self.steps.last().is_some_and(|step| step.kind == Kind::Words);
        if self.mode == CueMode::Within && (begins_open || ends_in_words) {
            return Err("a placeholder for words beside `…` says nothing, leave it out");
        }
        Ok(())
    }

    /// The word by which it is found.
    pub(crate) fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// Whether its first word stands at a known distance from the phrase's beginning.
    pub(crate) fn begins_fixed(&self) -> bool {
        !self.steps.iter().take(self.anchor.place).any(Step::is_open)
    }

    /// The words that it holds, numbers apart.
    pub(crate) fn anchors(&self) -> impl Iterator<Item = u64> {
        Anchor::of(&self.steps).map(|anchor| anchor.word)
    }

    /// From now on it is found by the word of which there is least, by this count. What may stand somewhere must begin at a known distance from it.
    pub(crate) fn find_by_rarest(&mut self, count: impl Fn(u64) -> usize) {
        let fixed = match self.mode {
            CueMode::Within => self.steps.iter().take_while(|step| !step.is_open()).count(),
            CueMode::Prefix | CueMode::Whole => self.steps.len(),
        };
        let rarest = Anchor::of(&self.steps[..fixed]).min_by_key(|anchor| count(anchor.word));
        self.anchor = rarest.unwrap_or(self.anchor);
    }

    /// Its words, if they are all there is to it.
    pub(crate) fn words(&self) -> Option<Vec<u64>> {
        self.steps
            .iter()
            .map(|step| match step.kind {
                Kind::Word(hash) if !step.colon => Some(hash),
                _ => None,
            })
            .collect()
    }

    /// Whether it stands in the tokens, the word by which it is found at `at`.
    pub(crate) fn matches(&self, tokens: &[Token], at: usize) -> bool {
        let start = match self.mode {
            CueMode::Within => at.checked_sub(self.anchor.place),
            CueMode::Prefix | CueMode::Whole => Some(0),
        };
        start.is_some_and(|start| self.follows(&self.steps, tokens, start))
    }

    fn follows(&self, steps: &[Step], tokens: &[Token], at: usize) -> bool {
        let Some((step, rest)) = steps.split_first() else {
            return self.mode != CueMode::Whole || at == tokens.len();
        };
        let goes_on = |end: usize| (!step.colon || tokens[end - 1].colon) && self.follows(rest, tokens, end);
        match step.kind {
            Kind::Word(hash) => tokens.get(at).is_some_and(|token| token.hash == hash) && goes_on(at + 1),
            Kind::Words => ends(tokens, at).any(goes_on),
            Kind::Name => ends(tokens, at).filter(|&end| is_name(&tokens[at..end])).any(goes_on),
        }
    }
}

impl Step {
    fn is_open(&self) -> bool {
        matches!(self.kind, Kind::Words | Kind::Name)
    }
}

/// Where a placeholder for words may end that begins at `at`: one past its last token.
fn ends(tokens: &[Token], at: usize) -> impl Iterator<Item = usize> {
    let mut words = 0;
    let rest = tokens.get(at..).unwrap_or_default();
    let spaced = rest.iter().enumerate().take(MAX_TOKENS).take_while(move |&(place, token)| {
        words += usize::from(place == 0 || !token.joined);
        words <= MAX_WORDS
    });
    spaced.map(move |(place, _)| at + place + 1)
}

/// Whether words may be a name: the first and last not in lower case, and no numbers.
fn is_name(words: &[Token]) -> bool {
    let is_written = |word: Option<&Token>| word.is_some_and(|word| !word.lower);
    is_written(words.first()) && is_written(words.last()) && words.iter().all(|word| word.hash != NUMBER)
}

/// The steps of a phrase without its ends.
fn steps(phrase: &str, body: &str) -> Result<Vec<Step>, ConfigProblem> {
    let bad = |reason| ConfigProblem::Phrase { phrase: phrase.to_owned(), reason };
    let mut steps = words(body.split('{').next().unwrap_or_default(), phrase)?;
    for part in body.split('{').skip(1) {
        let (name, rest) = part.split_once('}').ok_or_else(|| bad("a `{` is not closed"))?;
        let kind = match name {
            "n" => Kind::Word(NUMBER),
            "w" => Kind::Words,
            "name" => Kind::Name,
            _ => return Err(unknown("placeholder", name, ["n", "w", "name"].into_iter())),
        };
        steps.push(Step { kind, colon: rest.trim_start().starts_with([':', '：']) });
        steps.extend(words(rest, phrase)?);
    }
    Ok(steps)
}

fn words(text: &str, phrase: &str) -> Result<Vec<Step>, ConfigProblem> {
    let tokens = tokens(text);
    if tokens.iter().any(|token| token.hash == NUMBER) {
        return Err(ConfigProblem::Phrase { phrase: phrase.to_owned(), reason: "write `{n}` for a number" });
    }
    Ok(tokens.iter().map(|token| Step { kind: Kind::Word(token.hash), colon: token.colon }).collect())
}
