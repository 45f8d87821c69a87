//! The evidence about a page's blocks, gathered and weighed.

use dechrome_page::{Media, Page};

use crate::cues::CueList;
use crate::features::{Feature, Features, NAMES, Row, SITE_NAMES, SiteRow, site_rows};
use crate::model::{Cut, Groups, Lean, Model, PROSE_WORDS, Traits, odds, probabilities};
use crate::stats::{BlockEvidence, SiteEvidence};
use crate::template::Template;
use crate::verdict::{Reason, Verdict};

/// Share of a block's words that the page's own article text must hold, and words that a block must
/// have, for the page to vouch for it.
const PROTECTED_SHARE: f32 = 0.9;
const PROTECTED_WORDS: u32 = 12;

/// Share of the site's other documents, and their number, from which recurrence is named as the reason.
const RECURS_SHARE: f32 = 0.3;
const RECURS_DOCUMENTS: u32 = 2;

/// Least share of the text at a slot's places that recurs, and most that the generic verdict takes for content.
const SLOT_RECURS: f32 = 0.9;
const SLOT_CONTENT: f32 = 0.8;
/// Documents on which it has text, at least.
const SLOT_DOCUMENTS: u32 = 5;

/// Standard deviations by which a share of documents may be less than what was seen. At 1, a text on one other document of one
/// is on half of all: on so few, content of others would be a twin's.
const DEVIATIONS: f32 = 1.0;

/// What may be left of a block's odds of content where many of the site's documents speak against it. As flat text, cross-validated, .78 gives back 75 words of content and
/// 214 of chrome of the 26,000 that learning took of 33 sites, a list of twenty on a page of its own among them; at .6 one site's teasers as HTML come back (F1 .912 to .895).
const SPOKEN_AGAINST: f32 = 0.72;

/// Blocks below an opener for which the slot is named as the reason.
const SLOT_BLOCKS: f32 = 30.0;

/// Cues that begin the block or are all of it, in the column `cue_mode`.
const PREFIX_CUE: f32 = 2.0;
const WHOLE_CUE: f32 = 3.0;

/// Everything found out about a page's blocks before deciding. All lists are parallel to its blocks.
pub(crate) struct Assessment {
    pub(crate) rows: Vec<Row>,
    /// What is known of the blocks beyond their page; empty when no site is known.
    site_rows: Vec<SiteRow>,
    pub(crate) words: Vec<u32>,
    /// Which of them belong together.
    groups: Groups,
    /// Hash of the block's words.
    pub(crate) keys: Vec<u64>,
    /// Whether the page shows code, as manuals do.
    pub(crate) has_code: bool,
    /// What the site's other documents say; empty when none is known.
    evidence: Vec<BlockEvidence>,
    /// What the model makes of the page alone.
    alone: Weighed,
    /// What it makes of the page and its site.
    weighed: Weighed,
}

/// Probabilities that blocks are content, and the page's cut through them.
#[derive(Debug, Clone)]
struct Weighed {
    content: Vec<f32>,
    cut: Cut,
}

impl Weighed {
    fn of(media: Media, content: Vec<f32>, words: &[u32], beta: f32) -> Self {
        Self { cut: Cut::of(media, &content, words, beta), content }
    }

    fn is_content(&self, block: usize) -> bool {
        self.content[block] >= self.cut.at
    }
}

/// Share of a page's characters that is code from which the page shows code; of an article a line may look like it.
const CODE_SHARE: f32 = 0.02;

impl Assessment {
    pub(crate) fn of(page: &Page, template: &Template<'_>) -> Self {
        let Template { model, cues, evidence: site, favor, look, .. } = *template;
        let blocks = model.blocks(page.media);
        let features = model.features(page, cues);
        let groups = Groups::of(page, &features);
        let Features { rows, words, keys, .. } = features;
        let seen = look.filter(|look| look.trees.len() == rows.len());
        let odds = match seen {
            Some(look) => blocks.page.odds_with(&look.trees, &rows, &groups),
            None => blocks.page.odds(&rows, &groups),
        };
        let content = probabilities(&odds);
        let has_code = rows.first().is_some_and(|row| row[Feature::page_code as usize] >= CODE_SHARE);
        let traits = Traits { media: page.media, has_code, has_date: page.metadata.date.is_some() };
        let lean = Lean::of(&content, &words, traits);
        let alone = Weighed::of(page.media, content, &words, favor.beta(lean, 0));
        let of_page = |site: &SiteEvidence| match seen {
            Some(look) => site.of_page_with(page, &look.keys),
            None => site.of_page(page),
        };
        let evidence = site.map(of_page).unwrap_or_default();
        let site_rows = site_rows(page, &evidence, &odds);
        let weighed = if site_rows.is_empty() {
            alone.clone()
        } else {
            let documents = evidence.iter().map(|evidence| evidence.of).min().unwrap_or_default();
            Weighed::of(page.media, probabilities(&blocks.with_site(&site_rows)), &words, favor.beta(lean, documents))
        };
        Self { rows, site_rows, words, groups, keys, has_code, evidence, alone, weighed }
    }

    /// The F1 that its probabilities promise.
    pub(crate) fn promised(&self) -> f32 {
        self.weighed.cut.expected
    }

    pub(crate) fn value(&self, block: usize, feature: Feature) -> f32 {
        self.rows[block][feature as usize]
    }

    /// Content, where the article text in the page's structured data holds the block.
    pub(crate) fn protected(&self, block: usize) -> Option<Verdict> {
        let agrees = self.value(block, Feature::body_overlap) >= PROTECTED_SHARE;
        let is_first = self.value(block, Feature::is_later_copy) == 0.0;
        (agrees && is_first && self.words[block] >= PROTECTED_WORDS).then(|| Verdict::content(Reason::Protected))
    }

    /// The model's verdict, with the reason that says most.
    pub(crate) fn by_evidence(&self, page: &Page, block: usize) -> Verdict {
        let content = self.content(block);
        if self.is_content(block) {
            return Verdict::content(Reason::Shape { content });
        }
        let reason = self
            .recurs(block)
            .or_else(|| page.blocks[block].hidden.any().then_some(Reason::Hidden))
            .or_else(|| self.cue(block))
            .or_else(|| self.slot(page, block))
            .unwrap_or(Reason::Shape { content });
        Verdict::boilerplate(reason)
    }

    /// The probability that the block is content.
    pub(crate) fn content(&self, block: usize) -> f32 {
        self.weighed.content[block]
    }

    /// The model's verdict.
    pub(crate) fn is_content(&self, block: usize) -> bool {
        !self.is_below_cut(block) || (self.is_content_alone(block) && !self.is_spoken_against(block))
    }

    /// Whether the block's probability is below the page's cut, for whatever reason.
    pub(crate) fn is_below_cut(&self, block: usize) -> bool {
        !self.weighed.is_content(block)
    }

    /// Whether what is known of the site speaks against the block. That the cut is another one, as others of the page's blocks are surer,
    /// does not; nor does the place of running text that no other document holds: of such text learning took twice as many words of content as of
    /// chrome from WCXB's pages, of shorter text as many (some of the folds, cross-validated); nor does that of a line right above running text that
    /// stays, such as a byline: flat pages of one site lost .0146 of their recall by it, judged by the site's other half. That a single document holds running
    /// text does speak against it: where three were asked for, or more than half, an unknown site of eight pages got its teasers back (F1 -.25).
    fn is_spoken_against(&self, block: usize) -> bool {
        let falls = odds(self.weighed.content[block]) <= self.odds_left(block) * odds(self.alone.content[block]);
        falls && (self.documents(block) > 0 || !(self.is_prose(block) || self.heads_prose(block)))
    }

    fn is_prose(&self, block: usize) -> bool {
        self.words[block] >= PROSE_WORDS
    }

    /// Whether running text follows that is content with the site and without it: the block may head it, or say who wrote it.
    fn heads_prose(&self, block: usize) -> bool {
        let next = block + 1;
        next < self.words.len() && self.is_prose(next) && !self.is_below_cut(next) && self.is_content_alone(next)
    }

    /// What may be left of the block's odds for the site to speak against it: the fewer documents are known, the less. As flat text 33 sites learned from one to
    /// five documents each gain .0001 to .0005 by it; of a page of four, a template of four documents took one of three alike lines without it.
    fn odds_left(&self, block: usize) -> f32 {
        let others = self.others(block) as f32;
        SPOKEN_AGAINST * others / (others + 1.0)
    }

    /// The verdict that the page alone would give.
    pub(crate) fn is_content_alone(&self, block: usize) -> bool {
        self.alone.is_content(block)
    }

    /// Fixes a block's probability.
    #[cfg(test)]
    pub(crate) fn set_content(&mut self, block: usize, content: f32) {
        self.weighed.content[block] = content;
    }

    /// How many of the site's other documents hold the block's text.
    pub(crate) fn documents(&self, block: usize) -> u32 {
        self.evidence.get(block).and_then(|evidence| evidence.documents).unwrap_or_default()
    }

    /// Of how many other documents that is known.
    pub(crate) fn others(&self, block: usize) -> u32 {
        self.evidence.get(block).map_or(0, |evidence| evidence.of)
    }

    /// The share of the site's documents that at least is likely to hold the block's text, 0 to 1: the fewer are known, the less
    /// than what was seen.
    pub(crate) fn least_share(&self, block: usize) -> f32 {
        least_share(self.documents(block), self.others(block))
    }

    fn recurs(&self, block: usize) -> Option<Reason> {
        self.recurs_on(block, RECURS_DOCUMENTS, RECURS_SHARE)
    }

    /// Whether the block stands on at least so many of the site's other documents and such a share of them.
    pub(crate) fn recurs_on(&self, block: usize, least: u32, share: f32) -> Option<Reason> {
        let BlockEvidence { of, documents, .. } = *self.evidence.get(block)?;
        let docs = documents?;
        (docs >= least && docs as f32 >= share * of as f32).then_some(Reason::Recurs { docs, of })
    }

    /// Whether the block recurs, at places where nearly everything does on most documents: a slot that shows a few
    /// teasers over and over. Places that are surely content by the generic verdict are none.
    pub(crate) fn recurs_in_slot(&self, block: usize) -> Option<Reason> {
        let evidence = self.evidence.get(block)?;
        let is_slot = evidence.path_recurs? >= SLOT_RECURS
            && evidence.path_content? <= SLOT_CONTENT
            && evidence.path_documents >= SLOT_DOCUMENTS.max(evidence.of / 2);
        self.recurs_on(block, RECURS_DOCUMENTS, 0.0).filter(|_| is_slot)
    }

    /// Whether the block is the headline of another document of the site.
    pub(crate) fn is_other_headline(&self, block: usize) -> bool {
        self.evidence.get(block).is_some_and(|evidence| evidence.is_headline)
    }

    fn cue(&self, block: usize) -> Option<Reason> {
        let list = self.cue_list(block)?;
        Some(Reason::Cue { list: list.name().to_owned() })
    }

    /// The cue list that knows the whole block.
    pub(crate) fn cue_list(&self, block: usize) -> Option<CueList> {
        self.cue_list_from(block, WHOLE_CUE)
    }

    /// The cue list that knows the block or how it begins.
    pub(crate) fn cue_list_of_prefix(&self, block: usize) -> Option<CueList> {
        self.cue_list_from(block, PREFIX_CUE)
    }

    fn cue_list_from(&self, block: usize, mode: f32) -> Option<CueList> {
        let is_strong = self.value(block, Feature::cue_mode) >= mode;
        is_strong.then(|| CueList::ALL.get(self.value(block, Feature::cue_list) as usize).copied()).flatten()
    }

    fn slot(&self, page: &Page, block: usize) -> Option<Reason> {
        let distance = self.value(block, Feature::opener_distance);
        let opener = (distance <= SLOT_BLOCKS).then(|| block.checked_sub(distance as usize)).flatten()?;
        Some(Reason::Slot { anchor: page.blocks[opener].text.clone() })
    }

    /// The evidence about each block, for people to read.
    pub(crate) fn explain(&self, page: &Page, model: &Model) -> Vec<Evidence> {
        let model = model.blocks(page.media);
        let by_page = model.page.shares(&self.rows, &self.groups);
        let by_site = model.site_shares(&self.site_rows);
        let evidence = |block: usize| {
            let by_page = terms(NAMES, &self.rows, &by_page, block);
            let by_site = terms(SITE_NAMES, &self.site_rows, &by_site, block);
            let mut terms: Vec<Term> = by_page.chain(by_site).collect();
            terms.sort_by(|a, b| b.share.abs().total_cmp(&a.share.abs()));
            let Weighed { content, cut } = &self.weighed;
            let site = self.evidence.get(block).copied();
            let alone = site.filter(|site| site.of > 0).map(|_| self.alone.content[block]);
            Evidence { content: content[block], alone, cut: cut.at, site, terms }
        };
        (0..self.rows.len()).map(evidence).collect()
    }
}

/// The terms of the columns that are known of a block.
fn terms<'a, const COLUMNS: usize>(
    names: &'a [&'static str],
    rows: &'a [[f32; COLUMNS]],
    shares: &'a [(usize, Vec<f32>)],
    block: usize,
) -> impl Iterator<Item = Term> + use<'a, COLUMNS> {
    let term = move |(column, shares): &(usize, Vec<f32>)| Term {
        column: names[*column],
        value: rows[block][*column],
        share: shares[block],
    };
    shares.iter().map(term).filter(|term| !term.value.is_nan())
}

/// The least share of all documents that is likely to hold a text where `documents` of `of` do: the lower end of the score
/// interval (Wilson 1927).
fn least_share(documents: u32, of: u32) -> f32 {
    let (n, z2) = (of.max(1) as f32, DEVIATIONS * DEVIATIONS);
    let share = documents as f32 / n;
    let spread = (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    (share + z2 / (2.0 * n) - DEVIATIONS * spread) / (1.0 + z2 / n)
}

/// The evidence about a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The model's probability of content, 0 to 1.
    pub content: f32,
    /// The same by the page alone, where other documents of the site are known.
    pub alone: Option<f32>,
    /// The probability from which blocks of this page are kept.
    pub cut: f32,
    /// What the site's other documents say, where any are known.
    pub site: Option<BlockEvidence>,
    /// The model's terms, those that move the verdict most first.
    pub terms: Vec<Term>,
}

/// One of the model's inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// The column's name.
    pub column: &'static str,
    /// Its value.
    pub value: f32,
    /// What it adds to the log-odds of content: how far they fall when it alone is missing, on the whole page.
    pub share: f32,
}

#[cfg(test)]
mod tests {
    use dechrome_page::{Capture, Page};

    use super::{Assessment, BlockEvidence, Cut, Weighed, least_share};
    use crate::Template;

    #[test]
    fn a_cut_that_moves_takes_nothing_that_the_site_does_not_speak_against() {
        let page = Page::read(&Capture::html("a", "<p>Sweet potatoes"));
        let weighed = |content: f32, at: f32| Weighed { content: vec![content], cut: Cut { at, expected: 0.9 } };
        for (alone, learned, others, is_content) in [
            (weighed(0.25, 0.2), weighed(0.24, 0.37), 40, true),
            (weighed(0.25, 0.2), weighed(0.16, 0.37), 40, false),
            (weighed(0.25, 0.2), weighed(0.16, 0.37), 3, true), // of few documents it takes more
            (weighed(0.25, 0.2), weighed(0.1, 0.37), 3, false),
            (weighed(0.25, 0.3), weighed(0.24, 0.37), 40, false),
            (weighed(0.25, 0.3), weighed(0.24, 0.2), 40, true),
        ] {
            let generic = Assessment::of(&page, &Template::generic());
            let evidence = vec![BlockEvidence { of: others, ..BlockEvidence::default() }];
            let assessment = Assessment { alone: alone.clone(), weighed: learned.clone(), evidence, ..generic };
            assert_eq!(assessment.is_content(0), is_content, "{alone:?}, {learned:?}, {others} others");
        }
    }

    #[test]
    fn a_place_takes_no_running_text_and_no_line_above_it() {
        let prose =
            "The ferry crosses the strait four times a day in summer, and once a week in winter when the ice allows, ";
        let texts = [format!("<p>{prose}{prose}"), "<p>By Jane Doe".to_owned(), "<p>More from us".to_owned()];
        let [prose, line, other] = &texts;
        let (stays, goes) = ((0.7, 0.7), (0.7, 0.1));
        for (blocks, contents, documents, is_content) in [
            ([line, prose], [goes, stays], 0, true),
            ([line, prose], [goes, stays], 1, false),
            ([line, prose], [goes, goes], 0, false),
            ([line, other], [goes, stays], 0, false),
            ([prose, other], [goes, stays], 0, true),
            ([prose, other], [goes, stays], 1, false),
        ] {
            let page = Page::read(&Capture::html("a", blocks.map(String::as_str).concat()));
            let generic = Assessment::of(&page, &Template::generic());
            let weighed = |content: [f32; 2]| Weighed { content: content.into(), cut: Cut { at: 0.4, expected: 0.9 } };
            let (alone, weighed) = (weighed(contents.map(|(alone, _)| alone)), weighed(contents.map(|(_, site)| site)));
            let evidence = BlockEvidence { of: 9, documents: Some(documents), ..BlockEvidence::default() };
            let assessment = Assessment { alone, weighed, evidence: vec![evidence; 2], ..generic };
            assert_eq!(assessment.is_content(0), is_content, "{blocks:?}: {contents:?}, {documents} documents");
        }
    }

    #[test]
    fn few_documents_are_sure_of_less() {
        assert!(least_share(1, 1) >= 0.5 && least_share(1, 1) < 0.51);
        assert!((least_share(8, 10) - 0.649).abs() < 1e-3); // (.85 - .136) / 1.1
        assert!(least_share(1, 2) < 0.25 && least_share(5_000, 10_000) > 0.49);
        assert!(least_share(0, 0) < 1e-6 && least_share(0, 9) < 1e-6);
    }
}
