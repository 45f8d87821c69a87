//! `dechrome template build`: a readable file a site.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use dechrome_template::{LearnedTemplate, SiteStats};

use crate::args::Build;
use crate::clean::{Cleaner, Passes};
use crate::input;
use crate::screen::Screen;
use crate::setup::Setup;
use crate::status::Status;

/// Writes the templates of all sites that have two documents.
///
/// # Errors
/// The inputs cannot be read, or a template cannot be written.
pub(super) fn run(args: Build, screen: &Screen) -> anyhow::Result<Status> {
    let setup = Setup::load(args.config.as_deref())?;
    let inputs = input::resolve(args.from.inputs)?;
    let passes = Passes::new(Cleaner::new(setup, &inputs, false), None, screen)?;
    let sites = passes.learn(inputs)?;
    if passes.interrupted() {
        return Ok(Status::Interrupted);
    }
    fs::create_dir_all(&args.output).with_context(|| format!("cannot make `{}`", args.output.display()))?;
    let written = write(&args.output, &sites, passes.cleaner().setup())?;
    screen.say(&format!("{written} of {} sites have a template in {}", sites.len(), args.output.display()));
    Ok(Status::Done)
}

/// Writes a file a site; the number of files.
fn write(directory: &Path, sites: &BTreeMap<String, SiteStats>, setup: &Setup) -> anyhow::Result<usize> {
    let mut written = 0;
    for (site, stats) in sites {
        let Some(template) = LearnedTemplate::build(site, stats, setup.rejected(site)) else { continue };
        let file = directory.join(template.file_name());
        fs::write(&file, template.to_toml()).with_context(|| format!("cannot write `{}`", file.display()))?;
        written += 1;
    }
    Ok(written)
}
