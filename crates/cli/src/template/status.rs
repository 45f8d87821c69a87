//! `dechrome template status`: sites, documents, rules, and which rules are stale.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::{Context, bail};
use dechrome_template::{LearnedTemplate, RuleStatus, TemplateStatus};

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
    if args.stale {
        text += &statuses.iter().filter(|status| !status.stale.is_empty()).map(stale).collect::<String>();
    }
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write to the output")?;
    Ok(Status::Done)
}

fn table(statuses: &[TemplateStatus]) -> String {
    let heading = ["site", "documents", "rules", "known", "recent", "stale", "redesign"].map(str::to_owned);
    let row = |status: &TemplateStatus| {
        let kinds: Vec<String> = status.rules.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        [
            status.site.clone(),
            status.documents.to_string(),
            kinds.join(", "),
            status.coverage.map(|share| format!("{:.0} %", 100.0 * share)).unwrap_or_default(),
            status.since.as_ref().map(|since| format!("{} since {since}", status.recent)).unwrap_or_default(),
            status.stale.len().to_string(),
            status.redesign.as_ref().map(|day| format!("since {day}")).unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = std::iter::once(heading).chain(statuses.iter().map(row)).collect();
    layout(&rows, terminal_width())
}

fn stale(status: &TemplateStatus) -> String {
    let heading = ["expected", "seen", "last", "kind", "rule"].map(str::to_owned);
    let row = |rule: &RuleStatus| {
        [
            format!("{:.0} %", 100.0 * rule.expected),
            format!("{} of {}", rule.seen, status.recent),
            rule.last.clone().unwrap_or_default(),
            rule.kind.to_owned(),
            rule.id.clone(),
        ]
    };
    let rows: Vec<_> = std::iter::once(heading).chain(status.stale.iter().map(row)).collect();
    format!("\n{}\n{}", status.site, layout(&rows, terminal_width()))
}
