//! How columns become inputs: learned from the rows of a set, whatever their labels.

use anyhow::Context;
use dechrome_page::Media;
use dechrome_template::features::{COLUMNS, Feature, Row};
use dechrome_template::model::{Encoder, Encoding, KNOTS};

/// Of so many blocks of a page one is looked at.
const STEP: usize = 3;

/// Columns with fewer values are left out.
const MIN_VALUES: usize = 300;

/// A choice's values that are seen more often have an input.
const MIN_SEEN: usize = 100;

/// Columns whose values are names and not amounts.
const CHOICES: [Feature; 9] = [
    Feature::kind,
    Feature::parent_tag,
    Feature::second_tag,
    Feature::cue_list,
    Feature::region_tag,
    Feature::opener_list,
    Feature::heading_level,
    Feature::ending,
    Feature::opening,
];

/// Columns of the blocks next to it, which networks see for themselves. Without them a tenth of their inputs is saved, and what differs
/// is within what fits differ by (WCXB -.001, Readability's pages +.008, 33 sites the same).
const OF_NEIGHBOURS: [Feature; 10] = [
    Feature::chars_previous,
    Feature::chars_next,
    Feature::ending_previous,
    Feature::ending_next,
    Feature::kind_previous,
    Feature::kind_next,
    Feature::text_previous,
    Feature::text_next,
    Feature::text_near,
    Feature::chars_near,
];

/// Columns that networks of HTML pages can do without: they say once more what others do, or what a block's groups and windows show. Without
/// them a quarter of the inputs is saved (96 of 130 columns are left) and less is learned by heart: two networks are as good as three that have them (WCXB .8891 and .8890,
/// services .869 and .867, single articles .962 and .955, 33 sites .961 and .961). Without those of the wide windows and of the distance of
/// prose, too, the sites lose .006 and collections .012.
const OF_CONTEXT: [Feature; 34] = [
    Feature::word_length,
    Feature::capitals,
    Feature::separators,
    Feature::links,
    Feature::text_high,
    Feature::index,
    Feature::blocks_before,
    Feature::blocks_after,
    Feature::second_tag,
    Feature::link_share_1,
    Feature::link_share_2,
    Feature::chars_1,
    Feature::chars_2,
    Feature::parent_siblings,
    Feature::names_near_high,
    Feature::names_far_low,
    Feature::names_far_high,
    Feature::in_core_35,
    Feature::in_core_80,
    Feature::core_35_levels,
    Feature::region_chars,
    Feature::subregion_prose,
    Feature::subregion_chars,
    Feature::subregion_names,
    Feature::path_chars,
    Feature::path_link_share,
    Feature::path_share,
    Feature::link_carrying,
    Feature::link_segments,
    Feature::link_outside_wide,
    Feature::link_shared_wide,
    Feature::link_words_wide,
    Feature::link_copies_above,
    Feature::heading_chars,
];

/// Columns that networks of pages of this medium are not given.
fn left_out(media: Media) -> Vec<Feature> {
    match media {
        Media::Html => [OF_NEIGHBOURS.as_slice(), &OF_CONTEXT].concat(),
        Media::Text => OF_NEIGHBOURS.to_vec(),
    }
}

/// The encoder of the rows of pages of one medium.
pub(crate) fn encoder<'a>(
    media: Media,
    pages: &(impl Iterator<Item = &'a Vec<Row>> + Clone),
) -> anyhow::Result<Encoder> {
    let left_out = left_out(media);
    let is_given = |column: &usize| left_out.iter().all(|&feature| feature as usize != *column);
    let encodings = (0..COLUMNS).filter(is_given).filter_map(|column| {
        let mut values = values(column, pages.clone());
        values.sort_by(f32::total_cmp);
        encoding(column, &values)
    });
    Encoder::try_from(encodings.collect::<Vec<_>>()).context("the columns cannot be encoded")
}

/// The known values of a column.
fn values<'a>(column: usize, pages: impl Iterator<Item = &'a Vec<Row>>) -> Vec<f32> {
    pages.flat_map(|rows| rows.iter().step_by(STEP)).map(|row| row[column]).filter(|value| !value.is_nan()).collect()
}

/// The encoding of a column with these values, ascending; `None` where they tell nothing.
fn encoding(column: usize, values: &[f32]) -> Option<Encoding> {
    if values.len() < MIN_VALUES {
        return None;
    }
    let is_choice = CHOICES.iter().any(|&choice| choice as usize == column);
    let column = column as u16;
    if is_choice {
        let often = values.chunk_by(|a, b| a.total_cmp(b).is_eq()).filter(|same| same.len() > MIN_SEEN);
        let values: Vec<f32> = often.map(|same| same[0]).collect();
        return (!values.is_empty()).then_some(Encoding::Choice { column, values });
    }
    let mut knots: Vec<f32> = (0..KNOTS).map(|knot| values[(values.len() - 1) * knot / (KNOTS - 1)]).collect();
    knots.dedup();
    (knots.len() > 1).then_some(Encoding::Number { column, knots })
}

/// The inputs of a page's blocks that are not zero.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    values: Vec<(u32, f32)>,
    /// Where each block's end.
    ends: Vec<usize>,
}

impl Inputs {
    /// The inputs that an encoder makes of rows.
    pub(crate) fn of(encoder: &Encoder, rows: &[Row]) -> Self {
        let mut inputs = Self::default();
        for row in rows {
            encoder.encode(row, &mut inputs.values);
            inputs.ends.push(inputs.values.len());
        }
        inputs.values.shrink_to_fit();
        inputs
    }

    /// The inputs of each block, by index.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &[(u32, f32)]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.values[start..end])
    }
}

#[cfg(test)]
mod tests {
    use dechrome_template::features::MISSING;

    use super::*;

    /// Rows whose number rises, whose choice alternates, and of which nothing else is known.
    fn rows(count: usize) -> Vec<Row> {
        let row = |at: usize| {
            let mut row = [MISSING; COLUMNS];
            row[Feature::chars as usize] = at as f32;
            row[Feature::words as usize] = 7.0;
            row[Feature::kind as usize] = if at.is_multiple_of(2) { 8.0 } else { 11.0 };
            row
        };
        (0..count).map(row).collect()
    }

    #[test]
    fn columns_that_tell_something_are_encoded() {
        let rows = [rows(3000)];
        let found = encoder(Media::Text, &rows.iter()).unwrap();
        let [Encoding::Number { column: 0, knots }, Encoding::Choice { values, .. }] = found.encodings() else {
            panic!("{:?}", found.encodings());
        };
        assert_eq!((knots.len(), knots[0], knots[16]), (KNOTS, 0.0, 2997.0));
        assert_eq!(values, &[8.0, 11.0]);
    }

    #[test]
    fn networks_of_html_are_not_given_what_others_tell() {
        let mut rows = rows(3000);
        for (at, row) in rows.iter_mut().enumerate() {
            row[Feature::links as usize] = at as f32;
        }
        let columns = |media| -> Vec<usize> {
            encoder(media, &[rows.clone()].iter()).unwrap().encodings().iter().map(Encoding::column).collect()
        };
        let [chars, links, kind] = [Feature::chars, Feature::links, Feature::kind].map(|feature| feature as usize);
        assert_eq!(columns(Media::Text), [chars, links, kind]);
        assert_eq!(columns(Media::Html), [chars, kind]);
    }

    #[test]
    fn inputs_are_kept_by_block() {
        let rows = [rows(1000)];
        let encoder = encoder(Media::Text, &rows.iter()).unwrap();
        let inputs = Inputs::of(&encoder, &rows[0]);
        for (row, found) in rows[0].iter().zip(inputs.blocks()) {
            let mut expected = Vec::new();
            encoder.encode(row, &mut expected);
            assert_eq!(found, expected);
        }
        assert_eq!(inputs.blocks().count(), 1000);
    }
}
