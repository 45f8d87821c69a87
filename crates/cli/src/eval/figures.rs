//! The figures of many pages.

use std::collections::BTreeMap;

use serde::Serialize;

use super::labels::{Labelled, Metric};
use super::predictions::Predictions;
use super::score::{Found, Rates, Score, harmonic, score};

/// F1 under which a site counts as badly cleaned.
const LOW: f64 = 0.9;

/// A page with its score.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) labelled: &'a Labelled,
    pub(super) score: Score,
    /// Whether the output has no record of it.
    missing: bool,
    /// Whether that record is an error.
    failed: bool,
}

impl Page<'_> {
    /// What a comparison takes for its site.
    pub(super) fn site(&self) -> &str {
        self.labelled.site.as_deref().unwrap_or(NONE)
    }
}

/// The name of a group of records without a name of their own.
pub(super) const NONE: &str = "?";

/// Scores a set's pages, in its order. A page without a prediction has an empty text.
pub(super) fn scored<'a>(set: &'a [Labelled], predictions: &Predictions) -> Vec<Page<'a>> {
    let page = |labelled: &'a Labelled| {
        let prediction = predictions.get(&labelled.id);
        let text = prediction.map_or("", |prediction| &prediction.text);
        let failed = prediction.is_some_and(|prediction| prediction.failed);
        Page { labelled, score: score(labelled, text), missing: prediction.is_none(), failed }
    };
    set.iter().map(page).collect()
}

/// The figures of pages of one metric; names and values are those of the published measures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Figures {
    pub(super) metric: Metric,
    pub(super) pages: usize,
    #[serde(flatten)]
    pub(super) rates: Rates,
    /// Of segments: share of those decided rightly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accuracy: Option<f64>,
    /// Of shingles: share of pages without any fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exact: Option<f64>,
    /// Of words: share of the segments there that must be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) with_found: Option<f64>,
    /// Share of those there that must not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) without_found: Option<f64>,
    #[serde(flatten)]
    pub(super) sites: Option<SiteFigures>,
    /// Pages with an empty text, whatever the cause.
    pub(super) empty: usize,
    /// Pages that the output has no record of.
    pub(super) missing: usize,
    /// Pages that the output says failed.
    pub(super) errors: usize,
}

/// Means over sites of the means over their pages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct SiteFigures {
    pub(super) sites: usize,
    pub(super) site_f1: f64,
    pub(super) site_p: f64,
    pub(super) site_r: f64,
    /// Sites whose F1 is under .90.
    pub(super) sites_under_90: usize,
}

/// The figures of each metric among the pages.
pub(super) fn by_metric(pages: &[&Page]) -> Vec<Figures> {
    let mut metrics: BTreeMap<Metric, Vec<&Page>> = BTreeMap::new();
    for page in pages {
        metrics.entry(page.labelled.metric).or_default().push(page);
    }
    metrics.into_iter().map(|(metric, pages)| figures(metric, &pages)).collect()
}

fn figures(metric: Metric, pages: &[&Page]) -> Figures {
    let count = |is: fn(&Page) -> bool| pages.iter().filter(|page| is(page)).count();
    let mut figures = Figures {
        metric,
        pages: pages.len(),
        rates: Rates::default(),
        accuracy: None,
        exact: None,
        with_found: None,
        without_found: None,
        sites: None,
        empty: count(|page| page.score.empty),
        missing: count(|page| page.missing),
        errors: count(|page| page.failed),
    };
    match metric {
        Metric::Words => words(&mut figures, pages),
        Metric::Shingles => shingles(&mut figures, pages),
        Metric::Segments => segments(&mut figures, pages),
    }
    figures
}

fn words(figures: &mut Figures, pages: &[&Page]) {
    figures.rates = mean_rates(&pages.iter().map(|page| page.score.rates).collect::<Vec<_>>());
    let (with, without) = pooled(pages);
    if with.of > 0 {
        figures.with_found = Some(share(with.found, with.of));
        figures.without_found = Some(share(without.found, without.of));
    }
    figures.sites = sites(pages);
}

/// Pages of which nothing was said have no precision, those that want nothing no recall.
fn shingles(figures: &mut Figures, pages: &[&Page]) {
    let p = mean(pages.iter().filter(|page| !page.score.says_nothing).map(|page| page.score.rates.p));
    let r = mean(pages.iter().filter(|page| !page.score.wants_nothing).map(|page| page.score.rates.r));
    figures.rates = Rates { f1: harmonic(p, r), p, r };
    let is_exact = |page: &&&Page| page.score.rates == Rates { f1: 1.0, p: 1.0, r: 1.0 };
    figures.exact = Some(share(pages.iter().filter(is_exact).count(), pages.len()));
}

/// Segments are pooled: a page with many of them weighs more.
fn segments(figures: &mut Figures, pages: &[&Page]) {
    let (with, without) = pooled(pages);
    let (p, r) = (share(with.found, with.found + without.found), share(with.found, with.of));
    figures.rates = Rates { f1: share(2 * with.found, with.found + without.found + with.of), p, r };
    figures.accuracy = Some(share(with.found + without.of - without.found, with.of + without.of));
}

fn pooled(pages: &[&Page]) -> (Found, Found) {
    pages.iter().fold(Default::default(), |(with, without), page| {
        (add(with, page.score.with), add(without, page.score.without))
    })
}

fn add(a: Found, b: Found) -> Found {
    Found { found: a.found + b.found, of: a.of + b.of }
}

fn sites(pages: &[&Page]) -> Option<SiteFigures> {
    let mut sites: BTreeMap<&str, Vec<Rates>> = BTreeMap::new();
    for page in pages {
        if let Some(site) = &page.labelled.site {
            sites.entry(site).or_default().push(page.score.rates);
        }
    }
    site_figures(sites.into_values())
}

/// The figures over sites, given the rates of each one's pages; none where there is no site.
pub(super) fn site_figures(sites: impl Iterator<Item = Vec<Rates>>) -> Option<SiteFigures> {
    let means: Vec<Rates> = sites.map(|rates| mean_rates(&rates)).collect();
    let Rates { f1, p, r } = mean_rates(&means);
    let sites_under_90 = means.iter().filter(|rates| rates.f1 < LOW).count();
    (!means.is_empty()).then_some(SiteFigures { sites: means.len(), site_f1: f1, site_p: p, site_r: r, sites_under_90 })
}

/// The mean of each rate.
fn mean_rates(rates: &[Rates]) -> Rates {
    let of = |rate: fn(&Rates) -> f64| mean(rates.iter().map(rate));
    Rates { f1: of(|rates| rates.f1), p: of(|rates| rates.p), r: of(|rates| rates.r) }
}

/// The mean; 0 of nothing.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0_usize, 0.0), |(count, sum), value| (count + 1, sum + value));
    if count == 0 { 0.0 } else { sum / count as f64 }
}

/// The share; 0 of nothing.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
