use dechrome_fetch::Outcome;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof, proptest};

use crate::support::{gzip, read, response, zstd};

/// Bytes that look like the beginning of something.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        vec(any::<u8>(), 0..40),
        "[\\x00-\\x7f]{0,20}".prop_map(String::into_bytes),
        proptest::sample::select(vec![
            "WARC/1.0\r\n",
            "WARC-Type: response\r\n",
            "WARC-Type: conversion\r\n",
            "Content-Length: 10\r\n",
            "Content-Length: 99999999999\r\n",
            "\r\n",
            "\n",
            "HTTP/1.1 200 OK\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Content-Encoding: gzip, br\r\n",
            "5\r\nhello\r\n",
            "{\"html\":\"",
            "\\ud800",
            "\"}",
            "<p>",
            "\u{feff}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        vec(any::<u8>(), 0..40).prop_map(|bytes| gzip(&bytes)),
        vec(any::<u8>(), 0..40).prop_map(|bytes| zstd(&bytes)),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_input_panics_or_goes_on_for_ever(bytes in hostile()) {
        let length = bytes.len();
        let records = read(bytes);
        proptest::prop_assert!(records.len() <= length + 1);
    }

    #[test]
    fn every_line_gives_one_record(lines in vec("[ -~é\\\\\"]{0,30}", 1..20)) {
        let given: Vec<String> = std::iter::once("{}".to_owned()).chain(lines).collect();
        let records = read(given.join("\n"));
        let expected = given.iter().filter(|line| !line.trim().is_empty()).count();
        prop_assert_eq!(records.len(), expected);
        for record in &records {
            let line = record.position.line.unwrap() as usize;
            proptest::prop_assert!(!given[line - 1].trim().is_empty());
        }
    }

    #[test]
    fn bodies_pass_through_json_and_warc_unchanged(body in "\\PC{0,200}", text in any::<bool>()) {
        let field = if text { "text" } else { "html" };
        let line = format!("{{\"{field}\":{}}}", serde_json::to_string(&body).unwrap());
        let archive = response("1", "HTTP/1.1 200 OK\nContent-Type: text/html", body.as_bytes());
        for records in [read(line), read(gzip(&archive))] {
            proptest::prop_assert!(matches!(&records[0].outcome, Outcome::Page(capture) if capture.body == body.as_bytes()));
        }
    }
}
