//! The files of an archive: written as `NAME.open`, renamed when closed, rotated by size.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::net::error::FetchError;
use crate::net::options::Output;
use crate::net::state::Position;

/// Where records go.
pub(crate) enum Archive {
    /// Nowhere.
    None,
    /// Files, the current one open.
    Files(Files),
    /// A stream.
    Stream {
        stream: Box<dyn Write + Send>,
        /// Whether anything was written to it.
        begun: bool,
    },
}

/// The files of an archive.
pub(crate) struct Files {
    path: PathBuf,
    file: File,
    position: Position,
}

impl Archive {
    /// Opens the output where it was left off; what was written beyond that is cut off.
    pub(crate) fn open(output: Output, last: Option<Position>) -> Result<Self, FetchError> {
        match output {
            Output::None => Ok(Self::None),
            Output::Stream(stream) => Ok(Self::Stream { stream, begun: false }),
            Output::File(path) => Files::open(path, last).map(Self::Files),
        }
    }

    /// Whether a file or stream has just been begun and wants its heading record.
    pub(crate) fn wants_heading(&self) -> bool {
        match self {
            Self::None => false,
            Self::Files(files) => files.position.offset == 0,
            Self::Stream { begun, .. } => !begun,
        }
    }

    /// The current file's final name.
    pub(crate) fn file_name(&self) -> String {
        let path = match self {
            Self::Files(files) => numbered(&files.path, files.position.file),
            _ => PathBuf::from("-"),
        };
        path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Appends records and sees them safe on disk. On an error nothing of them is left.
    pub(crate) fn append(&mut self, records: &[u8]) -> Result<(), FetchError> {
        match self {
            Self::None => Ok(()),
            Self::Files(files) => files.append(records),
            Self::Stream { stream, begun } => {
                *begun = true;
                stream
                    .write_all(records)
                    .and_then(|()| stream.flush())
                    .map_err(|error| FetchError::io("(output)", error))
            }
        }
    }

    /// How far the archive is whole.
    pub(crate) fn position(&self) -> Position {
        match self {
            Self::Files(files) => files.position,
            _ => Position::default(),
        }
    }

    /// Takes back what was appended after a position, in the same file.
    pub(crate) fn rewind(&mut self, position: Position) -> Result<(), FetchError> {
        match self {
            Self::Files(files) if files.position != position => files.rewind(position),
            _ => Ok(()),
        }
    }

    /// Whether the current file has reached the size at which the next is begun.
    pub(crate) fn is_full(&self, limit: u64) -> bool {
        matches!(self, Self::Files(files) if files.position.offset >= limit)
    }

    /// Begins the next file; the current one gets its final name.
    pub(crate) fn rotate(&mut self) -> Result<(), FetchError> {
        if let Self::Files(files) = self {
            files.close()?;
            *files = Files::create(files.path.clone(), files.position.file + 1)?;
        }
        Ok(())
    }

    /// Gives the current file its final name.
    pub(crate) fn close(&mut self) -> Result<(), FetchError> {
        match self {
            Self::Files(files) => files.close(),
            _ => Ok(()),
        }
    }
}

impl Files {
    fn open(path: PathBuf, last: Option<Position>) -> Result<Self, FetchError> {
        let Some(last) = last else { return Self::create(path, 0) };
        if last.closed || !open_name(&path, last.file).exists() {
            finish_rename(&path, last)?;
            return Self::create(path, last.file + 1);
        }
        let name = open_name(&path, last.file);
        let file = OpenOptions::new().write(true).open(&name).map_err(|error| FetchError::io(&name, error))?;
        let mut files = Self { path, file, position: last };
        files.rewind(last)?;
        Ok(files)
    }

    fn create(path: PathBuf, number: u64) -> Result<Self, FetchError> {
        let name = open_name(&path, number);
        let file = File::create(&name).map_err(|error| FetchError::io(&name, error))?;
        Ok(Self { path, file, position: Position { file: number, offset: 0, closed: false } })
    }

    fn append(&mut self, records: &[u8]) -> Result<(), FetchError> {
        let before = self.position;
        match self.file.write_all(records).and_then(|()| self.file.sync_data()) {
            Ok(()) => {
                self.position.offset += records.len() as u64;
                Ok(())
            }
            Err(error) => {
                self.rewind(before)?;
                Err(FetchError::io(open_name(&self.path, before.file), error))
            }
        }
    }

    fn rewind(&mut self, position: Position) -> Result<(), FetchError> {
        let cut = self.file.set_len(position.offset).and_then(|()| self.file.seek(SeekFrom::Start(position.offset)));
        cut.map_err(|error| FetchError::io(open_name(&self.path, position.file), error))?;
        self.position = position;
        Ok(())
    }

    fn close(&mut self) -> Result<(), FetchError> {
        if self.position.closed {
            return Ok(());
        }
        let (from, to) = (open_name(&self.path, self.position.file), numbered(&self.path, self.position.file));
        if self.position.offset == 0 {
            // Nothing was ever written: an empty file is no archive.
            return fs::remove_file(&from).map_err(|error| FetchError::io(&from, error));
        }
        self.file.sync_all().and_then(|()| rename(&from, &to)).map_err(|error| FetchError::io(&to, error))?;
        self.position.closed = true;
        Ok(())
    }
}

/// A crash between the last record and the renaming leaves the open name on a file known as closed.
fn finish_rename(path: &Path, last: Position) -> Result<(), FetchError> {
    let (from, to) = (open_name(path, last.file), numbered(path, last.file));
    if from.exists() {
        rename(&from, &to).map_err(|error| FetchError::io(&to, error))?;
    }
    Ok(())
}

/// Renames, durably: the directory is synced where the system lets us.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(directory) = File::open(directory) {
        directory.sync_all()?;
    }
    Ok(())
}

/// The finished files of an archive, in the order they were written.
pub fn archive_files(path: &Path) -> Vec<PathBuf> {
    (0..).map(|number| numbered(path, number)).take_while(|file| file.exists()).collect()
}

/// The name of an archive's n-th file: `crawl.warc.gz`, `crawl-00001.warc.gz` and so on.
fn numbered(path: &Path, number: u64) -> PathBuf {
    if number == 0 {
        return path.to_owned();
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".warc.gz").or_else(|| name.strip_suffix(".gz")).unwrap_or(&name);
    path.with_file_name(format!("{stem}-{number:05}{}", &name[stem.len()..]))
}

fn open_name(path: &Path, number: u64) -> PathBuf {
    let mut name = numbered(path, number).into_os_string();
    name.push(".open");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_numbered_before_their_extension() {
        assert_eq!(numbered(Path::new("a/crawl.warc.gz"), 0), Path::new("a/crawl.warc.gz"));
        assert_eq!(numbered(Path::new("a/crawl.warc.gz"), 12), Path::new("a/crawl-00012.warc.gz"));
        assert_eq!(open_name(Path::new("x"), 1), Path::new("x-00001.open"));
    }
}
