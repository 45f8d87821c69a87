//! `dechrome`: strips boilerplate from crawled pages.
//!
//! ```text
//! args ──► clean   inputs ─► pipeline(read ─► classify ─► document) ─► output, summary
//!     ├──► fetch   the network ─► archive, report
//!     ├──► run     fetch, then clean
//!     ├──► learn   inputs ─► what recurs on each site, in a file; merge joins such files
//!     ├──► explain one page's blocks with their verdicts
//!     ├──► eval    output against labelled pages
//!     ├──► check   site files against saved pages; schema: what they may hold
//!     └──► template   what is known of sites, as files: build, diff, accept, keep, reject, status, import
//! ```

mod args;
mod check;
mod clean;
mod eval;
mod explain;
mod fetch;
mod input;
mod interrupt;
mod learn;
mod merge;
mod run;
mod schema;
mod screen;
mod setup;
mod status;
mod table;
mod template;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser};

use args::{Args, Command};
use screen::Screen;
use status::Status;

/// Trees of HTML are many small allocations: 8 to 27 % faster than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit code of a run that could not start or not go on.
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let screen = Screen::new(&args.messages);
    match run(args, &screen) {
        Ok(status) => ExitCode::from(status.exit_code()),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            screen.error(&format!("error: {error:#}"));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

fn run(args: Args, screen: &Screen) -> anyhow::Result<Status> {
    match args.command {
        Command::Clean(args) => clean::run(args, screen),
        Command::Fetch(args) => fetch::run(args, screen),
        Command::Run(args) => run::run(args, screen),
        Command::Learn(args) => learn::run(args, screen),
        Command::Merge(args) => merge::run(&args, screen),
        Command::Explain(args) => explain::run(&args),
        Command::Eval(args) => eval::run(&args, screen),
        Command::Check(args) => check::run(&args),
        Command::Template(command) => template::run(command, screen),
        Command::Schema(args) => schema::run(&args),
        Command::Completions { shell } => completions(shell),
    }
}

fn completions(shell: clap_complete::Shell) -> anyhow::Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "dechrome", &mut script);
    io::stdout().lock().write_all(&script).context("cannot write the completions")?;
    Ok(Status::Done)
}

/// Whether whoever read our output has gone, as `head` does: no failure of ours.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let is_pipe = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(is_pipe))
}
