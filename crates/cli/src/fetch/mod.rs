//! `dechrome fetch`: from the network into an archive.

mod options;
mod report;

use std::time::Duration;

use anyhow::{Context, bail};
use dechrome_fetch::net::{CancellationToken, Crawl, FetchOptions, Output, Progress, Report};
use tokio::runtime::Runtime;

use crate::args::Fetch;
use crate::interrupt::Interrupt;
use crate::screen::Screen;
use crate::status::Status;

pub(crate) use options::{mannered, settings};

/// Between two looks at the progress, and at whether the run was asked to end.
const TICK: Duration = Duration::from_millis(100);

/// Fetches what the arguments name.
///
/// # Errors
/// The crawl could not start or not go on. URLs that fail are no error but [`Status::SomeFailed`].
pub(crate) fn run(args: Fetch, screen: &Screen) -> anyhow::Result<Status> {
    let options = options::of(args)?;
    if options.seeds.is_empty() && options.sites.is_empty() && !options.resume {
        bail!("nothing to fetch: name URLs, or a list, sitemap, feed or site (see `dechrome fetch --help`)");
    }
    crawl(options, screen)
}

/// Crawls to the end, or until interrupted, with progress and a report.
///
/// # Errors
/// The crawl could not start or not go on.
pub(crate) fn crawl(options: FetchOptions, screen: &Screen) -> anyhow::Result<Status> {
    if options.contact.is_none() {
        tracing::warn!("no --contact given: the owners of sites cannot tell whose crawl this is");
    }
    let interrupt = Interrupt::listen()?;
    let resumable = matches!(options.output, Output::File(_));
    let runtime = Runtime::new().context("cannot start the threads of the crawl")?;
    let (report, stopped) = runtime.block_on(watched(options, &interrupt, screen))?;
    screen.say(&report::summary(&report));
    if stopped {
        let advice = if resumable { "; go on with --resume" } else { "" };
        screen.error(&format!("interrupted with {} URLs left{advice}", report.queued));
        return Ok(Status::Interrupted);
    }
    Ok(if report.failures() > 0 { Status::SomeFailed } else { Status::Done })
}

/// Runs a crawl beside the display of its progress. Says whether it was asked to end before its end.
async fn watched(options: FetchOptions, interrupt: &Interrupt, screen: &Screen) -> anyhow::Result<(Report, bool)> {
    let (progress, stop) = (Progress::default(), CancellationToken::new());
    let bar = screen.shows_progress().then(|| screen.ticker());
    let mut crawl = std::pin::pin!(Crawl::run(options, progress.clone(), stop.clone()));
    let mut ticks = tokio::time::interval(TICK);
    let report = loop {
        tokio::select! {
            report = &mut crawl => break report?,
            _ = ticks.tick() => {
                if interrupt.is_set() {
                    stop.cancel();
                }
                if let Some(bar) = &bar {
                    bar.set_message(report::line(&progress.report()));
                    bar.tick();
                }
            }
        }
    };
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let stopped = stop.is_cancelled() && report.queued > 0;
    Ok((report, stopped))
}
