//! What can go wrong while documents are written.

use std::io;
use std::path::PathBuf;

/// A document that could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The output does not take more; see [`WriteError::is_broken_pipe`].
    #[error("cannot write to the output")]
    Output {
        /// What the output said.
        source: io::Error,
    },
    /// A file or directory of the output cannot be made.
    #[error("cannot write {}", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// A record cannot be put into JSON.
    #[error("cannot write the record `{id}` as JSON")]
    Json {
        /// The record's id.
        id: String,
        /// What the serialiser said.
        source: serde_json::Error,
    },
    /// A document cannot be laid out for the terminal.
    #[error("cannot lay out the document `{id}` in {width} columns")]
    Layout {
        /// The document's id.
        id: String,
        /// The columns asked for.
        width: u16,
        /// What the renderer said.
        source: html2text::Error,
    },
}

impl WriteError {
    /// Whether whoever read the output has gone, as `head` does: no failure of ours.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output { source } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}
