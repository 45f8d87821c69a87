//! The folds' models on disk, so that what is tried out with them need not wait for their fit.

use std::path::PathBuf;

use anyhow::Context;
use dechrome_template::features::NAMES;
use dechrome_template::model::Model;

use crate::cross::FOLDS;

/// A directory of one medium's fold models, for one way to share the sites among folds.
pub(crate) struct Store {
    directory: PathBuf,
    medium: String,
    partition: u32,
}

impl Store {
    pub(crate) fn new(directory: impl Into<PathBuf>, medium: &str, partition: u32) -> anyhow::Result<Self> {
        let directory = directory.into();
        std::fs::create_dir_all(&directory).with_context(|| format!("cannot make {}", directory.display()))?;
        Ok(Self { directory, medium: medium.to_owned(), partition })
    }

    /// The model of a fold: the one that is kept, or else this one, which is kept from now on. It is of pages alone, so only their
    /// columns must be the same.
    pub(crate) fn get_or(&self, fold: usize, fit: impl FnOnce() -> anyhow::Result<Model>) -> anyhow::Result<Model> {
        let path = self.directory.join(format!("{}-{}-{fold}-of-{FOLDS}.bin", self.medium, self.partition));
        if path.exists() {
            let model: Model = postcard::from_bytes(&std::fs::read(&path)?)
                .with_context(|| format!("{}: not the model of a fold", path.display()))?;
            let fits = model.columns.iter().zip(NAMES).all(|(column, name)| column == name);
            anyhow::ensure!(fits, "{}: fitted on other columns; delete it to fit it again", path.display());
            return Ok(model);
        }
        let model = fit()?;
        let bytes = model.to_bytes().context("the model cannot be written")?;
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(model)
    }
}
