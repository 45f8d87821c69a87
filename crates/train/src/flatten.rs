//! HTML pages as text crawls hold them: more flat pages to learn from, and other ways to write those that are known.
//!
//! Who flattened a page long ago wrote lines in some way; a model fitted to one way alone leans on it: trees on WCXB's way and networks
//! on that and one more scored .861 on WCXB's flat pages, fitted ones, and .818 on the same without blank lines and indentation.

use std::ops::Range;

use dechrome_page::{Block, BlockKind, Capture, Page, word_hash};

use crate::align;
use crate::data::Labelled;
use crate::mix;

/// Characters from which a paragraph is set off by blank lines: above it, and below it too.
const SET_OFF: u32 = 30;
const SET_OFF_BELOW: u32 = 60;

/// A way to write a page as text.
#[derive(Debug, Clone, Copy)]
enum Style {
    /// Items indented by their depth, headings and paragraphs between blank lines.
    Laid,
    /// The same with marks before items and headings, as Markdown has them.
    Marked,
    /// A line each block, nothing between them.
    Lines,
    /// A blank line after each block.
    Spaced,
}

/// Ways to write, one of which each page has by chance.
const STYLES: [Style; 6] = [Style::Laid, Style::Laid, Style::Laid, Style::Marked, Style::Lines, Style::Spaced];

/// The page as flat text, labelled anew.
pub(crate) fn flattened(page: &Labelled) -> Labelled {
    let mate = page.mate.clone();
    let style = style(&format!("{}{}", page.page.id, mate.as_deref().unwrap_or_default()));
    written(page, &page.page.blocks, style, mate)
}

/// The content of each page between head and tail of another one of its type, as flat text: other pairs than [`mix::mixed`] makes.
pub(crate) fn mixed(pages: &[Labelled], fold: impl Fn(&str) -> usize) -> Vec<Labelled> {
    mix::pairs(pages, fold, 1).map(|(page, mate)| between(page, mate)).collect()
}

/// A page's content, with the chrome within it, between what stands above and below another's.
fn between(page: &Labelled, mate: &Labelled) -> Labelled {
    let Range { start, end } = content(&mate.labels);
    let theirs = &mate.page.blocks;
    let blocks = [&theirs[..start], &page.page.blocks[content(&page.labels)], &theirs[end..]].concat();
    written(page, &blocks, style(&format!("{} {}", page.page.id, mate.page.id)), Some(mate.group.clone()))
}

/// From the first block that is content to the last.
fn content(labels: &[bool]) -> Range<usize> {
    let first = labels.iter().position(|&label| label).unwrap_or_default();
    first..labels.iter().rposition(|&label| label).map_or(first, |last| last + 1)
}

fn style(name: &str) -> Style {
    STYLES[word_hash(name) as usize % STYLES.len()]
}

/// A page of these blocks as flat text.
fn written(page: &Labelled, blocks: &[Block], style: Style, mate: Option<String>) -> Labelled {
    let mut capture = Capture::text(page.page.id.clone(), text(blocks, style));
    capture.url.clone_from(&page.page.url);
    let flat = Page::read(&capture);
    let labels = align::labels(&flat, &page.truth);
    Labelled {
        page: flat,
        group: page.group.clone(),
        mate,
        truth: page.truth.clone(),
        headline: page.headline.clone(),
        page_type: page.page_type.clone(),
        labels,
    }
}

fn text(blocks: &[Block], style: Style) -> String {
    let mut text = String::new();
    for block in blocks {
        match style {
            Style::Laid => lay(block, ("", ""), &mut text),
            Style::Marked => lay(block, ("* ", "## "), &mut text),
            Style::Lines => text.extend([block.text.as_str(), "\n"]),
            Style::Spaced => text.extend([block.text.as_str(), "\n\n"]),
        }
    }
    text
}

/// Adds a block with these marks before items and headings.
fn lay(block: &Block, (item, heading): (&str, &str), text: &mut String) {
    let is_heading = matches!(block.kind, BlockKind::Heading(_));
    let is_paragraph = is_heading || matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote);
    if let BlockKind::ListItem { depth, .. } = block.kind {
        text.push_str(&"  ".repeat(usize::from(depth)));
        text.push_str(item);
        text.push_str(&block.text.replace('\n', " "));
    } else {
        if is_paragraph && (is_heading || block.chars >= SET_OFF) {
            text.push('\n');
        }
        text.push_str(if is_heading { heading } else { "" });
        text.push_str(&block.text);
    }
    if is_paragraph && (is_heading || block.chars >= SET_OFF_BELOW) {
        text.push('\n');
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(id: &str, chrome: &str, content: &str) -> Labelled {
        let html = format!("<p>{chrome} menu</p><p>{content}</p><p>{chrome} footer</p>");
        let page = Page::read(&Capture::html(id, html));
        let labels = align::labels(&page, content);
        let (group, page_type) = (format!("{id}.example"), Some("article".to_owned()));
        Labelled { page, group, mate: None, truth: content.to_owned(), headline: None, page_type, labels }
    }

    #[test]
    fn content_stands_between_the_chrome_of_another_site_of_the_same_fold() {
        let pages = [
            labelled("a", "Paper", "The harbour opened on Monday."),
            labelled("b", "Journal", "Nobody had seen so many guests."),
            labelled("c", "Gazette", "The bridge is closed for the winter."),
        ];
        let mixed = mixed(&pages, |group| usize::from(group == "c.example"));
        assert_eq!(mixed.len(), 2, "nobody is of the third one's fold");
        for (page, (chrome, mate)) in mixed.iter().zip([("Journal", "b.example"), ("Paper", "a.example")]) {
            let texts: Vec<&str> = page.page.blocks.iter().map(|block| block.text.as_str()).collect();
            assert_eq!(texts, [&format!("{chrome} menu"), &page.truth, &format!("{chrome} footer")]);
            assert_eq!(page.labels, [false, true, false]);
            assert_eq!(page.mate.as_deref(), Some(mate));
        }
    }

    #[test]
    fn a_page_is_written_in_several_ways() {
        let prose = "The harbour opened on Monday after ten years of work, and nobody had expected so many guests.";
        let html = format!(
            "<p>Menu</p><ul><li>Home<ul><li>News</ul></ul><h1>Harbour</h1><p>{prose}</p><p>{prose} Or had they?"
        );
        let page = Page::read(&Capture::html("a", html));
        for (style, expected) in [
            (Style::Laid, format!("Menu\n  Home\n    News\n\nHarbour\n\n\n{prose}\n\n\n{prose} Or had they?\n\n")),
            (
                Style::Marked,
                format!("Menu\n  * Home\n    * News\n\n## Harbour\n\n\n{prose}\n\n\n{prose} Or had they?\n\n"),
            ),
            (Style::Lines, format!("Menu\nHome\nNews\nHarbour\n{prose}\n{prose} Or had they?\n")),
            (Style::Spaced, format!("Menu\n\nHome\n\nNews\n\nHarbour\n\n{prose}\n\n{prose} Or had they?\n\n")),
        ] {
            assert_eq!(text(&page.blocks, style), expected);
        }
    }
}
