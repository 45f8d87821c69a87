//! A site file before it is written.

use std::collections::BTreeMap;

use dechrome_page::MetadataField;

/// A site file before it is written.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The file it was made of.
    pub(super) source: String,
    pub(super) site: String,
    pub(super) host: String,
    /// CSS selectors of the places where content stands: first line, and the selectors.
    pub(super) body: Option<(usize, Vec<String>)>,
    pub(super) strips: Vec<Strip>,
    pub(super) title: Vec<String>,
    pub(super) author: Vec<String>,
    pub(super) date: Vec<String>,
    /// Header fields sent to the site.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) checks: Vec<Page>,
    pub(super) left: Vec<Left>,
}

/// What goes.
#[derive(Debug)]
pub(super) struct Strip {
    pub(super) line: usize,
    /// The directive it was made of.
    pub(super) directive: String,
    pub(super) css: String,
}

/// A page to check.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) url: String,
    pub(super) contains: Vec<String>,
}

/// A directive that is not expressed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) line: usize,
    pub(super) directive: String,
    pub(super) why: String,
}

impl Draft {
    pub(super) fn metadata(&mut self, field: MetadataField) -> &mut Vec<String> {
        match field {
            MetadataField::Title => &mut self.title,
            MetadataField::Author => &mut self.author,
            MetadataField::Date => &mut self.date,
        }
    }

    pub(super) fn rules(&self) -> usize {
        self.strips.len() + usize::from(self.body.is_some())
    }

    pub(super) fn summary(&self) -> String {
        let places = self.title.len() + self.author.len() + self.date.len();
        let (rules, checks, left) = (self.rules(), self.checks.len(), self.left.len());
        format!("rules {rules}, places of metadata {places}, pages to check {checks}, not expressed {left}")
    }
}
