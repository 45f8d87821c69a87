//! The thread that writes, in batches: first the state, with all that is to be archived and logged; then
//! archive and log. So nothing is reported that is not safe, nothing is archived that the state does not know,
//! and whatever a crash or a full disk cuts short is completed by the next run.

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
/// Bytes of compressed records after which a batch is closed. The state holds a batch as well.
const BATCH_BYTES: usize = 2 << 20;

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
    /// Records that the state knows and the archive may not hold.
    pub(crate) unwritten: Vec<u8>,
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
        let mut settled = Vec::new();
        let state = Arc::clone(&self.state);
        let lines = state.change(|change| {
            let mut next = Some(first);
            while let Some(entry) = next.take() {
                settled.extend(self.entry(change, entry)?);
                if settled.len() < BATCH && self.records.len() < BATCH_BYTES {
                    next = entries.try_recv().ok();
                }
            }
            self.unwritten = self.records.take();
            if self.archive.is_resumable() {
                change.archived(self.archive.position(), &self.unwritten)?;
            }
            self.log
                .as_ref()
                .map(|log| log.pending(settled.iter().map(|settled| &settled.line)))
                .transpose()
                .and_then(|lines| change.logged(lines))
        });
        // What the state does not know must not be archived either.
        let lines = lines.inspect_err(|_| self.unwritten.clear())?;
        self.append()?;
        if let (Some(log), Some(lines)) = (&mut self.log, lines) {
            log.write(&lines)?;
        }
        self.release(settled);
        if self.archive.is_full(self.rotate_at) { self.archive.rotate() } else { Ok(()) }
    }

    /// Puts the records that the state knows into the archive.
    fn append(&mut self) -> Result<(), FetchError> {
        if !self.unwritten.is_empty() {
            self.archive.append(&self.unwritten)?;
            self.progress.archived(self.unwritten.len() as u64);
            self.unwritten.clear();
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
            self.progress.count(settled.line.url(), &settled.outcome, settled.received, settled.decoded);
            if let (Some(captures), Some(capture)) = (&self.captures, settled.capture) {
                // Nobody listening any more is no reason to lose the archive.
                let _ = captures.blocking_send(capture);
            }
        }
    }

    fn close(&mut self) -> Result<(), FetchError> {
        self.archive.close()?;
        let position = self.archive.position();
        if position.closed { self.state.change(|change| change.archived(position, &self.unwritten)) } else { Ok(()) }
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
