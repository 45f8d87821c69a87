//! `dechrome explain`: why each block of a page is kept or dropped.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use dechrome_fetch::{InputError, Inputs, Outcome};
use dechrome_page::{Block, BlockKind, Capture, Page};
use dechrome_template::{BlockEvidence, Evidence, Label, LearnedRule, LearnedTemplate, Reason, SiteStats, Verdict};
use dechrome_text::{Document, Dropped};

use crate::args::Explain;
use crate::input;
use crate::setup::Setup;
use crate::status::Status;
use crate::table::{cut, layout, terminal_width};

/// Prints a page's blocks with their verdicts, and its metadata.
///
/// # Errors
/// There is no such page, or an input cannot be read.
pub(crate) fn run(args: &Explain) -> anyhow::Result<Status> {
    input::check(std::slice::from_ref(&args.page))?;
    input::check(&args.with)?;
    let setup = Setup::load(args.config.as_deref())?.with_templates(args.templates.as_deref())?;
    let page = setup.read(&find(&args.page, args.id.as_deref())?);
    let site = setup.site_of(&page);
    let stats = learn(args, &setup, &site, &page)?;
    let learned = LearnedTemplate::build(&site, &stats, &[]);
    let evidence = stats.evidence();
    let frozen = setup.frozen(&site);
    let known = frozen.map_or(&evidence, |frozen| &frozen.evidence);
    let explained = setup.template(&page, Some(known)).explain(&page);
    let rules = frozen.map(|frozen| &frozen.template).or(learned.as_ref()).map(LearnedTemplate::index);
    let rules = page.blocks.iter().map(|block| rules.iter().flat_map(|index| index.rules(&page, block)).collect());
    let explained: Vec<Explained> = explained
        .into_iter()
        .zip(rules)
        .map(|((verdict, evidence), rules)| Explained { verdict, evidence, rules })
        .collect();
    let width = terminal_width();
    let text = if let Some(number) = args.block {
        one_block(&page, &explained, number, width)?
    } else {
        let verdicts: Vec<Verdict> = explained.iter().map(|explained| explained.verdict.clone()).collect();
        blocks(&page, &explained, width) + &metadata(&page, &site, &verdicts, width)
    };
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

/// A verdict with its evidence.
struct Explained<'a> {
    verdict: Verdict,
    evidence: Evidence,
    /// Learned rules about the block.
    rules: Vec<&'a LearnedRule>,
}

/// Columns of the numbers behind a verdict.
const EVIDENCE_WIDTH: usize = 46;

/// Terms shown of each block; `--block` shows all.
const TERMS: usize = 3;

fn blocks(page: &Page, explained: &[Explained], width: u16) -> String {
    let heading = ["#", "verdict", "kind", "code", "evidence", "strongest terms", "text"].map(str::to_owned);
    let mut rows = vec![heading];
    for (number, (block, explained)) in page.blocks.iter().zip(explained).enumerate() {
        let verdict = &explained.verdict;
        rows.push([
            number.to_string(),
            label(verdict).to_owned(),
            kind(block),
            verdict.reason.code().to_owned(),
            cut(&counted(explained), EVIDENCE_WIDTH),
            strongest(&explained.evidence),
            block.text.clone(),
        ]);
    }
    layout(&rows, width)
}

fn label(verdict: &Verdict) -> &'static str {
    if verdict.label == Label::Content { "keep" } else { "drop" }
}

fn strongest(evidence: &Evidence) -> String {
    let terms = evidence.terms.iter().take(TERMS).map(|term| format!("{} {:+.1}", term.column, term.share));
    format!("{:.2} ({})", evidence.content, terms.collect::<Vec<_>>().join(", "))
}

/// Every term of one block.
fn one_block(page: &Page, explained: &[Explained], number: usize, width: u16) -> anyhow::Result<String> {
    let Some((block, explained)) = page.blocks.get(number).zip(explained.get(number)) else {
        bail!("there is no block {number}: the page has {}", page.blocks.len());
    };
    let Explained { verdict, evidence, rules } = explained;
    let mut facts = vec![
        ["block".to_owned(), block.text.clone()],
        ["verdict".to_owned(), format!("{} ({}) {}", label(verdict), verdict.reason.code(), reason(&verdict.reason))],
        ["content".to_owned(), format!("{:.3}, kept from {:.3}", evidence.content, evidence.cut)],
    ];
    if let Some(BlockEvidence { documents: Some(documents), of, .. }) = evidence.site {
        facts.push(["site".to_owned(), format!("on {documents} of {of} other documents")]);
    }
    for rule in rules {
        let text = format!("{} {}, {}, score {:+.1}", rule.kind(), rule.id, rule.evidence, rule.evidence.score);
        facts.push(["learned".to_owned(), text]);
    }
    let mut terms = vec![["term", "value", "adds"].map(str::to_owned)];
    let rows = evidence.terms.iter();
    terms
        .extend(rows.map(|term| [term.column.to_owned(), format!("{:.3}", term.value), format!("{:+.3}", term.share)]));
    Ok(format!("{}\n{}", layout(&facts, width), layout(&terms, width)))
}

/// The numbers behind a verdict, with the counts of what was learned where that is why a block is dropped.
fn counted(explained: &Explained) -> String {
    let Explained { verdict, rules, .. } = explained;
    let text = reason(&verdict.reason);
    let learned = rules.iter().find(|rule| rule.is_boilerplate()).filter(|_| !verdict.is_content());
    match (&verdict.reason, learned) {
        (Reason::Recurs { .. }, Some(rule)) if rule.line().is_some() => rule.evidence.to_string(),
        (Reason::Shape { .. }, Some(rule)) => format!("{text}, {}", rule.evidence),
        _ => text,
    }
}

/// The numbers behind a verdict.
fn reason(reason: &Reason) -> String {
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
