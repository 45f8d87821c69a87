//! Lines of JSON objects, plain or compressed.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context;
use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value};

/// Bytes read at a time.
const BUFFER: usize = 256 << 10;
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// A JSON object of a line.
pub(super) type Object = Map<String, Value>;

/// Hands over each line's object.
///
/// # Errors
/// The file cannot be read, a line is no JSON object, or `take` fails; with the number of the line.
pub(super) fn each(path: &Path, mut take: impl FnMut(Object) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let unreadable = || format!("cannot read `{}`", path.display());
    for (number, line) in open(path).with_context(unreadable)?.split(b'\n').enumerate() {
        let line = line.with_context(unreadable)?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        serde_json::from_slice(&line)
            .map_err(anyhow::Error::from)
            .and_then(&mut take)
            .with_context(|| format!("`{}` line {}", path.display(), number + 1))?;
    }
    Ok(())
}

/// The file's text, decompressed as its first bytes say.
fn open(path: &Path) -> std::io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::with_capacity(BUFFER, File::open(path)?);
    let start = file.fill_buf()?;
    let decoder: Box<dyn Read> = if start.starts_with(GZIP) {
        Box::new(MultiGzDecoder::new(file))
    } else if start.starts_with(ZSTD) {
        Box::new(zstd::Decoder::with_buffer(file)?)
    } else {
        return Ok(Box::new(file));
    };
    Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)))
}

/// The field's string, where it is one.
pub(super) fn string(object: &mut Object, field: &str) -> Option<String> {
    match object.remove(field) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// The strings of a list, none where there is no list.
pub(super) fn strings(object: &mut Object, field: &str) -> Vec<String> {
    let Some(Value::Array(items)) = object.remove(field) else { return Vec::new() };
    items.into_iter().filter_map(|item| if let Value::String(text) = item { Some(text) } else { None }).collect()
}
