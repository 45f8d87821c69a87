//! How well a template fits what a site shows now.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::schema::{LearnedRule, LearnedTemplate};
use crate::config::Matcher;
use crate::stats::{Sighting, SiteStats, date_of};

/// A rule is stale where it would be seen so rarely only once in a hundred times by chance, and at most half as often
/// as expected.
const CHANCE: f64 = 0.01;
const STALE_SHARE: f32 = 0.5;

/// Distinct days from which the newest third is a time of its own.
const MIN_DAYS: usize = 3;

/// Share of the stale among the selectors that is a redesign, while not as many of the lines are.
const REDESIGN_SHARE: f32 = 0.5;

/// How well a template fits what a site shows now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TemplateStatus {
    /// The site.
    pub site: String,
    /// Documents that the template was learned from.
    pub documents: u32,
    /// Its rules by kind.
    pub rules: BTreeMap<&'static str, usize>,
    /// Share of the text in lines that recur that the rules know, 0 to 1, where documents are known.
    pub coverage: Option<f32>,
    /// First of the newest third of the days on which documents were captured.
    pub since: Option<String>,
    /// Documents of these days.
    pub recent: u32,
    /// Rules that are hardly seen on these days.
    pub stale: Vec<RuleStatus>,
    /// The day from which places are written otherwise while the lines go on.
    pub redesign: Option<String>,
}

/// A rule and how often it is seen now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleStatus {
    /// The rule's id.
    pub id: String,
    /// Its kind.
    pub kind: &'static str,
    /// Share of documents that show it, by the template.
    pub expected: f32,
    /// Recent documents that show it.
    pub seen: u32,
    /// The last day on which it was seen.
    pub last: Option<String>,
}

impl LearnedTemplate {
    /// Compares it with the documents of the site's statistics, if any are known: the whole, and those captured on
    /// the newest third of the days.
    pub fn status(&self, stats: &SiteStats) -> TemplateStatus {
        let sightings = stats.evidence().sightings();
        let mut days: Vec<i32> = sightings.iter().filter_map(|sighting| sighting.day).collect();
        days.sort_unstable();
        let mut distinct = days.clone();
        distinct.dedup();
        let since = (distinct.len() >= MIN_DAYS).then(|| distinct[distinct.len() * 2 / 3]);
        let is_recent = |sighting: &&Sighting| since.is_some() && sighting.day >= since;
        let recent: Vec<&Sighting> = sightings.iter().filter(is_recent).collect();
        let stale: Vec<Stale> = self.rules.iter().filter_map(|rule| stale(rule, &sightings, &recent)).collect();
        TemplateStatus {
            site: self.site.clone(),
            documents: self.learned.documents,
            rules: self.kinds(),
            coverage: self.coverage(&sightings),
            since: since.and_then(date_of),
            recent: recent.len() as u32,
            redesign: self.redesign(&stale, &days).and_then(date_of),
            stale: stale.into_iter().map(|stale| stale.status).collect(),
        }
    }

    fn kinds(&self) -> BTreeMap<&'static str, usize> {
        let mut kinds = BTreeMap::new();
        self.rules.iter().for_each(|rule| *kinds.entry(rule.kind()).or_default() += 1);
        kinds
    }

    /// Share of the recurring text that the rules know.
    fn coverage(&self, sightings: &[Sighting]) -> Option<f32> {
        let known: BTreeSet<u64> = self.rules.iter().flat_map(LearnedRule::line_keys).collect();
        let mut documents: BTreeMap<u64, u32> = BTreeMap::new();
        sightings
            .iter()
            .flat_map(|sighting| sighting.lines.keys())
            .for_each(|&key| *documents.entry(key).or_default() += 1);
        let lines = sightings.iter().flat_map(|sighting| &sighting.lines).filter(|(key, _)| documents[*key] >= 2);
        let (mut all, mut covered) = (0_u64, 0_u64);
        for (key, &chars) in lines {
            all += u64::from(chars);
            covered += if known.contains(key) { u64::from(chars) } else { 0 };
        }
        (all > 0).then(|| covered as f32 / all as f32)
    }

    /// The day after most of the stale selectors were last seen.
    fn redesign(&self, stale: &[Stale], days: &[i32]) -> Option<i32> {
        let is_selector = |kind: &str| kind == "selector";
        let share = |selectors: bool| {
            let all = self.rules.iter().filter(|rule| is_selector(rule.kind()) == selectors).count();
            let stale = stale.iter().filter(|stale| is_selector(stale.status.kind) == selectors).count();
            stale as f32 / all.max(1) as f32
        };
        if share(true) < REDESIGN_SHARE || share(false) >= REDESIGN_SHARE {
            return None;
        }
        let mut last: Vec<i32> =
            stale.iter().filter(|stale| is_selector(stale.status.kind)).filter_map(|stale| stale.last).collect();
        last.sort_unstable();
        let median = *last.get(last.len() / 2)?;
        days.iter().copied().find(|&day| day > median)
    }
}

struct Stale {
    status: RuleStatus,
    last: Option<i32>,
}

fn stale(rule: &LearnedRule, all: &[Sighting], recent: &[&Sighting]) -> Option<Stale> {
    let expected = rule.evidence.share();
    let seen = recent.iter().filter(|sighting| rule.is_seen(sighting)).count();
    let is_rare = seen as f32 <= STALE_SHARE * expected * recent.len() as f32;
    if !is_rare || at_most(seen, recent.len(), f64::from(expected)) >= CHANCE {
        return None;
    }
    let last = all.iter().filter(|sighting| rule.is_seen(sighting)).filter_map(|sighting| sighting.day).max();
    let status = RuleStatus {
        id: rule.id.clone(),
        kind: rule.kind(),
        expected,
        seen: seen as u32,
        last: last.and_then(date_of),
    };
    Some(Stale { status, last })
}

impl LearnedRule {
    /// Whether a document shows what the rule is about.
    pub(super) fn is_seen(&self, sighting: &Sighting) -> bool {
        match self.matcher {
            Matcher::Selector(_) => self.keys.iter().any(|key| sighting.paths.contains(key)),
            _ => self.line_key().is_some_and(|key| sighting.lines.contains_key(&key)),
        }
    }
}

/// Probability of at most `seen` successes in `of` trials.
fn at_most(seen: usize, of: usize, probability: f64) -> f64 {
    let p = probability.clamp(0.0, 1.0 - 1e-9);
    let mut term = (1.0 - p).powf(of as f64);
    let mut sum = term;
    for k in 0..seen.min(of) {
        term *= (of - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::at_most;

    #[test]
    fn binomial_tails() {
        assert!((at_most(0, 10, 0.5) - 0.5_f64.powi(10)).abs() < 1e-12);
        assert!((at_most(10, 10, 0.3) - 1.0).abs() < 1e-9);
        assert!((at_most(1, 2, 0.5) - 0.75).abs() < 1e-12);
        assert!(at_most(0, 0, 0.9) > 0.99);
    }
}
