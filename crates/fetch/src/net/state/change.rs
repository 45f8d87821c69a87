//! What becomes true together.

use std::path::Path;

use redb::{ReadableTable, WriteTransaction};

use super::{ARCHIVE, DONE, LOGGED, PAGES, PAYLOADS, PENDING, Position, StoredPage, TASKS, decoded, encoded};
use crate::net::error::FetchError;
use crate::net::log::Pending;
use crate::net::task::Task;

/// A change in the making.
pub(crate) struct Change<'a> {
    tasks: redb::Table<'a, u64, &'static [u8]>,
    done: redb::Table<'a, u64, &'static str>,
    pages: redb::Table<'a, &'static str, &'static [u8]>,
    payloads: redb::Table<'a, &'static [u8], &'static [u8]>,
    logged: redb::Table<'a, (), &'static [u8]>,
    archive: redb::Table<'a, &'static str, u64>,
    pending: redb::Table<'a, (), &'static [u8]>,
    path: &'a Path,
}

/// The tables, to be written to.
pub(super) fn tables<'a>(transaction: &'a WriteTransaction, path: &'a Path) -> Result<Change<'a>, redb::Error> {
    Ok(Change {
        tasks: transaction.open_table(TASKS)?,
        done: transaction.open_table(DONE)?,
        pages: transaction.open_table(PAGES)?,
        payloads: transaction.open_table(PAYLOADS)?,
        logged: transaction.open_table(LOGGED)?,
        archive: transaction.open_table(ARCHIVE)?,
        pending: transaction.open_table(PENDING)?,
        path,
    })
}

impl Change<'_> {
    fn check<T, E: Into<redb::Error>>(&self, result: Result<T, E>) -> Result<T, FetchError> {
        result.map_err(|error| FetchError::state(self.path, error))
    }

    /// A task was found.
    pub(crate) fn found(&mut self, task: &Task) -> Result<(), FetchError> {
        let bytes = self.check(encoded(task))?;
        let result = self.tasks.insert(task.id, bytes.as_slice()).map(drop);
        self.check(result)
    }

    /// A task is done; `outcome` is for people who look into the file.
    pub(crate) fn done(&mut self, id: u64, outcome: &str) -> Result<(), FetchError> {
        let result = self.done.insert(id, outcome).map(drop);
        self.check(result)
    }

    /// A page was stored.
    pub(crate) fn stored(&mut self, url: &str, page: &StoredPage) -> Result<(), FetchError> {
        let bytes = self.check(encoded(page))?;
        let result = self.pages.insert(url, bytes.as_slice()).map(drop);
        self.check(result)
    }

    /// The record that holds this payload already: its URL and date.
    pub(crate) fn payload(&self, digest: &[u8]) -> Result<Option<(String, String)>, FetchError> {
        let holder = self.check(self.payloads.get(digest))?;
        self.check(holder.map(|holder| decoded(holder.value())).transpose())
    }

    /// A record holds this payload.
    pub(crate) fn holds(&mut self, digest: &[u8], url: &str, date: &str) -> Result<(), FetchError> {
        let bytes = self.check(encoded(&(url, date)))?;
        let result = self.payloads.insert(digest, bytes.as_slice()).map(drop);
        self.check(result)
    }

    /// These lines are about to be logged; gives them back.
    pub(crate) fn logged(&mut self, lines: Option<Pending>) -> Result<Option<Pending>, FetchError> {
        if let Some(lines) = &lines {
            let bytes = self.check(encoded(lines))?;
            let result = self.logged.insert((), bytes.as_slice()).map(drop);
            self.check(result)?;
        }
        Ok(lines)
    }

    /// The archive is whole up to here; these records come next.
    pub(crate) fn archived(&mut self, position: Position, pending: &[u8]) -> Result<(), FetchError> {
        let result = self.pending.insert((), pending).map(drop);
        self.check(result)?;
        for (key, value) in
            [("file", position.file), ("offset", position.offset), ("closed", u64::from(position.closed))]
        {
            let result = self.archive.insert(key, value).map(drop);
            self.check(result)?;
        }
        Ok(())
    }
}
