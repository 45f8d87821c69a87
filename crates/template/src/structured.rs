//! Text that a page's structured data holds and the page itself does not show.

use ahash::AHashSet;
use dechrome_page::Page;

use crate::assessment::Assessment;
use crate::features::hash_words;
use crate::problem::kept_words;
use crate::verdict::Verdict;

/// Words that follow each other, compared between the data and the page.
const RUN: usize = 4;

/// Fewest words of structured data worth adding.
const MIN_WORDS: usize = 15;

/// Words of kept text up to which a page is thin, and the share of the data's words up to which it is.
const THIN_WORDS: usize = 40;
const THIN_SHARE: usize = 2;

/// Share of the data's runs that the page, kept or dropped, may show: more is the page's own text told again.
const MAX_SHOWN: f32 = 0.3;

/// Whether the text of the page's structured data is to be added: the page keeps little, and shows nothing of it. A page
/// with a text of its own keeps that: its data mostly describe the offer once more, for search engines.
pub(crate) fn is_lacking(page: &Page, assessment: &Assessment, verdicts: &[Verdict]) -> bool {
    let Some(text) = page.metadata.structured_text() else { return false };
    let mut words = Vec::new();
    hash_words(text, &mut words);
    let kept = kept_words(assessment, verdicts) as usize;
    let is_thin = kept < THIN_WORDS || kept * THIN_SHARE < words.len();
    words.len() >= MIN_WORDS && is_thin && shown(page, &words) <= MAX_SHOWN
}

/// Share of the runs of these words that stand in the page's blocks.
fn shown(page: &Page, words: &[u32]) -> f32 {
    let mut missing: AHashSet<&[u32]> = words.windows(RUN).collect();
    let all = missing.len();
    let mut text = Vec::new();
    for block in &page.blocks {
        hash_words(&block.text, &mut text);
        for run in text.windows(RUN) {
            missing.remove(run);
        }
    }
    1.0 - missing.len() as f32 / all.max(1) as f32
}

#[cfg(test)]
mod tests {
    use dechrome_page::{Capture, Page};

    use crate::Template;

    const DATA: &str = "Knitted from combed cotton with a cushioned sole, these socks stay where they are put through \
        three years of daily walks, warm washes and quick drying on any radiator there is in the house.";

    fn adds(body: &str) -> bool {
        let data = format!(r#"{{"@type":"Product","name":"Socks","description":"{DATA}"}}"#);
        let html = format!("<title>Socks</title><script type='application/ld+json'>{data}</script><body>{body}");
        Template::generic().judge(&Page::read(&Capture::html("page", html))).adds_structured
    }

    #[test]
    fn structured_text_is_added_where_the_page_is_thin_and_does_not_show_it() {
        assert!(adds("<h1>Socks</h1><p>Colour: white</p>"));
        assert!(adds(""));
        assert!(!adds(&format!("<h1>Socks</h1><p>{DATA}</p>")), "the page shows it");
        assert!(!adds(&format!("<h1>Socks</h1><nav><li>{DATA}</li></nav>")), "the page shows it where it is dropped");
        let other =
            "The mill ground its first sack of rye on Saturday, and most of the village came to watch it turn. ";
        assert!(!adds(&format!("<article><h1>Socks</h1><p>{}</p></article>", other.repeat(4))), "the page has a text");
    }
}
