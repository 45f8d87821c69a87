//! The page as a whole: the same values on every row.

use dechrome_page::{Block, BlockKind, Media, Page, ROOT};

use super::links::path_of;
use super::shape::Shape;
use super::siblings::Siblings;
use super::{Feature, Row, log, set};

/// Fills the columns of the page.
pub(super) fn fill(page: &Page, shapes: &[Shape], siblings: &Siblings, rows: &mut [Row]) {
    let chars: u32 = shapes.iter().map(|shape| shape.chars).sum();
    let share = |of: u32| of as f32 / chars.max(1) as f32;
    let sum_where = |keep: &dyn Fn(usize) -> bool| {
        share((0..shapes.len()).filter(|&index| keep(index)).map(|index| shapes[index].chars).sum())
    };
    let kind = |index: usize| page.blocks[index].kind;
    let says = |word: &str| f32::from(page.metadata.types.iter().any(|said| said.to_ascii_lowercase().contains(word)));
    let values = [
        (Feature::page_chars, log(chars)),
        (Feature::page_blocks, log(shapes.len() as u32)),
        (Feature::page_link_share, share(page.outline.node(ROOT).link_chars)),
        (Feature::page_prose, sum_where(&|index| shapes[index].is_prose)),
        (Feature::page_noscript, sum_where(&|index| page.blocks[index].hidden.noscript)),
        (Feature::page_item_share, sum_where(&|index| matches!(kind(index), BlockKind::ListItem { .. }))),
        (Feature::page_cell_share, sum_where(&|index| matches!(kind(index), BlockKind::TableCell { .. }))),
        (Feature::page_code, sum_where(&|index| kind(index) == BlockKind::Code)),
        (Feature::page_largest_group, share(siblings.largest())),
        (Feature::page_article, says("article").max(says("posting"))),
        (Feature::page_product, says("product")),
        (Feature::page_path_depth, path_depth(page)),
        (Feature::page_median_chars, log(median(shapes))),
        (Feature::page_apart_share, line_share(page, |line| line.blank_before > 0)),
        (Feature::page_indent_share, line_share(page, |line| line.indent > 0)),
    ];
    for row in rows {
        for (feature, value) in values {
            set(row, feature, value);
        }
    }
}

/// Flat pages: the share of the lines that are so. Where whoever flattened the page wrote no blank lines or no indentation, a line without tells
/// nothing.
fn line_share(page: &Page, is_so: impl Fn(&Block) -> bool) -> f32 {
    match page.media {
        Media::Html => super::MISSING,
        Media::Text => page.blocks.iter().filter(|line| is_so(line)).count() as f32 / page.blocks.len() as f32,
    }
}

/// Segments of the URL's path; 0 for a front page.
fn path_depth(page: &Page) -> f32 {
    page.url.as_deref().and_then(path_of).map_or(super::MISSING, |path| path.count() as f32)
}

fn median(shapes: &[Shape]) -> u32 {
    let mut chars: Vec<u32> = shapes.iter().map(|shape| shape.chars).collect();
    let middle = chars.len() / 2;
    *chars.select_nth_unstable(middle).1
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;
    use crate::cues::Cues;
    use crate::features::Features;
    use crate::model::Model;

    #[test]
    fn a_flat_page_says_how_it_was_written() {
        let shares = |capture: Capture| {
            let page = Page::read(&capture);
            let row = Features::of(&page, &Model::embedded().vocabulary, Cues::embedded()).rows[0];
            [Feature::page_apart_share, Feature::page_indent_share].map(|feature| row[feature as usize])
        };
        for (text, expected) in [
            ("Home\nNews\nWeather\nSport", [0.0, 0.0]),
            ("Home\n\nNews\n\nWeather\n\nSport", [0.75, 0.0]),
            ("Home\n  News\n\n  Weather\nSport", [0.25, 0.5]),
        ] {
            let found = shares(Capture::text("a", text));
            let is_near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-6);
            assert!(is_near, "{text}: {found:?}");
        }
        assert!(shares(Capture::html("a", "<p>Home<p>News")).iter().all(|share| share.is_nan()));
    }
}
