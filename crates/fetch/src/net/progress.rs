//! How a crawl goes, for people: counted as outcomes become durable.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;

use super::outcome::{Failure, Outcome, Stored};

/// A crawl's counts at one moment; at its end, the report.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Seconds since the start.
    pub seconds: f64,
    /// Hosts being asked at this moment.
    pub hosts_active: usize,
    /// Hosts seen so far.
    pub hosts: usize,
    /// URLs waiting.
    pub queued: usize,
    /// Pages stored whole.
    pub new: u64,
    /// Pages stored as a revisit because their bytes are stored already.
    pub duplicate: u64,
    /// Pages stored as a revisit because they have not changed since the previous crawl.
    pub not_modified: u64,
    /// URLs that redirected elsewhere.
    pub redirected: u64,
    /// Sitemaps and feeds read.
    pub listed: u64,
    /// URLs skipped, by cause.
    pub skipped: BTreeMap<&'static str, u64>,
    /// URLs that failed for good, by cause.
    pub failed: BTreeMap<&'static str, u64>,
    /// The first URL that failed because its address may not be contacted, and why.
    pub refused: Option<(String, String)>,
    /// Attempts that failed and were made again, by cause.
    pub retried: BTreeMap<&'static str, u64>,
    /// Bytes of bodies as received.
    pub received_bytes: u64,
    /// Bytes of bodies decoded.
    pub decoded_bytes: u64,
    /// Bytes of the archive written in this run.
    pub archived_bytes: u64,
}

impl Report {
    /// Pages fetched, stored in whatever way.
    pub fn fetched(&self) -> u64 {
        self.new + self.duplicate + self.not_modified
    }

    /// URLs that failed for good.
    pub fn failures(&self) -> u64 {
        self.failed.values().sum()
    }

    /// Pages fetched per second since the start.
    pub fn pages_per_second(&self) -> f64 {
        self.fetched() as f64 / self.seconds.max(1e-9)
    }

    /// Time to go at the present rate of outcomes, if nothing more is found; `None` at the start.
    pub fn eta(&self) -> Option<Duration> {
        let outcomes =
            self.fetched() + self.redirected + self.listed + self.failures() + self.skipped.values().sum::<u64>();
        let seconds = self.queued as f64 * self.seconds / outcomes as f64;
        Duration::try_from_secs_f64(seconds).ok()
    }

    fn count(&mut self, url: &str, outcome: &Outcome) {
        if let Outcome::Failed(refused @ Failure::AddressRefused { .. }) = outcome {
            self.refused.get_or_insert_with(|| (url.to_owned(), refused.to_string()));
        }
        match outcome {
            Outcome::Fetched(Stored::New) => self.new += 1,
            Outcome::Fetched(Stored::Duplicate) => self.duplicate += 1,
            Outcome::Fetched(Stored::NotModified) => self.not_modified += 1,
            Outcome::Redirected(_) => self.redirected += 1,
            Outcome::Listed(_) => self.listed += 1,
            Outcome::Skipped(skip) => *self.skipped.entry(skip.code()).or_default() += 1,
            Outcome::Failed(failure) => *self.failed.entry(failure.code()).or_default() += 1,
        }
    }
}

/// A handle on a crawl's progress. Clones share the counts.
#[derive(Debug, Clone)]
pub struct Progress {
    start: Instant,
    report: Arc<Mutex<Report>>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { start: Instant::now(), report: Arc::default() }
    }
}

impl Progress {
    /// The counts at this moment.
    pub fn report(&self) -> Report {
        let mut report = self.lock().clone();
        report.seconds = self.start.elapsed().as_secs_f64();
        report
    }

    pub(crate) fn count(&self, url: &str, outcome: &Outcome, received: u64, decoded: u64) {
        let mut report = self.lock();
        report.count(url, outcome);
        report.received_bytes += received;
        report.decoded_bytes += decoded;
    }

    pub(crate) fn archived(&self, bytes: u64) {
        self.lock().archived_bytes += bytes;
    }

    pub(crate) fn retried(&self, cause: &'static str) {
        *self.lock().retried.entry(cause).or_default() += 1;
    }

    pub(crate) fn schedule(&self, hosts: usize, active: usize, queued: usize) {
        let mut report = self.lock();
        (report.hosts, report.hosts_active, report.queued) = (hosts, active, queued);
    }

    /// Counts stay usable whatever happened to a thread that held them.
    fn lock(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
