//! What came of the checks, for people and for programs.

use std::fmt::Write as _;

use dechrome_template::{Check, Rule, SiteConfig};
use serde::Serialize;

use crate::table::cut;

/// Most columns of a passage or reason in a line.
const LONGEST: usize = 160;

/// What came of all checks.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    checks: Vec<Checked>,
    warnings: Vec<Warning>,
}

/// What came of one check.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    site: String,
    file: String,
    line: usize,
    page: String,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Debug, Serialize)]
#[serde(tag = "outcome", content = "details", rename_all = "snake_case")]
pub(super) enum Outcome {
    Passed,
    Failed(Vec<Failure>),
    /// Why the check could not run.
    NotRun(String),
}

/// What does not hold.
#[derive(Debug, Serialize)]
pub(super) struct Failure {
    kind: Kind,
    /// What must be there, or must not.
    wanted: String,
    /// What is the case instead.
    found: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// A passage that must be left is gone.
    Lost,
    /// A passage that must be gone is left.
    Kept,
    Title,
    Author,
    Date,
}

/// What is doubtful, but fails nothing.
#[derive(Debug, Serialize)]
pub(super) struct Warning {
    site: String,
    file: String,
    line: usize,
    message: String,
}

impl Report {
    pub(super) fn add(&mut self, checked: Checked) {
        self.checks.push(checked);
    }

    pub(super) fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    /// How many checks could not run.
    pub(super) fn not_run(&self) -> usize {
        self.checks.iter().filter(|checked| matches!(checked.outcome, Outcome::NotRun(_))).count()
    }

    pub(super) fn has_failures(&self) -> bool {
        self.checks.iter().any(|checked| matches!(checked.outcome, Outcome::Failed(_)))
    }

    pub(super) fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for checked in &self.checks {
            checked.tell(&mut text);
        }
        for Warning { site, file, line, message } in &self.warnings {
            let _ = writeln!(text, "warning  {site}  {file}:{line}: {}", cut(message, LONGEST));
        }
        text
    }
}

impl Checked {
    pub(super) fn new(site: &SiteConfig, check: &Check, outcome: Outcome) -> Self {
        Self { site: site.site.clone(), file: file(site), line: check.line, page: check.page.clone(), outcome }
    }

    fn tell(&self, text: &mut String) {
        let Self { site, file, line, page, outcome } = self;
        let result = match outcome {
            Outcome::Passed => "ok     ",
            Outcome::Failed(_) => "FAILED ",
            Outcome::NotRun(_) => "NOT RUN",
        };
        let _ = writeln!(text, "{result}  {site}  {page}");
        match outcome {
            Outcome::Passed => {}
            Outcome::Failed(failures) => {
                for failure in failures {
                    let (wanted, found) = (cut(&failure.wanted, LONGEST), cut(&failure.found, LONGEST));
                    let _ = writeln!(text, "    {file}:{line}: {} “{wanted}”: {found}", failure.kind.name());
                }
            }
            Outcome::NotRun(why) => {
                let _ = writeln!(text, "    {file}:{line}: {}", cut(why, LONGEST));
            }
        }
    }
}

impl Failure {
    pub(super) fn new(kind: Kind, wanted: &str, found: String) -> Self {
        Self { kind, wanted: wanted.to_owned(), found }
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Kept => "kept",
            Self::Title => "title is not",
            Self::Author => "author is not",
            Self::Date => "date is not",
        }
    }
}

impl Warning {
    /// A rule that no saved page needs: it rots unseen.
    pub(super) fn unmatched(site: &SiteConfig, rule: &Rule) -> Self {
        let pages = if site.checks.len() == 1 { "the saved page" } else { "any of the saved pages" };
        Self::at(site, rule.line, format!("rule `{}` matches nothing on {pages}", rule.id))
    }

    /// A saved page that `clean` would not know to be the site's.
    pub(super) fn unrecognised(site: &SiteConfig, check: &Check) -> Self {
        let message = format!("`{}` does not show itself to be of this site: give its `url`", check.page);
        Self::at(site, check.line, message)
    }

    fn at(site: &SiteConfig, line: usize, message: String) -> Self {
        Self { site: site.site.clone(), file: file(site), line, message }
    }
}

fn file(site: &SiteConfig) -> String {
    site.file.as_ref().map(|file| file.display().to_string()).unwrap_or_default()
}
