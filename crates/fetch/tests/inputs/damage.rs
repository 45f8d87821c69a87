//! Truncated and lying archives: everything before the damage, then one error.

use std::io::Write;

use dechrome_fetch::{InputError, Record};

use crate::support::{codes, error, gzip, read, response, warc, zstd};

/// Asserts that the records are pages and then at most one error, and returns the number of pages.
fn pages_then_error(records: &[Record], cut: usize) -> (usize, bool) {
    let codes = codes(records);
    let pages = codes.iter().take_while(|code| **code == "page").count();
    let rest = &codes[pages..];
    assert!(rest.len() <= 1, "cut at {cut}: {codes:?}");
    if let Some(last) = records.get(pages) {
        assert!(error(last).to_string().contains("byte "), "{}", error(last));
    }
    (pages, !rest.is_empty())
}

fn lines(count: u32) -> Vec<u8> {
    (0..count).flat_map(|i| format!("{{\"id\":{i},\"text\":\"{}\"}}\n", i * 7919).into_bytes()).collect()
}

fn answers() -> [Vec<u8>; 3] {
    ["1", "2", "3"]
        .map(|id| response(id, "HTTP/1.1 200 OK\nContent-Type: text/html", format!("<p>page {id}").as_bytes()))
}

#[test]
fn a_gzip_archive_cut_anywhere_gives_what_lies_before() {
    let members = answers().map(|record| gzip(&record));
    let ends = [members[0].len(), members[0].len() + members[1].len()];
    let archive = members.concat();
    for cut in 3..archive.len() {
        let records = read(&archive[..cut]);
        let (pages, failed) = pages_then_error(&records, cut);
        let whole = ends.iter().filter(|&&end| end <= cut).count();
        assert!(failed != ends.contains(&cut), "cut at {cut}: {records:?}");
        // A record may be whole although its member's last bytes, the checksum, are not.
        assert!(pages == whole || pages == whole + 1, "cut at {cut}: {pages} pages");
    }
}

#[test]
fn a_zstd_archive_cut_anywhere_is_one_error() {
    let archive = zstd(&answers().concat());
    for cut in 5..archive.len() {
        let records = read(&archive[..cut]);
        assert!(pages_then_error(&records, cut).1, "cut at {cut}: {records:?}");
    }
}

#[test]
fn a_plain_archive_cut_anywhere_gives_what_lies_before() {
    let answers = answers();
    let archive = answers.concat();
    let length = answers[0].len();
    for cut in 5..archive.len() {
        let records = read(&archive[..cut]);
        let (pages, failed) = pages_then_error(&records, cut);
        // The four line-break bytes behind a record may be missing.
        let whole = cut / length + usize::from(cut % length >= length - 4);
        assert_eq!(pages, whole, "cut at {cut}: {records:?}");
        assert_eq!(failed, cut % length != 0 && cut % length < length - 4, "cut at {cut}: {records:?}");
    }
}

#[test]
fn cut_json_lines_give_the_whole_lines_and_one_error() {
    let archive = gzip(&lines(2000));
    for cut in (100..archive.len()).step_by(97) {
        let records = read(&archive[..cut]);
        let (pages, failed) = pages_then_error(&records, cut);
        assert!(failed && pages < 2000);
        let last = &records[pages];
        assert_eq!(last.position.line.unwrap_or(1), pages as u64 + 1);
        assert!(matches!(error(last), InputError::Damaged { .. }));
    }
}

#[test]
fn a_flipped_byte_in_checksummed_data_is_found() {
    let mut checked = zstd::Encoder::new(Vec::new(), 3).unwrap();
    checked.include_checksum(true).unwrap();
    checked.write_all(&lines(500)).unwrap();
    for archive in [gzip(&lines(500)), checked.finish().unwrap()] {
        for at in (40..archive.len()).step_by(61) {
            let mut archive = archive.clone();
            archive[at] ^= 0x10;
            let records = read(archive);
            assert_eq!(codes(&records).last(), Some(&"damaged"), "byte {at}");
        }
    }
}

#[test]
fn a_lying_length_is_one_error_and_allocates_nothing() {
    let good = response("1", "HTTP/1.1 200 OK\nContent-Type: text/html", b"<p>good");
    let lie = |length: &str| {
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {length}\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<p>lie\r\n\r\n"
        )
    };
    let cases = [
        ("99999999999999", "warc_cut"),
        ("18446744073709551615", "warc_cut"),
        ("99999999999999999999", "warc_header"),
        ("200000000", "warc_cut"),
        ("24", "warc_length"),
        ("0", "warc_length"),
        ("-1", "warc_header"),
        ("", "warc_header"),
    ];
    for (length, code) in cases {
        let archive = [good.clone(), lie(length).into_bytes(), good.clone()].concat();
        let records = read(archive);
        assert_eq!(codes(&records), ["page", code], "{length}");
        let place = format!("`-`, byte {}", good.len());
        assert!(error(&records[1]).to_string().starts_with(&place), "{}", error(&records[1]));
        assert!(error(&records[1]).ends_file());
    }
}

#[test]
fn what_is_no_record_ends_the_file() {
    let good = response("1", "HTTP/1.1 200 OK\nContent-Type: text/html", b"<p>good");
    let endless = [b"WARC/1.0\r\n".as_slice(), &b"a: b\r\n".repeat(200_000)].concat();
    assert_eq!(codes(&read([good.clone(), endless].concat())), ["page", "warc_header"]);
    let unknown = warc("something", "", b"x");
    assert_eq!(codes(&read([good.clone(), unknown, good.clone()].concat())), ["page", "page"]);
    assert_eq!(codes(&read([&good[..good.len() - 4], b"tail"].concat())), ["warc_length"]);
}
