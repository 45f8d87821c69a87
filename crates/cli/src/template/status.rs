//! `dechrome template status`: sites, documents, rules, layouts, and which rules are stale.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::{Context, bail};
use dechrome_template::{LearnedTemplate, RuleStatus, Shape, TemplateStatus};

use super::known::Known;
use crate::args::TemplateStatus as Args;
use crate::screen::Screen;
use crate::status::Status;
use crate::table::{layout, terminal_width};

/// Prints the state of each template.
///
/// # Errors
/// A template or an input cannot be read.
pub(super) fn run(args: Args, screen: &Screen) -> anyhow::Result<Status> {
    let templates = LearnedTemplate::load_dir(&args.templates)?;
    if templates.is_empty() {
        bail!(
            "no template in `{}`: `dechrome template build` writes them, `--templates` names their directory",
            args.templates.display()
        );
    }
    let has_pages = args.known.stats.is_some() || !args.known.inputs.is_empty();
    let known = if has_pages { Known::load(args.known, screen)? } else { Some(Known::Learned(BTreeMap::new())) };
    let Some(known) = known else { return Ok(Status::Interrupted) };
    let statuses = templates.iter().map(|(site, template)| Ok(template.status(&known.site(site)?)));
    let statuses: Vec<TemplateStatus> = statuses.collect::<anyhow::Result<_>>()?;
    if args.json {
        let text = serde_json::json!({ "sites": statuses }).to_string() + "\n";
        io::stdout().lock().write_all(text.as_bytes()).context("cannot write to the output")?;
        return Ok(Status::Done);
    }
    let mut text = table(&statuses);
    if args.stale || args.hits {
        text += &statuses.iter().map(|status| hits(status, args.hits)).collect::<String>();
    }
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write to the output")?;
    Ok(Status::Done)
}

fn table(statuses: &[TemplateStatus]) -> String {
    let heading = ["site", "documents", "rules", "known", "recent", "stale", "layout", "body", "links", "recurring"];
    let row = |status: &TemplateStatus| {
        let kinds: Vec<String> = status.rules.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let redesign = status.layouts.last().and_then(|layout| layout.from.as_ref());
        [
            status.site.clone(),
            status.documents.to_string(),
            kinds.join(", "),
            status.coverage.map(percent).unwrap_or_default(),
            status.since.as_ref().map(|since| format!("{} since {since}", status.recent)).unwrap_or_default(),
            status.stale().count().to_string(),
            redesign.map(|day| format!("{}, since {day}", status.layouts.len())).unwrap_or_default(),
            change(status, |shape| shape.body.to_string()),
            change(status, |shape| percent(shape.links)),
            change(status, |shape| percent(shape.recurring)),
        ]
    };
    let rows: Vec<_> = std::iter::once(heading.map(str::to_owned)).chain(statuses.iter().map(row)).collect();
    layout(&rows, terminal_width())
}

/// What documents are like, and what the recent ones are.
fn change(status: &TemplateStatus, show: impl Fn(Shape) -> String) -> String {
    [status.usual, status.now].into_iter().flatten().map(show).collect::<Vec<_>>().join(" → ")
}

fn percent(share: f32) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// The rates of a template's rules: of the stale ones, or of all.
fn hits(status: &TemplateStatus, all: bool) -> String {
    let heading = ["expected", "seen", "last", "until", "stale", "kind", "rule"].map(str::to_owned);
    let row = |rule: &RuleStatus| {
        [
            percent(rule.expected),
            format!("{} of {}", rule.seen, status.recent),
            rule.last.clone().unwrap_or_default(),
            rule.until.clone().unwrap_or_default(),
            if rule.is_stale { "stale" } else { "" }.to_owned(),
            rule.kind.to_owned(),
            rule.id.clone(),
        ]
    };
    let rows: Vec<_> = status.hits.iter().filter(|rule| all || rule.is_stale).map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let rows: Vec<_> = std::iter::once(heading).chain(rows).collect();
    format!("\n{}\n{}", status.site, layout(&rows, terminal_width()))
}
