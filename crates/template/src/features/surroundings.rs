//! What stands around a block in reading order.

use dechrome_page::{Block, BlockKind, Page};

use super::shape::{Shape, kind_code};
use super::{Feature, MISSING, Row, log, set};
use crate::cues::{CueHits, CueList};

/// Blocks on each side of the near and the wide window.
const NEAR: usize = 2;
const WIDE: usize = 6;

/// A paragraph of at most this many words that stands apart, between blank lines of flat text, heads what follows.
const FLAT_HEADING_WORDS: u32 = 8;

/// Fills the columns of the surroundings.
pub(super) fn fill(page: &Page, shapes: &[Shape], rows: &mut [Row]) {
    let sums = Sums::of(&page.blocks, shapes);
    for (index, row) in rows.iter_mut().enumerate() {
        fill_windows(&sums, index, row);
        fill_next_to(page, shapes, index, row);
    }
    fill_headings(page, shapes, rows);
    fill_openers(shapes, rows);
    fill_prose_distance(shapes, rows);
}

/// Running sums over the blocks, so that windows cost nothing.
struct Sums {
    chars: Vec<u32>,
    link_chars: Vec<u32>,
    prose: Vec<u32>,
    /// Mean log-odds times characters.
    text: Vec<f32>,
}

impl Sums {
    fn of(blocks: &[Block], shapes: &[Shape]) -> Self {
        let count = blocks.len() + 1;
        let mut sums =
            Self { chars: vec![0; count], link_chars: vec![0; count], prose: vec![0; count], text: vec![0.0; count] };
        for (index, (block, shape)) in blocks.iter().zip(shapes).enumerate() {
            sums.chars[index + 1] = sums.chars[index] + block.chars;
            sums.link_chars[index + 1] = sums.link_chars[index] + block.link_chars;
            sums.prose[index + 1] = sums.prose[index] + if shape.is_prose { block.chars } else { 0 };
            sums.text[index + 1] = sums.text[index] + shape.text * block.chars as f32;
        }
        sums
    }
}

fn fill_windows(sums: &Sums, index: usize, row: &mut Row) {
    let last = sums.chars.len() - 1;
    let window = |size: usize| (index.saturating_sub(size), (index + size + 1).min(last));
    let chars = |(start, end): (usize, usize)| sums.chars[end] - sums.chars[start];
    let link_share = |(start, end): (usize, usize)| {
        (sums.link_chars[end] - sums.link_chars[start]) as f32 / chars((start, end)).max(1) as f32
    };
    let text = |(start, end): (usize, usize)| (sums.text[end] - sums.text[start]) / chars((start, end)).max(1) as f32;
    let (near, wide) = (window(NEAR), window(WIDE));
    set(row, Feature::link_share_near, link_share(near));
    set(row, Feature::link_share_wide, link_share(wide));
    set(row, Feature::chars_near, log(chars(near)));
    set(row, Feature::chars_wide, log(chars(wide)));
    set(row, Feature::text_near, text(near));
    set(row, Feature::text_wide, text(wide));
    let prose = sums.prose[wide.1] - sums.prose[wide.0];
    set(row, Feature::prose_near, prose as f32 / chars(wide).max(1) as f32);
}

fn fill_next_to(page: &Page, shapes: &[Shape], index: usize, row: &mut Row) {
    let sides = [
        (
            index.checked_sub(1),
            [Feature::chars_previous, Feature::ending_previous, Feature::kind_previous, Feature::text_previous],
        ),
        (Some(index + 1), [Feature::chars_next, Feature::ending_next, Feature::kind_next, Feature::text_next]),
    ];
    for (neighbour, [length, end, sort, odds]) in sides {
        let Some((neighbour, shape)) = neighbour.and_then(|at| Some((at, shapes.get(at)?))) else { continue };
        set(row, length, log(shape.chars));
        set(row, end, f32::from(shape.ending as u8));
        set(row, sort, kind_code(page.blocks[neighbour].kind));
        set(row, odds, shape.text);
    }
}

/// The heading a block stands under: how far, of what level, in what words.
fn fill_headings(page: &Page, shapes: &[Shape], rows: &mut [Row]) {
    let mut heading: Option<usize> = None;
    for (index, row) in rows.iter_mut().enumerate() {
        if let Some(above) = heading {
            set(row, Feature::heading_distance, (index - above) as f32);
            set(row, Feature::heading_text, shapes[above].text);
            set(row, Feature::heading_chars, log(shapes[above].chars));
            set(row, Feature::heading_level, kind_code(page.blocks[above].kind));
        }
        if is_heading(page, index, shapes[index].words) {
            heading = Some(index);
        }
    }
}

/// Whether a block of so many words heads those below it: as its kind says or, in flat text, by standing apart.
pub(crate) fn is_heading(page: &Page, index: usize, words: u32) -> bool {
    let block = &page.blocks[index];
    match block.kind {
        BlockKind::Heading(_) => true,
        BlockKind::Paragraph => {
            let apart = block.blank_before > 0 && page.blocks.get(index + 1).is_some_and(|next| next.blank_before > 0);
            apart && words <= FLAT_HEADING_WORDS
        }
        _ => false,
    }
}

/// Cue lists whose phrases, as whole blocks, open a section of boilerplate.
const OPENERS: [CueList; 6] = [
    CueList::Related,
    CueList::MostRead,
    CueList::MoreMedia,
    CueList::Comments,
    CueList::Newsletter,
    CueList::CommentPolicy,
];

/// The opener that this block is.
fn opener(hits: CueHits) -> Option<CueList> {
    OPENERS.into_iter().find(|&list| hits.is_whole(list))
}

/// How many openers stand above, how far the last one is and of what list.
fn fill_openers(shapes: &[Shape], rows: &mut [Row]) {
    let mut last: Option<(usize, CueList)> = None;
    let mut count = 0;
    for (index, row) in rows.iter_mut().enumerate() {
        if let Some((above, list)) = last {
            set(row, Feature::opener_distance, (index - above) as f32);
            set(row, Feature::opener_list, f32::from(list as u8));
        }
        if let Some(list) = opener(shapes[index].hits) {
            last = Some((index, list));
            count += 1;
        }
        set(row, Feature::openers, count as f32);
    }
}

/// Blocks since the last prose and until the next.
fn fill_prose_distance(shapes: &[Shape], rows: &mut [Row]) {
    let mut distance = MISSING;
    for (shape, row) in shapes.iter().zip(rows.iter_mut()) {
        set(row, Feature::prose_before, distance);
        distance = if shape.is_prose { 0.0 } else { distance + 1.0 };
    }
    distance = MISSING;
    for (shape, row) in shapes.iter().zip(rows.iter_mut()).rev() {
        set(row, Feature::prose_after, distance);
        distance = if shape.is_prose { 0.0 } else { distance + 1.0 };
    }
}
