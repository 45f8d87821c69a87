//! The thread that writes: archive, state and log, in batches, in this order, so that nothing is
//! reported that is not safe and nothing is safe that the state does not know.

use std::sync::Arc;

use dechrome_page::{Capture, Charset, Media};
use tokio::sync::mpsc;

use super::discover::PageFacts;
use super::error::FetchError;
use super::log::{Line, Log};
use super::media;
use super::outcome::{Outcome, Stored};
use super::progress::Progress;
use super::state::{Change, State, StoredPage};
use super::task::Task;
use super::transport::Exchange;
use super::warc::{Archive, Records, labelled, payload_digest};

/// Most outcomes made durable at once.
const BATCH: usize = 512;
/// Bytes of compressed records after which a batch is closed.
const BATCH_BYTES: usize = 16 << 20;

/// A page that was fetched, on its way to the archive.
pub(crate) struct Fetched {
    pub(crate) exchange: Exchange,
    pub(crate) facts: PageFacts,
    /// How an earlier crawl stored it.
    pub(crate) previous: Option<StoredPage>,
}

/// What became of a task.
pub(crate) enum Ending {
    /// A page to store; how it is stored is the outcome.
    Page(Box<Fetched>),
    /// Anything else, with the HTTP status if there was an answer.
    Other(Outcome, Option<u16>),
}

/// A task's end and the tasks that it led to.
pub(crate) struct Entry {
    /// `None`: only `found` counts (the seeds).
    pub(crate) done: Option<(Task, Ending)>,
    pub(crate) found: Vec<Task>,
}

/// Writes entries.
pub(crate) struct Keeper {
    pub(crate) archive: Archive,
    pub(crate) state: Arc<State>,
    pub(crate) log: Option<Log>,
    pub(crate) progress: Progress,
    pub(crate) captures: Option<mpsc::Sender<Capture>>,
    pub(crate) records: Records,
    pub(crate) rotate_at: u64,
    pub(crate) user_agent: String,
}

/// A line of the log, and what goes with it, to be let out once the batch is safe.
struct Settled {
    line: Line,
    outcome: Outcome,
    received: u64,
    decoded: u64,
    capture: Option<Capture>,
}

impl Settled {
    fn plain(task: &Task, outcome: Outcome, status: Option<u16>) -> Self {
        let line = Line::of(task, &outcome, status);
        Self { line, outcome, received: 0, decoded: 0, capture: None }
    }
}

impl Keeper {
    /// Writes until the channel closes, then closes the archive. On an error the archive is closed
    /// as well, holding all that was reported.
    pub(crate) fn run(mut self, mut entries: mpsc::Receiver<Entry>) -> Result<(), FetchError> {
        let mut result = Ok(());
        while let Some(first) = entries.blocking_recv() {
            result = self.batch(first, &mut entries);
            if result.is_err() {
                break;
            }
        }
        drop(entries);
        result.and(self.close())
    }

    fn batch(&mut self, first: Entry, entries: &mut mpsc::Receiver<Entry>) -> Result<(), FetchError> {
        let before = self.archive.position();
        let mut settled = Vec::new();
        let state = Arc::clone(&self.state);
        let written = state.change(|change| {
            let mut next = Some(first);
            while let Some(entry) = next.take() {
                settled.extend(self.entry(change, entry)?);
                if settled.len() < BATCH && self.records.len() < BATCH_BYTES {
                    next = entries.try_recv().ok();
                }
            }
            self.append(change)?;
            self.log
                .as_ref()
                .map(|log| log.pending(settled.iter().map(|settled| &settled.line)))
                .transpose()
                .and_then(|lines| change.logged(lines))
        });
        let lines = match written {
            Ok(lines) => lines,
            Err(error) => {
                self.archive.rewind(before)?;
                return Err(error);
            }
        };
        if let (Some(log), Some(lines)) = (&mut self.log, lines) {
            log.write(&lines)?;
        }
        self.release(settled);
        if self.archive.is_full(self.rotate_at) { self.archive.rotate() } else { Ok(()) }
    }

    /// Puts the records made so far into the archive, and its new length into the state.
    fn append(&mut self, change: &mut Change<'_>) -> Result<(), FetchError> {
        let records = self.records.take();
        if !records.is_empty() {
            self.archive.append(&records)?;
            change.archived(self.archive.position())?;
            self.progress.archived(records.len() as u64);
        }
        Ok(())
    }

    fn entry(&mut self, change: &mut Change<'_>, entry: Entry) -> Result<Option<Settled>, FetchError> {
        for task in &entry.found {
            change.found(task)?;
        }
        let Some((task, ending)) = entry.done else { return Ok(None) };
        let settled = match ending {
            Ending::Page(page) => self.page(change, &task, *page)?,
            Ending::Other(outcome, status) => Settled::plain(&task, outcome, status),
        };
        change.done(task.id, settled.outcome.cause().unwrap_or(settled.outcome.name()))?;
        Ok(Some(settled))
    }

    fn page(&mut self, change: &mut Change<'_>, task: &Task, page: Fetched) -> Result<Settled, FetchError> {
        let Fetched { exchange, facts, previous } = page;
        let (url, date) = (exchange.url.as_str(), exchange.at.to_string());
        let digest = payload_digest(&exchange.body);
        let label = labelled(&digest);
        let unchanged = exchange.status == http::StatusCode::NOT_MODIFIED;
        let holder = match previous {
            Some(previous) if unchanged || previous.digest == label => Some(previous),
            _ if exchange.body.is_empty() => None,
            _ => change.payload(&digest)?.map(|(url, date)| StoredPage { date, url, ..validators(&exchange, &label) }),
        };
        let text = facts.to_fields(task, &exchange);
        self.heading(&date)?;
        let (stored, id) = if let Some(holder) = &holder {
            self.records.revisit(&exchange, holder, !unchanged, &text).map_err(in_memory)?;
            (if unchanged { Stored::NotModified } else { Stored::Duplicate }, None)
        } else {
            let id = self.records.response(&exchange, &digest, &text).map_err(in_memory)?;
            change.holds(&digest, url, &date)?;
            (Stored::New, Some(id))
        };
        let kept = match holder {
            Some(holder) => holder.refreshed(&exchange),
            None => StoredPage { url: url.to_owned(), date, ..validators(&exchange, &label) },
        };
        change.stored(&task.url, &kept)?;
        let line = Line::of_page(task, &exchange, &facts, stored, kept.digest);
        let (received, decoded) = (exchange.wire_bytes, exchange.body.len() as u64);
        let capture = id.filter(|_| self.captures.is_some()).map(|id| capture(&id, exchange));
        Ok(Settled { line, outcome: Outcome::Fetched(stored), received, decoded, capture })
    }

    /// Every file begins with a record about the crawl.
    fn heading(&mut self, date: &str) -> Result<(), FetchError> {
        if self.records.len() == 0 && self.archive.wants_heading() {
            self.records.info(&self.archive.file_name(), &self.user_agent, date).map_err(in_memory)?;
        }
        Ok(())
    }

    /// Tells of what is safe now.
    fn release(&self, settled: Vec<Settled>) {
        for settled in settled {
            self.progress.count(&settled.outcome, settled.received, settled.decoded);
            if let (Some(captures), Some(capture)) = (&self.captures, settled.capture) {
                // Nobody listening any more is no reason to lose the archive.
                let _ = captures.blocking_send(capture);
            }
        }
    }

    fn close(&mut self) -> Result<(), FetchError> {
        self.archive.close()?;
        let position = self.archive.position();
        if position.closed { self.state.change(|change| change.archived(position)) } else { Ok(()) }
    }
}

/// Writing to memory does not fail; if it does, the message says where.
fn in_memory(error: std::io::Error) -> FetchError {
    FetchError::io("(record)", error)
}

fn validators(exchange: &Exchange, digest: &str) -> StoredPage {
    StoredPage {
        etag: media::text(&exchange.headers, &http::header::ETAG),
        last_modified: media::text(&exchange.headers, &http::header::LAST_MODIFIED),
        digest: digest.to_owned(),
        date: String::new(),
        url: String::new(),
    }
}

fn capture(id: &str, exchange: Exchange) -> Capture {
    let content_type = media::content_type(&exchange.headers).unwrap_or_default();
    let plain = media::essence(&content_type) == "text/plain";
    Capture {
        id: id.trim_matches(['<', '>']).to_owned(),
        url: Some(exchange.url.into()),
        site: None,
        captured_at: Some(exchange.at.to_string()),
        directory: None,
        media: if plain { Media::Text } else { Media::Html },
        charset: media::charset(&content_type).map_or(Charset::Unknown, Charset::Declared),
        body: exchange.body,
    }
}
