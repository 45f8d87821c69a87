//! What a run did, in numbers.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use dechrome_page::Page;
use dechrome_template::Problem;
use dechrome_text::{Document, Dropped};
use indicatif::{HumanCount, HumanDuration};

use super::cleaner::{Cleaned, Why};

/// Blocks and their characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amount {
    blocks: u64,
    chars: u64,
}

impl Amount {
    fn add(&mut self, other: Self) {
        self.blocks += other.blocks;
        self.chars += other.chars;
    }
}

/// What was kept and dropped of a page.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    problem: Option<Problem>,
    is_empty: bool,
    kept: Amount,
    dropped: BTreeMap<&'static str, Amount>,
}

impl Tally {
    pub(super) fn new(page: &Page, document: &Document, dropped: &Dropped) -> Self {
        let mut tally = Self { problem: document.problem, is_empty: document.text.is_empty(), ..Self::default() };
        let mut kept: Vec<u64> = page.blocks.iter().map(|block| u64::from(block.chars)).collect();
        let mut kept_blocks = kept.len() as u64;
        for block in &dropped.dropped {
            let chars = kept.get_mut(block.block as usize).map(std::mem::take).unwrap_or_default();
            tally.dropped.entry(block.reason.code()).or_default().add(Amount { blocks: 1, chars });
            kept_blocks -= 1;
        }
        tally.kept = Amount { blocks: kept_blocks, chars: kept.iter().sum() };
        tally
    }
}

/// What a run did.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pages: u64,
    empty: u64,
    problems: BTreeMap<Problem, u64>,
    failed: BTreeMap<String, u64>,
    skipped: BTreeMap<String, u64>,
    kept: Amount,
    dropped: BTreeMap<&'static str, Amount>,
}

impl Summary {
    pub(super) fn count(&mut self, result: &Cleaned) {
        match result {
            Cleaned::Document { tally, .. } => self.count_page(tally),
            Cleaned::NoPage(no_page) => {
                let causes = match no_page.why {
                    Why::Failed => &mut self.failed,
                    Why::Skipped | Why::PassedOver => &mut self.skipped,
                };
                *causes.entry(no_page.code.to_string()).or_default() += 1;
            }
        }
    }

    fn count_page(&mut self, tally: &Tally) {
        self.pages += 1;
        self.empty += u64::from(tally.is_empty);
        if let Some(problem) = tally.problem {
            *self.problems.entry(problem).or_default() += 1;
        }
        self.kept.add(tally.kept);
        for (code, amount) in &tally.dropped {
            self.dropped.entry(code).or_default().add(*amount);
        }
    }

    /// Records counted, of any outcome.
    pub(super) fn records(&self) -> u64 {
        self.pages + total(&self.failed) + total(&self.skipped)
    }

    pub(super) fn has_failures(&self) -> bool {
        !self.failed.is_empty()
    }

    /// The summary as lines for people.
    pub(super) fn report(&self, elapsed: Duration) -> String {
        let count = |number: u64| HumanCount(number).to_string();
        let cleaned = count(self.pages - self.empty);
        let (failed, skipped) = (total(&self.failed), total(&self.skipped));
        let mut report = format!(
            "{} records in {}: {cleaned} cleaned, {} empty, {} failed, {} skipped\n",
            count(self.records()),
            HumanDuration(elapsed),
            count(self.empty),
            count(failed),
            count(skipped),
        );
        for (problem, number) in &self.problems {
            line(&mut report, "empty", problem.code(), &count(*number));
        }
        for (label, causes) in [("failed", &self.failed), ("skipped", &self.skipped)] {
            for (code, number) in causes {
                line(&mut report, label, code, &count(*number));
            }
        }
        line(&mut report, "kept", "", &amount(self.kept));
        for (code, dropped) in &self.dropped {
            line(&mut report, "dropped", code, &amount(*dropped));
        }
        report.truncate(report.trim_end().len());
        report
    }
}

fn amount(amount: Amount) -> String {
    format!("{:>12} blocks {:>15} characters", HumanCount(amount.blocks), HumanCount(amount.chars))
}

fn line(report: &mut String, label: &str, code: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(report, "  {label:<8} {code:<16} {value:>12}");
}

fn total(causes: &BTreeMap<String, u64>) -> u64 {
    causes.values().sum()
}
