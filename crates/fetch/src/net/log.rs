//! The log of outcomes: one JSON object a line.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::discover::PageFacts;
use super::error::FetchError;
use super::media;
use super::outcome::{Outcome, Stored};
use super::task::Task;
use super::transport::Exchange;

/// What became of one URL. Fields without a value are left out.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Line {
    url: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    attempts: u8,
    depth: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    redirected_from: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    robots: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decoded_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
}

impl Line {
    /// The line of any outcome.
    pub(crate) fn of(task: &Task, outcome: &Outcome, status: Option<u16>) -> Self {
        Self {
            url: task.url.to_string(),
            outcome: outcome.name(),
            cause: outcome.cause(),
            detail: outcome.detail(),
            at: Timestamp::now().to_string(),
            status,
            attempts: task.attempt,
            depth: task.depth,
            via: task.via.as_deref().map(str::to_owned),
            redirected_from: task.chain.iter().map(ToString::to_string).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The line of a page that was stored.
    pub(crate) fn of_page(task: &Task, exchange: &Exchange, facts: &PageFacts, stored: Stored, digest: String) -> Self {
        Self {
            at: exchange.at.to_string(),
            content_type: media::content_type(&exchange.headers),
            canonical: facts.canonical.clone(),
            robots: facts.robots(exchange),
            digest: Some(digest),
            received_bytes: Some(exchange.wire_bytes),
            decoded_bytes: Some(exchange.body.len() as u64),
            milliseconds: Some(exchange.took.as_millis() as u64),
            ..Self::of(task, &Outcome::Fetched(stored), Some(exchange.status.as_u16()))
        }
    }
}

/// The lines of a batch and where in the log they belong: what the state remembers, so that a log
/// cut short by a crash can be completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    path: PathBuf,
    offset: u64,
    lines: Vec<u8>,
}

/// An open log.
pub(crate) struct Log {
    path: PathBuf,
    file: File,
    offset: u64,
}

impl Log {
    /// Opens a log to append to. `last` is the last batch of the run that is resumed, which may have been
    /// written in part.
    pub(crate) fn open(path: &Path, last: Option<Pending>) -> Result<Self, FetchError> {
        let wrong = |error| FetchError::io(path, error);
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(wrong)?;
        let offset = file.metadata().map_err(wrong)?.len();
        let mut log = Self { path: path.to_owned(), file, offset };
        // Another file than the one that was written then is none of our business.
        if let Some(last) = last.filter(|last| last.path == path && last.offset <= offset) {
            log.file.set_len(last.offset).map_err(wrong)?;
            log.offset = last.offset;
            log.write(&last)?;
        }
        Ok(log)
    }

    /// Lines to be written next.
    pub(crate) fn pending<'a>(&self, lines: impl Iterator<Item = &'a Line>) -> Result<Pending, FetchError> {
        let mut text = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut text, line).map_err(|error| FetchError::io(&self.path, error.into()))?;
            text.push(b'\n');
        }
        Ok(Pending { path: self.path.clone(), offset: self.offset, lines: text })
    }

    /// Appends lines.
    pub(crate) fn write(&mut self, pending: &Pending) -> Result<(), FetchError> {
        self.file.write_all(&pending.lines).map_err(|error| FetchError::io(&self.path, error))?;
        self.offset += pending.lines.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_cut_short_is_completed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let lines = [Line::default(), Line { depth: 1, ..Line::default() }];
        let mut log = Log::open(&path, None).unwrap();
        log.write(&log.pending(lines.iter()).unwrap()).unwrap();
        let last = log.pending(lines.iter()).unwrap();
        log.write(&last).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for end in last.offset as usize..=whole.len() {
            std::fs::write(&path, &whole[..end]).unwrap();
            Log::open(&path, Some(last.clone())).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), whole, "cut at {end}");
        }
        let other = directory.path().join("other");
        std::fs::write(&other, &whole).unwrap();
        Log::open(&other, Some(last)).unwrap();
        assert_eq!(std::fs::read(&other).unwrap(), whole);
    }
}
