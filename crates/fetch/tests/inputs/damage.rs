//! Truncated and lying archives: everything before the damage, then one error.

use std::io::Write;

use dechrome_fetch::{InputError, Inputs, Record};

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

/// A record that declares another length than it has.
fn lie(length: &str) -> Vec<u8> {
    format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {length}\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<p>lie\r\n\r\n")
        .into_bytes()
}

#[test]
fn a_lying_length_is_one_error_and_allocates_nothing() {
    let [first, second, third] = answers();
    let past = (first.len() + 40).to_string();
    let cases = [
        ("99999999999999", "warc_length"),
        ("18446744073709551615", "warc_length"),
        ("99999999999999999999", "warc_header"),
        ("200000000", "warc_cut"),
        ("24", "warc_length"),
        ("32", "warc_length"),
        (&*past, "warc_length"),
        ("0", "warc_length"),
        ("-1", "warc_header"),
        ("", "warc_header"),
    ];
    for (length, code) in cases {
        let records = [first.clone(), lie(length), second.clone(), third.clone()];
        let members = records.each_ref().map(|record| gzip(record));
        for archive in [records.concat(), members.concat(), gzip(&records.concat())] {
            let records = read(archive);
            assert_eq!(codes(&records), ["page", code, "page", "page"], "{length}");
            assert_eq!(records[2].id, "urn:2");
            let place = format!("`-`, byte {}", first.len());
            assert!(error(&records[1]).to_string().starts_with(&place), "{}", error(&records[1]));
        }
    }
}

#[test]
fn a_record_beyond_the_limit_that_lies_hides_none() {
    let [first, second, _] = answers();
    let archive = [first, lie("5000"), second].concat();
    let inputs = Inputs::new(["-"]).with_stdin(std::io::Cursor::new(archive)).with_max_record_bytes(2000);
    assert_eq!(codes(&inputs.collect::<Vec<_>>()), ["page", "warc_length", "page"]);
}

#[test]
fn a_flipped_byte_in_a_member_costs_no_other_record() {
    let members: Vec<Vec<u8>> = (0..6).map(|id| gzip(&noisy(&id.to_string()))).collect();
    let before = members[..2].concat().len();
    for at in (0..members[2].len()).step_by(7).chain(0..12) {
        for bit in [0x01, 0x10, 0x80] {
            let mut archive = members.concat();
            archive[before + at] ^= bit;
            let records = read(archive);
            let ids: Vec<&str> = records.iter().map(|record| record.id.as_str()).collect();
            let others = ["urn:0", "urn:1", "urn:3", "urn:4", "urn:5"];
            if ids.contains(&"urn:2") {
                continue; // a byte of the header that decoders pass over, like the time
            }
            let kept: Vec<&str> = ids.iter().copied().filter(|id| others.contains(id)).collect();
            assert_eq!(kept, others, "byte {at}, bit {bit}: {:?}", codes(&records));
            let errors: Vec<_> = codes(&records).into_iter().filter(|code| *code != "page").collect();
            assert_eq!(errors.len(), 1, "byte {at}, bit {bit}: {errors:?}");
            assert!(error(&records[2]).to_string().contains("byte "));
        }
    }
}

/// A page of words that do not repeat, so that its member is long.
fn noisy(id: &str) -> Vec<u8> {
    let seed = id.bytes().map(u64::from).sum();
    let mut random = fastrand::Rng::with_seed(seed);
    let words: Vec<String> = (0..600).map(|_| format!("{:x}", random.u32(..))).collect();
    response(id, "HTTP/1.1 200 OK\nContent-Type: text/html", format!("<p>{}", words.join(" ")).as_bytes())
}

#[test]
fn a_damaged_first_member_costs_no_other_record() {
    let members = ["1", "2", "3"].map(|id| gzip(&noisy(id)));
    for at in [11, 14, members[0].len() / 2, members[0].len() - 6] {
        let mut archive = members.concat();
        archive[at] ^= 0x55;
        let records = read(archive);
        let pages: Vec<&str> =
            records.iter().map(|record| record.id.as_str()).filter(|id| id.starts_with("urn")).collect();
        assert_eq!(pages, ["urn:2", "urn:3"], "byte {at}: {:?}", codes(&records));
        assert_eq!(records.len(), 3);
    }
}

#[test]
fn what_is_no_record_is_one_error_and_the_next_record_is_found() {
    let good = response("1", "HTTP/1.1 200 OK\nContent-Type: text/html", b"<p>good");
    let endless = [b"WARC/1.0\r\n".as_slice(), &b"a: b\r\n".repeat(200_000)].concat();
    assert_eq!(codes(&read([good.clone(), endless.clone()].concat())), ["page", "warc_header"]);
    assert_eq!(codes(&read([good.clone(), endless, good.clone()].concat())), ["page", "warc_header", "page"]);
    let unknown = warc("something", "", b"x");
    assert_eq!(codes(&read([good.clone(), unknown, good.clone()].concat())), ["page", "page"]);
    assert_eq!(codes(&read([&good[..good.len() - 4], b"tail\r\n", &good].concat())), ["warc_length", "page"]);
    let mut misspelt = good.clone();
    misspelt[2] = b'r';
    assert_eq!(codes(&read([good.clone(), misspelt, good.clone()].concat())), ["page", "warc_header", "page"]);
    let prose = b"WARC/1.0 is a format\r\n\r\nWARC/1.0 again\r\n".repeat(1000);
    assert_eq!(codes(&read([good.clone(), prose, good].concat())), ["page", "warc_header", "page"]);
}

#[test]
fn records_that_lie_within_one_another_take_linear_time() {
    let lies = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 3000000\r\n\r\n".repeat(40_000);
    let records = read(gzip(&lies));
    assert!(!records.is_empty() && records.len() <= 40_000);
    let nested = (0..2_000).fold(Vec::new(), |inner: Vec<u8>, _| [gzip(b"WARC/")[..14].to_vec(), inner].concat());
    assert!(read([gzip(&lies[..70]), nested].concat()).len() < 2_100);
}
