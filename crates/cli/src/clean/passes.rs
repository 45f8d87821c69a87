//! Records in, what came of each out, in input order.
//!
//! ```text
//! --learn off    records ── read, clean ──► sink                        with what `--stats` knows, if anything
//! --learn auto   records ── read ──► spool, statistics; then spool ── clean ──► sink
//! ```
//! Each arrow is a [`pipeline`](super::pipeline) of its own: many threads, results in input order.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use dechrome_fetch::{Inputs, Progress, Record};
use dechrome_template::{EvidenceBySite, Gathering, StatsStore};
use indicatif::ProgressBar;

use super::cleaner::{Cleaned, Cleaner, Entry};
use super::pipeline::ordered;
use super::spool::{self, Spool};
use crate::args::Learn;
use crate::interrupt::Interrupt;
use crate::screen::{Screen, Unit};

/// The passes over the inputs that clean them.
pub(crate) struct Passes<'a> {
    cleaner: Cleaner,
    threads: usize,
    interrupt: Interrupt,
    screen: &'a Screen,
}

impl<'a> Passes<'a> {
    /// Listens for Ctrl-C from now on; without a number of threads it is one a core.
    ///
    /// # Errors
    /// Ctrl-C cannot be listened for.
    pub(crate) fn new(cleaner: Cleaner, threads: Option<NonZeroUsize>, screen: &'a Screen) -> anyhow::Result<Self> {
        let threads = threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        Ok(Self { cleaner, threads, interrupt: Interrupt::listen()?, screen })
    }

    /// Whether the passes were asked to end, and what the sink has is not all.
    pub(crate) fn interrupted(&self) -> bool {
        self.interrupt.is_set()
    }

    /// Cleans the inputs' records, with what is known of their sites from before.
    ///
    /// # Errors
    /// The first of the sink, of the statistics, or of the temporary file between two passes.
    pub(crate) fn run(
        &self,
        inputs: Vec<PathBuf>,
        learn: Learn,
        known: Option<StatsStore>,
        sink: impl FnMut(Cleaned) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        match learn {
            Learn::Off => self.in_one_pass(inputs, known, sink),
            Learn::Auto => self.learning(inputs, known, sink),
        }
    }

    fn in_one_pass(
        &self,
        inputs: Vec<PathBuf>,
        known: Option<StatsStore>,
        mut sink: impl FnMut(Cleaned) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let known = known.map(EvidenceBySite::of);
        let work = |record| self.clean(self.cleaner.read(record), known.as_ref());
        self.each_record(inputs, "cleaning", work, |result| sink(result?))
    }

    fn learning(
        &self,
        inputs: Vec<PathBuf>,
        known: Option<StatsStore>,
        sink: impl FnMut(Cleaned) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut spool = Spool::new();
        let learned = self.first_pass(inputs, &mut spool)?.into_evidence(known);
        if self.interrupt.is_set() {
            return Ok(());
        }
        self.second_pass(spool, &learned, sink)
    }

    /// Parses every page once, and learns from them.
    fn first_pass(&self, inputs: Vec<PathBuf>, spool: &mut Spool) -> anyhow::Result<Gathering> {
        let mut gathering = Gathering::default();
        let work = |record| {
            let mut entry = self.cleaner.read(record);
            let learned = self.cleaner.learn(&mut entry);
            (spool::encode(&entry), learned)
        };
        self.each_record(inputs, "learning", work, |(encoded, learned)| {
            if let Some((site, stats)) = learned {
                gathering.add(site, stats)?;
            }
            spool.push(&encoded?)
        })?;
        Ok(gathering)
    }

    fn clean(&self, entry: Entry, learned: Option<&EvidenceBySite>) -> anyhow::Result<Cleaned> {
        let evidence = match (&entry, learned) {
            (Entry::Page { site, page, .. }, Some(learned)) => self.cleaner.evidence(site, page, learned)?,
            _ => None,
        };
        Ok(self.cleaner.clean(entry, evidence.as_deref()))
    }

    fn second_pass(
        &self,
        spool: Spool,
        learned: &EvidenceBySite,
        mut sink: impl FnMut(Cleaned) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let work = |entry: anyhow::Result<Vec<u8>>| self.clean(spool::decode(&entry?)?, Some(learned));
        let size = |entry: &anyhow::Result<Vec<u8>>| entry.as_ref().map_or(0, Vec::len);
        self.each_item("cleaning", spool.len(), spool.entries()?, size, work, |result: anyhow::Result<_>| sink(result?))
    }

    /// Works on each record of the inputs, and hands the results over in order.
    ///
    /// # Errors
    /// The first of the sink.
    pub(crate) fn each_record<O: Send>(
        &self,
        inputs: Vec<PathBuf>,
        label: &'static str,
        work: impl Fn(Record) -> O + Sync,
        mut sink: impl FnMut(O) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (records, bar) = open(inputs, label, self.screen);
        ordered(self.threads, until(&self.interrupt, records), weight, work, |result| {
            bar.advance();
            sink(result)
        })
    }

    /// Works on each of `count` items, and hands the results over in order. `size` gives an item's bytes.
    ///
    /// # Errors
    /// The first of the sink.
    pub(crate) fn each_item<I: Send, O: Send>(
        &self,
        label: &'static str,
        count: u64,
        items: impl Iterator<Item = I> + Send,
        size: impl Fn(&I) -> usize + Sync,
        work: impl Fn(I) -> O + Sync,
        mut sink: impl FnMut(O) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let bar = self.screen.bar(label, Some(count), Unit::Pages);
        ordered(self.threads, until(&self.interrupt, items), size, work, |result| {
            bar.inc(1);
            sink(result)
        })
    }

    /// What cleans one page.
    pub(crate) fn cleaner(&self) -> &Cleaner {
        &self.cleaner
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
