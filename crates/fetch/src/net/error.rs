//! Errors that end a crawl. What happens to single URLs is an [`Outcome`](super::Outcome).

use std::io;
use std::path::PathBuf;

/// Why a crawl could not start or go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// A header given by the user that HTTP does not allow.
    #[error("bad header `{name}`: {reason}")]
    BadHeader {
        /// The header's name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The output is there already and resuming was not asked for.
    #[error("{} exists; resume the crawl (--resume) or choose another output", .path.display())]
    Exists {
        /// The archive or its state.
        path: PathBuf,
    },
    /// Resuming was asked for, but this output has no state beside it.
    #[error("nothing to resume: {} does not exist", .path.display())]
    NothingToResume {
        /// Where the state should be.
        path: PathBuf,
    },
    /// The disk is full. All that was reported is in the archive, which is whole.
    #[error("disk full while writing {}; free space and resume", .path.display())]
    DiskFull {
        /// The file being written.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The crawl's state cannot be read or written.
    #[error("crawl state {}", .path.display())]
    State {
        /// The state file.
        path: PathBuf,
        /// What the store says.
        source: Box<redb::Error>,
    },
    /// The crawl's state is of another version of the program.
    #[error("crawl state {} has format {found}, this program knows {known}: use the version that began the crawl",
        .path.display())]
    StateFormat {
        /// The state file.
        path: PathBuf,
        /// Its format.
        found: u64,
        /// The format that this program writes.
        known: u64,
    },
    /// The HTTP client cannot be set up.
    #[error("cannot set up the HTTP client")]
    Client {
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A part of the crawl died; a bug.
    #[error("a part of the crawl stopped unexpectedly; what was reported is stored, resume to go on")]
    Lost,
}

impl FetchError {
    /// An I/O error at a path, a full disk told apart.
    pub(crate) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path, source },
            _ => Self::Io { path, source },
        }
    }

    /// An error of the state store, a full disk told apart.
    pub(crate) fn state(path: impl Into<PathBuf>, source: impl Into<redb::Error>) -> Self {
        let path = path.into();
        match source.into() {
            redb::Error::Io(source) => Self::io(path, source),
            source => Self::State { path, source: Box::new(source) },
        }
    }
}
