//! The page as a whole: the same values on every row.

use dechrome_page::{BlockKind, Page, ROOT};

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
    ];
    for row in rows {
        for (feature, value) in values {
            set(row, feature, value);
        }
    }
}

/// Segments of the URL's path; 0 for a front page.
fn path_depth(page: &Page) -> f32 {
    let Some(rest) = page.url.as_deref().and_then(|url| url.split_once("://")) else { return super::MISSING };
    let path = rest.1.split(['?', '#']).next().unwrap_or_default();
    path.split('/').skip(1).filter(|segment| !segment.is_empty()).count() as f32
}

fn median(shapes: &[Shape]) -> u32 {
    let mut chars: Vec<u32> = shapes.iter().map(|shape| shape.chars).collect();
    let middle = chars.len() / 2;
    *chars.select_nth_unstable(middle).1
}
