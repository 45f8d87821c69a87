//! `dechrome eval`: output against labelled records.
//!
//! ```text
//! labels ─────────────────────────────┐
//! --predictions, or passes of `clean` ┴─► score a page ─► figures, groups, comparison ─► table or JSON
//! --curve   each page, cleaned with so many others learned ─► score ─► figures by number
//! ```
//! The measures are those of the published evaluations, word for word (`\w+`) as Python counts.

mod compare;
mod curve;
mod figures;
mod labels;
mod metadata;
mod predictions;
mod records;
mod report;
mod score;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use dechrome_template::StatsStore;
use serde::Serialize;
use serde_json::Value;

use crate::args::{Eval, Learn};
use crate::clean::{Cleaner, Passes};
use crate::input;
use crate::screen::Screen;
use crate::setup::Setup;
use crate::status::Status;
use compare::Comparison;
use curve::Point;
use figures::{Figures, NONE, Page, by_metric, scored};
use labels::Labelled;
use metadata::{Agreement, Agreements, Metadata};
use predictions::Predictions;
use score::Rates;

/// Largest changes shown of a comparison.
const SHOWN: usize = 5;

/// The figures of one set.
#[derive(Debug, Default, Serialize)]
struct Scored {
    dataset: String,
    /// One for each metric of its records.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    figures: Vec<Figures>,
    /// Of the fields whose truth is known of any record.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<&'static str, Agreement>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<Group>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    worst: Vec<Worst>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compare: Option<Comparison>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    curve: Vec<Point>,
}

/// The figures of the records with one value in the field asked for.
#[derive(Debug, Serialize)]
struct Group {
    group: String,
    #[serde(flatten)]
    figures: Figures,
}

/// A page with one of the lowest F1.
#[derive(Debug, Serialize)]
struct Worst {
    id: String,
    #[serde(flatten)]
    rates: Rates,
}

/// Scores output against labelled sets.
///
/// # Errors
/// A file cannot be read or is not what it should be.
pub(crate) fn run(args: &Eval, screen: &Screen) -> anyhow::Result<Status> {
    check(args)?;
    let passes = match args.predictions {
        Some(_) => None,
        None => Some(passes(args, screen)?),
    };
    let given = args.predictions.as_deref().map(predictions::read).transpose()?;
    let other = args.compare.as_deref().map(predictions::read).transpose()?;
    let mut sets = Vec::new();
    for path in &args.datasets {
        let labels = labels::read(path, args.by.as_deref())?;
        let scored = match (&passes, &given) {
            (Some(passes), _) if !args.curve.is_empty() => Scored {
                dataset: path.display().to_string(),
                curve: curve::run(path, &labels, &args.curve, passes)?,
                ..Scored::default()
            },
            (Some(passes), _) => evaluate(args, path, &labels, &cleaned(path, args, passes)?, other.as_ref()),
            (None, given) => {
                evaluate(args, path, &labels, given.as_ref().unwrap_or(&Predictions::new()), other.as_ref())
            }
        };
        if passes.as_ref().is_some_and(Passes::interrupted) {
            screen.error("interrupted: what was cleaned is not scored");
            return Ok(Status::Interrupted);
        }
        sets.push(scored);
    }
    write(&sets, args.json)?;
    let failed = sets.iter().flat_map(|set| &set.figures).any(|figures| figures.errors > 0);
    Ok(if failed && passes.is_some() { Status::SomeFailed } else { Status::Done })
}

fn check(args: &Eval) -> anyhow::Result<()> {
    let files = args.datasets.iter().chain(&args.predictions).chain(&args.compare);
    let files: Vec<_> = files.cloned().collect();
    if files.iter().any(|path| input::is_standard(path) || path.is_dir()) {
        bail!("labelled sets and predictions are files, not directories or `-`");
    }
    input::check(&files)
}

fn passes<'a>(args: &Eval, screen: &'a Screen) -> anyhow::Result<Passes<'a>> {
    let setup =
        Setup::load(args.config.as_deref())?.favoring(args.favor.into()).with_templates(args.templates.as_deref())?;
    Passes::new(Cleaner::new(setup, &args.datasets, false), args.threads, screen)
}

/// What `clean` makes of a set by itself.
fn cleaned(path: &Path, args: &Eval, passes: &Passes) -> anyhow::Result<Predictions> {
    let mut predictions = Predictions::new();
    let known = args.stats.as_deref().map(StatsStore::open_read_only).transpose()?;
    let learn = if args.templates.is_some() { Learn::Off } else { args.learn };
    passes.run(vec![path.to_owned()], learn, known, |result| {
        predictions::insert(&mut predictions, result);
        Ok(())
    })?;
    Ok(predictions)
}

fn evaluate(
    args: &Eval,
    path: &Path,
    labels: &[Labelled],
    predictions: &Predictions,
    other: Option<&Predictions>,
) -> Scored {
    let pages = scored(labels, predictions);
    let mut metadata = Agreements::default();
    let nothing = Metadata::default();
    for labelled in labels {
        let given = predictions.get(&labelled.id).map_or(&nothing, |prediction| &prediction.metadata);
        metadata.count(&labelled.metadata, given);
    }
    Scored {
        dataset: path.display().to_string(),
        figures: by_metric(&pages.iter().collect::<Vec<_>>()),
        metadata: metadata.known().collect(),
        groups: if args.by.is_some() { groups(&pages) } else { Vec::new() },
        worst: worst(&pages, args.worst),
        compare: other.map(|other| Comparison::new(&scored(labels, other), &pages, SHOWN.max(args.worst))),
        curve: Vec::new(),
    }
}

fn groups(pages: &[Page]) -> Vec<Group> {
    let mut groups: BTreeMap<&str, Vec<&Page>> = BTreeMap::new();
    for page in pages {
        groups.entry(page.labelled.group.as_deref().unwrap_or(NONE)).or_default().push(page);
    }
    let figures = |(group, pages): (&str, Vec<&Page>)| {
        by_metric(&pages).into_iter().map(|figures| Group { group: group.to_owned(), figures }).collect::<Vec<_>>()
    };
    groups.into_iter().flat_map(figures).collect()
}

/// The pages with the lowest F1, in the set's order among equals.
fn worst(pages: &[Page], number: usize) -> Vec<Worst> {
    let mut pages: Vec<&Page> = pages.iter().collect();
    pages.sort_by(|a, b| a.score.rates.f1.total_cmp(&b.score.rates.f1));
    let worst = |page: &Page| Worst { id: page.labelled.id.clone(), rates: page.score.rates };
    pages.into_iter().take(number).map(worst).collect()
}

fn write(sets: &[Scored], json: bool) -> anyhow::Result<()> {
    let mut text = if json {
        let mut value = serde_json::json!({ "datasets": sets });
        round(&mut value);
        value.to_string()
    } else {
        sets.iter().map(report::report).collect::<Vec<_>>().join("\n")
    };
    if json {
        text.push('\n');
    }
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write to the output")
}

/// Rounds all fractions to four decimals: the others are noise.
fn round(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(round),
        Value::Object(fields) => fields.values_mut().for_each(round),
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().map(|number| (number * 1e4).round() / 1e4);
            *value = rounded.into();
        }
        _ => {}
    }
}
