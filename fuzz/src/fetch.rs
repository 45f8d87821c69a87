//! What holds for every archive, whatever its bytes.

use dechrome_fetch::net::{Robots, read_list};
use dechrome_fetch::{InputError, Inputs, Outcome, Record};

/// Most bytes a record may have here.
const LIMIT: usize = 1 << 16;

/// A line that makes the input JSON Lines whatever follows.
const FIRST_LINE: &[u8] = b"{\"id\":\"first\",\"text\":\"hello\"}\n";

/// A record that makes the input a WARC file whatever follows.
const FIRST_RECORD: &[u8] = b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:first>\r\n\
    Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n";

/// JSON Lines: one record a line that is not blank, whatever it holds.
pub fn jsonl(bytes: &[u8]) {
    let input = [FIRST_LINE, bytes].concat();
    let records = read(&input);
    let mut lines = Vec::new();
    let mut offset = 0_u64;
    for (number, line) in (1_u64..).zip(input.split(|&byte| byte == b'\n')) {
        if !line.trim_ascii().is_empty() {
            lines.push((Some(number), offset));
        }
        offset += line.len() as u64 + 1;
    }
    let places: Vec<_> = records.iter().map(|record| (record.position.line, record.position.offset)).collect();
    assert_eq!(places, lines, "one record a line");
    assert!(is_page(&records[0]) && records[0].id == "first");
    assert!(records.iter().all(|record| !ends_file(record)), "no line ends the file");
}

/// WARC: records and errors in the order of the file. Only what ends within a record ends the file.
pub fn warc(bytes: &[u8]) {
    let input = [FIRST_RECORD, bytes].concat();
    let records = read(&input);
    assert!(records.len() <= input.len() / b"WARC/".len(), "a record takes bytes");
    assert!(records.is_sorted_by(|a, b| a.position.offset <= b.position.offset));
    assert!(records.iter().all(|record| record.position.offset <= input.len() as u64));
    let fault = records.iter().position(ends_file);
    assert!(fault.is_none_or(|fault| fault == records.len() - 1), "nothing behind what ends the file");
    assert!(is_page(&records[0]), "a record that ends as records do is read, whatever follows");
}

/// Paths asked of a robots.txt: rules that match them, and that never may.
const PATHS: [&str; 7] =
    ["", "/", "/robots.txt", "/a/b?c=d", "/%E4%BD%A0", "/%", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"];

/// robots.txt: every answer has its rule, the file itself is always allowed, and nobody else's group matters.
pub fn robots(bytes: &[u8]) {
    let robots = Robots::parse(bytes, "dechrome");
    let lines = bytes.split(|&byte| byte == b'\n' || byte == b'\r').count();
    for path in PATHS {
        let rule = robots.forbids(path);
        assert_eq!(robots.allows(path), rule.is_none(), "{path}");
        assert!(rule.is_none_or(|rule| rule.line >= 1 && rule.line as usize <= lines), "{path}");
    }
    assert!(robots.allows("/robots.txt"));
    assert!(robots.crawl_delay.is_none_or(|delay| delay >= 0.0));
    let upper = Robots::parse(bytes, "DECHROME");
    assert!(PATHS.iter().all(|path| robots.allows(path) == upper.allows(path)), "tokens have no case");
    // A list of URLs takes any bytes as well: at most a seed a line.
    let seeds = read_list(bytes).expect("reading memory does not fail");
    assert!(seeds.len() <= lines && seeds.iter().all(|seed| !seed.url.is_empty()));
}

fn read(input: &[u8]) -> Vec<Record> {
    let inputs = Inputs::new(["-"]).with_stdin(std::io::Cursor::new(input.to_vec())).with_max_record_bytes(LIMIT);
    let records: Vec<Record> = inputs.take(input.len() + 2).collect();
    assert!(records.len() <= input.len() + 1, "reading comes to an end");
    records.iter().for_each(check);
    records
}

fn check(record: &Record) {
    assert!(!record.id.is_empty());
    match &record.outcome {
        Outcome::Page(capture) => {
            assert_eq!(capture.id, record.id);
            // Mending may make three bytes of one.
            assert!(capture.body.len() <= 3 * LIMIT, "{} bytes", capture.body.len());
        }
        Outcome::Skipped(skip) => assert!(!skip.code().is_empty()),
        Outcome::Failed(error) => {
            let message = error.to_string();
            assert!(message.starts_with("`-`") && message.contains("byte "), "names file and offset: {message}");
        }
    }
}

fn is_page(record: &Record) -> bool {
    matches!(record.outcome, Outcome::Page(_))
}

fn ends_file(record: &Record) -> bool {
    matches!(&record.outcome, Outcome::Failed(InputError::Damaged { .. }))
}
