//! Fits the block model that `dechrome-template` evaluates, and says what it is worth.
//!
//! ```text
//! cargo run --release -p dechrome-train -- --html wcxb-dev.jsonl.zst sites-dev.jsonl.zst readability-pages.jsonl.zst \
//!     --flat wcxb-dev-flat.jsonl.zst sites-dev-flat.jsonl.zst -o crates/template/model
//! ```
#![allow(clippy::print_stdout)] // a program for the terminal

mod align;
mod calibrate;
mod count;
mod cross;
mod data;
mod encode;
mod examples;
mod fit;
mod flatten;
mod judge;
mod manifest;
mod mix;
mod network;
mod score;
mod store;
mod trees;

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use dechrome_page::Media;
use dechrome_template::model::{Calibrations, Model};

use crate::cross::{FOLDS, Set};
use crate::store::Store;

/// Fits the block model and cross-validates it by site.
#[derive(Debug, Parser)]
struct Options {
    /// Labelled HTML pages: JSON Lines with `html` and `truth`.
    #[arg(long, num_args = 1.., required = true)]
    html: Vec<PathBuf>,
    /// Labelled flat pages: JSON Lines with `text` and `truth`.
    #[arg(long, num_args = 1.., required = true)]
    flat: Vec<PathBuf>,
    /// Directory for `blocks.bin`, its manifest and `calibration.toml`; without it nothing is written.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Directory for what the held-out pages became, as JSON Lines with `id` and `text`, for any scorer.
    #[arg(long)]
    held_out: Option<PathBuf>,
    /// Directory for the folds' models of pages alone: they are read from there, or else fitted and written there. Fitting them
    /// is most of the work; while neither the data nor a feature nor their fit changes, all that comes after can be tried out in minutes.
    /// Whatever does change asks for an empty directory: a model that knows a held-out page makes the figures worthless.
    #[arg(long)]
    folds: Option<PathBuf>,
    /// Share the sites among the folds in another way, one for each number.
    #[arg(long, default_value_t = 0)]
    partition: u32,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    // Now, not after the hour that comes before the first is written.
    for directory in [&options.output, &options.held_out].into_iter().flatten() {
        std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
    }
    let mut html = Set::read(Media::Html, &options.html)?;
    let mut flat = Set::read(Media::Text, &options.flat)?;
    let fold = |group: &str| cross::fold(group, options.partition);
    html.variants = mix::mixed(&html.pages, fold);
    flat.variants = html.pages.iter().chain(&html.variants).map(flatten::flattened).collect();
    flat.variants.extend(flatten::mixed(&html.pages, fold));
    // One vocabulary serves both: its names are the HTML pages', its words those of all.
    let counted = count::Counted::of(html.pages.iter().chain(&flat.pages));
    let mut tables = Vec::new();
    let mut calibrations = Vec::new();
    let mut models = Vec::new();
    for (name, set) in [("html", &html), ("flat", &flat)] {
        let prepared = set.prepare(&counted, options.partition)?;
        let store =
            options.folds.as_ref().map(|directory| Store::new(directory, name, options.partition)).transpose()?;
        let held_out = set.hold_out(&counted, &prepared, store.as_ref())?;
        let validation = set.cross_validate(&prepared, &held_out)?;
        let samples = validation.samples(&set.pages, &prepared.folds());
        let (table, reliability) = (validation.table(&set.pages), calibrate::reliability(&samples));
        tables.push(format!("{name} pages, {FOLDS} folds by site\n{table}\nconfidence:\n{reliability}"));
        calibrations.push(calibrate::fit(samples.iter()));
        if let Some(directory) = &options.held_out {
            validation.write(&set.pages, directory, name)?;
        }
        println!("{}", tables[tables.len() - 1]);
        if options.output.is_some() {
            models.push(set.fit(&prepared, &held_out)?);
        }
    }
    if let (Some(directory), [html_blocks, flat_blocks], [html_table, flat_table]) =
        (options.output, models.as_slice(), calibrations.as_slice())
    {
        let model = Model {
            columns: Model::column_names(),
            html: html_blocks.clone(),
            flat: flat_blocks.clone(),
            vocabulary: counted.vocabulary(&[]),
        };
        let bytes = model.to_bytes().context("the model cannot be written")?;
        std::fs::write(directory.join("blocks.bin"), &bytes)?;
        let manifest = manifest::manifest(
            &[("html", options.html.as_slice(), &html), ("flat", options.flat.as_slice(), &flat)],
            &tables,
        )?;
        std::fs::write(directory.join("model.toml"), manifest)?;
        let calibrations = Calibrations { html: html_table.clone(), flat: flat_table.clone() };
        std::fs::write(directory.join("calibration.toml"), manifest::calibration(&calibrations))?;
        println!("{} bytes", bytes.len());
    }
    Ok(())
}
