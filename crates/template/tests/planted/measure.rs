//! How much of a made-up site's chrome goes, and how much of its content is lost.

use std::collections::HashMap;
use std::fmt;

use dechrome_page::Page;
use dechrome_template::{BlockEvidence, SiteEvidence, SiteStats, Template};

use crate::site::{Knob, Made, Truth, site};

/// How pages are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Html,
    Flat,
}

/// Sites that figures are counted over, and articles of each.
const SEEDS: std::ops::Range<u64> = 0..3;
const ARTICLES: usize = 24;

/// Characters of a run's chrome and content, over all pages.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    chrome: u64,
    removed: u64,
    content: u64,
    lost: u64,
}

impl Figures {
    /// Share of the chrome that went.
    pub(crate) fn removed(self) -> f64 {
        share(self.removed, self.chrome)
    }

    /// Share of the content that went.
    pub(crate) fn lost(self) -> f64 {
        share(self.lost, self.content)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "removed {:.3} lost {:.4}", self.removed(), self.lost())
    }
}

/// Which pages were learned when one is cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Learned {
    /// All of the site; a page never testifies about itself.
    All,
    /// Every other page; those between are cleaned.
    OtherHalf,
}

/// The figures with learning off and on.
pub(crate) fn measure(knob: Knob, form: Form, learned: Learned) -> (Figures, Figures) {
    measure_articles(knob, form, learned, ARTICLES)
}

/// The same with so many articles a site.
pub(crate) fn measure_articles(knob: Knob, form: Form, learned: Learned, articles: usize) -> (Figures, Figures) {
    let (mut off, mut on) = (Figures::default(), Figures::default());
    for seed in SEEDS {
        let made = site(knob, articles, seed);
        let pages: Vec<Page> = made.iter().map(|made| read(made, form)).collect();
        let is_learned = |place: usize| learned == Learned::All || place.is_multiple_of(2);
        let mut stats = SiteStats::default();
        pages.iter().enumerate().filter(|(place, _)| is_learned(*place)).for_each(|(_, page)| stats.learn(page));
        let evidence = stats.evidence();
        let is_cleaned = |place: usize| learned == Learned::All || !is_learned(place);
        for (_, (made, page)) in made.iter().zip(&pages).enumerate().filter(|(place, _)| is_cleaned(*place)) {
            count(made, page, None, &mut off);
            count(made, page, Some(&evidence), &mut on);
        }
    }
    (off, on)
}

/// The figures of the pages of one layout of a relaunched site, learned from so many pages of that layout, first alone and
/// then with all pages of the other one.
pub(crate) fn measure_relaunch(form: Form, of_new: bool, learned: usize) -> (Figures, Figures) {
    let (mut alone, mut across) = (Figures::default(), Figures::default());
    for seed in SEEDS {
        let made = site(Knob::Relaunch, ARTICLES, seed);
        let (old, new) = made.split_at(ARTICLES / 2);
        let (other, own) = if of_new { (old, new) } else { (new, old) };
        let learn = |stats: &mut SiteStats, made: &[Made]| made.iter().for_each(|made| stats.learn(&read(made, form)));
        let mut stats = SiteStats::default();
        learn(&mut stats, &own[..learned]);
        let evidence_alone = stats.evidence();
        learn(&mut stats, other);
        let evidence_across = stats.evidence();
        for made in own {
            let page = read(made, form);
            count(made, &page, Some(&evidence_alone), &mut alone);
            count(made, &page, Some(&evidence_across), &mut across);
        }
    }
    (alone, across)
}

/// What the site's pages say of each other, and the same where nobody knows when they were captured.
pub(crate) fn evidence_by_days(knob: Knob, form: Form) -> (Vec<BlockEvidence>, Vec<BlockEvidence>) {
    let dated: Vec<Page> = site(knob, ARTICLES, 0).iter().map(|made| read(made, form)).collect();
    let undated: Vec<Page> = dated.iter().map(|page| Page { captured_at: None, ..page.clone() }).collect();
    let evidence = |pages: &[Page]| {
        let mut stats = SiteStats::default();
        for page in pages {
            stats.learn(page);
        }
        let evidence = stats.evidence();
        pages.iter().flat_map(|page| evidence.of_page(page)).collect()
    };
    (evidence(&dated), evidence(&undated))
}

/// The figures of the site's front page, with learning off and from all pages of the site.
pub(crate) fn measure_front_page(form: Form) -> (Figures, Figures) {
    let (mut off, mut on) = (Figures::default(), Figures::default());
    for seed in SEEDS {
        let made = site(Knob::Plain, ARTICLES, seed);
        let front = Made::front_page(&made);
        let page = read(&front, form);
        let mut stats = SiteStats::of(&page);
        for made in &made {
            stats.learn(&read(made, form));
        }
        count(&front, &page, None, &mut off);
        count(&front, &page, Some(&stats.evidence()), &mut on);
    }
    (off, on)
}

fn read(made: &Made, form: Form) -> Page {
    match form {
        Form::Html => made.html(),
        Form::Flat => made.flat(),
    }
}

fn count(made: &Made, page: &Page, evidence: Option<&SiteEvidence>, figures: &mut Figures) {
    let truths: HashMap<&str, Truth> = made.pieces.iter().map(|piece| (&*piece.text, piece.truth)).collect();
    let template = evidence.map_or_else(Template::generic, |evidence| Template::generic().with_evidence(evidence));
    for (block, verdict) in page.blocks.iter().zip(template.classify(page)) {
        let truth = truths.get(&*block.text).unwrap_or_else(|| panic!("no piece is “{}”", block.text));
        let chars = u64::from(block.chars);
        let (whole, gone) = match truth {
            Truth::Chrome => (&mut figures.chrome, &mut figures.removed),
            Truth::Content => (&mut figures.content, &mut figures.lost),
            Truth::Metadata => continue,
        };
        *whole += chars;
        *gone += if verdict.is_content() { 0 } else { chars };
    }
}
