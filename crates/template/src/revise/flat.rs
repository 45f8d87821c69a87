//! Flat pages: what stands above the text and below it.

use dechrome_page::Page;

use super::{drop_open, is_surely_content};
use crate::assessment::Assessment;
use crate::cues::CueList;
use crate::features::Feature;
use crate::model::PROSE_WORDS;
use crate::verdict::{Reason, Verdict};

/// Longest date line, in words, and its least share of digits: "Updated June 10, 2022 at 7:45 a.m." has .26.
const DATELINE_WORDS: u32 = 14;
const DATELINE_DIGITS: f32 = 0.12;

/// Most of a page's kept words that its tail may hold: a list of teasers has more below its only paragraph. Of 62 of WCXB's and
/// 33 sites' pages with kept words in the tail, five hold more there, .88 to .98 of them, and of those it is content; no other over .4.
const TAIL_MOST: f32 = 0.5;

/// Flat pages: byline, date line and breadcrumb above the text, and tag rows, went into the metadata.
pub(super) fn drop_head_lines(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    let body = assessment.words.iter().position(|&words| words >= PROSE_WORDS).unwrap_or_default();
    let author = page.metadata.author.as_deref();
    for (block, verdict) in verdicts.iter_mut().enumerate() {
        let text = page.blocks[block].text.as_str();
        let is_row = assessment.value(block, Feature::is_breadcrumb) > 0.0;
        let is_tag_row =
            is_row && text.split(" / ").any(|part| page.metadata.tags.iter().any(|tag| tag == part.trim()));
        let is_head_line = is_row || is_dateline(assessment, block);
        if author == Some(text) || is_tag_row || (block < body && is_head_line) {
            drop_open(verdict, Reason::Metadata);
        }
    }
}

/// A byline, an age, or a few words around a date with its year.
fn is_dateline(assessment: &Assessment, block: usize) -> bool {
    let is_dated = assessment.value(block, Feature::has_year) > 0.0
        && assessment.value(block, Feature::digits) >= DATELINE_DIGITS
        && assessment.words[block] <= DATELINE_WORDS;
    is_dated || matches!(assessment.cue_list_of_prefix(block), Some(CueList::Updated | CueList::Byline | CueList::Age))
}

/// Probability of content from which a paragraph goes on from the one above.
const GOES_ON: f32 = 0.3;

/// Flat pages: a paragraph below a kept one, or apart from it by one line as of a promo, stays unless it is likely none. Of 404 that the
/// model drops so on WCXB's and 33 sites' pages .58 are content; the sites gain .0007 alone and lose nothing learned.
pub(super) fn restore_interrupted(assessment: &Assessment, verdicts: &mut [Verdict]) {
    let mut last = None;
    for (block, verdict) in verdicts.iter_mut().enumerate() {
        if assessment.cue_list(block).is_some_and(opens_slot) {
            last = None; // what follows is a teaser
        }
        if assessment.words[block] < PROSE_WORDS {
            continue;
        }
        let is_dropped = !verdict.is_content() && matches!(verdict.reason, Reason::Shape { .. });
        let is_near = last.is_some_and(|last| block - last <= 2);
        if is_dropped && is_near && assessment.content(block) >= GOES_ON {
            *verdict = Verdict::content(Reason::Neighbours);
        }
        if verdict.is_content() {
            last = Some(block);
        }
    }
}

/// Flat pages: from the first heading such as "Comments" or "Related news" below the last running text
/// that is surely content, everything is the page's tail, unless that would be most of what is kept.
pub(super) fn cut_tail(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    let Some(last) = (0..verdicts.len()).rev().find(|&block| is_surely_content(page, assessment, verdicts, block))
    else {
        return;
    };
    let opens = |block: &usize| assessment.cue_list(*block).is_some_and(opens_slot);
    let Some(opener) = (last + 1..verdicts.len()).find(opens) else { return };
    let kept_from = |first: usize| {
        let kept = (first..verdicts.len()).filter(|&block| verdicts[block].is_content());
        kept.map(|block| assessment.words[block]).sum::<u32>() as f32
    };
    if kept_from(opener) > TAIL_MOST * kept_from(0) {
        return;
    }
    for verdict in &mut verdicts[opener..] {
        drop_open(verdict, Reason::Slot { anchor: page.blocks[opener].text.clone() });
    }
}

fn opens_slot(list: CueList) -> bool {
    matches!(
        list,
        CueList::Related | CueList::MostRead | CueList::MoreMedia | CueList::Comments | CueList::CommentPolicy
    )
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;
    use crate::Template;

    #[test]
    fn a_paragraph_goes_on_after_one_line() {
        let prose = "The harbour opened on Monday after ten years of work, and nobody in the old quarter of the town had expected \
                     so many guests.";
        let promo = "\nSubscribe to our letter";
        for (between, content, is_kept) in [
            ("", 0.3, true),
            (promo, 0.3, true),
            (promo, 0.2, false),
            (&*promo.repeat(2), 0.3, false),
            ("\nRelated news", 0.3, false),
        ] {
            let page = Page::read(&Capture::text("a", format!("{prose}{between}\n{prose} Or did they?")));
            let mut assessment = Assessment::of(&page, &Template::generic());
            let end = page.blocks.len() - 1;
            assessment.set_content(end, content);
            let mut verdicts = vec![Verdict::boilerplate(Reason::Shape { content }); end + 1];
            verdicts[0] = Verdict::content(Reason::Shape { content: 0.9 });
            restore_interrupted(&assessment, &mut verdicts);
            assert_eq!(verdicts[end].is_content(), is_kept, "{between} {content}");
        }
    }

    #[test]
    fn a_tail_is_cut_unless_it_is_most_of_the_page() {
        let prose = "The harbour opened on Monday after ten years of work, and nobody in the old quarter of the town had expected \
                     so many guests.";
        for (teasers, is_cut) in [(1, true), (9, false)] {
            let teasers = "\nWhy the ferries of the bay are late".repeat(teasers);
            let page = Page::read(&Capture::text("a", format!("{prose}\n\nRelated news{teasers}")));
            let assessment = Assessment::of(&page, &Template::generic());
            let kept = Verdict::content(Reason::Shape { content: 0.5 });
            let mut verdicts = vec![kept; page.blocks.len()];
            cut_tail(&page, &assessment, &mut verdicts);
            assert!(verdicts[0].is_content());
            assert!(verdicts[1..].iter().all(|verdict| verdict.is_content() != is_cut), "{verdicts:?}");
        }
    }
}
