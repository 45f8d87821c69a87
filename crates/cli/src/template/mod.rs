//! `dechrome template`: what was learned of sites, as files that people read.

mod build;
mod decide;
mod diff;
mod import;
mod known;
mod status;

use crate::args::Template;
use crate::screen::Screen;
use crate::status::Status;

/// Carries out one of the commands.
///
/// # Errors
/// The command could not start or not go on.
pub(crate) fn run(command: Template, screen: &Screen) -> anyhow::Result<Status> {
    use dechrome_template::Decision;
    match command {
        Template::Build(args) => build::run(args, screen),
        Template::Diff(args) => diff::run(&args),
        Template::Accept(args) => decide::run(&args, Decision::Accept, screen),
        Template::Keep(args) => decide::run(&args, Decision::Keep, screen),
        Template::Reject(args) => decide::run(&args, Decision::Reject, screen),
        Template::Status(args) => status::run(args, screen),
        Template::Import(args) => import::run(&args, screen),
    }
}
