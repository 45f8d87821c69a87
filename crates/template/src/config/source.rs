//! A TOML file with its name, for errors that say where.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::error::{ConfigError, ConfigProblem};

/// A file's name and text.
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

impl Source<'_> {
    /// Reads the file into `T`, whose structs deny unknown fields.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        toml::from_str(self.text)
            .map_err(|error| self.error(error.span().unwrap_or_default(), problem_of(error.message())))
    }

    /// The error for what is wrong at these bytes.
    pub(crate) fn error(&self, span: Range<usize>, problem: impl Into<ConfigProblem>) -> ConfigError {
        let problem = Box::new(problem.into());
        ConfigError::Invalid { file: self.file.to_owned(), line: self.line(span.start), problem }
    }

    /// The line, from 1, that holds a byte.
    pub(crate) fn line(&self, offset: usize) -> usize {
        1 + self.text.bytes().take(offset).filter(|&byte| byte == b'\n').count()
    }
}

/// Serde says "unknown field `x`, expected one of `a`, `b`": the names for a suggestion are in it.
fn problem_of(message: &str) -> ConfigProblem {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let what = if message.starts_with("unknown field") {
        "key"
    } else if message.starts_with("unknown variant") {
        "value"
    } else {
        return ConfigProblem::Toml { message: message.replace('\n', "; ") };
    };
    match quoted.split_first() {
        Some((found, names)) => unknown(what, found, names.iter().copied()),
        None => ConfigProblem::Toml { message: message.to_owned() },
    }
}

/// A name that does not exist, and the nearest that does, if one is near.
pub(crate) fn unknown<'a>(what: &'static str, found: &str, names: impl Iterator<Item = &'a str>) -> ConfigProblem {
    ConfigProblem::Unknown { what, found: found.to_owned(), suggestion: nearest(found, names).map(str::to_owned) }
}

/// The name most like another.
pub(super) fn nearest<'a>(found: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Jaro-Winkler similarity; below .75 names have little in common.
    let likely = names.map(|name| (strsim::jaro_winkler(found, name), name)).filter(|&(likeness, _)| likeness >= 0.75);
    likely.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// The TOML files of a directory, by name; none if there is no such directory.
pub(crate) fn toml_files(directory: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let failed = |source| ConfigError::Read { path: directory.to_owned(), source };
    if !directory.try_exists().map_err(failed)? {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(directory).map_err(failed)?;
    let mut files =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    Ok(files)
}

/// A file's text.
pub(crate) fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })
}
