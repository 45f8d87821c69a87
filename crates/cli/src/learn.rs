//! `dechrome learn`: pages in, what recurs on each site into a file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;
use dechrome_template::{Gathering, SiteStats, StatsStore};
use indicatif::HumanCount;

use crate::args::LearnInto;
use crate::clean::{Cleaner, Entry, Passes, Why};
use crate::input;
use crate::screen::Screen;
use crate::setup::Setup;
use crate::status::Status;

/// What came of the records.
#[derive(Debug, Default)]
struct Counts {
    learned: u64,
    failed: u64,
    skipped: u64,
}

/// Learns from the inputs. What was read is kept also when the run is interrupted.
///
/// # Errors
/// The run could not start or not go on.
pub(crate) fn run(args: LearnInto, screen: &Screen) -> anyhow::Result<Status> {
    let inputs = input::resolve(args.inputs)?;
    check(&inputs, &args.stats)?;
    let setup = Setup::load(args.config.as_deref())?;
    let mut gathering = Gathering::into_store(StatsStore::open(&args.stats)?);
    let passes = Passes::new(Cleaner::new(setup, &inputs, false), args.threads, screen)?;
    let mut counts = Counts::default();
    let work = |record| {
        let entry = passes.cleaner().read(record);
        let learned = entry.learn(|_, page| SiteStats::of(page));
        (outcome(&entry, learned.is_some()), learned)
    };
    passes.each_record(inputs, "learning", work, |(outcome, learned)| {
        counts.count(outcome);
        match learned {
            Some((site, stats)) => Ok(gathering.add(site, stats)?),
            None => Ok(()),
        }
    })?;
    let store = gathering.finish()?;
    screen.say(&counts.report(store.as_ref(), &args.stats)?);
    Ok(match (passes.interrupted(), counts.failed) {
        (true, _) => Status::Interrupted,
        (false, 0) => Status::Done,
        (false, _) => Status::SomeFailed,
    })
}

/// Refuses statistics that are an input: they would be made, or grow, while they are read.
fn check(inputs: &[PathBuf], stats: &Path) -> anyhow::Result<()> {
    let resolved = fs::canonicalize(stats).ok();
    if resolved.is_some() && inputs.iter().any(|input| fs::canonicalize(input).ok() == resolved) {
        bail!("`{}` is named both as an input and for the statistics", stats.display());
    }
    Ok(())
}

/// Why nothing was learned, or that something was.
fn outcome(entry: &Entry, is_learned: bool) -> Option<Why> {
    match entry {
        Entry::NoPage(no_page) => Some(no_page.why),
        Entry::Page { .. } => (!is_learned).then_some(Why::Failed),
    }
}

impl Counts {
    fn count(&mut self, outcome: Option<Why>) {
        match outcome {
            None => self.learned += 1,
            Some(Why::Failed) => self.failed += 1,
            Some(Why::Skipped | Why::PassedOver) => self.skipped += 1,
        }
    }

    fn report(&self, store: Option<&StatsStore>, path: &Path) -> anyhow::Result<String> {
        let sites = store.map(StatsStore::sites).transpose()?.unwrap_or_default();
        let documents: u64 = sites.iter().map(|(_, documents)| documents).sum();
        Ok(format!(
            "{} pages learned, {} failed, {} skipped\n`{}` holds {} sites with {} documents",
            HumanCount(self.learned),
            HumanCount(self.failed),
            HumanCount(self.skipped),
            path.display(),
            HumanCount(sites.len() as u64),
            HumanCount(documents),
        ))
    }
}
