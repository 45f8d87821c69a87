//! A strict reader of WARC files: everything must be as the standard says, to the byte.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use data_encoding::BASE32;
use sha1::{Digest, Sha1};

/// A record.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) fields: HashMap<String, String>,
    pub(crate) block: Vec<u8>,
}

impl Record {
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    pub(crate) fn is(&self, kind: &str) -> bool {
        self.field("WARC-Type") == kind
    }

    pub(crate) fn url(&self) -> &str {
        self.field("WARC-Target-URI")
    }

    /// The block after the HTTP head.
    pub(crate) fn payload(&self) -> &[u8] {
        let end = self.block.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        &self.block[end + 4..]
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.block).into_owned()
    }
}

/// The archive files in a directory, sorted, open or not.
pub(crate) fn any_files(directory: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = all.filter(|path| path.to_string_lossy().contains(".warc.gz")).collect();
    files.retain(|path| !path.to_string_lossy().ends_with(".state"));
    files.sort();
    files
}

/// The archive files in a directory, sorted. None may still be open.
pub(crate) fn files(directory: &Path) -> Vec<PathBuf> {
    let files = any_files(directory);
    assert!(files.iter().all(|path| path.extension().unwrap() == "gz"), "{files:?}");
    files
}

/// All records of the archive in a directory.
pub(crate) fn records(directory: &Path) -> Vec<Record> {
    files(directory).iter().flat_map(|path| read(path)).collect()
}

/// Has warcio, an independent reader, check the archive in a directory, digests and all; passes where it is not installed.
pub(crate) fn check_with_warcio(directory: &Path) {
    let python = |arguments: &[&str]| Command::new("python3").args(arguments).args(files(directory)).output();
    if !python(&["-c", "import warcio"]).is_ok_and(|output| output.status.success()) {
        println!("skipped: no warcio (pip install warcio)");
        return;
    }
    let output = python(&["-m", "warcio.cli", "check"]).unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// All records of a file.
pub(crate) fn read(path: &Path) -> Vec<Record> {
    let compressed = std::fs::read(path).unwrap();
    let mut rest = &compressed[..];
    let mut records = Vec::new();
    while !rest.is_empty() {
        let mut decoder = flate2::bufread::GzDecoder::new(rest);
        let mut member = Vec::new();
        decoder.read_to_end(&mut member).unwrap();
        rest = decoder.into_inner();
        records.push(record(&member));
    }
    assert!(records[0].is("warcinfo"));
    records
}

fn record(member: &[u8]) -> Record {
    let end = member.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&member[..end]).unwrap();
    let (version, fields) = head.split_once("\r\n").unwrap();
    assert_eq!(version, "WARC/1.1");
    let fields = fields.split("\r\n").map(|line| line.split_once(": ").unwrap());
    let fields: HashMap<String, String> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let block = member[end + 4..].strip_suffix(b"\r\n\r\n").unwrap().to_vec();
    let record = Record { fields, block };
    assert_eq!(record.field("Content-Length"), record.block.len().to_string());
    assert_eq!(record.field("WARC-Block-Digest"), digest(&record.block));
    if record.is("response") {
        assert_eq!(record.field("WARC-Payload-Digest"), digest(record.payload()));
    }
    record
}

fn digest(bytes: &[u8]) -> String {
    format!("sha1:{}", BASE32.encode(&Sha1::digest(bytes)))
}
