//! The heart: one record read, one page judged, one document made.

use std::any::Any;
use std::borrow::Cow;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use dechrome_fetch::{InputError, Outcome, Position, Record, Skip};
use dechrome_page::{Capture, Page};
use dechrome_template::{EvidenceBySite, FirstLook, SiteEvidence, SiteStats, StatsError};
use dechrome_text::{Document, Dropped, FailedDocument};
use serde::{Deserialize, Serialize};

use super::summary::Tally;
use crate::setup::Setup;

/// Code of a page on which the program itself failed.
const INTERNAL: &str = "internal";

/// What came of reading a record.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Entry {
    /// A page, parsed, and its site. Once it was learned from, what was seen of it.
    Page { site: String, page: Box<Page>, look: Option<FirstLook> },
    /// No page.
    NoPage(NoPage),
}

impl Entry {
    /// What the page shows of its site, as `show` tells it. A panic costs what was to be learned from that page.
    pub(crate) fn learn(&self, show: impl FnOnce(&str, &Page) -> SiteStats) -> Option<(String, SiteStats)> {
        match self {
            Self::Page { site, page, .. } => Some((site.clone(), guarded(|| show(site, page)).ok()?)),
            Self::NoPage(_) => None,
        }
    }
}

/// A record of which there is no document.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NoPage {
    pub(crate) id: String,
    pub(super) url: Option<String>,
    pub(crate) why: Why,
    /// A stable code of the cause.
    pub(super) code: Cow<'static, str>,
    /// The cause in one line.
    message: String,
}

/// Why there is no document of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Why {
    /// Something is broken.
    Failed,
    /// The record is no page, and no fault of anybody.
    Skipped,
    /// A file in a directory that is no page: no record, only counted.
    PassedOver,
}

impl NoPage {
    /// Its record in the output.
    pub(super) fn document(&self) -> FailedDocument {
        FailedDocument { id: self.id.clone(), url: self.url.clone(), error: self.message.clone() }
    }
}

/// What is written and counted of a record.
#[derive(Debug)]
pub(crate) enum Cleaned {
    Document {
        document: Box<Document>,
        /// The line of what was dropped, if asked for.
        dropped: Vec<u8>,
        tally: Tally,
    },
    NoPage(NoPage),
}

/// Cleans pages one by one, in any number of threads.
#[derive(Debug)]
pub(crate) struct Cleaner {
    setup: Setup,
    /// The inputs as named, to tell them from files found in directories.
    named: HashSet<PathBuf>,
    wants_dropped: bool,
}

impl Cleaner {
    pub(crate) fn new(setup: Setup, inputs: &[PathBuf], wants_dropped: bool) -> Self {
        Self { setup, named: inputs.iter().cloned().collect(), wants_dropped }
    }

    /// Parses the record's page. A panic costs that page, not the run.
    pub(crate) fn read(&self, record: Record) -> Entry {
        match record.outcome {
            Outcome::Page(capture) => guarded(|| self.parse(&capture))
                .unwrap_or_else(|panic| Entry::NoPage(internal(capture.id, capture.url, &panic))),
            Outcome::Skipped(ref skip) => Entry::NoPage(self.skipped(&record, skip)),
            Outcome::Failed(error) => Entry::NoPage(failed(record.id, record.url, &error)),
        }
    }

    fn parse(&self, capture: &Capture) -> Entry {
        let page = Box::new(self.setup.read(capture));
        Entry::Page { site: self.setup.site_of(&page), page, look: None }
    }

    /// What the other pages of the page's site show.
    ///
    /// # Errors
    /// The statistics cannot be read.
    pub(super) fn evidence(
        &self,
        site: &str,
        page: &Page,
        learned: &EvidenceBySite,
    ) -> Result<Option<Arc<SiteEvidence>>, StatsError> {
        if self.setup.is_nameless(page) {
            learned.nameless(site, page)
        } else {
            learned.site(site, self.rejected(site))
        }
    }

    /// Ids of the learned rules that a person rejected.
    pub(crate) fn rejected(&self, site: &str) -> &[String] {
        self.setup.rejected(site)
    }

    /// What the entry's page shows of its site, readable only where rules about places may have been rejected. What was seen of the
    /// page stays with it, to judge it by.
    pub(crate) fn learn(&self, entry: &mut Entry) -> Option<(String, SiteStats)> {
        let Entry::Page { page, .. } = &*entry else { return None };
        let seen = guarded(|| self.setup.template(page, None).first_look(page)).ok()?;
        let learned = entry.learn(|site, page| {
            if self.rejected(site).is_empty() {
                SiteStats::unreadable(page, &seen)
            } else {
                SiteStats::with(page, &seen.content())
            }
        });
        if let Entry::Page { look, .. } = entry {
            *look = Some(seen);
        }
        learned
    }

    /// Judges a page and makes its document, with what its site's other pages show.
    pub(crate) fn clean(&self, entry: Entry, evidence: Option<&SiteEvidence>) -> Cleaned {
        match entry {
            Entry::NoPage(no_page) => Cleaned::NoPage(no_page),
            Entry::Page { site, page, look } => guarded(|| self.judge(&site, &page, look.as_ref(), evidence))
                .unwrap_or_else(|panic| Cleaned::NoPage(internal(page.id, page.url, &panic))),
        }
    }

    fn judge(&self, site: &str, page: &Page, look: Option<&FirstLook>, evidence: Option<&SiteEvidence>) -> Cleaned {
        let evidence = evidence.or_else(|| Some(&self.setup.frozen(site)?.evidence));
        let template = self.setup.template(page, evidence);
        let judgement = look.map_or(template, |look| template.having_seen(look)).judge(page);
        let document = Box::new(Document::of(page, site, &judgement));
        let dropped = Dropped::new(page, &judgement.verdicts);
        let tally = Tally::new(page, &document, &dropped);
        let mut line = Vec::new();
        if self.wants_dropped
            && let Err(error) = dropped.write(&mut line)
        {
            return Cleaned::NoPage(internal(document.id, document.url, &error.to_string()));
        }
        Cleaned::Document { document, dropped: line, tally }
    }

    fn skipped(&self, record: &Record, skip: &Skip) -> NoPage {
        let is_file = *record.id == *record.path && record.position == Position::default();
        let is_named = self.named.contains(std::path::Path::new(&*record.path));
        NoPage {
            id: record.id.clone(),
            url: record.url.clone(),
            why: if is_file && !is_named { Why::PassedOver } else { Why::Skipped },
            code: skip.code().into(),
            message: format!("skipped: {skip}"),
        }
    }
}

fn failed(id: String, url: Option<String>, error: &InputError) -> NoPage {
    let causes: Vec<String> = anyhow::Chain::new(error).map(ToString::to_string).collect();
    let message = causes.join(": ");
    tracing::info!(id, code = error.code(), "{message}");
    NoPage { id, url, why: Why::Failed, code: error.code().into(), message }
}

fn internal(id: String, url: Option<String>, message: &str) -> NoPage {
    NoPage { id, url, why: Why::Failed, code: INTERNAL.into(), message: format!("internal error: {message}") }
}

/// The work's value, or what it panicked with.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // Nothing that the work could leave half done is looked at again.
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| panic_message(&*panic))
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a message").to_owned()
}
