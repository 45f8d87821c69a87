//! The inputs as named on the command line.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use dechrome_fetch::{Inputs, Outcome};
use dechrome_page::Capture;

/// How the standard input and output are named.
pub(crate) const STANDARD: &str = "-";

/// The inputs to read: as named, else the standard input.
///
/// # Errors
/// There is none, one does not exist, or the standard input is named twice.
pub(crate) fn resolve(named: Vec<PathBuf>) -> anyhow::Result<Vec<PathBuf>> {
    if named.is_empty() {
        if io::stdin().is_terminal() {
            bail!("no input: name files or directories, or pipe pages in (see `dechrome clean --help`)");
        }
        return Ok(vec![STANDARD.into()]);
    }
    check(&named)?;
    Ok(named)
}

/// Whether all these inputs are there.
///
/// # Errors
/// One does not exist, or the standard input is named twice.
pub(crate) fn check(named: &[PathBuf]) -> anyhow::Result<()> {
    for path in named.iter().filter(|path| !is_standard(path)) {
        path.metadata().with_context(|| format!("cannot read the input `{}`", path.display()))?;
    }
    if named.iter().filter(|path| is_standard(path)).count() > 1 {
        bail!("`-` is named twice, but the standard input can be read only once");
    }
    Ok(())
}

/// Whether it is `-`.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == STANDARD
}

/// The page of this id in a file, else the first.
///
/// # Errors
/// There is none, or the file cannot be read.
pub(crate) fn first_page(path: &Path, id: Option<&str>) -> anyhow::Result<Capture> {
    for record in Inputs::new([path]).filter(|record| id.is_none_or(|id| record.id == id)) {
        match record.outcome {
            Outcome::Page(capture) => return Ok(capture),
            Outcome::Failed(error) => return Err(error.into()),
            Outcome::Skipped(skip) if id.is_some() => bail!("`{}` is no page: {skip}", record.id),
            Outcome::Skipped(_) => {}
        }
    }
    match id {
        Some(id) => bail!("no record `{id}` in `{}`", path.display()),
        None => bail!("no page in `{}`", path.display()),
    }
}
