//! What is said of a page besides its text: headline, author, date.

use dechrome_text::Document;
use serde::Serialize;

use super::records::{Object, string};
use super::words::words;

/// Bytes of a date that are its day: `YYYY-MM-DD`.
const DAY: usize = 10;

/// Fields that records and documents may hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata {
    title: Option<String>,
    author: Option<String>,
    date: Option<String>,
}

impl Metadata {
    /// Those of a record.
    pub(super) fn take(object: &mut Object) -> Self {
        let mut field = |name| string(object, name).filter(|value| !value.trim().is_empty());
        Self { title: field("title"), author: field("author"), date: field("date") }
    }

    /// Those of a document.
    pub(super) fn of(document: &Document) -> Self {
        Self { title: document.title.clone(), author: document.author.clone(), date: document.date.clone() }
    }
}

/// On how many pages a field is right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Agreement {
    /// Pages whose field is known.
    pub(super) known: usize,
    /// How many of them have any value in the output.
    pub(super) given: usize,
    /// How many of them have the right one.
    pub(super) agree: usize,
}

impl Agreement {
    fn count(&mut self, truth: Option<&str>, given: Option<&str>, agree: impl Fn(&str, &str) -> bool) {
        let Some(truth) = truth else { return };
        self.known += 1;
        self.given += usize::from(given.is_some());
        self.agree += usize::from(given.is_some_and(|given| agree(truth, given)));
    }
}

/// The agreement of each field.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Agreements {
    /// The same words in the same order, whatever their case.
    title: Agreement,
    /// The same words in any order, whatever their case.
    author: Agreement,
    /// The same day.
    date: Agreement,
}

impl Agreements {
    /// Counts a page.
    pub(super) fn count(&mut self, truth: &Metadata, given: &Metadata) {
        self.title.count(truth.title.as_deref(), given.title.as_deref(), same_words);
        self.author.count(truth.author.as_deref(), given.author.as_deref(), same_set);
        self.date.count(truth.date.as_deref(), given.date.as_deref(), same_day);
    }

    /// The fields that any page's truth is known of, by name.
    pub(super) fn known(&self) -> impl Iterator<Item = (&'static str, Agreement)> {
        let fields = [("title", self.title), ("author", self.author), ("date", self.date)];
        fields.into_iter().filter(|(_, agreement)| agreement.known > 0)
    }
}

fn same_words(a: &str, b: &str) -> bool {
    words(&a.to_lowercase()) == words(&b.to_lowercase())
}

fn same_set(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let sorted = |text| {
        let mut words = words(text);
        words.sort_unstable();
        words.dedup();
        words
    };
    sorted(&a) == sorted(&b)
}

fn same_day(a: &str, b: &str) -> bool {
    let day = |date: &str| date.trim().get(..DAY).map(str::to_owned);
    day(a).is_some_and(|a| Some(a) == day(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_agree() {
        assert!(same_words("The mill: turns", "the Mill turns"));
        assert!(!same_words("The mill turns", "turns the mill"));
        assert!(same_set("Ada Moor; Ben Low", "ben low, ada moor"));
        assert!(!same_set("Ada Moor", "Ada"));
        assert!(same_day("2026-03-01T10:00:00Z", "2026-03-01"));
        assert!(!same_day("2026", "2026"));
    }

    #[test]
    fn what_is_not_known_does_not_count() {
        let truth = Metadata { title: Some("a".to_owned()), author: Some("b".to_owned()), date: None };
        let given = Metadata { title: Some("A".to_owned()), author: None, date: Some("2026-03-01".to_owned()) };
        let mut agreements = Agreements::default();
        agreements.count(&truth, &given);
        assert_eq!(agreements.title, Agreement { known: 1, given: 1, agree: 1 });
        assert_eq!(agreements.author, Agreement { known: 1, given: 0, agree: 0 });
        assert_eq!(agreements.date, Agreement::default());
        assert_eq!(agreements.known().count(), 2);
    }
}
