//! How well a template fits what a site shows now.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::layouts::Layouts;
use super::schema::{LearnedRule, LearnedTemplate};
use crate::config::Matcher;
use crate::stats::{Sighting, SiteEvidence, SiteStats, date_of};

/// A rule is stale where it would be seen so rarely only once in a hundred times by chance, and at most half as often
/// as expected.
const CHANCE: f64 = 0.01;
const STALE_SHARE: f32 = 0.5;

/// Distinct days from which the newest third is a time of its own.
const MIN_DAYS: usize = 3;

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
    /// The site's layouts, oldest first; more than one where it was redesigned.
    pub layouts: Vec<LayoutStatus>,
    /// First of the newest third of the days on which documents were captured.
    pub since: Option<String>,
    /// Documents of these days.
    pub recent: u32,
    /// What documents are like, all of them and those of these days, where any are known.
    pub usual: Option<Shape>,
    /// See `usual`.
    pub now: Option<Shape>,
    /// Each rule and how often it is seen on these days, in the template's order.
    pub hits: Vec<RuleStatus>,
}

/// A layout that a site has or had.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayoutStatus {
    /// Its first day; `None` of the oldest.
    pub from: Option<String>,
    /// Documents of it.
    pub documents: u32,
}

/// What documents are like. A change of it tells that a site changed even where rules go on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Shape {
    /// Characters of content on the median document, by the generic verdict.
    pub body: u32,
    /// Share of the characters that stand within links, 0 to 1; 0 on flat text, which has none.
    pub links: f32,
    /// Share of the characters that stand in lines which recur on the site, 0 to 1.
    pub recurring: f32,
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
    /// The day on which its layout ended, by the template.
    pub until: Option<String>,
    /// Whether it is seen less than expected, and the template does not say why.
    pub is_stale: bool,
}

impl TemplateStatus {
    /// The rules that are hardly seen any more.
    pub fn stale(&self) -> impl Iterator<Item = &RuleStatus> {
        self.hits.iter().filter(|rule| rule.is_stale)
    }
}

impl LearnedTemplate {
    /// Compares it with the documents of the site's statistics, if any are known: the whole, and those captured on
    /// the newest third of the days.
    pub fn status(&self, stats: &SiteStats) -> TemplateStatus {
        let evidence = stats.evidence();
        let sightings = evidence.sightings();
        let mut days: Vec<i32> = sightings.iter().filter_map(|sighting| sighting.day).collect();
        days.sort_unstable();
        days.dedup();
        let since = (days.len() >= MIN_DAYS).then(|| days[days.len() * 2 / 3]);
        let is_recent = |sighting: &&Sighting| since.is_some() && sighting.day >= since;
        let recent: Vec<&Sighting> = sightings.iter().filter(is_recent).collect();
        let lines = Recurring::of(&sightings);
        TemplateStatus {
            site: self.site.clone(),
            documents: self.learned.documents,
            rules: self.kinds(),
            coverage: self.coverage(&sightings, &lines),
            layouts: layouts(&evidence),
            since: since.and_then(date_of),
            recent: recent.len() as u32,
            usual: lines.shape(&sightings.iter().collect::<Vec<_>>()),
            now: lines.shape(&recent),
            hits: self.rules.iter().map(|rule| hits(rule, &sightings, &recent)).collect(),
        }
    }

    fn kinds(&self) -> BTreeMap<&'static str, usize> {
        let mut kinds = BTreeMap::new();
        self.rules.iter().for_each(|rule| *kinds.entry(rule.kind()).or_default() += 1);
        kinds
    }

    /// Share of the recurring text that the rules know.
    fn coverage(&self, sightings: &[Sighting], lines: &Recurring) -> Option<f32> {
        let known: BTreeSet<u64> = self.rules.iter().flat_map(LearnedRule::line_keys).collect();
        let all: u64 = sightings.iter().map(|sighting| lines.chars(sighting, |_| true)).sum();
        let covered: u64 = sightings.iter().map(|sighting| lines.chars(sighting, |key| known.contains(&key))).sum();
        (all > 0).then(|| covered as f32 / all as f32)
    }
}

fn layouts(evidence: &SiteEvidence) -> Vec<LayoutStatus> {
    let layouts = Layouts::of_evidence(evidence);
    let layout = |(layout, &documents): (usize, &u32)| LayoutStatus { from: layouts.from(layout), documents };
    layouts.documents.iter().enumerate().map(layout).collect()
}

/// The lines that stand on several documents.
struct Recurring(BTreeSet<u64>);

impl Recurring {
    fn of(sightings: &[Sighting]) -> Self {
        let mut documents: BTreeMap<u64, u32> = BTreeMap::new();
        for &key in sightings.iter().flat_map(|sighting| sighting.lines.keys()) {
            *documents.entry(key).or_default() += 1;
        }
        Self(documents.into_iter().filter(|&(_, documents)| documents >= 2).map(|(key, _)| key).collect())
    }

    /// Characters of a document in such lines, those that are asked for.
    fn chars(&self, sighting: &Sighting, is_asked: impl Fn(u64) -> bool) -> u64 {
        let lines = sighting.lines.iter().filter(|&(key, _)| self.0.contains(key) && is_asked(*key));
        lines.map(|(_, &chars)| u64::from(chars)).sum()
    }

    fn shape(&self, sightings: &[&Sighting]) -> Option<Shape> {
        let mut bodies: Vec<u32> = sightings.iter().map(|sighting| sighting.content).collect();
        bodies.sort_unstable();
        let all: u64 =
            sightings.iter().flat_map(|sighting| sighting.lines.values()).map(|&chars| u64::from(chars)).sum();
        let recurring: u64 = sightings.iter().map(|sighting| self.chars(sighting, |_| true)).sum();
        let chars: u64 = sightings.iter().map(|sighting| sighting.chars).sum();
        let linked: u64 = sightings.iter().map(|sighting| u64::from(sighting.link_chars)).sum();
        Some(Shape {
            body: *bodies.get(bodies.len() / 2)?,
            links: linked as f32 / chars.max(1) as f32,
            recurring: recurring as f32 / all.max(1) as f32,
        })
    }
}

fn hits(rule: &LearnedRule, all: &[Sighting], recent: &[&Sighting]) -> RuleStatus {
    let expected = rule.evidence.share();
    let seen = recent.iter().filter(|sighting| rule.is_seen(sighting)).count();
    let is_rare = seen as f32 <= STALE_SHARE * expected * recent.len() as f32;
    let is_unlikely = is_rare && at_most(seen, recent.len(), f64::from(expected)) < CHANCE;
    let last = all.iter().filter(|sighting| rule.is_seen(sighting)).filter_map(|sighting| sighting.day).max();
    RuleStatus {
        id: rule.id.clone(),
        kind: rule.kind(),
        expected,
        seen: seen as u32,
        last: last.and_then(date_of),
        until: rule.valid_until.clone(),
        is_stale: is_unlikely && rule.valid_until.is_none(),
    }
}

impl LearnedRule {
    /// Whether a document shows what the rule is about.
    fn is_seen(&self, sighting: &Sighting) -> bool {
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
