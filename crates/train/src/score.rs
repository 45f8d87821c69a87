//! F1 of words over pages, sites and page types: the measure of `tools/score.py`.

use std::collections::BTreeMap;

use ahash::AHashMap;
use dechrome_template::features::hash_words;

use crate::data::Labelled;

/// Precision, recall and F1 of one page.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Score {
    pub(crate) precision: f32,
    pub(crate) recall: f32,
    pub(crate) f1: f32,
}

/// Scores a text of the page. A line that is the headline does not count, as in the truth.
pub(crate) fn page(page: &Labelled, text: &str) -> Score {
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let headline = page.headline.as_deref().map(fold);
    let lines = text.lines().filter(|line| headline.as_ref().is_none_or(|headline| *headline != fold(line)));
    let (mut kept, mut words) = (Vec::new(), Vec::new());
    for line in lines {
        hash_words(line, &mut words);
        kept.extend_from_slice(&words);
    }
    hash_words(&page.truth, &mut words);
    of_words(&kept, &words)
}

fn of_words(kept: &[u32], truth: &[u32]) -> Score {
    if truth.is_empty() || kept.is_empty() {
        let value = f32::from(truth.is_empty() && kept.is_empty());
        return Score { precision: value, recall: value, f1: value };
    }
    let mut counts: AHashMap<u32, u32> = AHashMap::new();
    for &word in truth {
        *counts.entry(word).or_default() += 1;
    }
    let mut both = 0;
    for word in kept {
        if let Some(count) = counts.get_mut(word).filter(|count| **count > 0) {
            *count -= 1;
            both += 1;
        }
    }
    let (precision, recall) = (both as f32 / kept.len() as f32, both as f32 / truth.len() as f32);
    let f1 = if both == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
    Score { precision, recall, f1 }
}

/// A table: pages with a type by type, the others as a mean over sites, those alone on their site apart.
pub(crate) fn table(pages: &[Labelled], scores: &[Score]) -> String {
    let mut types: BTreeMap<&str, Vec<Score>> = BTreeMap::new();
    let mut sites: BTreeMap<&str, Vec<Score>> = BTreeMap::new();
    for (page, &score) in pages.iter().zip(scores) {
        match &page.page_type {
            Some(kind) => {
                types.entry(kind).or_default().push(score);
                types.entry("all").or_default().push(score);
            }
            None => sites.entry(&page.group).or_default().push(score),
        }
    }
    let mut lines: Vec<String> = types.iter().map(|(name, scores)| line(name, scores)).collect();
    let single: Vec<Score> =
        sites.extract_if(.., |_, scores| scores.len() == 1).flat_map(|(_, scores)| scores).collect();
    if !single.is_empty() {
        lines.push(line("single pages", &single));
    }
    let means: Vec<Score> = sites.values().map(|scores| mean(scores)).collect();
    if !means.is_empty() {
        lines.push(line("sites", &means));
        let low = means.iter().filter(|score| score.f1 < 0.9).count();
        lines.push(format!("  sites under .90: {low}"));
    }
    lines.join("\n")
}

fn line(name: &str, scores: &[Score]) -> String {
    let Score { precision, recall, f1 } = mean(scores);
    format!("  {name:14} n={:5} F1 {f1:.4} P {precision:.3} R {recall:.3}", scores.len())
}

fn mean(scores: &[Score]) -> Score {
    let count = scores.len().max(1) as f32;
    let sum = |value: fn(&Score) -> f32| scores.iter().map(value).sum::<f32>() / count;
    Score { precision: sum(|score| score.precision), recall: sum(|score| score.recall), f1: sum(|score| score.f1) }
}
