//! `dechrome template`: the files that hold what is known of sites.

mod import;

use crate::args::Template;
use crate::screen::Screen;
use crate::status::Status;

/// Runs one of the commands.
///
/// # Errors
/// Those of the command.
pub(crate) fn run(command: &Template, screen: &Screen) -> anyhow::Result<Status> {
    match command {
        Template::Import(args) => import::run(args, screen),
    }
}
