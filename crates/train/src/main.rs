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
mod manifest;
mod network;
mod score;
mod trees;

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use dechrome_template::features::NAMES;
use dechrome_template::model::{Calibrations, Model};

/// Fits the block model and cross-validates it by site.
#[derive(Debug, Parser)]
struct Options {
    /// Labelled HTML pages: JSON Lines with `html` and `truth`.
    #[arg(long, num_args = 1.., required = true)]
    html: Vec<PathBuf>,
    /// Labelled flat pages: JSON Lines with `text` and `truth`.
    #[arg(long, num_args = 1.., required = true)]
    flat: Vec<PathBuf>,
    /// Directory for `blocks.bin`, its manifest and, if it is validated, `calibration.toml`; without it nothing is written.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Leave out the cross-validation.
    #[arg(long)]
    no_validation: bool,
    /// Share the sites among the folds in another way, one for each number.
    #[arg(long, default_value_t = 0)]
    partition: u32,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let html = cross::Set::read(&options.html)?;
    let flat = cross::Set::read(&options.flat)?;
    // One vocabulary serves both: its names are the HTML pages', its words those of all.
    let counted = count::Counted::of(html.pages.iter().chain(&flat.pages));
    let mut tables = Vec::new();
    let mut calibrations = Vec::new();
    let mut models = Vec::new();
    for (name, set) in [("HTML", &html), ("flat", &flat)] {
        let prepared = set.prepare(&counted, options.partition)?;
        if !options.no_validation {
            let (table, samples) = set.cross_validate(&prepared)?;
            let reliability = calibrate::reliability(&samples);
            tables.push(format!("{name} pages, five folds by site\n{table}\nconfidence:\n{reliability}"));
            calibrations.push(calibrate::fit(samples.iter()));
            println!("{}", tables[tables.len() - 1]);
        }
        if options.output.is_some() {
            models.push(set.fit(&prepared)?);
        }
    }
    if let (Some(directory), [html_blocks, flat_blocks]) = (options.output, models.as_slice()) {
        let model = Model {
            columns: NAMES.iter().map(|&name| name.to_owned()).collect(),
            html: html_blocks.clone(),
            flat: flat_blocks.clone(),
            vocabulary: counted.vocabulary(None),
        };
        let bytes = model.to_bytes().context("the model cannot be written")?;
        std::fs::write(directory.join("blocks.bin"), &bytes)?;
        let manifest = manifest::manifest(
            &[("html", options.html.as_slice(), &html), ("flat", options.flat.as_slice(), &flat)],
            &tables,
        )?;
        std::fs::write(directory.join("model.toml"), manifest)?;
        if let [html, flat] = calibrations.as_slice() {
            let calibrations = Calibrations { html: html.clone(), flat: flat.clone() };
            std::fs::write(directory.join("calibration.toml"), manifest::calibration(&calibrations))?;
        }
        println!("{} bytes", bytes.len());
    }
    Ok(())
}
