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
    /// Opens the output where it was left off. What was written beyond that is cut off, and written anew from
    /// `pending`: the crash may have come at any byte of it, or before or after the file got its final name.
    pub(crate) fn open(output: Output, last: Option<Position>, pending: &[u8]) -> Result<Self, FetchError> {
        match output {
            Output::None => Ok(Self::None),
            Output::Stream(stream) => Ok(Self::Stream { stream, begun: false }),
            Output::File(path) => {
                let mut files = Files::open(path, last, !pending.is_empty())?;
                files.append(pending)?;
                Ok(Self::Files(files))
            }
        }
    }

    /// Whether what is written can be taken up again after a crash.
    pub(crate) fn is_resumable(&self) -> bool {
        matches!(self, Self::Files(_))
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
    fn open(path: PathBuf, last: Option<Position>, goes_on: bool) -> Result<Self, FetchError> {
        let Some(last) = last else { return Self::create(path, 0) };
        if last.closed && !goes_on {
            return Self::create(path, last.file + 1);
        }
        let (name, closed) = (open_name(&path, last.file), numbered(&path, last.file));
        if !name.exists() {
            match closed.exists() {
                true => rename(&closed, &name).map_err(|error| FetchError::io(&closed, error))?,
                false if last.offset == 0 => return Self::create(path, last.file),
                false => return Err(FetchError::NothingToResume { path: closed }),
            }
        }
        remove_if_there(&open_name(&path, last.file + 1))?;
        let file = OpenOptions::new().write(true).open(&name).map_err(|error| FetchError::io(&name, error))?;
        let mut files = Self { path, file, position: last };
        files.rewind(Position { closed: false, ..last })?;
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

/// The file begun after the last one that counts holds nothing that counts.
fn remove_if_there(path: &Path) -> Result<(), FetchError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FetchError::io(path, error)),
        _ => Ok(()),
    }
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
    let names = (0..u64::MAX).map(|number| numbered(path, number));
    names.take_while(|file| file.exists()).collect()
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

    /// What the state says of a file, and what a crash may have left of what came after.
    #[test]
    fn a_crash_at_any_byte_is_made_good() {
        let (safe, pending) = (&b"safe"[..], &b"pending"[..]);
        let offset = safe.len() as u64;
        for end in 0..=pending.len() {
            for (is_named, closed) in [(false, false), (true, false), (true, true)] {
                let last = Position { file: 1, offset, closed };
                let directory = tempfile::tempdir().unwrap();
                let path = directory.path().join("a.warc.gz");
                let name = if is_named { numbered(&path, 1) } else { open_name(&path, 1) };
                fs::write(name, [safe, &pending[..end]].concat()).unwrap();
                fs::write(open_name(&path, 2), "begun").unwrap();
                for _ in 0..2 {
                    let output = Output::File(path.clone());
                    let mut archive = Archive::open(output, Some(last), pending).unwrap();
                    assert_eq!(archive.position().offset, 11);
                    archive.close().unwrap();
                    assert_eq!(fs::read(numbered(&path, 1)).unwrap(), b"safepending", "cut at {end}");
                    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
                }
            }
        }
    }

    #[test]
    fn a_lost_archive_is_no_empty_one() {
        let directory = tempfile::tempdir().unwrap();
        let output = || Output::File(directory.path().join("a.warc.gz"));
        let last = |offset| Some(Position { file: 0, offset, closed: false });
        assert!(matches!(Archive::open(output(), last(1), b""), Err(FetchError::NothingToResume { .. })));
        assert!(Archive::open(output(), last(0), b"").is_ok());
    }
}
