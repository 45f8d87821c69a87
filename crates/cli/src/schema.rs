//! `dechrome schema`: JSON Schemas of the files that people write, for their editors.

use std::io::{self, Write};

use anyhow::Context;
use dechrome_template::{cue_lists_schema, site_file_schema};

use crate::args::Schema;
use crate::status::Status;

/// Prints the schema.
///
/// # Errors
/// It cannot be written.
pub(crate) fn run(args: &Schema) -> anyhow::Result<Status> {
    let schema = if args.cues { cue_lists_schema() } else { site_file_schema() };
    let text = serde_json::to_string_pretty(&schema)? + "\n";
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write the schema")?;
    Ok(Status::Done)
}
