//! `dechrome merge`: statistics of several runs in one file.

use std::fs;
use std::path::Path;

use anyhow::Context;
use dechrome_template::StatsStore;
use indicatif::HumanCount;

use crate::args::Merge;
use crate::screen::Screen;
use crate::status::Status;

/// Merges stores into one that appears when it is whole.
///
/// # Errors
/// One of the files cannot be read, or the output not written.
pub(crate) fn run(args: &Merge, screen: &Screen) -> anyhow::Result<Status> {
    let cannot = || format!("cannot write `{}`", args.output.display());
    let parent = args.output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let directory = tempfile::tempdir_in(parent).with_context(cannot)?;
    let part = directory.path().join("merged");
    let mut merged = StatsStore::open(&part)?;
    for input in &args.inputs {
        merged.merge(&StatsStore::open_read_only(input)?)?;
    }
    let sites = merged.sites()?;
    drop(merged);
    fs::rename(&part, &args.output).with_context(cannot)?;
    let documents: u64 = sites.iter().map(|(_, documents)| documents).sum();
    let (sites, documents) = (HumanCount(sites.len() as u64), HumanCount(documents));
    screen.say(&format!("`{}` holds {sites} sites with {documents} documents", args.output.display()));
    Ok(Status::Done)
}
