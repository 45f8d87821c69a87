//! Labelled records: what is right.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context, bail};
use serde::Serialize;

use super::metadata::Metadata;
use super::records::{self, Object, string, strings};

/// How a record is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Metric {
    /// Precision and recall of the words of `truth`, without regard to their order.
    Words,
    /// Those of its runs of four words.
    Shingles,
    /// Which of the segments `with` and `without` are in the text.
    Segments,
}

impl Metric {
    /// Its name in a record.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Shingles => "shingles",
            Self::Segments => "segments",
        }
    }
}

/// What is right of one page.
#[derive(Debug)]
pub(super) struct Labelled {
    pub(super) id: String,
    pub(super) metric: Metric,
    pub(super) site: Option<String>,
    /// Its value in the field asked for.
    pub(super) group: Option<String>,
    /// The headline where `truth` is without it.
    pub(super) headline: Option<String>,
    pub(super) truth: String,
    /// What the text must hold.
    pub(super) with: Vec<String>,
    /// What it must not hold.
    pub(super) without: Vec<String>,
    pub(super) metadata: Metadata,
}

/// Reads a set; `by` is the field that groups its records.
///
/// # Errors
/// It cannot be read, a record has no `id`, one known already, nothing to score with, or another metric than named.
pub(super) fn read(path: &Path, by: Option<&str>) -> anyhow::Result<Vec<Labelled>> {
    let mut set = Vec::new();
    let mut ids = HashSet::new();
    records::each(path, |object| {
        let labelled = labelled(object, by)?;
        if !ids.insert(labelled.id.clone()) {
            bail!("the id `{}` is there twice", labelled.id);
        }
        set.push(labelled);
        Ok(())
    })?;
    if set.is_empty() {
        bail!("there is no record in `{}`", path.display());
    }
    if let Some(by) = by
        && set.iter().all(|labelled| labelled.group.is_none())
    {
        bail!("no record of `{}` has text in the field `{by}`", path.display());
    }
    Ok(set)
}

fn labelled(mut object: Object, by: Option<&str>) -> anyhow::Result<Labelled> {
    let group = by.and_then(|by| object.get(by)?.as_str().filter(|group| !group.is_empty()).map(str::to_owned));
    Ok(Labelled {
        metric: metric(&object)?,
        id: string(&mut object, "id").context("the record has no `id`")?,
        site: string(&mut object, "site").filter(|site| !site.is_empty()),
        group,
        headline: string(&mut object, "headline").filter(|headline| !headline.is_empty()),
        truth: string(&mut object, "truth").unwrap_or_default(),
        with: strings(&mut object, "with"),
        without: strings(&mut object, "without"),
        metadata: Metadata::take(&mut object),
    })
}

/// The metric that the record names, else the one that it holds the truth for.
fn metric(object: &Object) -> anyhow::Result<Metric> {
    let Some(named) = object.get("metric") else {
        return match (object.contains_key("truth"), object.contains_key("with")) {
            (true, _) => Ok(Metric::Words),
            (_, true) => Ok(Metric::Segments),
            _ => bail!("the record has neither `truth` nor `with` to be scored with"),
        };
    };
    let known = [Metric::Words, Metric::Shingles, Metric::Segments];
    let found = known.into_iter().find(|metric| named.as_str() == Some(metric.name()));
    found.with_context(|| format!("the metric {named} is none of `words`, `shingles` and `segments`"))
}
