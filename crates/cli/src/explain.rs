//! `dechrome explain`: why each block of a page is kept or dropped.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use dechrome_fetch::{InputError, Inputs, Outcome};
use dechrome_page::{Block, BlockKind, Capture, Page};
use dechrome_template::{Label, Reason, SiteStats, Verdict};
use dechrome_text::{Document, Dropped};

use crate::args::Explain;
use crate::clean::Status;
use crate::input;
use crate::setup::Setup;
use crate::table::{cut, layout, terminal_width};

/// Prints a page's blocks with their verdicts, and its metadata.
///
/// # Errors
/// There is no such page, or an input cannot be read.
pub(crate) fn run(args: &Explain) -> anyhow::Result<Status> {
    input::check(std::slice::from_ref(&args.page))?;
    input::check(&args.with)?;
    let setup = Setup::load(args.config.as_deref())?;
    let page = setup.read(&find(&args.page, args.id.as_deref())?);
    let site = setup.site_of(&page);
    let stats = learn(args, &setup, &site, &page)?;
    let evidence = stats.evidence();
    let verdicts = setup.classify(&page, Some(&evidence));
    let text = blocks(&page, &verdicts, terminal_width()) + &metadata(&page, &site, &verdicts, terminal_width());
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write to the output")?;
    Ok(Status::Done)
}

/// The capture to explain.
fn find(path: &Path, id: Option<&str>) -> anyhow::Result<Capture> {
    for record in Inputs::new([path]).filter(|record| id.is_none_or(|id| record.id == id)) {
        match record.outcome {
            Outcome::Page(capture) => return Ok(capture),
            Outcome::Failed(error) => return Err(error.into()),
            Outcome::Skipped(skip) if id.is_some() => bail!("`{}` is no page: {skip}", record.id),
            Outcome::Skipped(_) => {}
        }
    }
    match id {
        Some(id) => bail!("no record `{id}` in `{}`", path.display()),
        None => bail!("no page in `{}`", path.display()),
    }
}

/// What the site's pages among the inputs show, the page itself counted as in a run of `clean`.
fn learn(args: &Explain, setup: &Setup, site: &str, page: &Page) -> Result<SiteStats, InputError> {
    let mut stats = SiteStats::default();
    stats.learn(page);
    for record in Inputs::new(&args.with) {
        match record.outcome {
            Outcome::Page(capture) => {
                let other = setup.read(&capture);
                if setup.site_of(&other) == site {
                    stats.learn(&other);
                }
            }
            Outcome::Failed(error) => return Err(error),
            Outcome::Skipped(_) => {}
        }
    }
    Ok(stats)
}

fn blocks(page: &Page, verdicts: &[Verdict], width: u16) -> String {
    let heading = ["#", "verdict", "kind", "code", "evidence", "text"].map(str::to_owned);
    let mut rows = vec![heading];
    for (number, (block, verdict)) in page.blocks.iter().zip(verdicts).enumerate() {
        let label = if verdict.label == Label::Content { "keep" } else { "drop" };
        rows.push([
            number.to_string(),
            label.to_owned(),
            kind(block),
            verdict.reason.code().to_owned(),
            cut(&evidence(&verdict.reason), 40),
            block.text.clone(),
        ]);
    }
    layout(&rows, width)
}

/// The numbers behind a verdict.
fn evidence(reason: &Reason) -> String {
    match reason {
        Reason::Rule { id } => id.clone(),
        Reason::Recurs { docs, of } => format!("on {docs} of {of} other pages"),
        Reason::Slot { anchor } => format!("opened by “{anchor}”"),
        Reason::Shape { content } => format!("content {content:.2}"),
        Reason::Cue { list } => list.clone(),
        Reason::Duplicate { of } => format!("says #{of} again"),
        _ => String::new(),
    }
}

fn kind(block: &Block) -> String {
    let name = match block.kind {
        BlockKind::Heading(level) => return format!("h{level}"),
        BlockKind::Paragraph => "p",
        BlockKind::ListItem { .. } => "li",
        BlockKind::TableCell { header: true, .. } => "th",
        BlockKind::TableCell { header: false, .. } => "td",
        BlockKind::Code => "code",
        BlockKind::Quote => "quote",
        BlockKind::Caption => "caption",
        BlockKind::Term => "dt",
        BlockKind::Description => "dd",
        BlockKind::Control => "control",
    };
    if block.hidden.any() { format!("{name} hidden") } else { name.to_owned() }
}

fn metadata(page: &Page, site: &str, verdicts: &[Verdict], width: u16) -> String {
    let document = Document::new(page, site, verdicts);
    let dropped = Dropped::new(page, verdicts).dropped.len();
    let kept = page.blocks.len() - dropped;
    let limits = [("depth", page.limits.depth), ("attributes", page.limits.attributes), ("size", page.limits.size)];
    let limits: Vec<&str> = limits.into_iter().filter(|(_, hit)| *hit).map(|(name, _)| name).collect();
    let lossy = if page.lossy { ", with losses" } else { "" };
    let fields = [
        ("id", Some(document.id)),
        ("url", document.url),
        ("site", Some(document.site)),
        ("title", document.title),
        ("author", document.author),
        ("date", document.date),
        ("language", document.language),
        ("site name", document.site_name),
        ("tags", Some(document.tags.join(", "))),
        ("canonical", page.metadata.canonical.clone()),
        ("encoding", Some(format!("{}{lossy}", page.encoding))),
        ("limits hit", Some(limits.join(", "))),
        ("blocks", Some(format!("{kept} kept, {dropped} dropped"))),
    ];
    let present = fields.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
    let rows: Vec<[String; 2]> = present.map(|(name, value)| [name.to_owned(), value]).collect();
    format!("\n{}", layout(&rows, width))
}
