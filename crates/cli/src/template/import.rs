//! `dechrome template import`: site files from other tools' rules.
//!
//! ```text
//! file ── directives ──► [Directive] ── translate (xpath) ──► Draft ── write ──► sites/<site>.toml
//! ```
//! Whatever a file says, either it is in the site file or it is listed with its line and the reason.

mod directives;
mod draft;
#[cfg(test)]
mod tests;
mod tokens;
mod translate;
mod write;
mod xpath;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use dechrome_template::SiteConfigs;

use crate::args::Import;
use crate::screen::Screen;
use crate::status::Status;
use draft::Draft;

/// Largest file read, in bytes: the longest known has some 10,000.
const MAX_BYTES: u64 = 1 << 20;

/// Imports the files one by one.
///
/// # Errors
/// The output directory cannot be made, or all files fail. Some that fail are no error but [`Status::SomeFailed`].
pub(super) fn run(args: &Import, screen: &Screen) -> anyhow::Result<Status> {
    let sites = args.output.join("sites");
    fs::create_dir_all(&sites).with_context(|| format!("cannot make the directory `{}`", sites.display()))?;
    let mut failed = 0;
    for file in &args.ftr {
        match import(file, &sites) {
            Ok((draft, place)) => tell(screen, file, &draft, &place),
            Err(error) => {
                screen.error(&format!("{}: {error:#}", file.display()));
                failed += 1;
            }
        }
    }
    match failed {
        0 => Ok(Status::Done),
        _ if failed == args.ftr.len() => bail!("no file could be imported"),
        _ => Ok(Status::SomeFailed),
    }
}

fn tell(screen: &Screen, file: &Path, draft: &Draft, place: &Path) {
    for left in &draft.left {
        screen.say(&format!("{}:{}: not expressed: `{}`: {}", file.display(), left.line, left.directive, left.why));
    }
    screen.say(&format!("{} → {}: {}", file.display(), place.display(), draft.summary()));
}

/// Makes a file's site file.
fn import(file: &Path, sites: &Path) -> anyhow::Result<(Draft, PathBuf)> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let size = file.metadata().context("cannot read the file")?.len();
    if size > MAX_BYTES {
        bail!("the file has {size} bytes, more than the {MAX_BYTES} of any site's rules");
    }
    // The files are UTF-8 but for a stray byte in a comment.
    let bytes = fs::read(file).context("cannot read the file")?;
    let (draft, text) = convert(&name, &String::from_utf8_lossy(&bytes))?;
    let place = sites.join(format!("{}.toml", draft.site));
    let mut output = File::create_new(&place).with_context(|| format!("cannot write `{}`", place.display()))?;
    output.write_all(text.as_bytes()).with_context(|| format!("cannot write `{}`", place.display()))?;
    Ok((draft, place))
}

/// The site file of a file's name and text.
fn convert(name: &str, text: &str) -> anyhow::Result<(Draft, String)> {
    let draft = translate::draft(name, &directives::parse(text))?;
    let toml = write::toml(&draft);
    // Never write what cannot be read again.
    SiteConfigs::default().add(&format!("{}.toml", draft.site), &toml).context("the site file made of it is broken")?;
    Ok((draft, toml))
}
