//! `dechrome check`: site files against their saved pages, so that rules do not rot.

mod report;

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use dechrome_page::Page;
use dechrome_template::{Check, SiteConfig, Verdict};
use dechrome_text::Document;

use crate::args;
use crate::explain::reason;
use crate::input;
use crate::setup::Setup;
use crate::status::Status;
use report::{Checked, Failure, Kind, Outcome, Report, Warning};

/// Runs the checks of the named sites, or of all in the directory.
///
/// # Errors
/// There is no such site, or a saved page cannot be read; what could be checked is reported nevertheless.
pub(crate) fn run(args: &args::Check) -> anyhow::Result<Status> {
    let setup = Setup::load(Some(&args.config))?;
    let mut report = Report::default();
    for site in sites(&setup, args)? {
        check_site(&setup, &args.config, site, &mut report);
    }
    let text = if args.json { report.json()? } else { report.text() };
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write to the output")?;
    match report.not_run() {
        0 => Ok(if report.has_failures() { Status::SomeFailed } else { Status::Done }),
        1 => bail!("a check could not run"),
        several => bail!("{several} checks could not run"),
    }
}

/// The sites to check: those of the directory's own files.
fn sites<'a>(setup: &'a Setup, args: &args::Check) -> anyhow::Result<Vec<&'a SiteConfig>> {
    let directory = args.config.display();
    if args.sites.is_empty() {
        let own: Vec<&SiteConfig> = setup.configs().iter().filter(|site| site.file.is_some()).collect();
        if own.is_empty() {
            bail!("there are no site files in `{directory}/sites`: name another `--config`");
        }
        return Ok(own);
    }
    let named = |name: &String| {
        let site = setup.site(name)?;
        if site.file.is_none() {
            bail!("the site file of `{name}` is built in, its pages are not in `{directory}`: name another `--config`");
        }
        Ok(site)
    };
    args.sites.iter().map(named).collect()
}

/// Runs a site's checks, and looks for rules that none of its pages needs.
fn check_site(setup: &Setup, directory: &Path, site: &SiteConfig, report: &mut Report) {
    let mut unmatched = vec![true; site.rules.len()];
    let mut all_read = !site.checks.is_empty();
    for check in &site.checks {
        let outcome = match read(setup, directory, site, check) {
            Ok((page, is_recognised)) => {
                for (open, matched) in unmatched.iter_mut().zip(site.compiled().matched(&page)) {
                    *open &= !matched;
                }
                if !is_recognised {
                    report.warn(Warning::unrecognised(site, check));
                }
                judge(setup, site, check, &page)
            }
            Err(error) => {
                all_read = false;
                Outcome::NotRun(format!("{error:#}"))
            }
        };
        report.add(Checked::new(site, check, outcome));
    }
    if all_read {
        let rotten = site.rules.iter().zip(unmatched).filter(|(_, unmatched)| *unmatched);
        rotten.for_each(|(rule, _)| report.warn(Warning::unmatched(site, rule)));
    }
}

/// The saved page as one of the site's, and whether it shows itself to be.
fn read(setup: &Setup, directory: &Path, site: &SiteConfig, check: &Check) -> anyhow::Result<(Page, bool)> {
    let path = directory.join(&check.page);
    let saving = || match &check.url {
        Some(url) => format!("cannot read the saved page `{}`: save {url} there", path.display()),
        None => format!("cannot read the saved page `{}`", path.display()),
    };
    path.metadata().with_context(saving)?;
    let mut capture = input::first_page(&path, None)?;
    capture.url = check.url.clone().or(capture.url);
    let page = setup.read(&capture);
    let is_nameless = site.hosts.is_empty() && site.signature.is_none();
    if setup.configs().for_page(&page).is_some_and(|found| found.site == site.site) {
        return Ok((page, true));
    }
    capture.site = Some(site.site.clone());
    Ok((setup.read(&capture), is_nameless))
}

/// Cleans the page by itself and compares.
fn judge(setup: &Setup, site: &SiteConfig, check: &Check, page: &Page) -> Outcome {
    let judgement = setup.template(page, None).judge(page);
    let document = Document::of(page, &site.site, &judgement);
    let verdicts = judgement.verdicts;
    let text = folded(&document.text);
    let has = |passage: &&String| text.contains(&folded(passage));
    let lost = check.contains.iter().filter(|passage| !has(passage));
    let kept = check.absent.iter().filter(has);
    let mut failures: Vec<Failure> =
        lost.map(|passage| Failure::new(Kind::Lost, passage, place(page, &verdicts, passage, false))).collect();
    failures.extend(kept.map(|passage| Failure::new(Kind::Kept, passage, place(page, &verdicts, passage, true))));
    for (kind, wanted, found) in [
        (Kind::Title, &check.title, &document.title),
        (Kind::Author, &check.author, &document.author),
        (Kind::Date, &check.date, &document.date),
    ] {
        if let Some(wanted) = wanted.as_ref().filter(|wanted| found.as_ref() != Some(wanted)) {
            let found = found.as_ref().map_or_else(|| "none".to_owned(), |found| format!("“{found}”"));
            failures.push(Failure::new(kind, wanted, format!("found {found}")));
        }
    }
    if failures.is_empty() { Outcome::Passed } else { Outcome::Failed(failures) }
}

/// Which block of the kept or dropped ones holds a passage, and why it was kept or dropped.
fn place(page: &Page, verdicts: &[Verdict], passage: &str, kept: bool) -> String {
    let passage = folded(passage);
    let holds =
        |block: &usize| verdicts[*block].is_content() == kept && folded(&page.blocks[*block].text).contains(&passage);
    let Some(block) = (0..page.blocks.len()).find(holds) else {
        return if kept { "in the text of several blocks" } else { "in no single block of the page" }.to_owned();
    };
    let why = &verdicts[block].reason;
    let verb = if kept { "kept" } else { "dropped" };
    format!("block {block}, {verb}: {} {}", why.code(), reason(why)).trim_end().to_owned()
}

/// White space folded, so that a passage may run over line breaks.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
