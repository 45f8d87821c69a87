//! What learning and judging both need of a page.

use dechrome_page::Page;
use serde::{Deserialize, Serialize};

use crate::model::probabilities;
use crate::stats::block_keys;

/// What the block model's trees make of a page alone, and the keys of its texts, block by block: all that statistics need, and a good
/// part of what judging does. Taken once where a page is learned and judged: see [`Template::having_seen`](crate::Template::having_seen).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirstLook {
    /// Log-odds of content.
    pub(crate) trees: Vec<f32>,
    /// Keys by which the texts are known on the site, 0 for those too short to have one.
    pub(crate) keys: Vec<u64>,
}

impl FirstLook {
    /// Of a page of whose blocks the trees have these log-odds of content.
    pub fn of(page: &Page, trees: Vec<f32>) -> Self {
        Self { trees, keys: block_keys(page) }
    }

    /// The generic probability of content of each block, 0 to 1, as statistics take it.
    pub fn content(&self) -> Vec<f32> {
        probabilities(&self.trees)
    }
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;
    use crate::{SiteStats, Template};

    #[test]
    fn a_page_is_judged_alike_with_and_without_a_first_look() {
        let html = "<ul><li><a href=/a>News</a><li><a href=/b>Sports</a></ul><main><h1>The harbour</h1><p>The harbour opened on \
                    Monday after ten years of work, and nobody in the old quarter had expected so many guests.</main>";
        let [page, other] =
            ["a", "<p>b</p><p>c</p>"].map(|more| Page::read(&Capture::html("a", format!("{html}{more}"))));
        let template = Template::generic();
        let look = template.first_look(&page);
        let content = |template: &Template<'_>, page: &Page| -> Vec<f32> {
            template.explain(page).evidence.iter().map(|evidence| evidence.content).collect()
        };
        assert_eq!(content(&template.having_seen(&look), &page), content(&template, &page));
        let turned = FirstLook { trees: look.trees.iter().map(|odds| -odds).collect(), ..look.clone() };
        assert_ne!(content(&template.having_seen(&turned), &page), content(&template, &page), "it is made use of");
        let evidence = SiteStats::of(&other).evidence();
        let learned = template.with_evidence(&evidence);
        assert_eq!(content(&learned.having_seen(&look), &page), content(&learned, &page));
        let keyless = FirstLook { keys: vec![0; look.keys.len()], ..look };
        assert_ne!(content(&learned.having_seen(&keyless), &page), content(&learned, &page), "so are the keys");
        // One of another page is not.
        assert_ne!(page.blocks.len(), other.blocks.len());
        assert_eq!(content(&template.having_seen(&turned), &other), content(&template, &other));
    }
}
