//! What reading an input gives.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use dechrome_page::Capture;

use super::InputError;

/// One record of an input: a page, or why there is none.
#[derive(Debug)]
pub struct Record {
    /// Names the record: its given id, its WARC record id, its file's path, or `path:line` or `path:byte`
    /// of a record without an id. Equal to [`Capture::id`] where there is a page.
    pub id: String,
    /// The page's address, where the record names it, whether or not there is a page.
    pub url: Option<String>,
    /// The file it was read from, as named; `-` for the standard input.
    pub path: Arc<str>,
    /// Where in the file it begins.
    pub position: Position,
    /// What came of it.
    pub outcome: Outcome,
}

impl Record {
    /// The only record of a file.
    pub(super) fn whole(path: &str, outcome: Outcome) -> Self {
        Self { id: path.to_owned(), url: None, path: path.into(), position: Position::default(), outcome }
    }

    pub(super) fn with_url(self, url: Option<String>) -> Self {
        Self { url, ..self }
    }
}

/// What came of one record.
#[derive(Debug)]
pub enum Outcome {
    /// A page.
    Page(Capture),
    /// Not a page, and no fault of anybody.
    Skipped(Skip),
    /// A page that could not be read. Reading goes on with the next record; behind damage with the next that is found, if
    /// only in the next file.
    Failed(InputError),
}

/// Why a record that was read without fault is no page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Skip {
    /// An empty file of no known kind.
    Empty,
    /// A pipe, socket or device in a directory.
    NotAFile,
    /// Binary data.
    Binary,
    /// Text that is no page by its content or extension.
    NotAPage,
    /// JSON that is not a page a line.
    JsonDocument,
    /// An archived payload of another type, as its `Content-Type` says.
    ContentType(String),
    /// An archived response that is no success: its HTTP status.
    Status(u16),
}

impl Skip {
    /// A stable code, for counting by cause.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotAFile => "not_a_file",
            Self::Binary => "binary",
            Self::NotAPage => "not_a_page",
            Self::JsonDocument => "json_document",
            Self::ContentType(_) => "content_type",
            Self::Status(_) => "status",
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty file"),
            Self::NotAFile => f.write_str("not a regular file"),
            Self::Binary => f.write_str("binary data"),
            Self::NotAPage => f.write_str("not a page"),
            Self::JsonDocument => {
                f.write_str("a JSON array, or an object over several lines; JSON Lines expected: one object a line")
            }
            Self::ContentType(label) => write!(f, "content type {label}"),
            Self::Status(status) => write!(f, "HTTP status {status}"),
        }
    }
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// The line, from 1, where the file has lines of records.
    pub line: Option<u64>,
    /// The byte, from 0; in a compressed file, of its decompressed content.
    pub offset: u64,
    /// Whether the file is compressed.
    pub decompressed: bool,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        write!(f, "byte {}", self.offset)?;
        f.write_str(if self.decompressed { " after decompression" } else { "" })
    }
}

/// What the records of one file have in common.
pub(super) struct Origin {
    pub(super) path: Arc<str>,
    /// The directory that was named, if the file was met in one.
    pub(super) root: Option<PathBuf>,
    pub(super) max_record_bytes: usize,
    pub(super) decompressed: bool,
}

impl Origin {
    pub(super) fn path(&self) -> String {
        self.path.to_string()
    }

    pub(super) fn byte(&self, offset: u64) -> Position {
        Position { line: None, offset, decompressed: self.decompressed }
    }

    pub(super) fn line(&self, line: u64, offset: u64) -> Position {
        Position { line: Some(line), ..self.byte(offset) }
    }

    /// The id of a record that gives none.
    pub(super) fn id_at(&self, position: Position) -> String {
        format!("{}:{}", self.path, position.line.unwrap_or(position.offset))
    }

    pub(super) fn record(&self, id: String, position: Position, outcome: Outcome) -> Record {
        Record { id, url: None, path: Arc::clone(&self.path), position, outcome }
    }

    pub(super) fn failed(&self, position: Position, error: InputError) -> Record {
        self.record(self.id_at(position), position, Outcome::Failed(error))
    }

    pub(super) fn damaged(&self, at: Position, source: std::io::Error) -> InputError {
        InputError::Damaged { path: self.path(), at, source }
    }

    pub(super) fn too_large(&self, at: Position) -> InputError {
        InputError::TooLarge { path: self.path(), at, limit: self.max_record_bytes }
    }
}
