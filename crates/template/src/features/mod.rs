//! What a block shows: numbers computed from a page's outline and blocks, and nothing else.
//!
//! `text` reads a block's text, `shape` says what it shows, `place` looks at where it stands in the outline, `links` at where its links lead,
//! `surroundings` at the blocks around it, `whole` at the page; `site` says what the site's other documents do. Rows are parallel to
//! [`Page::blocks`]. A value that does not exist (a heading above the first heading, the outline of a flat page) is [`MISSING`].

mod links;
mod place;
mod shape;
mod siblings;
mod site;
mod surroundings;
mod text;
mod vocabulary;
mod whole;

use std::sync::LazyLock;

use dechrome_page::Page;

use crate::cues::Cues;
use crate::numbering::Numbering;

use siblings::Siblings;

pub use links::{Here, Target};
pub(crate) use place::PATH_LEVELS;
pub use place::path_key;
pub(crate) use site::odds;
pub use site::{SITE_COLUMNS, SITE_NAMES, SiteFeature, SiteRow, is_known, site_rows};
pub(crate) use surroundings::is_heading;
pub use text::hash_words;
pub use vocabulary::{BITS, STEPS, Vocabulary, name_slot, text_slot};

/// A value that does not exist. Trees learn which way it goes, networks have an input that says so.
pub const MISSING: f32 = f32::NAN;

macro_rules! columns {
    ($(#[$doc:meta])* $column:ident, $names:ident: $($name:ident),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(non_camel_case_types, missing_docs)]
        #[repr(usize)]
        pub enum $column { $($name),+ }

        /// The columns' names, in order.
        pub const $names: &[&str] = &[$(stringify!($name)),+];
    };
}
use columns;

columns! {
    /// A column of what the page shows of a block.
    Feature, NAMES:
    // The text of the block itself.
    chars, words, word_length, sentences, commas, digits, capitalised, capitals, ending, opening,
    separators, has_year, has_currency, lines, link_share, strong_share, links, kind,
    text_mean, text_low, text_high, cue_list, cue_mode, is_age_row, is_breadcrumb, copies, is_later_copy, is_hidden, is_noscript,
    // Agreement with what the page says of itself.
    title_overlap, description_overlap, body_overlap, after_title, title_distance, title_ancestor,
    // Where it stands.
    position, from_end, index, blocks_before, blocks_after, depth, parent_tag, second_tag,
    to_nav, to_header, to_footer, to_aside, to_form, to_article, to_main, to_item, to_cell,
    link_share_0, link_share_1, link_share_2, link_share_3, chars_0, chars_1, chars_2, chars_3,
    siblings, alike_siblings, parent_siblings, alike_parents,
    names_own, names_own_low, names_near, names_near_low, names_near_high, names_far, names_far_low, names_far_high,
    in_core_35, in_core_60, in_core_80, core_35_levels, core_60_levels, core_80_levels,
    region_link_share, region_prose, region_chars, region_names, region_tag,
    subregion_link_share, subregion_prose, subregion_chars, subregion_names,
    path_copies, path_chars, path_link_share, path_share,
    // Where its links lead.
    link_own, link_action, link_outside, link_carrying, link_segments, link_shared, link_words,
    link_outside_wide, link_shared_wide, link_words_wide, link_copies, link_copies_above,
    // Flat pages.
    indent, blank_before, blank_after, run_length, run_chars,
    // What stands around it.
    link_share_near, link_share_wide, chars_near, chars_wide, chars_previous, chars_next,
    ending_previous, ending_next, kind_previous, kind_next, text_previous, text_next, text_near, text_wide,
    heading_distance, heading_text, heading_level, heading_chars, prose_before, prose_after, prose_near,
    opener_distance, opener_list, openers,
    // The page.
    page_chars, page_blocks, page_link_share, page_prose, page_noscript, page_item_share, page_cell_share,
    page_largest_group, page_article, page_product, page_path_depth, page_median_chars, page_code,
    page_apart_share, page_indent_share,
}

/// Number of columns.
pub const COLUMNS: usize = NAMES.len();

/// One block's values, by [`Feature`].
pub type Row = [f32; COLUMNS];

/// What a page's blocks show. All lists are parallel to its blocks.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// Their rows.
    pub rows: Vec<Row>,
    /// Their numbers of words.
    pub words: Vec<u32>,
    /// Hashes of their words in order, equal for blocks of the same words.
    pub keys: Vec<u64>,
    /// On HTML pages, which of them are written alike, by [`path_key`].
    pub(crate) paths: Numbering,
}

impl Features {
    /// What the blocks of this page show.
    pub fn of(page: &Page, vocabulary: &Vocabulary, cues: &Cues) -> Self {
        if page.blocks.is_empty() {
            return Self::default();
        }
        let mut rows = vec![[MISSING; COLUMNS]; page.blocks.len()];
        let shapes = shape::fill(page, vocabulary, cues, &mut rows);
        let siblings = Siblings::of(&page.outline);
        whole::fill(page, &shapes, &siblings, &mut rows);
        let paths = place::fill(page, vocabulary, &shapes, &siblings, &mut rows);
        surroundings::fill(page, &shapes, &mut rows);
        links::fill(page, &mut rows);
        let (words, keys) = shapes.iter().map(|shape| (shape.words, shape.key)).unzip();
        Self { rows, words, keys, paths }
    }
}

/// Sets one value of a row.
fn set(row: &mut Row, feature: Feature, value: f32) {
    row[feature as usize] = value;
}

/// Counts below it, which are most, have their logarithms in a table.
const SMALL_COUNTS: u32 = 1024;

/// `ln(1 + count)`: lengths and counts matter by their order of magnitude.
fn log(count: u32) -> f32 {
    static SMALL: LazyLock<Vec<f32>> = LazyLock::new(|| (0..SMALL_COUNTS).map(compute).collect());
    fn compute(count: u32) -> f32 {
        (count as f32).ln_1p()
    }
    SMALL.get(count as usize).copied().unwrap_or_else(|| compute(count))
}
