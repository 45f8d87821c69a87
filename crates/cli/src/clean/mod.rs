//! `dechrome clean`: records in, documents out.
//!
//! ```text
//! --learn off    records ── read, clean ──► output
//! --learn auto   records ── read ──► spool, statistics; then spool ── clean ──► output
//! ```
//! Each arrow is a [`pipeline`] of its own: many threads, results in input order.

mod checks;
mod cleaner;
mod output;
mod pipeline;
mod spool;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use dechrome_fetch::{Inputs, Progress, Record};
use dechrome_template::{SiteEvidence, SiteStats};
use indicatif::ProgressBar;

use crate::args::{Clean, Learn};
use crate::input;
use crate::interrupt::{self, Interrupt};
use crate::screen::{Screen, Unit};
use crate::setup::Setup;

use cleaner::{Cleaner, Entry};
use output::Output;
use pipeline::ordered;
use spool::Spool;
use summary::Summary;

/// How a run that was carried out ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Done,
    SomeFailed,
    Interrupted,
}

impl Status {
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::SomeFailed => 1,
            Self::Interrupted => interrupt::EXIT_CODE,
        }
    }
}

/// Cleans the inputs.
///
/// # Errors
/// The run could not start or not go on. Pages that fail are no error but [`Status::SomeFailed`].
pub(crate) fn run(args: Clean, screen: &Screen) -> anyhow::Result<Status> {
    let started = Instant::now();
    let inputs = input::resolve(args.inputs)?;
    let setup = Setup::load(args.config.as_deref())?;
    checks::no_input_is_overwritten(&inputs, [Some(&args.output), args.dropped.as_ref()])?;
    let output = Output::open(&args.output, args.format, args.dropped.as_deref())?;
    let interrupt = Interrupt::listen()?;
    let mut run = Run {
        cleaner: Cleaner::new(setup, &inputs, args.dropped.is_some()),
        threads: args.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get),
        output,
        summary: Summary::default(),
        interrupt,
        screen,
    };
    match args.learn {
        Learn::Off => run.in_one_pass(inputs)?,
        Learn::Auto => run.learning(inputs)?,
    }
    run.finish(started)
}

struct Run<'a> {
    cleaner: Cleaner,
    threads: usize,
    output: Output,
    summary: Summary,
    interrupt: Interrupt,
    screen: &'a Screen,
}

/// What the pages of each site show.
type Learned = BTreeMap<String, SiteEvidence>;

impl Run<'_> {
    fn in_one_pass(&mut self, inputs: Vec<PathBuf>) -> anyhow::Result<()> {
        let Self { cleaner, threads, output, summary, interrupt, screen } = self;
        let (records, bar) = open(inputs, "cleaning", screen);
        let work = |record| cleaner.clean(cleaner.read(record), None);
        ordered(*threads, until(interrupt, records), weight, work, |result| {
            bar.advance();
            summary.count(&result);
            output.write(&result)
        })
    }

    fn learning(&mut self, inputs: Vec<PathBuf>) -> anyhow::Result<()> {
        let mut spool = Spool::new();
        let learned = self.first_pass(inputs, &mut spool)?;
        if self.interrupt.is_set() {
            return Ok(());
        }
        self.second_pass(spool, &learned)
    }

    /// Parses every page once, and learns from them in input order.
    fn first_pass(&mut self, inputs: Vec<PathBuf>, spool: &mut Spool) -> anyhow::Result<Learned> {
        let Self { cleaner, threads, interrupt, screen, .. } = self;
        let (records, bar) = open(inputs, "learning", screen);
        let mut sites: BTreeMap<String, SiteStats> = BTreeMap::new();
        let work = |record| {
            let entry = cleaner.read(record);
            (spool::encode(&entry), Cleaner::learn(&entry))
        };
        ordered(*threads, until(interrupt, records), weight, work, |(encoded, learned)| {
            bar.advance();
            if let Some((site, stats)) = learned {
                sites.entry(site).or_default().merge(stats);
            }
            spool.push(&encoded?)
        })?;
        // A site of one page has nobody to testify.
        let sites = sites.into_iter().filter(|(_, stats)| stats.len() > 1);
        Ok(sites.map(|(site, stats)| (site, stats.evidence())).collect())
    }

    fn second_pass(&mut self, spool: Spool, learned: &Learned) -> anyhow::Result<()> {
        let Self { cleaner, threads, output, summary, interrupt, screen } = self;
        let bar = screen.bar("cleaning", Some(spool.len()), Unit::Pages);
        let work = |entry: anyhow::Result<Vec<u8>>| {
            let entry: Entry = spool::decode(&entry?)?;
            let evidence = entry.site().and_then(|site| learned.get(site));
            Ok(cleaner.clean(entry, evidence))
        };
        let size = |entry: &anyhow::Result<Vec<u8>>| entry.as_ref().map_or(0, Vec::len);
        ordered(*threads, until(interrupt, spool.entries()?), size, work, |result: anyhow::Result<_>| {
            bar.inc(1);
            let result = result?;
            summary.count(&result);
            output.write(&result)
        })
    }

    fn finish(self, started: Instant) -> anyhow::Result<Status> {
        if self.interrupt.is_set() {
            let kept = self.output.keep_part()?;
            let kept: Vec<String> = kept.iter().map(|path| path.display().to_string()).collect();
            let place = if kept.is_empty() { String::new() } else { format!("; they are in {}", kept.join(" and ")) };
            self.screen.error(&format!("interrupted after {} records{place}", self.summary.records()));
            return Ok(Status::Interrupted);
        }
        self.output.finish()?;
        self.screen.say(&self.summary.report(started.elapsed()));
        Ok(if self.summary.has_failures() { Status::SomeFailed } else { Status::Done })
    }
}

/// The inputs' records, and a bar that follows the reading.
fn open(inputs: Vec<PathBuf>, label: &'static str, screen: &Screen) -> (Inputs, ReadingBar) {
    let records = Inputs::new(inputs);
    let shown = screen.shows_progress().then(|| {
        let progress = records.progress();
        (screen.bar(label, progress.total(), Unit::Bytes), progress)
    });
    (records, ReadingBar(shown))
}

/// A bar that follows the reading, where somebody sees it.
struct ReadingBar(Option<(ProgressBar, Progress)>);

impl ReadingBar {
    fn advance(&self) {
        if let Some((bar, progress)) = &self.0 {
            bar.set_position(progress.read());
        }
    }
}

/// The items up to the one at which the run is asked to end.
fn until<T>(interrupt: &Interrupt, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    items.take_while(|_| !interrupt.is_set())
}

/// Bytes of a record in memory.
fn weight(record: &Record) -> usize {
    match &record.outcome {
        dechrome_fetch::Outcome::Page(capture) => capture.body.len(),
        _ => 0,
    }
}
