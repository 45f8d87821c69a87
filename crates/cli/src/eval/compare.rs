//! One run against another.

use std::collections::BTreeMap;

use serde::Serialize;

use super::figures::{Page, mean};

/// Falls of a site's recall that are told of: half a point, and one.
const HALF_POINT: f64 = 0.005;
const POINT: f64 = 0.01;

/// How one page or site changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Change {
    pub(super) name: String,
    pub(super) before: f64,
    pub(super) after: f64,
}

impl Change {
    fn by(&self) -> f64 {
        self.after - self.before
    }
}

/// One run against another. A site is that of the record, `?` for those without.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    /// The other run's mean F1 of pages, and this one's.
    pub(super) f1_before: f64,
    pub(super) f1_after: f64,
    /// Pages whose F1 rose, fell, and did not change.
    pub(super) better: usize,
    pub(super) worse: usize,
    pub(super) same: usize,
    /// Sites whose recall fell by more than a point, and by more than half a point.
    pub(super) lossy: usize,
    pub(super) lossy_half: usize,
    /// Recall of the sites that lost most.
    pub(super) sites: Vec<Change>,
    /// F1 of the pages that gained most.
    pub(super) gains: Vec<Change>,
    /// F1 of the pages that lost most.
    pub(super) losses: Vec<Change>,
    /// F1 of every page that changed, in the set's order.
    pub(super) pages: Vec<Change>,
}

impl Comparison {
    /// Compares the scores of the same pages, with at most `shown` of the largest changes.
    pub(super) fn new(before: &[Page], after: &[Page], shown: usize) -> Self {
        let pairs = || before.iter().zip(after);
        let mut pages: Vec<Change> = pairs().map(|(before, after)| change(before, after)).collect();
        pages.retain(|change| change.by() != 0.0);
        let better = pages.iter().filter(|change| change.by() > 0.0).count();
        let sites = recall_of_sites(before, after);
        let lossy = |points: f64| sites.iter().filter(|site| -site.by() > points).count();
        let mut by_change = pages.clone();
        by_change.sort_by(|a, b| a.by().total_cmp(&b.by()));
        let (losses, gains) = by_change.split_at(by_change.len() - better);
        Self {
            f1_before: mean(before.iter().map(|page| page.score.rates.f1)),
            f1_after: mean(after.iter().map(|page| page.score.rates.f1)),
            better,
            worse: pages.len() - better,
            same: before.len() - pages.len(),
            lossy: lossy(POINT),
            lossy_half: lossy(HALF_POINT),
            gains: gains.iter().rev().take(shown).cloned().collect(),
            losses: losses.iter().take(shown).cloned().collect(),
            sites: sites.into_iter().filter(|site| site.by() < 0.0).take(shown).collect(),
            pages,
        }
    }
}

fn change(before: &Page, after: &Page) -> Change {
    Change { name: after.labelled.id.clone(), before: before.score.rates.f1, after: after.score.rates.f1 }
}

/// The mean recall of each site's pages, the largest fall first.
fn recall_of_sites(before: &[Page], after: &[Page]) -> Vec<Change> {
    let mut sites: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for (before, after) in before.iter().zip(after) {
        sites.entry(after.site()).or_default().push((before.score.rates.r, after.score.rates.r));
    }
    let change = |(site, recalls): (&str, Vec<(f64, f64)>)| Change {
        name: site.to_owned(),
        before: mean(recalls.iter().map(|recall| recall.0)),
        after: mean(recalls.iter().map(|recall| recall.1)),
    };
    let mut changes: Vec<Change> = sites.into_iter().map(change).collect();
    changes.sort_by(|a, b| a.by().total_cmp(&b.by()));
    changes
}
