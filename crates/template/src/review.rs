//! A brake on learning: a page of which it would take an unusual share keeps that, and says so.

use dechrome_page::Page;

use crate::assessment::Assessment;
use crate::verdict::{Label, Reason, Verdict};

/// Words from which a block counts as prose.
const PROSE_WORDS: u32 = 12;

/// Most of a block's characters that may stand in links.
const PROSE_LINKS: f32 = 0.5;

/// Share of a page's prose, and words of it, that learning may take from what the page alone would keep.
const UNUSUAL_SHARE: f32 = 0.25;
const UNUSUAL_WORDS: u32 = 40;

/// Words of prose from which what is left is an article: then the page alone is likelier wrong about the rest. Of sites that the
/// model had not seen, whose pages are mostly teasers, it gave back all of those otherwise (33 sites, flat, learned: .923 to .934).
const ARTICLE_WORDS: u32 = 50;

/// Texts surely on this share of the documents are the site's, whatever they look like; so are those that recur in a slot.
const RECURRING_SHARE: f32 = 1.0 / 3.0;

/// Gives back the prose that learning took, where that is too much of it and leaves no article.
pub(crate) fn review(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    let words = |blocks: &[usize]| blocks.iter().map(|&block| assessment.words[block]).sum::<u32>();
    let blocks = |is: &dyn Fn(&usize) -> bool| (0..verdicts.len()).filter(is).collect::<Vec<usize>>();
    let kept = words(&blocks(&|&block| verdicts[block].is_content() && is_prose(page, assessment, block)));
    let taken = blocks(&|&block| is_taken_by_learning(page, assessment, verdicts, block));
    let lost = words(&taken);
    if kept < ARTICLE_WORDS && lost >= UNUSUAL_WORDS && lost as f32 >= UNUSUAL_SHARE * (lost + kept) as f32 {
        for block in taken {
            verdicts[block] = Verdict::content(Reason::Review);
        }
    }
}

fn is_prose(page: &Page, assessment: &Assessment, block: usize) -> bool {
    assessment.words[block] >= PROSE_WORDS && page.blocks[block].link_share() <= PROSE_LINKS
}

/// Whether the block is prose that the page alone would keep, and against which what is known of the site spoke and nothing else.
fn is_taken_by_learning(page: &Page, assessment: &Assessment, verdicts: &[Verdict], block: usize) -> bool {
    let Verdict { label, reason } = &verdicts[block];
    *label == Label::Boilerplate
        && reason.is_of_model()
        && assessment.others(block) > 0
        && assessment.least_share(block) < RECURRING_SHARE
        && assessment.recurs_in_slot(block).is_none()
        && assessment.is_below_cut(block)
        && assessment.is_content_alone(block)
        && is_prose(page, assessment, block)
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;
    use crate::{SiteStats, Template};

    const HTML: &str = "<body><ul><li>Front page of the paper</ul><main><h1>The harbour opens</h1>\
        <p>The harbour opened on Monday after ten years of work, and nobody in the old quarter had expected so many guests \
        to come to the opening of the new harbour and its long pier.</p>\
        <p>The committee will meet again in autumn to talk about the cost of the harbour and about those who are to pay \
        for the parts of it that are still missing.</p></main>\
        <p>Whoever wishes to tell the paper something about their street may write to the desk, and whoever \
        wishes to read more of it may order it at home, at the station or from the boy who brings it, for less than \
        what a cup of coffee costs.</p>";

    /// The page's verdicts, where learning speaks against the blocks of `against` and the others are kept.
    fn reviewed(against: std::ops::Range<usize>, others: usize) -> Vec<&'static str> {
        reviewed_among(&Verdict::content(Reason::Shape { content: 0.9 }), against, others)
    }

    fn reviewed_among(rest: &Verdict, against: std::ops::Range<usize>, others: usize) -> Vec<&'static str> {
        let page = |number: usize| {
            let html = HTML.replace("harbour", ["harbour", "bridge", "school", "tower"][number]);
            Page::read(&Capture::html(number.to_string(), html).with_url(format!("https://paper.example/{number}")))
        };
        let mut stats = SiteStats::default();
        (1..=others).for_each(|number| stats.learn(&page(number)));
        let page = page(0);
        let evidence = stats.evidence();
        let mut assessment = Assessment::of(&page, &Template::generic().with_evidence(&evidence));
        let mut verdicts = vec![rest.clone(); page.blocks.len()];
        for block in against {
            assessment.set_content(block, 0.0);
            verdicts[block] = Verdict::boilerplate(Reason::Shape { content: 0.0 });
        }
        review(&page, &assessment, &mut verdicts);
        verdicts.iter().map(|verdict| verdict.reason.code()).collect()
    }

    #[test]
    fn an_article_that_learning_would_take_stays_and_is_marked() {
        assert_eq!(reviewed(2..4, 2), ["shape", "shape", "review", "review", "shape"]);
    }

    #[test]
    fn what_all_others_say_is_not_given_back() {
        for others in [1, 2] {
            assert_eq!(reviewed(2..5, others), ["shape", "shape", "review", "review", "shape"]);
        }
    }

    #[test]
    fn little_text_and_pages_of_which_nothing_is_known_are_none_of_its_business() {
        assert_eq!(reviewed(2..4, 0), ["shape"; 5], "no other document");
        assert_eq!(reviewed(2..3, 2), ["shape"; 5], "an article is left");
        let garbage = Verdict::boilerplate(Reason::Garbage);
        let few = reviewed_among(&garbage, 2..3, 2);
        assert_eq!(few, ["garbage", "garbage", "shape", "garbage", "garbage"], "too few words");
    }
}
