//! What a template file holds.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::name::{file_name, line_key};
use crate::config::Matcher;
use crate::stats::Spread;

/// Version of the files' format.
pub const TEMPLATE_SCHEMA: u32 = 1;

/// What was learned of a site, frozen.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnedTemplate {
    /// The site's name.
    pub site: String,
    /// What it was learned from.
    pub learned: Learned,
    /// Its rules, those that match most text first.
    pub rules: Vec<LearnedRule>,
}

/// What a template was learned from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learned {
    /// Documents, twins counted once.
    pub documents: u32,
    /// First and last day of their capture, `YYYY-MM-DD`, where any is known.
    pub first: Option<String>,
    /// See `first`.
    pub last: Option<String>,
    /// Hash of the statistics.
    pub stats: String,
    /// Share of content in the text before the first recurring line of a page, 0 to 1.
    pub above: Option<f32>,
    /// The same after the last.
    pub below: Option<f32>,
    /// What lines of flat text are, by how they are laid out.
    #[serde(default)]
    pub layouts: Vec<LayoutCounts>,
    /// The site's layouts before the last one, oldest first: none where it was not redesigned.
    #[serde(default)]
    pub earlier: Vec<EarlierLayout>,
}

/// A layout that the site had before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierLayout {
    /// Its last day, `YYYY-MM-DD`.
    pub until: String,
    /// Documents of it.
    pub documents: u32,
    /// As of [`Learned`].
    pub above: Option<f32>,
    /// As of [`Learned`].
    pub below: Option<f32>,
}

/// What a rule was in a layout before its last one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierCounts {
    /// The last day of the layout, by which it is named.
    pub until: String,
    /// Documents of the layout that show it.
    pub documents: u32,
    /// Where it stood in them.
    #[serde(default)]
    pub place: Place,
}

/// What the lines of one layout are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutCounts {
    /// Columns of indentation.
    pub indent: u8,
    /// Blank lines before, at most 2.
    pub blank: u8,
    /// Whether they are list items.
    pub item: bool,
    /// Documents that have such lines.
    pub documents: u32,
    /// Share of their text that recurs, 0 to 1.
    pub recurs: f32,
    /// Share of it that looks like content by itself, 0 to 1.
    pub content: f32,
}

/// Evidence with counts about one line, pattern, slot or container of a site's pages.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnedRule {
    /// A readable name with a hash of what the rule is about: the same in every template of the site.
    pub id: String,
    /// Which blocks it is about.
    pub matcher: Matcher,
    /// What it is counted by, where its text does not tell: of selectors, the keys of the places that are written so
    /// (see [`path_key`]); of a line that is cut, its key.
    ///
    /// [`path_key`]: crate::features::path_key
    pub keys: Vec<u64>,
    /// What was counted.
    pub evidence: RuleEvidence,
    /// Of lines, patterns and slots: where they stand.
    pub place: Place,
    /// Of selectors: what the text there is.
    pub text: TextShares,
    /// Of selectors: lines that recur there, by the number of documents that hold them.
    pub lines: BTreeMap<u32, Vec<String>>,
    /// Texts that it was learned from.
    pub examples: Vec<String>,
    /// The first day of the first layout that shows it, where that is not the site's first.
    pub valid_from: Option<String>,
    /// The last day of the last layout that shows it, where that is not the site's last.
    pub valid_until: Option<String>,
    /// What it was before its last layout, oldest first.
    pub earlier: Vec<EarlierCounts>,
}

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleEvidence {
    /// Documents that show it.
    pub documents: u32,
    /// Documents that could: those of its last layout, and of earlier ones those that show it.
    pub of: u32,
    /// Days on which they were captured.
    pub days: u32,
    /// Sections of the site that they belong to.
    pub sections: u32,
    /// Log-odds of boilerplate: above 0 for boilerplate, below 0 for content.
    pub score: f32,
}

/// Where a recurring line stands. Shares are 0 to 1; `None` where there is nothing to tell.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Place {
    /// Share of content in the text from here to the next recurring line.
    pub after: Option<f32>,
    /// The same from the recurring line before.
    pub before: Option<f32>,
}

/// What the text at a place is. Shares are 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextShares {
    /// Share of it that recurs.
    pub recurs: f32,
    /// Share of it that looks like content by itself.
    pub content: f32,
}

impl LearnedTemplate {
    /// The name of its file.
    pub fn file_name(&self) -> String {
        file_name(&self.site)
    }
}

impl LearnedRule {
    /// `line`, `pattern`, `slot` or `selector`.
    pub fn kind(&self) -> &'static str {
        kind_of(&self.matcher)
    }

    /// Whether it speaks for boilerplate, not for content.
    pub fn is_boilerplate(&self) -> bool {
        self.evidence.score > 0.0
    }

    /// The recurring text itself: the line, the line that opens the slot, or an example of the pattern. None of a
    /// selector.
    pub fn line(&self) -> Option<&str> {
        matcher_line(&self.matcher, &self.examples)
    }

    /// What the lines that it knows are counted by: its own and those listed under it.
    pub(crate) fn line_keys(&self) -> impl Iterator<Item = u64> {
        self.line_key().into_iter().chain(self.lines.values().flatten().filter_map(|line| line_key(line)))
    }

    /// What its line is counted by. None of a selector.
    pub(crate) fn line_key(&self) -> Option<u64> {
        let line = self.line()?;
        self.keys.first().copied().or_else(|| line_key(line))
    }
}

/// The name of a kind of rule.
pub(super) fn kind_of(matcher: &Matcher) -> &'static str {
    match matcher {
        Matcher::Line(_) => "line",
        Matcher::Pattern(_) => "pattern",
        Matcher::Slot { .. } => "slot",
        Matcher::Selector(_) => "selector",
        Matcher::Outside(_) => "outside", // a person's, never learned
    }
}

impl RuleEvidence {
    /// Share of the documents that show it, 0 to 1.
    pub fn share(&self) -> f32 {
        self.documents as f32 / self.of.max(1) as f32
    }
}

impl fmt::Display for RuleEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spread = Spread { days: self.days, sections: self.sections };
        write!(f, "on {} of {} documents{spread}", self.documents, self.of)
    }
}

/// The recurring text that a matcher is about.
pub(super) fn matcher_line<'a>(matcher: &'a Matcher, examples: &'a [String]) -> Option<&'a str> {
    match matcher {
        Matcher::Line(line) => Some(line),
        Matcher::Slot { open, .. } => Some(open),
        Matcher::Pattern(_) => examples.first().map(String::as_str),
        Matcher::Selector(_) | Matcher::Outside(_) => None,
    }
}
