//! What is refused before anything is written.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::output::is_directory;
use crate::input::is_standard;

/// Refuses outputs that would overwrite an input, or be read as one, and two outputs in one place.
///
/// # Errors
/// The first output that is refused.
pub(super) fn no_input_is_overwritten(inputs: &[PathBuf], outputs: [Option<&PathBuf>; 2]) -> anyhow::Result<()> {
    let inputs: Vec<PathBuf> =
        inputs.iter().filter(|path| !is_standard(path)).filter_map(|path| fs::canonicalize(path).ok()).collect();
    for output in outputs.into_iter().flatten().filter(|path| !is_standard(path)) {
        if let Some(input) = inputs.iter().find(|input| overwrites(output, input)) {
            bail!("`{}` would be written into the input `{}`: name another output", output.display(), input.display());
        }
    }
    if let [Some(documents), Some(dropped)] = outputs
        && (documents == dropped || resolved(documents).is_some_and(|path| resolved(dropped) == Some(path)))
    {
        bail!("`{}` is named for both the documents and what was dropped", dropped.display());
    }
    Ok(())
}

/// Whether writing an output may change this input. A new file beside inputs does not: it appears when they are read.
fn overwrites(output: &Path, input: &Path) -> bool {
    if is_directory(output) {
        let Some(output) = resolved(output) else { return false };
        return if input.is_dir() { output.starts_with(input) } else { input.parent() == Some(&output) };
    }
    fs::canonicalize(output).is_ok_and(|output| output.starts_with(input))
}

/// The path without links, as far as it is there.
fn resolved(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let there = path.ancestors().find(|ancestor| ancestor.exists())?;
    let rest = path.strip_prefix(there).ok()?;
    // Joining nothing would append a slash.
    let there = fs::canonicalize(there).ok()?;
    Some(if rest.as_os_str().is_empty() { there } else { there.join(rest) })
}
