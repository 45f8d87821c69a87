//! The files that the named inputs stand for.

use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::STDIN;

/// One thing to read, or why there is none.
pub(super) enum Entry {
    Stdin,
    /// Met in the directory `root`, or named by the user where there is none.
    File {
        path: PathBuf,
        root: Option<PathBuf>,
    },
    /// A pipe, socket or device met in a directory: reading it might never end.
    Special {
        path: PathBuf,
    },
    Failed {
        path: PathBuf,
        source: io::Error,
    },
}

impl Entry {
    fn met(entry: walkdir::Result<DirEntry>, root: &Path) -> Option<Self> {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => None,
            Ok(entry) if entry.file_type().is_file() => {
                Some(Self::File { path: entry.into_path(), root: Some(root.to_owned()) })
            }
            Ok(entry) => Some(Self::Special { path: entry.into_path() }),
            Err(error) => {
                let path = error.path().unwrap_or(Path::new("")).to_owned();
                Some(Self::Failed { path, source: error.into() })
            }
        }
    }
}

/// Walks the named inputs lazily, in order; directories in depth, sorted by file name.
pub(super) struct Files {
    named: std::vec::IntoIter<PathBuf>,
    walk: Option<Box<dyn Iterator<Item = Entry> + Send>>,
}

impl Files {
    pub(super) fn new(named: Vec<PathBuf>) -> Self {
        Self { named: named.into_iter(), walk: None }
    }
}

impl Iterator for Files {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            if let Some(entry) = self.walk.as_mut().and_then(Iterator::next) {
                return Some(entry);
            }
            let path = self.named.next()?;
            if path.as_os_str() == STDIN {
                return Some(Entry::Stdin);
            }
            if !path.is_dir() {
                return Some(Entry::File { path, root: None });
            }
            self.walk = Some(Box::new(walk(&path).filter_map(move |entry| Entry::met(entry, &path))));
        }
    }
}

/// A directory in depth, sorted, without hidden files. Links are followed; one that leads back to a
/// directory above it is an error.
fn walk(directory: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> + Send + use<> {
    let visible = |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    WalkDir::new(directory).follow_links(true).sort_by_file_name().into_iter().filter_entry(visible)
}

/// The inputs' size in bytes; `None` when one of them is a stream, whose end nobody knows.
pub(super) fn total_bytes(paths: &[PathBuf]) -> Option<u64> {
    let mut total = 0;
    for entry in Files::new(paths.to_vec()) {
        match entry {
            Entry::Stdin => return None,
            Entry::File { path, root } => match std::fs::metadata(path) {
                Ok(metadata) if metadata.is_file() => total += metadata.len(),
                Ok(_) if root.is_none() => return None,
                _ => {}
            },
            Entry::Special { .. } | Entry::Failed { .. } => {}
        }
    }
    Some(total)
}
