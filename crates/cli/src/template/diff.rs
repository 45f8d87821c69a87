//! `dechrome template diff`: what changed, by what the rules mean.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use dechrome_template::{LearnedTemplate, RuleChange, diff};
use serde::Serialize;

use crate::args::Diff;
use crate::status::Status;
use crate::table::{layout, terminal_width};

/// The changes of one site.
#[derive(Serialize)]
struct SiteChanges {
    site: String,
    /// Documents learned from, then and now; 0 without a template.
    documents: [u32; 2],
    changes: Vec<RuleChange>,
}

/// Prints the changes between two templates, or two directories of them.
///
/// # Errors
/// A template cannot be read.
pub(super) fn run(args: &Diff) -> anyhow::Result<Status> {
    let (old, new) = (templates(&args.old)?, templates(&args.new)?);
    let sites: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changes = sites.into_iter().map(|site| {
        let (old, new) = (old.get(site), new.get(site));
        let documents = [old, new].map(|template| template.map_or(0, |template| template.learned.documents));
        SiteChanges { site: site.clone(), documents, changes: diff(old, new) }
    });
    let changes: Vec<SiteChanges> = changes.filter(|site| !site.changes.is_empty()).collect();
    let text = if args.json {
        serde_json::json!({ "sites": changes }).to_string() + "\n"
    } else {
        changes.iter().map(shown).collect::<Vec<_>>().join("\n")
    };
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write to the output")?;
    Ok(Status::Done)
}

/// The templates of a directory, or the one of a file, by site.
fn templates(path: &Path) -> anyhow::Result<BTreeMap<String, LearnedTemplate>> {
    if path.is_dir() {
        return Ok(LearnedTemplate::load_dir(path)?);
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let template = LearnedTemplate::from_toml(&path.display().to_string(), &text)?;
    Ok(BTreeMap::from([(template.site.clone(), template)]))
}

fn shown(site: &SiteChanges) -> String {
    let mut rows = vec![["change", "documents", "kind", "rule", "what"].map(str::to_owned)];
    rows.extend(site.changes.iter().map(|change| {
        let what = if change.what.is_empty() { change.rule.clone() } else { change.what.join(", ") };
        [change.change.to_owned(), change.documents.to_string(), change.kind.to_owned(), change.id.clone(), what]
    }));
    let [old, new] = site.documents;
    format!("{}, {old} → {new} documents\n{}", site.site, layout(&rows, terminal_width()))
}
