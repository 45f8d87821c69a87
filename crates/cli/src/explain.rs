//! `dechrome explain`: why each block of a page is kept or dropped.

use std::io::{self, Write};

use anyhow::{Context, bail};
use dechrome_fetch::{Inputs, Outcome};
use dechrome_page::{Block, BlockKind, Page};
use dechrome_template::{
    BlockEvidence, Evidence, Explanation, Judgement, Label, LearnedRule, LearnedTemplate, Reason, SiteEvidence,
    SiteStats, Spread, StatsStore, Verdict,
};
use dechrome_text::{Document, Dropped};

use crate::args::Explain;
use crate::input;
use crate::setup::{Frozen, Setup};
use crate::status::Status;
use crate::table::{cut, layout, terminal_width};

/// Prints a page's blocks with their verdicts, and its metadata.
///
/// # Errors
/// There is no such page, or an input cannot be read.
pub(crate) fn run(args: &Explain) -> anyhow::Result<Status> {
    input::check(std::slice::from_ref(&args.page))?;
    input::check(&args.with)?;
    let setup =
        Setup::load(args.config.as_deref())?.favoring(args.favor.into()).with_templates(args.templates.as_deref())?;
    let page = setup.read(&input::first_page(&args.page, args.id.as_deref())?);
    let site = setup.site_of(&page);
    let built;
    let (template, evidence) = if let Some(Frozen { template, evidence }) = setup.frozen(&site) {
        (Some(template), evidence)
    } else {
        let rejected = setup.rejected(&site);
        let stats = learn(args, &setup, &site, &page)?;
        built = (LearnedTemplate::build(&site, &stats, rejected), stats.without_rules(rejected).evidence());
        // A page does not testify about itself.
        (built.0.as_ref().filter(|_| built.1.documents() > 1), &built.1)
    };
    let explanation = setup.template(&page, Some(evidence)).explain(&page);
    let learned = learned(&page, &explanation.judgement.verdicts, template, evidence);
    let width = terminal_width();
    let text = if let Some(number) = args.block {
        one_block(&page, &explanation, &learned, number, width)?
    } else {
        blocks(&page, &explanation, &learned, width) + &metadata(&page, &site, &explanation.judgement, width)
    };
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write to the output")?;
    Ok(Status::Done)
}

/// What the site's pages in the statistics and among the inputs show, the page itself counted as in a run of `clean`.
fn learn(args: &Explain, setup: &Setup, site: &str, page: &Page) -> anyhow::Result<SiteStats> {
    let mut stats = match &args.stats {
        Some(file) => StatsStore::open_read_only(file)?.site(site)?,
        None => SiteStats::default(),
    };
    stats.learn(page);
    let is_nameless = setup.is_nameless(page);
    for record in Inputs::new(&args.with) {
        match record.outcome {
            Outcome::Page(capture) => {
                let other = setup.read(&capture);
                // Nameless pages that are named together are of one site.
                if setup.site_of(&other) == site || (is_nameless && setup.is_nameless(&other)) {
                    stats.learn(&other);
                }
            }
            Outcome::Failed(error) => return Err(error.into()),
            Outcome::Skipped(_) => {}
        }
    }
    Ok(stats)
}

/// What was learned about a block.
struct Learned<'a> {
    rules: Vec<&'a LearnedRule>,
    /// Of its text.
    spread: Spread,
    /// The rule about the line that opens its slot, where the block is dropped for that.
    opener: Option<&'a LearnedRule>,
}

fn learned<'a>(
    page: &Page,
    verdicts: &[Verdict],
    template: Option<&'a LearnedTemplate>,
    evidence: &SiteEvidence,
) -> Vec<Learned<'a>> {
    let index = template.map(LearnedTemplate::index);
    let rules = |block: &Block| index.iter().flat_map(|index| index.rules(page, block)).collect::<Vec<_>>();
    let opener = |at: usize| {
        let Reason::Slot { anchor } = &verdicts[at].reason else { return None };
        let opener = page.blocks[..at].iter().rfind(|block| block.text == *anchor)?;
        rules(opener).into_iter().find(|rule| rule.line().is_some())
    };
    let spread = evidence.spread(page);
    let blocks = page.blocks.iter().enumerate();
    blocks.map(|(at, block)| Learned { rules: rules(block), spread: spread[at], opener: opener(at) }).collect()
}

/// Columns of the numbers behind a verdict.
const EVIDENCE_WIDTH: usize = 64;

/// Terms shown of each block; `--block` shows all.
const TERMS: usize = 3;

fn blocks(page: &Page, explanation: &Explanation, learned: &[Learned], width: u16) -> String {
    let heading = ["#", "verdict", "kind", "code", "evidence", "strongest terms", "text"].map(str::to_owned);
    let mut rows = vec![heading];
    let explained = explanation.judgement.verdicts.iter().zip(&explanation.evidence);
    for (number, (block, (verdict, evidence))) in page.blocks.iter().zip(explained).enumerate() {
        rows.push([
            number.to_string(),
            label(verdict).to_owned(),
            kind(block),
            verdict.reason.code().to_owned(),
            cut(&counted(verdict, &learned[number]), EVIDENCE_WIDTH),
            strongest(evidence),
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
fn one_block(
    page: &Page,
    explanation: &Explanation,
    learned: &[Learned],
    number: usize,
    width: u16,
) -> anyhow::Result<String> {
    let verdict = explanation.judgement.verdicts.get(number);
    let explained = page.blocks.get(number).zip(verdict).zip(explanation.evidence.get(number));
    let Some(((block, verdict), evidence)) = explained else {
        bail!("there is no block {number}: the page has {}", page.blocks.len());
    };
    let mut facts = vec![
        ["block".to_owned(), block.text.clone()],
        ["verdict".to_owned(), format!("{} ({}) {}", label(verdict), verdict.reason.code(), reason(&verdict.reason))],
        ["content".to_owned(), format!("{:.3}, kept from {:.3}", evidence.content, evidence.cut)],
    ];
    if let Some(alone) = evidence.alone {
        facts.push(["alone".to_owned(), format!("{alone:.3} by the page alone")]);
    }
    if let Some(BlockEvidence { documents: Some(documents), of, .. }) = evidence.site {
        let spread = learned[number].spread;
        facts.push(["site".to_owned(), format!("on {documents} of {of} other documents{spread}")]);
    }
    for rule in learned[number].rules.iter().chain(&learned[number].opener) {
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
fn counted(verdict: &Verdict, learned: &Learned) -> String {
    let text = reason(&verdict.reason);
    let rule = learned.rules.iter().copied().find(|rule| rule.is_boilerplate()).filter(|_| !verdict.is_content());
    match (&verdict.reason, rule, learned.opener) {
        (Reason::Recurs { .. }, Some(rule), _) if rule.line().is_some() => rule.evidence.to_string(),
        (Reason::Recurs { .. }, ..) => format!("{text}{}", learned.spread),
        (Reason::Shape { .. }, Some(rule), _) | (Reason::Slot { .. }, _, Some(rule)) => {
            format!("{text}, {}", rule.evidence)
        }
        _ => text,
    }
}

/// The numbers behind a verdict.
pub(crate) fn reason(reason: &Reason) -> String {
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

fn metadata(page: &Page, site: &str, judgement: &Judgement, width: u16) -> String {
    let document = Document::of(page, site, judgement);
    let dropped = Dropped::new(page, &judgement.verdicts).dropped.len();
    let added = document.segments.iter().filter(|segment| segment.source.is_some()).count();
    let added = if added > 0 { format!(", {added} paragraphs added from structured data") } else { String::new() };
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
        ("blocks", Some(format!("{kept} kept, {dropped} dropped{added}"))),
        ("problem", document.problem.map(|problem| problem.code().to_owned())),
        ("confidence", document.confidence.map(|confidence| format!("{confidence:.2}"))),
    ];
    let present = fields.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
    let rows: Vec<[String; 2]> = present.map(|(name, value)| [name.to_owned(), value]).collect();
    format!("\n{}", layout(&rows, width))
}
