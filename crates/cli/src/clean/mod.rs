//! `dechrome clean`: records in, documents out.
//!
//! [`passes`] makes documents of records; [`output`] and [`summary`] take them.

mod checks;
mod cleaner;
mod output;
mod passes;
mod pipeline;
mod spool;
mod summary;
#[cfg(test)]
mod tests;

use std::time::Instant;

use dechrome_template::StatsStore;

use crate::args::{Clean, Learn};
use crate::input;
use crate::screen::Screen;
use crate::setup::Setup;
use crate::status::Status;

pub(crate) use cleaner::{Cleaned, Cleaner, Entry, Why};
use output::Output;
pub(crate) use passes::Passes;
pub(crate) use spool::{decode, encode};
use summary::Summary;

/// Cleans the inputs.
///
/// # Errors
/// The run could not start or not go on. Pages that fail are no error but [`Status::SomeFailed`].
pub(crate) fn run(args: Clean, screen: &Screen) -> anyhow::Result<Status> {
    let started = Instant::now();
    let inputs = input::resolve(args.inputs)?;
    let setup =
        Setup::load(args.config.as_deref())?.favoring(args.favor.into()).with_templates(args.templates.as_deref())?;
    checks::no_input_is_overwritten(&inputs, [Some(&args.output), args.dropped.as_ref()])?;
    let mut output = Output::open(&args.output, args.format, args.dropped.as_deref())?;
    let known = args.stats.as_deref().map(StatsStore::open_read_only).transpose()?;
    let cleaner = Cleaner::new(setup, &inputs, args.dropped.is_some());
    let passes = Passes::new(cleaner, args.threads, screen)?;
    let mut summary = Summary::default();
    // What a template says is all that is known of its site: the same page and template give the same document.
    let learn = if args.templates.is_some() { Learn::Off } else { args.learn };
    passes.run(inputs, learn, known, |result| {
        summary.count(&result);
        output.write(&result)
    })?;
    if passes.interrupted() {
        let kept = output.keep_part()?;
        let kept: Vec<String> = kept.iter().map(|path| path.display().to_string()).collect();
        let place = if kept.is_empty() { String::new() } else { format!("; they are in {}", kept.join(" and ")) };
        screen.error(&format!("interrupted after {} records{place}", summary.records()));
        return Ok(Status::Interrupted);
    }
    output.finish()?;
    screen.say(&summary.report(started.elapsed()));
    Ok(if summary.has_failures() { Status::SomeFailed } else { Status::Done })
}
