//! HTML pages as text crawls hold them: more flat pages to learn from, and a second way to write those that are known.
//!
//! Who flattened a page long ago wrote lines in some way; a model fitted to one way alone leans on it. (Flat WCXB .835 to .838, 33
//! flat sites .8911 to .9003 and learned .9466 to .9510, where networks alone learn from the variants; cross-validated by site.)

use dechrome_page::{Block, BlockKind, Capture, Page};

use crate::align;
use crate::data::Labelled;

/// Characters from which a paragraph is set off by blank lines: above it, and below it too.
const SET_OFF: u32 = 30;
const SET_OFF_BELOW: u32 = 60;

/// The page as flat text, labelled anew.
pub(crate) fn flattened(page: &Labelled) -> Labelled {
    let mut capture = Capture::text(page.page.id.clone(), text(&page.page.blocks));
    capture.url.clone_from(&page.page.url);
    let flat = Page::read(&capture);
    let labels = align::labels(&flat, &page.truth);
    Labelled {
        page: flat,
        group: page.group.clone(),
        truth: page.truth.clone(),
        headline: page.headline.clone(),
        page_type: page.page_type.clone(),
        labels,
    }
}

/// Blocks a line each, items indented by their depth, headings and paragraphs between blank lines.
fn text(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        let is_heading = matches!(block.kind, BlockKind::Heading(_));
        let is_paragraph = is_heading || matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote);
        if let BlockKind::ListItem { depth, .. } = block.kind {
            text.push_str(&"  ".repeat(usize::from(depth)));
            text.push_str(&block.text.replace('\n', " "));
        } else {
            if is_paragraph && (is_heading || block.chars >= SET_OFF) {
                text.push('\n');
            }
            text.push_str(&block.text);
        }
        if is_paragraph && (is_heading || block.chars >= SET_OFF_BELOW) {
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_indented_and_paragraphs_set_off() {
        let prose = "The harbour opened on Monday after ten years of work, and nobody had expected so many guests.";
        let html = format!(
            "<p>Menu</p><ul><li>Home<ul><li>News</ul></ul><h1>Harbour</h1><p>{prose}</p><p>{prose} Or had they?"
        );
        let page = Page::read(&Capture::html("a", html));
        let expected = format!("Menu\n  Home\n    News\n\nHarbour\n\n\n{prose}\n\n\n{prose} Or had they?\n\n");
        assert_eq!(text(&page.blocks), expected);
    }
}
