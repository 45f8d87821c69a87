//! Writing WARC 1.1.

mod file;
mod record;

pub(crate) use file::Archive;
pub use file::archive_files;
pub(crate) use record::{Records, labelled, payload_digest};
