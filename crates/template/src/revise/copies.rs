//! Texts that a page says twice.

use std::collections::HashMap;

use dechrome_page::{BlockKind, Media, NodeId, Page};

use super::drop_open;
use crate::assessment::Assessment;
use crate::features::{Feature, path_key};
use crate::verdict::{Reason, Verdict};

/// Words from which a text said again is a copy wherever it stands; shorter ones only close by.
const COPY_WORDS: u32 = 12;
const NEAR_COPY_WORDS: u32 = 3;
const NEAR_COPY_BLOCKS: usize = 4;

/// A sentence of the text that a standfirst says too is a copy to the model; if no copy was kept, it is kept where
/// it stands between kept text. If one was kept, it is kept beside that: a text repeats itself rightly within one container.
pub(super) fn restore(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    let mut kept: HashMap<u64, usize> = HashMap::new();
    for block in (0..verdicts.len()).filter(|&block| verdicts[block].is_content()) {
        kept.entry(assessment.keys[block]).or_insert(block);
    }
    for block in 1..verdicts.len() {
        let is_lost_copy = assessment.words[block] >= COPY_WORDS
            && assessment.value(block, Feature::copies) > 1.0
            && !verdicts[block].is_content()
            && verdicts[block].is_open();
        let is_between_text = || {
            let below = verdicts.get(block + 1).is_some_and(Verdict::is_content);
            verdicts[block - 1].is_content() && below
        };
        let belongs = match kept.get(&assessment.keys[block]) {
            Some(&first) => repeats_rightly(page, assessment, first, block),
            None => is_between_text(),
        };
        if is_lost_copy && belongs {
            verdicts[block] = Verdict::content(Reason::Neighbours);
        }
    }
}

/// A kept block that says again what a kept block above says. Tables, code and lists repeat themselves rightly,
/// and so does a paragraph within one container or two that lie side by side: copies are chrome where a page shows one text in two
/// places, or all of it again.
pub(super) fn drop(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    let mut seen: HashMap<u64, usize> = HashMap::new();
    for (block, verdict) in verdicts.iter_mut().enumerate() {
        let words = assessment.words[block];
        if !verdict.is_content() || words < NEAR_COPY_WORDS || !can_be_copy(page.blocks[block].kind) {
            continue;
        }
        let first = *seen.entry(assessment.keys[block]).or_insert(block);
        let is_near = block - first <= NEAR_COPY_BLOCKS;
        if first < block && (words >= COPY_WORDS || is_near) && !repeats_rightly(page, assessment, first, block) {
            drop_open(verdict, Reason::Duplicate { of: first as u32 });
        }
    }
}

/// Whether two blocks may say the same: side by side, and not in a run of other paragraphs that are all said again. Flat text does not
/// tell what stands side by side, but manuals repeat themselves: kept copies on flat pages with code give WCXB's manuals .0036.
fn repeats_rightly(page: &Page, assessment: &Assessment, one: usize, other: usize) -> bool {
    let (first, block) = (one.min(other), one.max(other));
    let keys = &assessment.keys;
    let is_same = |a: usize, b: usize| {
        assessment.words[a] >= COPY_WORDS && keys[a] != keys[first] && keys.get(b) == Some(&keys[a])
    };
    let is_apart = first + 1 < block;
    let runs_on = is_apart && (is_same(first + 1, block + 1) || (first > 0 && is_same(first - 1, block - 1)));
    let may_repeat = match page.media {
        Media::Html => side_by_side(page, first, block),
        Media::Text => assessment.has_code,
    };
    may_repeat && !runs_on
}

/// Whether the blocks are paragraphs written alike of one container, or of two in one, as of two sections, both shown. Of 40 copies
/// in two such containers of WCXB's pages the reference holds 33 again, of 556 in other places 103.
fn side_by_side(page: &Page, a: usize, b: usize) -> bool {
    let outline = &page.outline;
    let [one, other] = [a, b].map(|block| page.blocks[block].node);
    let parent = |id: NodeId| outline.node(id).parent;
    let is_near = parent(one) == parent(other) || parent(parent(one)) == parent(parent(other));
    let is_shown = |block: usize| !page.blocks[block].hidden.any();
    let is_alike = page.blocks[a].kind == page.blocks[b].kind && path_key(outline, one) == path_key(outline, other);
    is_near && is_alike && is_shown(a) && is_shown(b)
}

fn can_be_copy(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Paragraph | BlockKind::Heading(_) | BlockKind::Caption | BlockKind::Quote)
}

#[cfg(test)]
mod tests {
    use dechrome_page::{Capture, Page};

    use super::*;
    use crate::Template;

    fn page(html: &str) -> Page {
        Page::read(&Capture::html("a", html))
    }

    #[test]
    fn what_a_page_says_all_over_again_is_no_refrain() {
        let says = [
            "The ferry left at seven with eleven goats and their master on board, and nobody waved.",
            "Nobody in the old quarter had expected so many guests to come to the pier that day.",
            "The committee will meet again in autumn to talk about the cost of goats and of ferries.",
        ];
        for (order, is) in
            [(&[0, 1, 0, 2][..], true), (&[0, 1, 2, 0, 1, 2], false), (&[0, 0, 0], true), (&[0, 1, 0, 0, 0], true)]
        {
            let html = order.iter().map(|&text| says[text]).collect::<Vec<_>>().join("<p>");
            let page = page(&format!("<article><p>{html}</article>"));
            let assessment = Assessment::of(&page, &Template::generic());
            let again = order.iter().skip(1).position(|&text| text == order[0]).unwrap() + 1;
            assert_eq!(repeats_rightly(&page, &assessment, 0, again), is, "{order:?}");
        }
    }

    #[test]
    fn flat_pages_repeat_themselves_rightly_where_they_show_code() {
        let prose = "The harbour opened on Monday after ten years of work, and nobody had expected so many guests.";
        for (line, is) in
            [("let guests = harbour.open(\"Monday\");", true), ("Let the guests of Monday come in.", false)]
        {
            let page = Page::read(&Capture::text("a", format!("{prose}\n\n{line}\n\n{prose}")));
            let assessment = Assessment::of(&page, &Template::generic());
            assert_eq!(repeats_rightly(&page, &assessment, 0, 2), is, "{line}");
        }
    }

    #[test]
    fn paragraphs_side_by_side_repeat_themselves_rightly() {
        let text = "The ferry left at seven with eleven goats on board.";
        for (html, is) in [
            (format!("<div><p>{text}</p><p>{text}</p></div>"), true),
            (format!("<div><p>{text}</p></div><div><p>{text}</p></div>"), true),
            (format!("<div><p>{text}</p></div><div><div><p>{text}</p></div></div>"), false),
            (format!("<div><p>{text}</p></div><aside><p>{text}</p></aside>"), false),
            (format!("<div><p class='lead'>{text}</p><p>{text}</p></div>"), false),
            (format!("<div><p>{text}</p><p style='display:none'>{text}</p></div>"), false),
        ] {
            let page = page(&html);
            assert_eq!((page.blocks.len(), side_by_side(&page, 0, 1)), (2, is), "{html}");
        }
    }
}
