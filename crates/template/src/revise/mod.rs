//! Context: verdicts that only the blocks around can tell. A rule or the page's own data are never overturned.

mod copies;
mod flat;
mod panels;

use std::ops::Range;

use dechrome_page::{BlockKind, Media, Page};

use crate::assessment::Assessment;
use crate::cues::CueList;
use crate::garbage::is_garbage;
use crate::model::PROSE_WORDS;
use crate::pointer::{is_linked_pointer, is_pointer};
use crate::verdict::{Reason, Verdict};

/// Words from which a block on most of a site's documents is the template's, wherever it stands: shorter ones may be
/// headings that articles share, such as "Ingredients".
const RECURRING_WORDS: u32 = 8;
/// Of how many other documents, at least, and of what share of them, that is.
const RECURRING_DOCUMENTS: u32 = 5;
const RECURRING_SHARE: f32 = 0.5;
/// Most of a page's kept words that may go for recurring.
const RECURRING_MOST: f32 = 0.5;

/// Probability of content under which a heading is chrome wherever it stands.
const NO_HEADING: f32 = 0.15;

/// Pointers on one page from which on the page is a list of links.
const MANY_POINTERS: usize = 8;

/// Headlines of other documents among the text from which on the page is a list of them.
const LISTED: usize = 3;

/// Overturns the model's verdicts where the context says more.
pub(crate) fn revise(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    drop_headline(page, assessment, verdicts);
    drop_garbage(page, assessment, verdicts);
    drop_pointers(page, assessment, verdicts);
    restore_prose(assessment, verdicts);
    restore_headings(page, assessment, verdicts);
    panels::restore(page, assessment, verdicts);
    drop_recurring(assessment, verdicts);
    drop_other_headlines(page, assessment, verdicts);
    if page.media == Media::Text {
        flat::restore_interrupted(assessment, verdicts);
        flat::drop_head_lines(page, assessment, verdicts);
        flat::cut_tail(page, assessment, verdicts);
    }
    copies::restore(page, assessment, verdicts);
    copies::drop(page, assessment, verdicts);
}

fn drop_open(verdict: &mut Verdict, reason: Reason) {
    if verdict.is_open() && verdict.is_content() {
        *verdict = Verdict::boilerplate(reason);
    }
}

/// Whether the block is prose after kept prose that other documents hold too, but not surely half of the site's: they may well
/// share content.
fn may_be_shared_content(assessment: &Assessment, verdicts: &[Verdict], block: usize) -> bool {
    let is_prose = |block: usize| assessment.words[block] >= PROSE_WORDS;
    let goes_on = block.checked_sub(1).is_some_and(|above| verdicts[above].is_content() && is_prose(above));
    goes_on && is_prose(block) && assessment.documents(block) > 0 && assessment.least_share(block) < RECURRING_SHARE
}

/// Prose after kept prose is dropped by learning only if it surely stands on half of the site's documents.
fn restore_prose(assessment: &Assessment, verdicts: &mut [Verdict]) {
    for block in 1..verdicts.len() {
        let is_dropped = !verdicts[block].is_content() && verdicts[block].reason.is_of_model();
        let is_shared = is_dropped && may_be_shared_content(assessment, verdicts, block);
        if is_shared && assessment.is_content_alone(block) {
            verdicts[block] = Verdict::content(Reason::Neighbours);
        }
    }
}

/// A heading between kept text and kept prose stays, unless it is surely none. Of 138 that the model drops so in WCXB's pages 85 are
/// content.
fn restore_headings(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    for block in 1..verdicts.len().saturating_sub(1) {
        let is_heading = matches!(page.blocks[block].kind, BlockKind::Heading(_)) && !page.blocks[block].hidden.any();
        let is_dropped = !verdicts[block].is_content() && matches!(verdicts[block].reason, Reason::Shape { .. });
        let [above, below] = [block - 1, block + 1].map(|near| verdicts[near].is_content());
        let heads_prose = above && below && assessment.words[block + 1] >= PROSE_WORDS;
        if is_heading && is_dropped && heads_prose && assessment.content(block) >= NO_HEADING {
            verdicts[block] = Verdict::content(Reason::Neighbours);
        }
    }
}

/// The headline is metadata, wherever it is said again as a block of its own. A flat page's is a guess by its place: below kept text it
/// may be any line.
fn drop_headline(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    let Some(title) = page.metadata.title.as_deref() else { return };
    let title = folded(title);
    let end = match page.media {
        Media::Html => verdicts.len(),
        Media::Text => verdicts.iter().position(Verdict::is_content).map_or(0, |first| first + 1),
    };
    for (block, verdict) in verdicts[..end].iter_mut().enumerate() {
        let is_short = assessment.words[block] <= 2 * title.split(' ').count() as u32;
        if is_short && folded(&page.blocks[block].text) == title {
            drop_open(verdict, Reason::Metadata);
        }
    }
}

fn folded(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Lines between the paragraphs that point to another article: "Read also: " and a headline, which is linked (in whatever
/// language) or, on flat pages, follows a phrase that cue lists know.
fn drop_pointers(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    let points = |block: usize| match page.media {
        Media::Html => is_linked_pointer(&page.blocks[block]),
        Media::Text => is_lead(assessment.cue_list_of_prefix(block)) && is_pointer(&page.blocks[block].text),
    };
    let is_kept = |&block: &usize| verdicts[block].is_content() && points(block);
    let pointers: Vec<usize> = (0..verdicts.len()).filter(is_kept).collect();
    if pointers.len() < MANY_POINTERS {
        for block in pointers {
            drop_open(&mut verdicts[block], Reason::Pointer);
        }
    }
}

fn is_lead(list: Option<CueList>) -> bool {
    matches!(list, Some(CueList::ReadMore | CueList::Related))
}

/// Lines of improbable letters, alone between paragraphs. That is what they are also where the model drops them by their shape.
fn drop_garbage(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    let is_alone = |block: usize| {
        let before = block.checked_sub(1).is_none_or(|at| assessment.words[at] > assessment.words[block]);
        before && assessment.words.get(block + 1).is_none_or(|&words| words > assessment.words[block])
    };
    for (block, verdict) in verdicts.iter_mut().enumerate().filter(|(_, verdict)| verdict.is_open()) {
        let says_more = verdict.is_content() || matches!(verdict.reason, Reason::Shape { .. });
        if says_more && is_alone(block) && is_garbage(&page.blocks[block].text) {
            *verdict = Verdict::boilerplate(Reason::Garbage);
        }
    }
}

/// Running text that most of the site's documents hold, and what a slot shows over and over. Among paragraphs it looks
/// like one to the model. Where it would be much of the page, the others are likelier copies of the page.
fn drop_recurring(assessment: &Assessment, verdicts: &mut [Verdict]) {
    let (mut kept, mut going) = (0, 0);
    let mut recurring = Vec::new();
    for block in (0..verdicts.len()).filter(|&block| verdicts[block].is_content()) {
        kept += assessment.words[block];
        if let Some(reason) = recurs(assessment, verdicts, block) {
            going += assessment.words[block];
            recurring.push((block, reason));
        }
    }
    if going as f32 <= RECURRING_MOST * kept as f32 {
        for (block, reason) in recurring {
            drop_open(&mut verdicts[block], reason);
        }
    }
}

/// Headlines of the site's other documents, around the text of a page. Where more of them stand within it, the page is
/// a list of them.
fn drop_other_headlines(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    let is_text = |block: &usize| is_surely_content(page, assessment, verdicts, *block);
    let Some(first) = (0..verdicts.len()).find(is_text) else { return };
    let last = (0..verdicts.len()).rfind(is_text).unwrap_or(first);
    let (within, around): (Vec<usize>, Vec<usize>) = (0..verdicts.len())
        .filter(|&block| assessment.is_other_headline(block) && verdicts[block].is_content())
        .partition(|block| (first..=last).contains(block));
    let listed = listed(assessment, verdicts, first.saturating_sub(1)..last);
    let lists = within.len() + listed.len();
    if lists >= LISTED && lists > around.len() {
        for block in listed {
            verdicts[block] = Verdict::content(Reason::Neighbours);
        }
        return;
    }
    if within.len() > around.len() {
        return;
    }
    for block in around {
        let itself = || Reason::Slot { anchor: page.blocks[block].text.clone() };
        drop_open(&mut verdicts[block], assessment.recurs_on(block, 1, 0.0).unwrap_or_else(itself));
    }
}

/// Headlines of other documents that the model drops by their shape alone though kept text stands below them, as on a list of them.
fn listed(assessment: &Assessment, verdicts: &[Verdict], among: Range<usize>) -> Vec<usize> {
    let is_listed = |&block: &usize| {
        let by_shape = matches!(verdicts[block].reason, Reason::Shape { .. });
        let is_dropped = !verdicts[block].is_content() && by_shape && verdicts[block + 1].is_content();
        is_dropped && assessment.is_other_headline(block)
    };
    among.filter(is_listed).collect()
}

fn recurs(assessment: &Assessment, verdicts: &[Verdict], block: usize) -> Option<Reason> {
    let is_long = assessment.words[block] >= RECURRING_WORDS;
    let everywhere = assessment.recurs_on(block, RECURRING_DOCUMENTS, RECURRING_SHARE);
    everywhere
        .filter(|_| is_long && !may_be_shared_content(assessment, verdicts, block))
        .or_else(|| assessment.recurs_in_slot(block))
        .or_else(|| {
            // Another document's headline and what that document says too: a teaser of it.
            let above = block.checked_sub(1)?;
            assessment.recurs_on(block, 1, 0.0).filter(|_| is_long && assessment.is_other_headline(above))
        })
}

/// Kept running text that no cue list knows.
fn is_surely_content(page: &Page, assessment: &Assessment, verdicts: &[Verdict], block: usize) -> bool {
    verdicts[block].is_content()
        && assessment.words[block] >= PROSE_WORDS
        && page.blocks[block].kind != BlockKind::Caption
        && assessment.cue_list_of_prefix(block).is_none()
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;
    use crate::{SiteStats, Template};

    #[test]
    fn prose_that_few_documents_share_stays_below_kept_prose_whatever_the_model_rests_on() {
        let own = "The students who came for the conference of the campus papers fell ill on Saturday, and most were told to stay.";
        let shared = "The conference began on Wednesday and ended on Sunday in the old town, where two student papers were its hosts.";
        let page = |id: &str, texts: &[&str]| Page::read(&Capture::text(id, texts.join("\n\n")));
        let mut stats = SiteStats::default();
        for (id, text) in [("b", shared), ("c", "Snow"), ("d", "Rain"), ("e", "Wind")] {
            stats.learn(&page(id, &[&format!("{own} {id}"), text]));
        }
        let page = page("a", &[own, shared]);
        let evidence = stats.evidence();
        let assessment = Assessment::of(&page, &Template::generic().with_evidence(&evidence));
        assert_eq!((assessment.documents(1), assessment.others(1)), (1, 4));
        let kept = Verdict::content(Reason::Shape { content: 0.9 });
        for (reason, stays) in [
            (Reason::Recurs { docs: 1, of: 4 }, true),
            (Reason::Slot { anchor: "Audio".to_owned() }, true),
            (Reason::Shape { content: 0.4 }, true),
            (Reason::Garbage, false),
        ] {
            let mut verdicts = [kept.clone(), Verdict::boilerplate(reason)];
            restore_prose(&assessment, &mut verdicts);
            assert_eq!(verdicts[1].is_content(), stays, "{:?}", verdicts[1]);
        }
    }

    #[test]
    fn a_heading_stays_between_kept_text_unless_it_is_surely_none() {
        let prose = "The harbour opened on Monday after ten years of work, and nobody in the old quarter of the town had expected \
                     so many guests.";
        let page = Page::read(&Capture::html(
            "a",
            format!("<main><p>{prose}</p><h2>Use</h2><p>{prose} Or did they?</p></main>"),
        ));
        let mut assessment = Assessment::of(&page, &Template::generic());
        let (kept, dropped) = (true, false);
        for (verdicts, content, heading) in [
            ([kept, dropped, kept], 0.3, ("neighbours", kept)),
            ([kept, dropped, kept], 0.1, ("shape", dropped)),
            ([kept, dropped, dropped], 0.3, ("shape", dropped)),
            ([dropped, dropped, kept], 0.3, ("shape", dropped)),
            ([kept, kept, kept], 0.7, ("shape", kept)),
        ] {
            assessment.set_content(1, content);
            let reason = Reason::Shape { content };
            let verdict = |kept| if kept { Verdict::content } else { Verdict::boilerplate };
            let mut verdicts = verdicts.map(|kept| verdict(kept)(reason.clone()));
            restore_headings(&page, &assessment, &mut verdicts);
            assert_eq!((verdicts[1].reason.code(), verdicts[1].is_content()), heading, "{content}");
        }
    }
}
