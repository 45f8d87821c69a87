//! `dechrome template build`: a readable file a site.

use std::fs;

use anyhow::Context;
use dechrome_template::LearnedTemplate;

use super::known::Known;
use crate::args::Build;
use crate::screen::Screen;
use crate::setup::Setup;
use crate::status::Status;

/// Writes the templates of all sites that have two documents.
///
/// # Errors
/// What is known cannot be read, or a template cannot be written.
pub(super) fn run(args: Build, screen: &Screen) -> anyhow::Result<Status> {
    let setup = Setup::load(args.known.config.as_deref())?;
    let Some(known) = Known::load(args.known, screen)? else { return Ok(Status::Interrupted) };
    fs::create_dir_all(&args.output).with_context(|| format!("cannot make `{}`", args.output.display()))?;
    let sites = known.sites()?;
    let mut written = 0;
    for site in &sites {
        let Some(template) = LearnedTemplate::build(site, &known.site(site)?, setup.rejected(site)) else { continue };
        let file = args.output.join(template.file_name());
        fs::write(&file, template.to_toml()).with_context(|| format!("cannot write `{}`", file.display()))?;
        written += 1;
    }
    screen.say(&format!("{written} of {} sites have a template in {}", sites.len(), args.output.display()));
    Ok(Status::Done)
}
