use dechrome_fetch::Inputs;
use dechrome_page::{Charset, Media};

use crate::support::{codes, error, page, read};

#[test]
fn all_fields_arrive() {
    let line = r#"{"id":"a/1","site":"inn","url":"https://inn.example/1","captured_at":"2026-03-01T10:00:00Z",
        "html":"<p>Gr\u00fc\u00dfe","truth":[1,{"x":null}]}"#
        .replace('\n', "");
    let records = read(line);
    let capture = page(&records[0]);
    assert_eq!(capture.id, "a/1");
    assert_eq!(capture.site.as_deref(), Some("inn"));
    assert_eq!(capture.url.as_deref(), Some("https://inn.example/1"));
    assert_eq!(capture.captured_at.as_deref(), Some("2026-03-01T10:00:00Z"));
    assert_eq!((capture.media, &capture.charset, &capture.directory), (Media::Html, &Charset::Utf8, &None));
    assert_eq!(capture.body, "<p>Grüße".as_bytes());
}

#[test]
fn ids_are_given_or_made() {
    let records = read(
        "{\"text\":\"a\"}\n\n{\"id\":42,\"text\":\"b\"}\n{\"id\":\"\",\"text\":\"c\"}\n{\"id\":null,\"text\":\"d\"}",
    );
    let ids: Vec<&str> = records.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["-:1", "42", "-:4", "-:5"]);
    assert!(records.iter().all(|record| page(record).id == record.id && page(record).media == Media::Text));
}

#[test]
fn a_bad_field_loses_no_id_and_no_address() {
    let lines = [
        r#"{"id":"x","url":"https://inn.example/","captured_at":{},"html":"a"}"#,
        r#"{"id":7,"url":"https://inn.example/","site":1}"#,
        r#"{"id":"x","url":"https://inn.example/"}"#,
        r#"{"id":"x","url":"https://inn.example/","html":"a","text":"b"}"#,
    ];
    let records = read(lines.join("\n"));
    assert_eq!(codes(&records), ["json", "json", "no_content", "two_contents"]);
    let ids: Vec<&str> = records.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["x", "7", "x", "x"]);
    assert!(records.iter().all(|record| record.url.as_deref() == Some("https://inn.example/")));
    let records = read("{\"id\":[1],\"url\":5,\"html\":\"a\"}");
    assert_eq!((records[0].id.as_str(), &records[0].url), ("-:1", &None));
}

#[test]
fn unix_time_is_taken() {
    for (given, expected) in [
        ("1772359200", Some("2026-03-01T10:00:00Z")),
        ("1772359200.75", Some("2026-03-01T10:00:00Z")),
        ("1772359200123", Some("2026-03-01T10:00:00Z")),
        ("\"2026-03-01\"", Some("2026-03-01")),
        ("1e300", None),
        ("null", None),
    ] {
        let records = read(format!("{{\"captured_at\":{given},\"text\":\"a\"}}"));
        assert_eq!(page(&records[0]).captured_at.as_deref(), expected, "{given}");
    }
}

#[test]
fn an_empty_field_is_none_beside_another() {
    for (line, media, body) in [
        (r#"{"html":"<p>a","text":""}"#, Media::Html, "<p>a"),
        (r#"{"html":"<p>a","text":null}"#, Media::Html, "<p>a"),
        (r#"{"html":" \n","text":"a"}"#, Media::Text, "a"),
        (r#"{"html":"","text":""}"#, Media::Html, ""),
        (r#"{"text":""}"#, Media::Text, ""),
    ] {
        let records = read(line);
        let capture = page(&records[0]);
        assert_eq!((capture.media, capture.body.as_slice()), (media, body.as_bytes()), "{line}");
    }
}

#[test]
fn line_ends_byte_order_marks_and_blank_lines_do_not_matter() {
    let records = read("\u{feff}{\"text\":\"a\"}\r\n\r\n  \t\r\n{\"text\":\"b\"}");
    assert_eq!(codes(&records), ["page", "page"]);
    assert_eq!((records[1].position.line, records[1].position.offset), (Some(4), 24));
}

#[test]
fn one_bad_line_is_one_error_in_its_place() {
    let bad = [
        ("not json", "json"),
        (r#"{"html":"<p>"#, "json"),
        (r#"{"html":"a"} x"#, "json"),
        (r#"{"html":5}"#, "json"),
        (r#"{"url":[],"html":"a"}"#, "json"),
        (r#""html""#, "json"),
        (r#"["a",null,null,null,"<p>",null]"#, "json"),
        (r#"{"id":"x","url":"u"}"#, "no_content"),
        (r#"{"html":null}"#, "no_content"),
        (r#"{"html":"a","text":"b"}"#, "two_contents"),
    ];
    for (line, code) in bad {
        let records = read(format!("{{\"text\":\"before\"}}\n{line}\n{{\"text\":\"after\"}}\n"));
        assert_eq!(codes(&records), ["page", code, "page"], "{line}");
        assert!(error(&records[1]).to_string().contains("`-`, line 2, byte 18"), "{}", error(&records[1]));
    }
}

#[test]
fn bad_characters_do_not_lose_a_page() {
    let bodies: [(&[u8], &str); 4] = [
        (br"\ud800", "\u{fffd}"),
        (br"\udc00 \ud83d\ude00 \ud83d", "\u{fffd} \u{1f600} \u{fffd}"),
        (b"caf\xe9", "caf\u{fffd}"),
        (br"\u0000\\ud800", "\0\\ud800"),
    ];
    for (escaped, expected) in bodies {
        let records = read([&b"{\"html\":\""[..], escaped, b"\"}"].concat());
        assert_eq!(page(&records[0]).body, expected.as_bytes(), "{}", escaped.escape_ascii());
    }
}

#[test]
fn long_lines_are_refused_without_being_held() {
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(200_000));
    let lines = format!("{{\"text\":\"a\"}}\n{long}\n{{\"text\":\"b\"}}\n{long}");
    let records: Vec<_> =
        Inputs::new(["-"]).with_stdin(std::io::Cursor::new(lines)).with_max_record_bytes(1000).collect();
    assert_eq!(codes(&records), ["page", "too_large", "page", "too_large"]);
    assert!(error(&records[1]).to_string().contains("1000 bytes"));
}

#[test]
fn a_line_of_fifty_megabytes_is_a_page() {
    let records = read(format!("{{\"html\":\"{}\"}}", "<p>word ".repeat(6_500_000)));
    assert_eq!(page(&records[0]).body.len(), 52_000_000);
}
