//! `dechrome template accept`, `keep`, `reject`: a person's decision, written into the site's own file.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use dechrome_page::Page;
use dechrome_template::{Decision, LearnedRule, LearnedTemplate, decide};
use tempfile::NamedTempFile;

use crate::args::Decide;
use crate::input;
use crate::screen::Screen;
use crate::status::Status;

/// Writes the decision.
///
/// # Errors
/// There is no such template or rule, or the site file cannot be used or written.
pub(super) fn run(args: &Decide, decision: Decision, screen: &Screen) -> anyhow::Result<Status> {
    let templates = LearnedTemplate::load_dir(&args.templates)?;
    let template = templates
        .get(&args.site)
        .with_context(|| format!("there is no template of `{}` in `{}`", args.site, args.templates.display()))?;
    let rule = find(template, &args.rule)?;
    if !args.config.is_dir() {
        bail!("`{}` is no directory: name the one that holds `sites/` with `--config`", args.config.display());
    }
    if let Some(page) = &args.check {
        check_page(&args.config.join(page))?;
    }
    let sites = args.config.join("sites");
    let file = sites.join(format!("{}.toml", args.site));
    let text = match fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", file.display())),
    };
    let name = file.display().to_string();
    let edited = decide(&name, text.as_deref(), &args.site, rule, decision, args.check.as_deref())?;
    replace(&sites, &file, &edited).with_context(|| format!("cannot write `{}`", file.display()))?;
    screen.say(&format!("{name}: {} `{}`", done(decision), rule.id));
    Ok(Status::Done)
}

/// Refuses a page for a check that could never run.
fn check_page(path: &Path) -> anyhow::Result<()> {
    let unusable =
        || format!("cannot use `{}` of `--check`: save a page there that shows the rule's text", path.display());
    path.metadata().with_context(unusable)?;
    let capture = input::first_page(path, None).with_context(unusable)?;
    if Page::read(&capture).blocks.is_empty() {
        return Err(anyhow!("the page is empty").context(unusable()));
    }
    Ok(())
}

fn find<'a>(template: &'a LearnedTemplate, id: &str) -> anyhow::Result<&'a LearnedRule> {
    let rule = template.rules.iter().find(|rule| rule.id == id);
    rule.with_context(|| format!("the template of `{}` has no rule `{id}`", template.site))
}

/// The file appears whole or not at all.
fn replace(directory: &Path, file: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    let mut part = NamedTempFile::new_in(directory)?;
    part.write_all(text.as_bytes())?;
    if let Ok(metadata) = fs::metadata(file) {
        part.as_file().set_permissions(metadata.permissions())?;
    }
    part.persist(file)?;
    Ok(())
}

fn done(decision: Decision) -> &'static str {
    match decision {
        Decision::Accept => "accepted",
        Decision::Keep => "kept what is matched by",
        Decision::Reject => "rejected",
    }
}
