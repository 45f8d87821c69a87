//! The block model: a vocabulary, and for HTML pages and flat text each trees and networks that judge a page alone and trees
//! that add what is known of its site; fitted by `crates/train` and evaluated here.

mod blocks;
mod calibration;
mod cut;
mod encoder;
mod forest;
mod groups;
mod matrix;
mod network;
mod page;
mod vectors;

use std::sync::LazyLock;

use dechrome_page::{Media, Page};
use serde::{Deserialize, Serialize};

use crate::cues::Cues;
use crate::features::{Features, NAMES, SITE_NAMES, Vocabulary};
use crate::first_look::FirstLook;

pub use blocks::BlockModel;
pub use calibration::{Calibration, Calibrations};
pub use cut::{Cut, Favor, SPARE_WORDS};
pub(crate) use cut::{Lean, PROSE_WORDS, Traits, odds};
pub use encoder::{DamagedEncoding, Encoder, Encoding, KNOTS};
pub use forest::{Child, DamagedTree, Forest, Split, Tree, Trees};
pub use groups::{Groups, Way};
pub use matrix::{DamagedMatrix, Matrix};
pub use network::{Ensemble, HIDDEN, Network, ROUNDS, Round, SPARE_WEIGHT, WINDOWS};
pub use page::{PageModel, doubtful};

/// The artefact that `crates/train` wrote; `model.toml` beside it tells what from.
static ARTEFACT: &[u8] = include_bytes!("../../model/blocks.bin");

/// A model and the columns it was fitted on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Model {
    /// Names of the columns, the page's and the site's, in order: a model fits only the code that has the same.
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
        let is_sound = |media: Media| model.blocks(media).page.is_sound(media);
        let fits = model.columns == Self::column_names()
            && model.vocabulary.is_whole()
            && is_sound(Media::Html)
            && is_sound(Media::Text);
        fits.then_some(model)
    }

    /// The names of this code's columns.
    pub fn column_names() -> Vec<String> {
        NAMES.iter().chain(SITE_NAMES).map(|&name| name.to_owned()).collect()
    }

    /// The artefact.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        postcard::to_stdvec(self).ok()
    }

    /// What a page's blocks show, in the words of this model.
    pub(crate) fn features(&self, page: &Page, cues: &Cues) -> Features {
        Features::of(page, &self.vocabulary, cues)
    }

    /// What the trees make of a page alone.
    pub(crate) fn first_look(&self, page: &Page, cues: &Cues) -> FirstLook {
        FirstLook::of(page, self.blocks(page.media).page.forest.odds(&self.features(page, cues).rows))
    }

    /// The model for pages of this medium.
    pub fn blocks(&self, media: Media) -> &BlockModel {
        match media {
            Media::Html => &self.html,
            Media::Text => &self.flat,
        }
    }
}

/// Probabilities of these log-odds, 0 to 1.
pub fn probabilities(odds: &[f32]) -> Vec<f32> {
    odds.iter().map(|odds| 1.0 / (1.0 + (-odds).exp())).collect()
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
