use dechrome_fetch::{Inputs, Outcome, Record, Skip};
use dechrome_page::{Charset, Media};

use crate::support::{codes, error, gzip, page, read, response, warc, workspace, zstd};

#[test]
fn pages_of_all_record_types_arrive() {
    let archive = [
        warc("warcinfo", "Content-Type: application/warc-fields\r\n", b"software: none\r\n"),
        warc("request", "", b"GET / HTTP/1.1\r\n\r\n"),
        response("1", "HTTP/1.1 200 OK\nContent-Type: text/html; charset=windows-1252", b"<p>caf\xe9"),
        warc("metadata", "", b"via: x"),
        warc("resource", "WARC-Target-URI: <file:///a.html>\r\nContent-Type: text/html\r\n", b"<p>resource"),
        warc("revisit", "", b"HTTP/1.1 200 OK\r\n\r\n"),
        warc("conversion", "WARC-Record-ID: <urn:t>\r\nContent-Type: text/plain\r\n", "Grüße".as_bytes()),
    ];
    for bytes in [archive.concat(), archive.each_ref().map(|record| gzip(record)).concat(), zstd(&archive.concat())] {
        let records = read(bytes);
        assert_eq!(codes(&records), ["page", "page", "page"]);
        let [answer, resource, conversion] = [&records[0], &records[1], &records[2]].map(page);
        assert_eq!(answer.id, "urn:1");
        assert_eq!(answer.url.as_deref(), Some("https://inn.example/1"));
        assert_eq!(answer.captured_at.as_deref(), Some("2026-03-01T10:00:00Z"));
        assert_eq!(answer.charset, Charset::Declared("windows-1252".into()));
        assert_eq!((answer.media, answer.body.as_slice()), (Media::Html, &b"<p>caf\xe9"[..]));
        assert_eq!(resource.url.as_deref(), Some("file:///a.html"));
        assert_eq!((&resource.charset, resource.body.as_slice()), (&Charset::Unknown, &b"<p>resource"[..]));
        assert_eq!(resource.id, format!("-:{}", records[1].position.offset));
        assert_eq!((conversion.media, &conversion.charset), (Media::Text, &Charset::Utf8));
        assert!([answer, resource, conversion].iter().all(|capture| capture.directory.is_none()));
    }
}

#[test]
fn the_content_type_decides_and_else_the_content() {
    let skipped = |label: &str| Err(Skip::ContentType(label.into()));
    let cases: [(&str, &[u8], Result<Media, Skip>); 12] = [
        ("Content-Type: TEXT/HTML;x=y", b"words", Ok(Media::Html)),
        ("Content-Type: application/xhtml+xml", b"<?xml?>", Ok(Media::Html)),
        ("Content-Type: text/plain", b"<html>", Ok(Media::Text)),
        ("Content-Type: text/xml", b"<?xml?><html>", Ok(Media::Html)),
        ("Content-Type: text/xml", b"<?xml?><rss>", skipped("text/xml")),
        ("Content-Type: image/png", b"<html>", skipped("image/png")),
        ("Content-Type: html", b"<html>", Ok(Media::Html)),
        ("X: y", b"<html>", Ok(Media::Html)),
        ("X: y", b"words", Ok(Media::Text)),
        ("X: y", b"\x89PNG\0", Err(Skip::Binary)),
        ("X: y", b"", Err(Skip::Empty)),
        ("Content-Type: text/html", b"", Ok(Media::Html)),
    ];
    for (head, body, expected) in cases {
        let records = read(response("1", &format!("HTTP/1.1 200 OK\n{head}"), body));
        let found = match &records[0].outcome {
            Outcome::Page(capture) => Ok(capture.media),
            Outcome::Skipped(skip) => Err(skip.clone()),
            Outcome::Failed(error) => panic!("{error}"),
        };
        assert_eq!(found, expected, "{head}: {}", body.escape_ascii());
    }
}

#[test]
fn only_success_is_a_page() {
    let heads =
        ["HTTP/1.1 404 Not Found", "HTTP/1.0 301 Moved", "HTTP/2 203", "HTTP/1.1  200", "hello", "HTTP/1.1 abc", ""];
    let archive: Vec<u8> =
        heads.iter().flat_map(|head| response("1", &format!("{head}\nContent-Type: text/html"), b"<p>a")).collect();
    let records = read(archive);
    assert_eq!(codes(&records), ["status", "status", "page", "page", "http_head", "http_head", "http_head"]);
    assert!(matches!(&records[0].outcome, Outcome::Skipped(skip) if *skip == Skip::Status(404)));
    assert!(records.iter().all(|record| record.url.as_deref() == Some("https://inn.example/1")));
}

#[test]
fn codings_are_undone() {
    let html = "<p>a page that is long enough to be compressed ".repeat(20).into_bytes();
    let gzipped = gzip(&html);
    let (first, second) = gzipped.split_at(20);
    let chunked = [
        format!("{:x}\r\n", first.len()).as_bytes(),
        first,
        b"\r\n",
        format!("{:X}\r\n", second.len()).as_bytes(),
        second,
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let bodies: [(&str, &[u8], &str); 6] = [
        ("Content-Encoding: gzip", &gzipped, "page"),
        ("Content-Encoding: gzip, zstd", &zstd(&gzipped), "page"),
        ("Transfer-Encoding: chunked\nContent-Encoding: gzip", &chunked, "page"),
        ("Transfer-Encoding: chunked\nContent-Encoding: gzip", &html, "page"),
        ("Content-Encoding: gzip", &gzipped[..30], "coding"),
        ("Transfer-Encoding: chunked", &chunked[..15], "coding"),
    ];
    for (head, body, code) in bodies {
        let archive = [
            response("1", &format!("HTTP/1.1 200 OK\nContent-Type: text/html\n{head}"), body),
            response("2", "HTTP/1.1 200 OK", b"<p>"),
        ];
        let records = read(archive.concat());
        assert_eq!(codes(&records), [code, "page"], "{head}");
        if code == "page" {
            assert_eq!(page(&records[0]).body, html, "{head}");
        }
    }
}

#[test]
fn oversize_records_and_bombs_are_refused_and_reading_goes_on() {
    let small = response("2", "HTTP/1.1 200 OK\nContent-Type: text/html", b"<p>small");
    let large = response("1", "HTTP/1.1 200 OK\nContent-Type: text/html", &b"x".repeat(3000));
    let bomb = response("3", "HTTP/1.1 200 OK\nContent-Encoding: gzip", &gzip(&b"x".repeat(100_000)));
    let archive = [small.clone(), large, small.clone(), bomb, small].concat();
    let records: Vec<_> =
        Inputs::new(["-"]).with_stdin(std::io::Cursor::new(archive)).with_max_record_bytes(2000).collect();
    assert_eq!(codes(&records), ["page", "too_large", "page", "too_large", "page"]);
}

#[test]
fn writers_quirks_are_taken() {
    let bare = b"\nWARC/0.18\nwarc-type: Response\nContent-Length: 30\n\nHTTP/1.0 200 OK\nA: b\n\n<p>quirk";
    for between in ["", "\n", "\r\n", "\r\n\r\n", "\n\n\n\r\n"] {
        let records = read([bare.as_slice(), between.as_bytes(), bare, between.as_bytes()].concat());
        assert_eq!(codes(&records), ["page", "page"], "{between:?}");
        assert_eq!(page(&records[1]).body, b"<p>quirk");
    }
}

#[test]
fn the_fixtures_hold_what_their_readme_says() {
    let records: Vec<Record> = Inputs::new([workspace("fixtures/archives")]).collect();
    let found: Vec<(&str, &str)> = records
        .iter()
        .zip(codes(&records))
        .map(|(record, code)| (record.path.rsplit('/').next().unwrap(), code))
        .collect();
    let expected = [
        ("README.md", "not_a_page"),
        ("crawl.warc", "page"),
        ("crawl.warc", "status"),
        ("crawl.warc", "content_type"),
        ("crawl.warc", "page"),
        ("crawl.warc.gz", "page"),
        ("crawl.warc.gz", "status"),
        ("crawl.warc.gz", "content_type"),
        ("crawl.warc.gz", "page"),
        ("crawl.wet", "page"),
        ("crawl.wet", "page"),
        ("cut.warc.gz", "page"),
        ("cut.warc.gz", "status"),
        ("cut.warc.gz", "content_type"),
        ("cut.warc.gz", "damaged"),
        ("pages.jsonl", "page"),
        ("pages.jsonl", "page"),
        ("pages.jsonl", "json"),
        ("pages.jsonl", "no_content"),
        ("pages.jsonl", "page"),
        ("pages.jsonl.zst", "page"),
        ("pages.jsonl.zst", "page"),
        ("pages.jsonl.zst", "json"),
        ("pages.jsonl.zst", "no_content"),
        ("pages.jsonl.zst", "page"),
    ];
    assert_eq!(found, expected);
}

/// Archives of real crawlers, where they are at hand.
#[test]
fn real_archives_give_every_record() {
    let directory = workspace("../shared/data/warc");
    if !directory.is_dir() {
        eprintln!("skipped: no {}", directory.display());
        return;
    }
    let counts = |name: &str| {
        let records: Vec<Record> = Inputs::new([directory.join(name)]).collect();
        let pages = codes(&records).iter().filter(|code| **code == "page").count();
        let errors: Vec<String> = records
            .iter()
            .filter(|record| matches!(record.outcome, Outcome::Failed(_)))
            .map(|record| format!("{}", error(record)))
            .collect();
        (records.len(), pages, errors)
    };
    assert_eq!(counts("warcfile.warc.gz"), (16, 16, vec![]));
    assert_eq!(counts("clueweb-quirk.warc.gz"), (29, 29, vec![]));
    let (records, pages, errors) = counts("truncated.warc.gz");
    assert_eq!((records, pages, errors.len()), (6, 5, 1));
    assert!(errors[0].contains("truncated.warc.gz` is damaged or cut short at byte"), "{}", errors[0]);
    let (records, pages, errors) = counts("lie.warc");
    assert_eq!((records, pages), (1, 0));
    assert!(errors[0].contains("lie.warc`, byte 0: the WARC record declares 99999999999999 bytes"), "{}", errors[0]);
}
