//! Labelled pages from JSON Lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context;
use dechrome_page::{Capture, Page, registrable_domain};
use rayon::prelude::*;
use serde::Deserialize;

use crate::align;

/// One row of a data set.
#[derive(Debug, Deserialize)]
struct Record {
    id: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    site: Option<String>,
    #[serde(default)]
    html: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    truth: Option<String>,
    #[serde(default)]
    headline: Option<String>,
    #[serde(default)]
    page_type: Option<String>,
}

/// A page with its reference.
#[derive(Debug)]
pub(crate) struct Labelled {
    pub(crate) page: Page,
    /// Its site, else its registrable domain, else itself: pages of one group are never split between folds.
    pub(crate) group: String,
    /// The group of the page whose chrome stands around this one's content, if another's does.
    pub(crate) mate: Option<String>,
    pub(crate) truth: String,
    pub(crate) headline: Option<String>,
    pub(crate) page_type: Option<String>,
    /// Parallel to the page's blocks.
    pub(crate) labels: Vec<bool>,
}

impl Labelled {
    /// The groups that it shows something of.
    pub(crate) fn sites(&self) -> Vec<&str> {
        [Some(self.group.as_str()), self.mate.as_deref()].into_iter().flatten().collect()
    }
}

/// Reads and labels the pages of a `.jsonl` or `.jsonl.zst` file that have a reference.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Labelled>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let reader: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "zst") {
        Box::new(zstd::Decoder::new(file)?)
    } else {
        Box::new(file)
    };
    let lines: Vec<String> = BufReader::new(reader).lines().collect::<Result<_, _>>()?;
    lines
        .par_iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| label(line))
        .filter_map(Result::transpose)
        .collect()
}

fn label(line: &str) -> anyhow::Result<Option<Labelled>> {
    let Record { id, url, site, html, text, truth, headline, page_type } = serde_json::from_str(line)?;
    let Some(truth) = truth else { return Ok(None) };
    let mut capture = match (html, text) {
        (Some(html), _) => Capture::html(id, html),
        (None, Some(text)) => Capture::text(id, text),
        (None, None) => return Ok(None),
    };
    capture.url = url;
    let page = Page::read(&capture);
    // A host without a dot (`localhost`, `host`) is a stand-in: pages saved under it come from anywhere.
    let domain = page.url.as_deref().and_then(registrable_domain).filter(|domain| domain.contains('.'));
    let group = site.or(domain).unwrap_or_else(|| page.id.clone());
    let labels = align::labels(&page, &truth);
    Ok(Some(Labelled { page, group, mate: None, truth, headline, page_type, labels }))
}
