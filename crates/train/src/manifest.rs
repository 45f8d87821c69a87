//! The manifest beside the artefact: what it was fitted to, and what it is worth.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use data_encoding::HEXLOWER;
use dechrome_template::model::Calibrations;
use sha1::{Digest, Sha1};

use crate::cross::Set;

/// The manifest, as TOML: files with their digests, counts, and the tables of the cross-validation.
pub(crate) fn manifest(sets: &[(&str, &[PathBuf], &Set)], tables: &[String]) -> anyhow::Result<String> {
    let mut manifest = String::from("# Written by dechrome-train; see crates/train.\n");
    for (medium, files, set) in sets {
        let blocks: usize = set.pages.iter().map(|page| page.labels.len()).sum();
        write!(manifest, "\n[{medium}]\npages = {}\nsites = {}\nblocks = {blocks}\n", set.pages.len(), set.groups())?;
        if !set.variants.is_empty() {
            writeln!(manifest, "variants = {}", set.variants.len())?;
        }
        for file in *files {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            writeln!(manifest, "files.{name:?} = {:?}", format!("sha1:{}", digest(file)?))?;
        }
    }
    write!(manifest, "\n[cross_validation]\ntables = \"\"\"\n{}\"\"\"\n", tables.join("\n"))?;
    Ok(manifest)
}

/// The tables of the confidence, as TOML.
pub(crate) fn calibration(tables: &Calibrations) -> String {
    let mut text = String::from(
        "# Written by dechrome-train: the F1 that a page's probabilities promise, and the F1 that such pages had.\n",
    );
    for (medium, table) in [("html", &tables.html), ("flat", &tables.flat)] {
        let knots: Vec<String> =
            table.knots.iter().map(|(promised, real)| format!("    [{promised}, {real}],\n")).collect();
        // Writing to a string cannot fail.
        let _ = write!(text, "\n[{medium}]\nempty = {}\nknots = [\n{}]\n", table.empty, knots.concat());
    }
    text
}

fn digest(file: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(HEXLOWER.encode(&Sha1::digest(&bytes)))
}
