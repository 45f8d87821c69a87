//! What several tests need.

use std::io::{Cursor, Write};
use std::path::PathBuf;

use dechrome_fetch::{InputError, Inputs, Outcome, Record};
use dechrome_page::Capture;

/// Reads bytes as the standard input.
pub(crate) fn read(bytes: impl Into<Vec<u8>>) -> Vec<Record> {
    Inputs::new(["-"]).with_stdin(Cursor::new(bytes.into())).collect()
}

pub(crate) fn page(record: &Record) -> &Capture {
    match &record.outcome {
        Outcome::Page(capture) => capture,
        other => panic!("{}: no page but {other:?}", record.id),
    }
}

pub(crate) fn error(record: &Record) -> &InputError {
    match &record.outcome {
        Outcome::Failed(error) => error,
        other => panic!("{}: no error but {other:?}", record.id),
    }
}

/// What became of each record: `page`, or the code of its skip or error.
pub(crate) fn codes(records: &[Record]) -> Vec<&'static str> {
    records
        .iter()
        .map(|record| match &record.outcome {
            Outcome::Page(_) => "page",
            Outcome::Skipped(skip) => skip.code(),
            Outcome::Failed(error) => error.code(),
        })
        .collect()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// One WARC record with its true length.
pub(crate) fn warc(kind: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let mut record =
        format!("WARC/1.1\r\nWARC-Type: {kind}\r\n{fields}Content-Length: {}\r\n\r\n", block.len()).into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

/// An archived answer, its head given with `\n`.
pub(crate) fn response(id: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let mut block = format!("{}\r\n\r\n", head.replace('\n', "\r\n")).into_bytes();
    block.extend_from_slice(body);
    let fields = format!(
        "WARC-Record-ID: <urn:{id}>\r\nWARC-Target-URI: https://inn.example/{id}\r\n\
         WARC-Date: 2026-03-01T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
    );
    warc("response", &fields, &block)
}

/// A directory of the workspace.
pub(crate) fn workspace(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
