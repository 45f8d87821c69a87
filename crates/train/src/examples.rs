//! What is learned of labelled pages: how much each block weighs, and what some of its site's other pages say.

use std::collections::BTreeMap;
use std::sync::Arc;

use dechrome_page::Page;
use dechrome_template::features::hash_words;
use dechrome_template::{SiteEvidence, SiteStats};

use crate::data::Labelled;

/// Numbers of other pages that are learned for an example, in turn, so that the model is calibrated
/// whether little or much is known of a site.
const LEARNED: [usize; 7] = [1, 2, 3, 5, 8, 16, usize::MAX];

/// How far draws are apart in these numbers, and in the order of other pages.
const LEARNED_STEP: usize = 3;
const PAGE_STEP: usize = 5;

/// Words beyond which a block weighs no more.
const MAX_WORDS: usize = 150;

/// Words of truth below which a page's blocks weigh no more.
const MIN_TRUTH: usize = 60;

/// Weight of a block without words.
const MIN_WEIGHT: f32 = 0.002;

/// Pages of a site from which on its pages share weight.
const MANY_PAGES: usize = 4;

/// Weight of a block: its words over the page's true words, as an error there moves the page's F1.
pub(crate) fn weights(page: &Labelled, pages_of_group: usize) -> Vec<f32> {
    let mut words = Vec::new();
    hash_words(&page.truth, &mut words);
    let truth = words.len().max(MIN_TRUTH) as f32;
    let group = share(pages_of_group);
    let blocks = page.page.blocks.iter().map(|block| {
        hash_words(&block.text, &mut words);
        group * (words.len().min(MAX_WORDS) as f32 / truth + MIN_WEIGHT)
    });
    blocks.collect()
}

/// Weight of a page: one, or less where its group has many.
pub(crate) fn share(pages_of_group: usize) -> f32 {
    if pages_of_group < MANY_PAGES { 1.0 } else { (pages_of_group as f32).sqrt().recip() * 1.5 }
}

/// The evidence for each page of a site from some of the others: which and how many changes from
/// page to page and from draw to draw. `content` holds each page's generic probabilities. `None` for a site of one page.
pub(crate) fn partial_evidence(pages: &[&Labelled], content: &[&[f32]], draw: usize) -> Vec<Option<SiteEvidence>> {
    (0..pages.len())
        .map(|own| {
            let learned = LEARNED[(own + draw * LEARNED_STEP) % LEARNED.len()].min(pages.len() - 1);
            (learned > 0).then(|| {
                let steps = (0..learned).map(|step| 1 + (step + draw * PAGE_STEP) % (pages.len() - 1));
                let others = steps.map(|step| (own + spread(step, pages.len())) % pages.len());
                evidence(others.map(|other| (&pages[other].page, content[other])))
            })
        })
        .collect()
}

/// The evidence for each page of a site from all of them; the page's own is left out where it is applied. `None` for a site of
/// one page.
pub(crate) fn whole_evidence(pages: &[&Labelled], content: &[&[f32]]) -> Vec<Option<Arc<SiteEvidence>>> {
    let all = || Arc::new(evidence(pages.iter().map(|page| &page.page).zip(content.iter().copied())));
    vec![(pages.len() > 1).then(all); pages.len()]
}

/// Visits all others in an order that is not the crawl's.
fn spread(step: usize, count: usize) -> usize {
    let stride = (count / 2..count).find(|&stride| stride > 0 && gcd(stride, count) == 1).unwrap_or(1);
    step * stride % count
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The evidence of pages with their generic probabilities.
fn evidence<'a>(pages: impl Iterator<Item = (&'a Page, &'a [f32])>) -> SiteEvidence {
    let mut stats = SiteStats::default();
    for (page, content) in pages {
        stats.learn_with(page, content);
    }
    stats.evidence()
}

/// Indices of the pages of each group.
pub(crate) fn groups(pages: &[Labelled]) -> BTreeMap<&str, Vec<usize>> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        groups.entry(page.group.as_str()).or_default().push(index);
    }
    groups
}
