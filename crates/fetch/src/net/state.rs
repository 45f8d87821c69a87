//! What a crawl knows on disk: tasks, which of them are done, what was stored where.
//!
//! A redb database, because a batch of outcomes, the links found in their pages and the archive's
//! length must become true at once or not at all. Without an output file it lives in memory.

mod change;

use std::path::{Path, PathBuf};

use redb::backends::InMemoryBackend;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::FetchError;
use super::log::Pending;
use super::media;
use super::task::Task;
use super::transport::Exchange;

pub(crate) use change::Change;
use change::tables;

const TASKS: TableDefinition<u64, &[u8]> = TableDefinition::new("tasks");
const DONE: TableDefinition<u64, &str> = TableDefinition::new("done");
const PAGES: TableDefinition<&str, &[u8]> = TableDefinition::new("pages");
const PAYLOADS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("payloads");
const LOGGED: TableDefinition<(), &[u8]> = TableDefinition::new("logged");
const ARCHIVE: TableDefinition<&str, u64> = TableDefinition::new("archive");
const PENDING: TableDefinition<(), &[u8]> = TableDefinition::new("pending");

/// Version of the tables and what is in them. Other versions are refused: a crawl is finished by the program that
/// began it.
const FORMAT: u64 = 1;
/// Where it stands.
const FORMAT_KEY: &str = "format";

/// Memory that the database may use for its cache, in bytes.
const CACHE: usize = 32 << 20;

/// How far the archive is known to be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Position {
    /// Number of the file being written.
    pub(crate) file: u64,
    /// Its length.
    pub(crate) offset: u64,
    /// Whether the file was closed for good.
    pub(crate) closed: bool,
}

/// A page as it was stored: what a later crawl needs to ask whether it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredPage {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    /// The payload digest as in the archive.
    pub(crate) digest: String,
    /// `WARC-Date` of the record that holds the payload.
    pub(crate) date: String,
    /// URL of the record that holds the payload.
    pub(crate) url: String,
}

impl StoredPage {
    /// With the validators of a newer answer that had the same payload.
    pub(crate) fn refreshed(self, exchange: &Exchange) -> Self {
        let newer = |name, older| media::text(&exchange.headers, name).or(older);
        Self {
            etag: newer(&http::header::ETAG, self.etag),
            last_modified: newer(&http::header::LAST_MODIFIED, self.last_modified),
            ..self
        }
    }
}

/// A crawl's state.
pub(crate) struct State {
    database: Database,
    path: PathBuf,
}

impl State {
    /// State in memory, for crawls that cannot be resumed.
    pub(crate) fn in_memory() -> Result<Self, FetchError> {
        let path = PathBuf::from("(memory)");
        let database = Database::builder().set_cache_size(CACHE).create_with_backend(InMemoryBackend::new());
        let database = database.map_err(|error| FetchError::state(&path, error))?;
        Ok(Self { database, path })
    }

    /// Opens or makes the state file.
    pub(crate) fn open(path: &Path) -> Result<Self, FetchError> {
        let database = Database::builder().set_cache_size(CACHE).create(path);
        let database = database.map_err(|error| FetchError::state(path, error))?;
        let state = Self { database, path: path.to_owned() };
        match state.check(state.format())? {
            FORMAT => Ok(state),
            found => Err(FetchError::StateFormat { path: state.path, found, known: FORMAT }),
        }
    }

    /// The format of the file; a new one gets ours.
    fn format(&self) -> Result<u64, redb::Error> {
        let transaction = self.database.begin_write()?;
        let is_new = transaction.list_tables()?.next().is_none();
        let found = {
            let mut archive = transaction.open_table(ARCHIVE)?;
            if is_new {
                archive.insert(FORMAT_KEY, FORMAT)?;
            }
            archive.get(FORMAT_KEY)?.map_or(0, |found| found.value())
        };
        transaction.commit()?;
        Ok(found)
    }

    fn check<T, E: Into<redb::Error>>(&self, result: Result<T, E>) -> Result<T, FetchError> {
        result.map_err(|error| FetchError::state(&self.path, error))
    }

    /// Runs a change that becomes true as a whole, durably, or not at all.
    pub(crate) fn change<T>(
        &self,
        change: impl FnOnce(&mut Change<'_>) -> Result<T, FetchError>,
    ) -> Result<T, FetchError> {
        let transaction = self.check(self.database.begin_write())?;
        let result = change(&mut self.check(tables(&transaction, &self.path))?)?;
        self.check(transaction.commit())?;
        Ok(result)
    }

    /// All tasks, each with whether it is done, in the order they were found.
    pub(crate) fn tasks(&self, mut each: impl FnMut(Task, bool)) -> Result<(), FetchError> {
        self.check(self.read_tasks(&mut each))
    }

    fn read_tasks(&self, each: &mut impl FnMut(Task, bool)) -> Result<(), redb::Error> {
        let transaction = self.database.begin_read()?;
        let tasks = match transaction.open_table(TASKS) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(()),
            tasks => tasks?,
        };
        let done = transaction.open_table(DONE)?;
        for entry in tasks.iter()? {
            let (id, task) = entry?;
            let task = decoded::<Task>(task.value())?;
            each(task, done.get(id.value())?.is_some());
        }
        Ok(())
    }

    /// How a page was stored, if it was.
    pub(crate) fn page(&self, url: &str) -> Result<Option<StoredPage>, FetchError> {
        self.check(self.read_page(url))
    }

    fn read_page(&self, url: &str) -> Result<Option<StoredPage>, redb::Error> {
        let transaction = self.database.begin_read()?;
        let pages = match transaction.open_table(PAGES) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(None),
            pages => pages?,
        };
        pages.get(url)?.map(|page| decoded(page.value())).transpose()
    }

    /// The records that belong behind the archive's position, whether they have reached it or not.
    pub(crate) fn pending(&self) -> Result<Vec<u8>, FetchError> {
        self.check(self.read_pending())
    }

    fn read_pending(&self) -> Result<Vec<u8>, redb::Error> {
        let transaction = self.database.begin_read()?;
        let pending = match transaction.open_table(PENDING) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            pending => pending?,
        };
        Ok(pending.get(())?.map(|records| records.value().to_vec()).unwrap_or_default())
    }

    /// How far the archive is whole; `None` before anything was written.
    pub(crate) fn position(&self) -> Result<Option<Position>, FetchError> {
        self.check(self.read_position())
    }

    fn read_position(&self) -> Result<Option<Position>, redb::Error> {
        let transaction = self.database.begin_read()?;
        let archive = match transaction.open_table(ARCHIVE) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(None),
            archive => archive?,
        };
        let value = |key| Ok::<_, redb::Error>(archive.get(key)?.map(|value| value.value()));
        let Some(file) = value("file")? else { return Ok(None) };
        let (offset, closed) = (value("offset")?.unwrap_or(0), value("closed")? == Some(1));
        Ok(Some(Position { file, offset, closed }))
    }

    /// The lines of the last batch, which may not have reached the log.
    pub(crate) fn logged(&self) -> Result<Option<Pending>, FetchError> {
        self.check(self.read_logged())
    }

    fn read_logged(&self) -> Result<Option<Pending>, redb::Error> {
        let transaction = self.database.begin_read()?;
        let logged = match transaction.open_table(LOGGED) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(None),
            logged => logged?,
        };
        logged.get(())?.map(|lines| decoded(lines.value())).transpose()
    }
}

fn encoded(value: &impl Serialize) -> Result<Vec<u8>, redb::Error> {
    postcard::to_stdvec(value).map_err(|error| redb::Error::Corrupted(error.to_string()))
}

/// Decodes what [`encoded`] made.
fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, redb::Error> {
    postcard::from_bytes(bytes).map_err(|error| redb::Error::Corrupted(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_format_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        for _ in 0..2 {
            State::open(&path).unwrap();
        }
        let database = Database::open(&path).unwrap();
        let transaction = database.begin_write().unwrap();
        transaction.open_table(ARCHIVE).unwrap().insert(FORMAT_KEY, FORMAT + 1).unwrap();
        transaction.commit().unwrap();
        drop(database);
        assert!(matches!(State::open(&path), Err(FetchError::StateFormat { found: 2, known: 1, .. })));
    }
}
