//! Shapes of short rows that cue phrases alone do not give away.

use super::{CueHits, CueList, Cues};

/// Longest row of age and section, in characters.
const MAX_AGE_ROW: usize = 80;
/// Longest breadcrumb or row of tags, in characters.
const MAX_BREADCRUMB: usize = 300;
/// Most words of a section, tag or crumb.
const MAX_PART_WORDS: usize = 5;

impl Cues {
    /// Whether the text says how long ago something was published, alone or beside a section or an author:
    /// `1d | Panorama`, `vor 3 Std. · Politik`, `2 hours ago`.
    pub fn is_age_row(&self, text: &str) -> bool {
        self.is_age_row_given(text, self.matches(text))
    }

    /// The same, given the hits of the whole text.
    pub(crate) fn is_age_row_given(&self, text: &str, hits: CueHits) -> bool {
        if text.len() > 4 * MAX_AGE_ROW || text.chars().count() > MAX_AGE_ROW {
            return false;
        }
        let mut parts = text.split(separates_ages).map(str::trim).filter(|part| !part.is_empty());
        let row = [parts.next(), parts.next(), parts.next()];
        if parts.next().is_some() {
            return false;
        }
        // Separators are in no phrase: one part has the hits of the text.
        let is_age = |part: &str| if row[1].is_none() { hits.is_whole(CueList::Age) } else { self.is_age(part) };
        let (first, last) = (row[0], row[2].or(row[1]));
        let outer = first.is_some_and(is_age) || last.is_some_and(is_age);
        outer && row.into_iter().flatten().all(|part| is_age(part) || is_label(part))
    }

    fn is_age(&self, part: &str) -> bool {
        self.matches(part).is_whole(CueList::Age)
    }
}

/// Whether a character stands between the parts of an age row. A text that has none is one only if all of it is an age.
pub(crate) fn separates_ages(c: char) -> bool {
    matches!(c, '|' | '•' | '·' | '/' | '–' | '—' | '-' | '\n' | ',')
}

/// Whether a character stands between the parts of a breadcrumb. A text that has none is none.
pub(crate) fn separates_crumbs(c: char) -> bool {
    matches!(c, '/' | '>' | '›' | '»' | '|' | '→' | '·' | '•' | '\\')
}

/// Whether the text has the shape of a path of sections or of a row of tags: short parts between separators
/// of one kind, as in `Home › World › Asia` or `USA / Russia / ISIS`.
///
/// # Example
/// ```
/// assert!(dechrome_template::is_breadcrumb("USA / Russia / ISIS"));
/// assert!(!dechrome_template::is_breadcrumb("He said that he / she would go."));
/// ```
pub fn is_breadcrumb(text: &str) -> bool {
    if text.len() > 4 * MAX_BREADCRUMB || text.chars().count() > MAX_BREADCRUMB {
        return false;
    }
    [" / ", " > ", "›", " » ", " | ", " → ", " · ", " • ", " \\ "].into_iter().any(|separator| is_row(text, separator))
}

fn is_row(text: &str, separator: &str) -> bool {
    if !text.contains(separator) {
        return false;
    }
    let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
    let lower = |part: &&str| part.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
    parts.iter().all(|part| is_label(part)) && !parts.iter().all(lower)
}

/// A section, a tag, a name: a few words, no sentence.
fn is_label(part: &str) -> bool {
    let mut letters = part.chars().filter(|c| c.is_alphabetic());
    let two_letters = letters.next().is_some_and(|c| !c.is_ascii() || letters.next().is_some());
    two_letters
        && part.chars().count() <= 40
        && part.split_whitespace().count() <= MAX_PART_WORDS
        && !part.ends_with(['.', '!', '?', ':', ';', ',', '。', '！', '？'])
        && !part.contains(['=', '{', '}', '(', '"', '“', '«', '\n'])
}
