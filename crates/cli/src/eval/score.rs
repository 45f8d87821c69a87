//! The score of one page.

use serde::Serialize;

use super::labels::{Labelled, Metric};
use super::words::{cased_words, is_space, one_line, overlap, shingles, words};

/// Lines with text among which the headline may stand.
const HEADLINE_LINES: usize = 5;

/// Precision, recall and their harmonic mean, 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(super) struct Rates {
    pub(super) f1: f64,
    pub(super) p: f64,
    pub(super) r: f64,
}

/// How many of some segments are in a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) found: usize,
    pub(super) of: usize,
}

/// The score of one page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Score {
    pub(super) rates: Rates,
    /// Segments that must be there.
    pub(super) with: Found,
    /// Segments that must not.
    pub(super) without: Found,
    /// Whether there was nothing in the text to be precise about.
    pub(super) says_nothing: bool,
    /// Whether there was nothing to find.
    pub(super) wants_nothing: bool,
    /// Whether the text, without the headline, is white space.
    pub(super) empty: bool,
}

/// Scores a page's text.
pub(super) fn score(labelled: &Labelled, text: &str) -> Score {
    match labelled.metric {
        Metric::Words => by_words(labelled, &body(text, labelled.headline.as_deref())),
        Metric::Shingles => by_shingles(labelled, text),
        Metric::Segments => by_segments(labelled, text),
    }
}

fn by_words(labelled: &Labelled, text: &str) -> Score {
    let lowered = (text.to_lowercase(), labelled.truth.to_lowercase());
    let (given, truth) = (words(&lowered.0), words(&lowered.1));
    let rates = rates(overlap(&given, &truth), given.len(), truth.len());
    let fold = |text: &str| one_line(text).to_lowercase();
    let line = fold(text);
    let (with, without) = (found(&labelled.with, &line, fold), found(&labelled.without, &line, fold));
    Score { rates, with, without, says_nothing: false, wants_nothing: false, empty: is_blank(text) }
}

fn by_shingles(labelled: &Labelled, text: &str) -> Score {
    let words = (cased_words(text), cased_words(&labelled.truth));
    let (given, truth) = (shingles(&words.0), shingles(&words.1));
    Score {
        rates: rates(overlap(&given, &truth), given.len(), truth.len()),
        with: Found::default(),
        without: Found::default(),
        says_nothing: given.is_empty(),
        wants_nothing: truth.is_empty(),
        empty: is_blank(text),
    }
}

fn by_segments(labelled: &Labelled, text: &str) -> Score {
    let line = one_line(text);
    let (with, without) = (found(&labelled.with, &line, one_line), found(&labelled.without, &line, one_line));
    let rates = rates(with.found, with.found + without.found, with.of);
    Score { rates, with, without, says_nothing: false, wants_nothing: false, empty: is_blank(text) }
}

/// The rates of `both` of `given` items, where `truth` were right. Nothing given where nothing is right is perfect.
pub(super) fn rates(both: usize, given: usize, truth: usize) -> Rates {
    if given == 0 || truth == 0 {
        let value = f64::from(u8::from(given == truth));
        return Rates { f1: value, p: value, r: value };
    }
    let (p, r) = (both as f64 / given as f64, both as f64 / truth as f64);
    Rates { f1: harmonic(p, r), p, r }
}

/// The harmonic mean, 0 where either is.
pub(super) fn harmonic(p: f64, r: f64) -> f64 {
    if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
}

fn found(segments: &[String], text: &str, fold: impl Fn(&str) -> String) -> Found {
    let found = segments.iter().filter(|segment| text.contains(&fold(segment))).count();
    Found { found, of: segments.len() }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(is_space)
}

/// The text without the page's headline, which a tool may or may not repeat: one line among the first five with text.
fn body(text: &str, headline: Option<&str>) -> String {
    let Some(headline) = headline else { return text.to_owned() };
    let wanted = one_line(&headline.to_lowercase());
    let lines: Vec<&str> = text.split('\n').collect();
    let first = lines.iter().enumerate().filter(|(_, line)| !is_blank(line)).take(HEADLINE_LINES);
    let is_headline = |line: &str| one_line(line.to_lowercase().trim_matches(['#', '*', ' '])) == wanted;
    match first.into_iter().find(|(_, line)| is_headline(line)) {
        Some((place, _)) => [&lines[..place], &lines[place + 1..]].concat().join("\n"),
        None => text.to_owned(),
    }
}
