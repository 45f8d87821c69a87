//! Bytes to text: byte-order mark, transport label, `<meta>` prescan, detection.
//!
//! The order is that of the WHATWG HTML standard ("encoding sniffing algorithm"), with one departure: labels
//! are checked against the bytes, because servers put a default label on every file they own. Text of some
//! length that is valid as UTF-8 and not ASCII is UTF-8 by construction, never by chance, so it overrules a legacy
//! label; and a page labelled UTF-8 whose bytes above ASCII are mostly malformed goes to the detector.

mod prescan;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

use crate::capture::{Charset, Media};

/// Bytes searched for a `<meta>` or XML declaration, as the standard says.
const PRESCAN: usize = 1024;
/// Bytes searched for a late `<meta>`, which makes a browser start the page again.
const LATE_PRESCAN: usize = 16 << 10;
/// Most bytes given to the detector: it reads 25 MB/s, and is sure long before that.
const DETECT: usize = 64 << 10;
/// ASCII bytes kept around others for the detector, which looks at neighbours.
const CONTEXT: usize = 32;
/// Sequences that make valid UTF-8 in a page labelled with a CJK encoding no accident. Two random GBK
/// characters are valid UTF-8 once in a hundred times, sixteen never.
const CJK_PROOF: usize = 16;

/// A page's text and how it was come by.
pub(crate) struct Decoded<'a> {
    /// The text, without its byte-order mark; borrowed where the bytes are valid UTF-8.
    pub(crate) text: Cow<'a, str>,
    /// The encoding's WHATWG name.
    pub(crate) encoding: &'static str,
    /// Whether some bytes had no meaning in the encoding and became U+FFFD.
    pub(crate) lossy: bool,
}

/// Decodes a page. Never fails: bytes without meaning become U+FFFD and `lossy` is set.
pub(crate) fn decode<'a>(body: &'a [u8], charset: &Charset, media: Media) -> Decoded<'a> {
    if let Some((encoding, length)) = Encoding::for_bom(body) {
        // Decoded JSON strings may start with U+FEFF; a UTF-16 mark cannot occur in them.
        if encoding == UTF_8 || *charset != Charset::Utf8 {
            return decode_as(encoding, &body[length..]);
        }
    }
    if *charset == Charset::Utf8 {
        return decode_as(UTF_8, body);
    }
    match std::str::from_utf8(body) {
        Ok(text) => decode_valid(text, label(body, charset, media)),
        Err(_) => decode_as(legacy(body, charset, media), body),
    }
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: encoding.name(), lossy }
}

/// Bytes that are valid UTF-8: whether the label still stands against that.
fn decode_valid<'a>(text: &'a str, label: Option<&'static Encoding>) -> Decoded<'a> {
    let bytes = text.as_bytes();
    let believed = label.filter(|label| *label != UTF_8).filter(|label| {
        if is_utf16(label) {
            // Markup in UTF-16 holds NULs, which hardly occur in anything else.
            memchr::memchr(0, bytes).is_some()
        } else if label.is_single_byte() {
            // Letters of a legacy alphabet do not pair up as lead and continuation bytes.
            text.is_ascii()
        } else {
            text.chars().filter(|c| !c.is_ascii()).take(CJK_PROOF).count() < CJK_PROOF
        }
    });
    match believed.or_else(|| unmarked_utf16(bytes)) {
        Some(encoding) => decode_as(encoding, bytes),
        None => Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name(), lossy: false },
    }
}

/// The encoding of bytes that are not valid UTF-8.
fn legacy(body: &[u8], charset: &Charset, media: Media) -> &'static Encoding {
    let late = || (media == Media::Html).then(|| prescan::prescan(head(body, LATE_PRESCAN))).flatten();
    match label(body, charset, media) {
        Some(label) if label != UTF_8 => return label,
        _ if mostly_utf8(body) => return UTF_8,
        Some(_) => {}
        None => {
            if let Some(label) = late().filter(|label| *label != UTF_8) {
                return label;
            }
        }
    }
    unmarked_utf16(body).unwrap_or_else(|| detect(body))
}

/// What the transport or the page itself says. The `replacement` encoding, meant to keep scripts from
/// attacking a browser, would lose the page: it counts as no label.
fn label(body: &[u8], charset: &Charset, media: Media) -> Option<&'static Encoding> {
    let declared = match charset {
        Charset::Declared(label) => Encoding::for_label(label.as_bytes()),
        Charset::Utf8 | Charset::Unknown => None,
    };
    declared
        .or_else(|| (media == Media::Html).then(|| prescan::prescan(head(body, PRESCAN))).flatten())
        .filter(|label| *label != REPLACEMENT)
}

fn head(body: &[u8], length: usize) -> &[u8] {
    &body[..body.len().min(length)]
}

/// Whether well-formed multi-byte sequences outnumber malformed ones at the start of what is not ASCII.
fn mostly_utf8(body: &[u8]) -> bool {
    let body = &body[Encoding::ascii_valid_up_to(body)..];
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in head(body, DETECT).utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

/// UTF-16 without a mark: every other byte of a page's start is NUL.
fn unmarked_utf16(body: &[u8]) -> Option<&'static Encoding> {
    let pairs = head(body, PRESCAN).as_chunks::<2>().0;
    let nul = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    let (first, second) = (nul(0), nul(1));
    let most = pairs.len() * 2 / 3;
    match (first, second) {
        (0, second) if second > most => Some(UTF_16LE),
        (first, 0) if first > most => Some(UTF_16BE),
        _ => None,
    }
}

/// Guesses a legacy encoding from the passages that are not ASCII.
fn detect(body: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut rest = body;
    let mut budget = DETECT;
    while budget > 0 {
        let passage = next_passage(rest, budget);
        if passage.is_empty() {
            break;
        }
        detector.feed(&rest[passage.clone()], false);
        detector.feed(b"\n", false);
        budget -= passage.len();
        rest = &rest[passage.end..];
    }
    detector.feed(b"", true);
    detector.guess(None, Utf8Detection::Deny)
}

/// The next run of bytes in which no more than [`CONTEXT`] ASCII bytes follow each other.
fn next_passage(bytes: &[u8], budget: usize) -> std::ops::Range<usize> {
    let first = Encoding::ascii_valid_up_to(bytes);
    if first == bytes.len() {
        return 0..0;
    }
    let start = first.saturating_sub(CONTEXT);
    let limit = bytes.len().min(start + budget);
    let mut end = first.min(limit);
    while end < limit {
        let ascii = Encoding::ascii_valid_up_to(&bytes[end..limit]);
        if ascii > CONTEXT {
            return start..end + CONTEXT;
        }
        end = (end + ascii + 1).min(limit);
    }
    start..end
}

fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// What a label inside a page means: UTF-16 cannot be true, since the label was read as ASCII.
fn inside(encoding: &'static Encoding) -> &'static Encoding {
    if is_utf16(encoding) {
        UTF_8
    } else if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    }
}
