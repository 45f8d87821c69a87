//! Documents into a directory, a file each.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use crate::document::{Document, FailedDocument};
use crate::error::WriteError;
use crate::format::Format;

/// Longest file name derived from an id, in bytes, without number and extension: file systems take 255.
const MAX_NAME: usize = 120;

/// Writes documents into a directory, a file each, named after its id.
///
/// A name keeps the id's letters, digits, `-`, `_` and inner dots; all else becomes `_`. Names that differ in nothing
/// or in case only are numbered in the order of writing: `a`, `a-2`, `a-3`.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    format: Format,
    /// Lower-case names in use.
    used: HashSet<String>,
    /// The last number given to a name.
    numbers: HashMap<String, u64>,
}

impl Directory {
    /// Makes the directory if it is not there. Files in it are overwritten by files of the same name.
    ///
    /// # Errors
    /// The directory cannot be made.
    pub fn create(path: impl Into<PathBuf>, format: Format) -> Result<Self, WriteError> {
        let path = path.into();
        match fs::create_dir_all(&path) {
            Ok(()) => Ok(Self { path, format, used: HashSet::new(), numbers: HashMap::new() }),
            Err(source) => Err(WriteError::File { path, source }),
        }
    }

    /// Writes a document into a file of its own and returns the file's path.
    ///
    /// # Errors
    /// The file cannot be written, or the document cannot be put into the format.
    pub fn write(&mut self, document: &Document) -> Result<PathBuf, WriteError> {
        let mut record = self.format.opening(true).to_owned();
        self.format.render(document, &mut record)?;
        self.put(&document.id, self.format.extension(), &record)
    }

    /// Writes the record of a page that could not be read: whatever the format, JSON in a file that ends in
    /// `.error.json`, so that no error is taken for text.
    ///
    /// # Errors
    /// As [`Directory::write`].
    pub fn write_failure(&mut self, failed: &FailedDocument) -> Result<PathBuf, WriteError> {
        let mut record = String::new();
        Format::JsonLines.render_failure(failed, &mut record)?;
        self.put(&failed.id, "error.json", &record)
    }

    fn put(&mut self, id: &str, extension: &str, record: &str) -> Result<PathBuf, WriteError> {
        let name = self.name(id);
        let path = self.path.join(format!("{name}.{extension}"));
        match fs::write(&path, record) {
            Ok(()) => Ok(path),
            Err(source) => Err(WriteError::File { path, source }),
        }
    }

    /// A name for an id that no earlier one has.
    fn name(&mut self, id: &str) -> String {
        let base = file_name(id);
        let key = base.to_lowercase();
        let number = self.numbers.entry(key.clone()).or_insert(0);
        loop {
            *number += 1;
            let suffix = if *number == 1 { String::new() } else { format!("-{number}") };
            if self.used.insert(format!("{key}{suffix}")) {
                return format!("{base}{suffix}");
            }
        }
    }
}

/// A file name for an id, safe on every file system, not yet unique.
fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len().min(MAX_NAME));
    for c in without_extension(id).nfc() {
        let c = if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
        if name.len() + c.len_utf8() > MAX_NAME {
            break;
        }
        name.push(c);
    }
    let name = name.trim_matches(['.', '_']);
    if name.is_empty() {
        "page".to_owned()
    } else if is_reserved(name) {
        format!("_{name}")
    } else {
        name.to_owned()
    }
}

/// The id without the extension that says what the input was: the output's takes its place.
fn without_extension(id: &str) -> &str {
    let path = Path::new(id);
    let is_page = path.extension().is_some_and(|extension| {
        ["html", "htm", "xhtml", "txt"].iter().any(|page| extension.eq_ignore_ascii_case(page))
    });
    if is_page { id.rsplit_once('.').map_or(id, |(stem, _)| stem) } else { id }
}

/// Names of devices that Windows does not give to files, with any extension.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    let is_port =
        |device: &str| stem.strip_prefix(device).is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit());
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || is_port("COM") || is_port("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe() {
        for (id, want) in [
            ("a", "a"),
            ("fixtures/seeds/a.txt", "fixtures_seeds_a"),
            ("../../etc/passwd", "etc_passwd"),
            ("/abs/Page.HTML", "abs_Page"),
            ("<urn:uuid:12-ab>", "urn_uuid_12-ab"),
            ("", "page"),
            ("...", "page"),
            (".html", "html"),
            ("nul", "_nul"),
            ("COM1.x", "_COM1.x"),
            ("комета 1", "комета_1"),
            ("a\0b\\c", "a_b_c"),
        ] {
            assert_eq!(file_name(id), want, "{id:?}");
        }
        assert_eq!(file_name(&"é".repeat(500)).len(), MAX_NAME);
    }

    #[test]
    fn names_are_unique() {
        let directory = tempfile::tempdir().unwrap();
        let mut directory = Directory::create(directory.path(), Format::Text).unwrap();
        let names: Vec<String> = ["a", "A", "a-2", "a", "a/", "a-2"].iter().map(|id| directory.name(id)).collect();
        assert_eq!(names, ["a", "A-2", "a-2-2", "a-3", "a-4", "a-2-3"]);
    }
}
