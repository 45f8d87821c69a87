//! Statistics of many sites in one file.
//!
//! A redb database with a record a document, so that learning a page touches a few records and a crash leaves what
//! the last whole batch left. What it holds of a site is a [`SiteStats`], under the same bounds.

mod change;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::backends::FileBackend;
use redb::{
    Database, DatabaseError, ReadOnlyDatabase, ReadTransaction, ReadableDatabase, ReadableTable, StorageError,
    TableDefinition, TableError,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

use super::SiteStats;
use super::packed::Packed;
use super::sketch::{Readable, Sketch};
use crate::error::StatsError;

/// A site's name and a document's id.
type Key = (&'static str, u64);

/// Documents, packed.
const DOCUMENTS: TableDefinition<Key, &[u8]> = TableDefinition::new("documents");
/// What people can read of them, compressed.
const READABLE: TableDefinition<Key, &[u8]> = TableDefinition::new("readable");
/// Number of documents by site, and the sum of their sizes.
const SITES: TableDefinition<&str, (u64, u64)> = TableDefinition::new("sites");
const FORMATS: TableDefinition<&str, u64> = TableDefinition::new("formats");

/// Version of the tables and what is in them. Other versions are refused: statistics are learned anew sooner than
/// misread.
const FORMAT: u64 = 5;
/// Where it stands; its name tells our files from other databases.
const FORMAT_KEY: &str = "dechrome statistics";

/// Memory that the database may use for its cache, in bytes: part of the 64 MB that a site takes. With 8 MB a million documents of one
/// site are learned no faster.
const CACHE: usize = 4 << 20;

/// Level of compression: texts of 10 KB shrink to a third in .1 ms.
const COMPRESSION: i32 = 3;
/// Most bytes that what people can read of a document may have: 2,000 blocks of 100 characters of four bytes, and as
/// much again for paths.
const MAX_READABLE_BYTES: usize = 2 << 20;

/// Statistics of many sites in one file.
///
/// # Example
/// ```
/// use dechrome_page::{Capture, Page};
/// use dechrome_template::{SiteStats, StatsStore};
/// let mut store = StatsStore::temporary()?;
/// let page = Page::read(&Capture::text("a", "Skip to main content").with_url("https://paper.example/a"));
/// store.learn([("paper.example", &SiteStats::of(&page))])?;
/// assert_eq!(store.site("paper.example")?, SiteStats::of(&page));
/// # Ok::<_, dechrome_template::StatsError>(())
/// ```
pub struct StatsStore {
    database: Handle,
    path: PathBuf,
}

enum Handle {
    Writable(Database),
    ReadOnly(ReadOnlyDatabase),
}

impl fmt::Debug for StatsStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("StatsStore").field("path", &self.path).finish_non_exhaustive()
    }
}

impl StatsStore {
    /// Opens a store, or makes one where nothing is.
    ///
    /// # Errors
    /// The file is something else, of another version, in use, or cannot be read or written.
    pub fn open(path: &Path) -> Result<Self, StatsError> {
        if !path.exists() {
            create(path)?;
        }
        let database = redb::Builder::new().set_cache_size(CACHE).open(path);
        let database = Handle::Writable(database.map_err(|error| opening(path, error))?);
        Self { database, path: path.to_owned() }.checked()
    }

    /// Opens a store to read it only: several programs may at a time.
    ///
    /// # Errors
    /// As [`StatsStore::open`]; also where there is no such file.
    pub fn open_read_only(path: &Path) -> Result<Self, StatsError> {
        let open = || redb::Builder::new().set_cache_size(CACHE).open_read_only(path);
        let database = match open() {
            // Its last writer was killed: only who may write can tidy up.
            Err(DatabaseError::RepairAborted) => {
                drop(Self::open(path)?);
                open()
            }
            database => database,
        };
        let database = Handle::ReadOnly(database.map_err(|error| opening(path, error))?);
        Self { database, path: path.to_owned() }.checked()
    }

    /// A store in the temporary directory that is gone with this value.
    ///
    /// # Errors
    /// The temporary directory cannot be written.
    pub fn temporary() -> Result<Self, StatsError> {
        let path = std::env::temp_dir();
        let write = |source| StatsError::Io { path: path.clone(), source };
        let backend = tempfile::tempfile()
            .map_err(write)
            .and_then(|file| FileBackend::new(file).map_err(|error| opening(&path, error)))?;
        let database = redb::Builder::new().set_cache_size(CACHE).create_with_backend(backend);
        let database = database.map_err(|error| opening(&path, error))?;
        Ok(Self { database: Handle::Writable(database), path })
    }

    /// Refuses what is no store of ours.
    fn checked(self) -> Result<Self, StatsError> {
        let found = self.read(|transaction| {
            let Some(formats) = table(transaction.open_table(FORMATS))? else { return Ok(None) };
            Ok(formats.get(FORMAT_KEY)?.map(|format| format.value()))
        });
        match found {
            Ok(Some(FORMAT)) => Ok(self),
            Ok(Some(found)) => Err(StatsError::Version { found, known: FORMAT }),
            Ok(None) => Err(StatsError::NotStats { path: self.path }),
            Err(error) => Err(error),
        }
    }

    /// What is known of a site; nothing where it is unknown.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn site(&self, site: &str) -> Result<SiteStats, StatsError> {
        self.read(|transaction| read_site(transaction, site))
    }

    /// The sites, ascending, with the number of documents of each.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn sites(&self) -> Result<Vec<(String, u64)>, StatsError> {
        self.read(|transaction| {
            let Some(sites) = table(transaction.open_table(SITES))? else { return Ok(Vec::new()) };
            sites
                .iter()?
                .map(|entry| entry.map(|(site, sums)| (site.value().to_owned(), sums.value().0)).map_err(Into::into))
                .collect()
        })
    }

    /// Adds what pages have shown, all of it or, after an error or a crash, nothing.
    ///
    /// # Errors
    /// The file cannot be read or written, or is open to be read only.
    pub fn learn<'a>(&mut self, sites: impl IntoIterator<Item = (&'a str, &'a SiteStats)>) -> Result<(), StatsError> {
        let Handle::Writable(database) = &self.database else {
            return Err(StatsError::ReadOnly { path: self.path.clone() });
        };
        change::learn(database, sites).map_err(|source| damaged(&self.path, source))
    }

    /// Adds what another store holds, a site at a time.
    ///
    /// # Errors
    /// One of the files cannot be read or written.
    pub fn merge(&mut self, other: &Self) -> Result<(), StatsError> {
        let mut batch: Vec<(String, SiteStats)> = Vec::new();
        let mut documents = 0;
        for (site, count) in other.sites()? {
            batch.push((site.clone(), other.site(&site)?));
            documents += count;
            if documents >= MERGED_AT_ONCE {
                self.learn_batch(&mut batch)?;
                documents = 0;
            }
        }
        self.learn_batch(&mut batch)
    }

    fn learn_batch(&mut self, batch: &mut Vec<(String, SiteStats)>) -> Result<(), StatsError> {
        self.learn(batch.iter().map(|(site, stats)| (site.as_str(), stats)))?;
        batch.clear();
        Ok(())
    }

    fn read<T>(&self, read: impl FnOnce(&ReadTransaction) -> Result<T, redb::Error>) -> Result<T, StatsError> {
        let begun = match &self.database {
            Handle::Writable(database) => database.begin_read(),
            Handle::ReadOnly(database) => database.begin_read(),
        };
        begun
            .map_err(redb::Error::from)
            .and_then(|transaction| read(&transaction))
            .map_err(|source| damaged(&self.path, source))
    }
}

/// Documents merged in one transaction, so that small sites do not take one each.
const MERGED_AT_ONCE: u64 = 2_000;

/// Makes an empty store that appears when it is whole.
fn create(path: &Path) -> Result<(), StatsError> {
    let write = |source| StatsError::Io { path: path.to_owned(), source };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = part_file(parent).map_err(write)?;
    let database = redb::Builder::new().set_cache_size(CACHE).create(file.path());
    let database = database.map_err(|error| opening(path, error))?;
    change::initialise(&database).map_err(|source| damaged(path, source))?;
    drop(database);
    // Whoever made one meanwhile is no worse than us.
    match file.persist_noclobber(path) {
        Err(error) if !path.exists() => Err(write(error.error)),
        _ => Ok(()),
    }
}

/// A hidden file with the permissions of any new file.
fn part_file(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dechrome-");
    #[cfg(unix)]
    let permissions = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    builder.tempfile_in(directory)
}

fn opening(path: &Path, error: DatabaseError) -> StatsError {
    let path = path.to_owned();
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => StatsError::InUse { path },
        DatabaseError::Storage(StorageError::Io(source)) if source.kind() == io::ErrorKind::InvalidData => {
            StatsError::NotStats { path }
        }
        DatabaseError::Storage(StorageError::Io(source)) => StatsError::Io { path, source },
        error => damaged(&path, error.into()),
    }
}

fn damaged(path: &Path, source: redb::Error) -> StatsError {
    StatsError::Store { path: path.to_owned(), source: Box::new(source) }
}

/// The table, if there is one.
fn table<T>(table: Result<T, TableError>) -> Result<Option<T>, redb::Error> {
    match table {
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        table => Ok(Some(table?)),
    }
}

fn read_site(transaction: &ReadTransaction, site: &str) -> Result<SiteStats, redb::Error> {
    let Some(documents) = table(transaction.open_table(DOCUMENTS))? else { return Ok(SiteStats::default()) };
    let readable = transaction.open_table(READABLE)?;
    let mut stats = SiteStats::default();
    for entry in documents.range((site, 0)..=(site, u64::MAX))? {
        let (key, packed) = entry?;
        let (_, id) = key.value();
        let mut sketch = unpack(packed.value())?;
        sketch.readable = readable.get((site, id))?.map(|bytes| decompress(bytes.value()).map(Box::new)).transpose()?;
        stats.insert(id, Arc::new(sketch));
    }
    Ok(stats)
}

fn pack(sketch: &Sketch) -> Result<Vec<u8>, redb::Error> {
    encoded(&Packed::from(sketch))
}

fn unpack(bytes: &[u8]) -> Result<Sketch, redb::Error> {
    let no_sketch = || redb::Error::Corrupted("a document's columns differ in length".to_owned());
    decoded::<Packed>(bytes)?.unpack().ok_or_else(no_sketch)
}

fn compress(readable: &Readable) -> Result<Vec<u8>, redb::Error> {
    Ok(zstd::bulk::compress(&encoded(readable)?, COMPRESSION)?)
}

fn decompress(bytes: &[u8]) -> Result<Readable, redb::Error> {
    decoded(&zstd::bulk::decompress(bytes, MAX_READABLE_BYTES)?)
}

fn encoded(value: &impl Serialize) -> Result<Vec<u8>, redb::Error> {
    postcard::to_stdvec(value).map_err(|error| redb::Error::Corrupted(error.to_string()))
}

fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, redb::Error> {
    postcard::from_bytes(bytes).map_err(|error| redb::Error::Corrupted(error.to_string()))
}
