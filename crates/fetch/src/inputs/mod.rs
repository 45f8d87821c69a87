//! Pages from files, directories, archives and the standard input.
//!
//! ```text
//! files ──► source (metered, decompressed) ──► format by sniffing ──► page | JSON Lines | WARC and WET
//! ```

mod coding;
mod error;
mod fields;
mod files;
mod json_lines;
mod members;
mod page;
mod payload;
mod record;
mod sniff;
mod source;
mod surrogates;
mod warc;

use std::fs::File;
use std::io::{self, Read};
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use files::{Entry, Files};
use sniff::Format;
use source::{Metered, Source};

pub use error::{HeaderFault, InputError};
pub use record::{Outcome, Position, Record, Skip};
pub use source::Progress;

use record::Origin;

/// Most bytes that one record may have (a JSON line, a WARC block, a file, a page once its content
/// coding is undone) unless [`Inputs::with_max_record_bytes`] says otherwise. Four times what the page
/// crate reads of one page, to leave room for JSON escapes.
pub const MAX_RECORD_BYTES: usize = 256 << 20;

/// How the standard input is named among the inputs.
const STDIN: &str = "-";

/// The records still to come of one file.
type Records = Box<dyn Iterator<Item = Record> + Send>;

/// Reads inputs, named in any mix of files, directories and `-`, one record after the other.
///
/// Directories are read in depth, sorted by file name, without hidden files. What an input holds is
/// recognised by its content first and by its extension second: HTML, flat text, JSON Lines, WARC and
/// WET, each also in gzip or zstd. Memory is bounded by the largest record.
///
/// # Example
/// ```
/// use dechrome_fetch::{Inputs, Outcome};
/// let lines = r#"{"id":"a","url":"https://example.org/","html":"<p>Hello"}"#;
/// let mut records = Inputs::new(["-"]).with_stdin(lines.as_bytes());
/// let record = records.next().unwrap();
/// assert_eq!(record.id, "a");
/// assert!(matches!(record.outcome, Outcome::Page(capture) if capture.body == b"<p>Hello"));
/// assert!(records.next().is_none());
/// ```
pub struct Inputs {
    paths: Vec<PathBuf>,
    files: Files,
    stdin: Option<Box<dyn Read + Send>>,
    max_record_bytes: usize,
    read: Arc<AtomicU64>,
    current: Records,
}

impl Inputs {
    /// Will read these inputs, in this order; `-` is the process's standard input. Nothing is opened yet.
    pub fn new(paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        let paths: Vec<PathBuf> = paths.into_iter().map(Into::into).collect();
        Self {
            files: Files::new(paths.clone()),
            paths,
            stdin: Some(Box::new(std::io::stdin())),
            max_record_bytes: MAX_RECORD_BYTES,
            read: Arc::default(),
            current: Box::new(iter::empty()),
        }
    }

    /// Reads `-` from here instead of the process's standard input.
    #[must_use]
    pub fn with_stdin(mut self, stdin: impl Read + Send + 'static) -> Self {
        self.stdin = Some(Box::new(stdin));
        self
    }

    /// A longer record becomes an [`InputError::TooLarge`] instead of being held in memory.
    #[must_use]
    pub fn with_max_record_bytes(mut self, bytes: usize) -> Self {
        self.max_record_bytes = bytes;
        self
    }

    /// How far the reading has come, for a progress bar in another thread. Walks the inputs' directories
    /// once to add up their sizes, so call it only when it is shown.
    pub fn progress(&self) -> Progress {
        Progress::new(Arc::clone(&self.read), files::total_bytes(&self.paths))
    }

    fn open(&mut self, entry: Entry) -> Records {
        match entry {
            Entry::Stdin => match self.stdin.take() {
                Some(stdin) => self.read(stdin, 0, STDIN, None),
                None => one(Record::whole(STDIN, Outcome::Failed(InputError::StdinTwice))),
            },
            Entry::File { path, root } => {
                let name = path.to_string_lossy();
                match open_file(&path) {
                    Ok((file, size)) => self.read(file, size, &name, root),
                    Err(source) => {
                        one(Record::whole(&name, Outcome::Failed(InputError::Open { path: name.to_string(), source })))
                    }
                }
            }
            Entry::Special { path } => one(Record::whole(&path.to_string_lossy(), Outcome::Skipped(Skip::NotAFile))),
            Entry::Failed { path, source } => {
                let path = path.to_string_lossy().into_owned();
                one(Record::whole(&path.clone(), Outcome::Failed(InputError::List { path, source })))
            }
        }
    }

    /// The records of one opened input, by what its first bytes show.
    fn read(&self, reader: impl Read + Send + 'static, size: u64, path: &str, root: Option<PathBuf>) -> Records {
        let metered = Metered::new(reader, size, Arc::clone(&self.read));
        let (source, head) = match Source::open(metered) {
            Ok(opened) => opened,
            Err(source) => {
                let error = InputError::Damaged { path: path.to_owned(), at: Position::default(), source };
                return one(Record::whole(path, Outcome::Failed(error)));
            }
        };
        let named = root.is_none();
        let origin = Origin {
            path: path.into(),
            root,
            max_record_bytes: self.max_record_bytes,
            decompressed: source.is_decompressed(),
        };
        match sniff::format(&head, path, named) {
            Ok(Format::Page(media)) => one(page::read(source, &origin, media)),
            Ok(Format::JsonLines) => Box::new(json_lines::JsonLines::new(source, origin)),
            Ok(Format::Warc) => Box::new(warc::Warc::new(source, origin)),
            Err(skip) => one(Record::whole(path, Outcome::Skipped(skip))),
        }
    }
}

impl Iterator for Inputs {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        loop {
            if let Some(record) = self.current.next() {
                return Some(record);
            }
            self.current = Box::new(iter::empty()); // closes the file before the next is opened
            let entry = self.files.next()?;
            self.current = self.open(entry);
        }
    }
}

/// An opened file and its size in bytes.
fn open_file(path: &Path) -> io::Result<(File, u64)> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    Ok((file, size))
}

fn one(record: Record) -> Records {
    Box::new(iter::once(record))
}
