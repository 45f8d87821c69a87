//! A brake on learning: a page of which it would take an unusual share keeps that, and says so.

use dechrome_page::Page;

use crate::assessment::Assessment;
use crate::verdict::{Label, Reason, Verdict};

/// Words from which a block counts as prose.
const PROSE_WORDS: u32 = 12;

/// Most of a block's characters that may stand in links.
const PROSE_LINKS: f32 = 0.5;

/// Share of a page's prose, and words of it, that learning may take from what the page alone would keep. Of 1,472 pages
/// of 33 sites, HTML and flat, it takes as much from one, and anything at all from 20.
const UNUSUAL_SHARE: f32 = 0.25;
const UNUSUAL_WORDS: u32 = 40;

/// Texts on this share of so many other documents are the site's, whatever they look like.
const RECURRING_SHARE: f32 = 1.0 / 3.0;
const RECURRING_OF: u32 = 5;

/// Gives back the prose that learning took, where that is too much of it.
pub(crate) fn review(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    let taken: Vec<usize> =
        (0..verdicts.len()).filter(|&block| is_taken_by_learning(page, assessment, verdicts, block)).collect();
    let words = |blocks: &mut dyn Iterator<Item = usize>| blocks.map(|block| assessment.words[block]).sum::<u32>();
    let lost = words(&mut taken.iter().copied());
    if lost < UNUSUAL_WORDS {
        return;
    }
    let kept = words(
        &mut (0..verdicts.len()).filter(|&block| verdicts[block].is_content() && is_prose(page, assessment, block)),
    );
    if lost as f32 >= UNUSUAL_SHARE * (lost + kept) as f32 {
        for block in taken {
            verdicts[block] = Verdict::content(Reason::Review);
        }
    }
}

fn is_prose(page: &Page, assessment: &Assessment, block: usize) -> bool {
    assessment.words[block] >= PROSE_WORDS && page.blocks[block].link_share() <= PROSE_LINKS
}

/// Whether the block is prose that only what is known of the site speaks against.
fn is_taken_by_learning(page: &Page, assessment: &Assessment, verdicts: &[Verdict], block: usize) -> bool {
    let Verdict { label, reason } = &verdicts[block];
    let by_model = matches!(reason, Reason::Recurs { .. } | Reason::Slot { .. } | Reason::Shape { .. });
    let (documents, of) = assessment.documents(block);
    let recurs = of >= RECURRING_OF && documents as f32 >= RECURRING_SHARE * of as f32;
    *label == Label::Boilerplate
        && by_model
        && of > 0
        && !recurs
        && !assessment.is_content(block)
        && is_prose(page, assessment, block)
        && assessment.is_content_alone(page, block)
}
