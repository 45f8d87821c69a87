//! The block model: a vocabulary, and trees and networks for HTML pages and for flat text, fitted by
//! `crates/train` and evaluated here. What is known of the site enters as columns that are missing
//! when nothing is known, so one page alone and thousands of pages are the same code.

mod blocks;
mod calibration;
mod cut;
mod encoder;
mod forest;
mod groups;
mod matrix;
mod network;

use std::sync::LazyLock;

use dechrome_page::{Media, Page};
use serde::{Deserialize, Serialize};

use crate::cues::Cues;
use crate::features::{Features, NAMES, Row, Vocabulary};

pub use blocks::BlockModel;
pub use calibration::{Calibration, Calibrations};
pub use cut::{Cut, Favor, SPARE_WORDS};
pub use encoder::{DamagedEncoding, Encoder, Encoding, KNOTS};
pub use forest::{Child, DamagedTree, Forest, Split, Tree, Trees};
pub use groups::{Groups, Way};
pub use matrix::{DamagedMatrix, Matrix};
pub use network::{Ensemble, HIDDEN, Network, ROUNDS, Round, SPARE_WEIGHT, WINDOWS};

/// The artefact that `crates/train` wrote; `model.toml` beside it tells what from.
static ARTEFACT: &[u8] = include_bytes!("../../model/blocks.bin");

/// A model and the columns it was fitted on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Model {
    /// Names of the columns, in order: a model fits only the code that has the same.
    pub columns: Vec<String>,
    /// Log-odds of words.
    pub vocabulary: Vocabulary,
    /// For HTML pages.
    pub html: BlockModel,
    /// For flat text.
    pub flat: BlockModel,
}

impl Model {
    /// The model that this crate was built with.
    ///
    /// # Panics
    /// Never in a crate that passed its tests: they read the artefact.
    pub fn embedded() -> &'static Self {
        static MODEL: LazyLock<Model> =
            LazyLock::new(|| Model::from_bytes(ARTEFACT).expect("the embedded model fits this code"));
        &MODEL
    }

    /// Reads an artefact; `None` where it is damaged or was fitted on other columns.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let model: Self = postcard::from_bytes(bytes).ok()?;
        let is_sound = |media: Media| model.blocks(media).ensemble.is_sound(Groups::ways_of(media));
        let fits =
            model.columns == NAMES && model.vocabulary.is_whole() && is_sound(Media::Html) && is_sound(Media::Text);
        fits.then_some(model)
    }

    /// The artefact.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        postcard::to_stdvec(self).ok()
    }

    /// What a page's blocks show, in the words of this model.
    pub(crate) fn features(&self, page: &Page, cues: &Cues) -> Features {
        Features::of(page, &self.vocabulary, cues)
    }

    /// Probability that a block is content, by row. `words` is parallel to the page's blocks.
    pub fn content(&self, page: &Page, rows: &[Row], words: &[u32]) -> Vec<f32> {
        self.blocks(page.media).probabilities(rows, &Groups::of(page, words))
    }

    /// The generic verdict that statistics are made of, for a page of which no site is known.
    pub(crate) fn generic_content(&self, page: &Page, cues: &Cues) -> Vec<f32> {
        self.blocks(page.media).generic_probabilities(&self.features(page, cues).rows)
    }

    /// The trees and networks for pages of this medium.
    pub fn blocks(&self, media: Media) -> &BlockModel {
        match media {
            Media::Html => &self.html,
            Media::Text => &self.flat,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_artefact_fits_the_code_and_survives_a_round_trip() {
        let bytes = Model::embedded().to_bytes().expect("serialisable");
        assert_eq!(bytes, ARTEFACT);
        assert!(ARTEFACT.len() <= 300 << 10, "{} bytes", ARTEFACT.len());
    }

    #[test]
    fn damaged_artefacts_are_refused() {
        assert!(Model::from_bytes(b"").is_none());
        assert!(Model::from_bytes(&ARTEFACT[..ARTEFACT.len() / 2]).is_none());
    }
}
