//! `dechrome run`: a site fetched, learned and cleaned in one go.

use std::path::PathBuf;

use dechrome_fetch::net::{FetchOptions, Output, archive_files};

use crate::args::{Clean, Favor, Learn, Run};
use crate::clean;
use crate::fetch;
use crate::screen::Screen;
use crate::setup::Setup;
use crate::status::Status;

/// Fetches a site by its site file, then cleans the archive.
///
/// # Errors
/// There is no such site file, or one of the two runs could not start or not go on.
pub(crate) fn run(args: Run, screen: &Screen) -> anyhow::Result<Status> {
    let setup = Setup::load(args.config.as_deref())?;
    let site = setup.site(&args.site)?;
    let crawl = args.crawl.unwrap_or_else(|| PathBuf::from(format!("{}.warc.gz", site.site)));
    let sites = vec![fetch::settings(site)?];
    let output = Output::File(crawl.clone());
    let fetched = fetch::crawl(FetchOptions { sites, output, ..fetch::mannered(args.manners) }, screen)?;
    let inputs = archive_files(&crawl);
    if fetched == Status::Interrupted || inputs.is_empty() {
        return Ok(fetched);
    }
    let cleaned = clean::run(
        Clean {
            inputs,
            output: args.output,
            format: args.format,
            config: args.config,
            learn: Learn::Auto,
            templates: None,
            favor: Favor::Balance,
            stats: None,
            threads: None,
            dropped: None,
        },
        screen,
    )?;
    Ok(fetched.max(cleaned))
}
