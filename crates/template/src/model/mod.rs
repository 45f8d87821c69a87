//! The block model: a vocabulary and two forests, one for HTML pages and one for flat text, fitted by
//! `crates/train` and evaluated here. What is known of the site enters as columns that are missing
//! when nothing is known, so one page alone and thousands of pages are the same code.

mod calibration;
mod cut;
mod forest;

use std::sync::LazyLock;

use dechrome_page::{Media, Page};
use serde::{Deserialize, Serialize};

use crate::cues::Cues;
use crate::features::{Features, NAMES, Row, Vocabulary};

pub use calibration::{Calibration, Calibrations};
pub use cut::{Cut, Favor};
pub use forest::{Child, DamagedTree, Forest, Split, Tree, Trees};

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
    pub html: Forest,
    /// For flat text.
    pub flat: Forest,
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
        (model.columns == NAMES && model.vocabulary.is_whole()).then_some(model)
    }

    /// The artefact.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        postcard::to_stdvec(self).ok()
    }

    /// What a page's blocks show, in the words of this model.
    pub(crate) fn features(&self, page: &Page, cues: &Cues) -> Features {
        Features::of(page, &self.vocabulary, cues)
    }

    /// Probability that a block is content, by row.
    pub fn content(&self, media: Media, rows: &[Row]) -> Vec<f32> {
        self.forest(media).probabilities(rows)
    }

    /// The forest for pages of this medium.
    pub fn forest(&self, media: Media) -> &Forest {
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
