//! The output to be scored.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use dechrome_text::Document;

use super::metadata::Metadata;
use super::records::{self, string};
use crate::clean::{Cleaned, Why};

/// What a tool made of one page.
#[derive(Debug, Default)]
pub(super) struct Prediction {
    pub(super) text: String,
    /// Whether it says that it failed.
    pub(super) failed: bool,
    pub(super) metadata: Metadata,
}

impl Prediction {
    /// What this program made of it.
    pub(super) fn of(document: Document) -> Self {
        Self { metadata: Metadata::of(&document), text: document.text, failed: false }
    }
}

/// What a tool made of each page, by id.
pub(super) type Predictions = HashMap<String, Prediction>;

/// Reads a run's output: records with `id` and `text`, and perhaps `title`, `author`, `date` and `error`.
///
/// # Errors
/// It cannot be read, or a record has no `id`.
pub(super) fn read(path: &Path) -> anyhow::Result<Predictions> {
    let mut predictions = Predictions::new();
    records::each(path, |mut object| {
        let id = string(&mut object, "id").context("the record has no `id`")?;
        let failed = object.get("error").is_some_and(|error| !error.is_null());
        let text = string(&mut object, "text").unwrap_or_default();
        let metadata = Metadata::take(&mut object);
        predictions.insert(id, Prediction { text, failed, metadata });
        Ok(())
    })?;
    Ok(predictions)
}

/// Adds what this program made of a page.
pub(super) fn insert(predictions: &mut Predictions, result: Cleaned) {
    match result {
        Cleaned::Document { document, .. } => {
            predictions.insert(document.id.clone(), Prediction::of(*document));
        }
        Cleaned::NoPage(no_page) => {
            let failed = no_page.why == Why::Failed;
            predictions.insert(no_page.id, Prediction { failed, ..Prediction::default() });
        }
    }
}
