//! Why a record could not be read.

use std::io;

use super::Position;

/// Why a record could not be read. Every variant names its file and, within it, the place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The file does not exist or may not be read.
    #[error("cannot open `{path}`")]
    Open {
        /// The file.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// A directory cannot be listed, or a symbolic link leads nowhere or in a circle.
    #[error("cannot list `{path}`")]
    List {
        /// The directory or link.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// `-` stands among the inputs more than once.
    #[error("`-` is named twice, but the standard input can be read only once")]
    StdinTwice,
    /// The file, or its compressed data, is cut short or damaged, or cannot be read.
    #[error("`{path}` is damaged or cut short at {at}")]
    Damaged {
        /// The file.
        path: String,
        /// Where its content ends.
        at: Position,
        /// The cause.
        source: io::Error,
    },
    /// A record is longer than the limit.
    #[error("`{path}`, {at}: a record of more than {limit} bytes")]
    TooLarge {
        /// The file.
        path: String,
        /// Where the record begins.
        at: Position,
        /// The limit in bytes.
        limit: usize,
    },
    /// A line is no JSON object, or one of its fields has the wrong type.
    #[error("`{path}`, {at}: not a page in JSON (column {column})")]
    Json {
        /// The file.
        path: String,
        /// The line.
        at: Position,
        /// The byte within the line, from 1.
        column: usize,
        /// The cause.
        source: serde_json::Error,
    },
    /// A JSON object has neither `html` nor `text`.
    #[error("`{path}`, {at}: neither `html` nor `text`")]
    NoContent {
        /// The file.
        path: String,
        /// The line.
        at: Position,
    },
    /// A JSON object has both `html` and `text`.
    #[error("`{path}`, {at}: both `html` and `text`, where one is expected")]
    TwoContents {
        /// The file.
        path: String,
        /// The line.
        at: Position,
    },
    /// A WARC record's header cannot be read.
    #[error("`{path}`, {at}: bad WARC header: {fault}")]
    WarcHeader {
        /// The file.
        path: String,
        /// Where the record begins.
        at: Position,
        /// What is wrong with it.
        fault: HeaderFault,
    },
    /// A WARC record declares more bytes than the file holds.
    #[error("`{path}`, {at}: the WARC record declares {declared} bytes, but the file ends after {present}")]
    WarcCut {
        /// The file.
        path: String,
        /// Where the record begins.
        at: Position,
        /// Its `Content-Length`.
        declared: u64,
        /// The bytes that are there.
        present: u64,
    },
    /// A WARC record does not end where its `Content-Length` says.
    #[error("`{path}`, {at}: the WARC record declares {declared} bytes, but no record or end of file follows there")]
    WarcLength {
        /// The file.
        path: String,
        /// Where the record begins.
        at: Position,
        /// Its `Content-Length`.
        declared: u64,
    },
    /// An archived response does not begin with an HTTP status line.
    #[error("`{path}`, {at}: an HTTP response without a status line")]
    HttpHead {
        /// The file.
        path: String,
        /// Where the WARC record begins.
        at: Position,
    },
    /// An archived response's transfer or content coding cannot be undone.
    #[error("`{path}`, {at}: cannot undo the coding `{coding}`")]
    Coding {
        /// The file.
        path: String,
        /// Where the WARC record begins.
        at: Position,
        /// The coding as named by the response.
        coding: String,
        /// The cause.
        source: io::Error,
    },
}

/// What is wrong with a WARC record's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderFault {
    /// It does not begin with `WARC/`.
    #[error("it does not begin with `WARC/`")]
    Magic,
    /// It goes on for too long.
    #[error("it is longer than {} bytes", super::warc::MAX_HEADER_BYTES)]
    TooLong,
    /// It has no `Content-Length`, or one that is no number.
    #[error("no valid `Content-Length`")]
    Length,
}

impl InputError {
    /// A stable code, for counting by cause.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::List { .. } => "list",
            Self::StdinTwice => "stdin_twice",
            Self::Damaged { .. } => "damaged",
            Self::TooLarge { .. } => "too_large",
            Self::Json { .. } => "json",
            Self::NoContent { .. } => "no_content",
            Self::TwoContents { .. } => "two_contents",
            Self::WarcHeader { .. } => "warc_header",
            Self::WarcCut { .. } => "warc_cut",
            Self::WarcLength { .. } => "warc_length",
            Self::HttpHead { .. } => "http_head",
            Self::Coding { .. } => "coding",
        }
    }
}
