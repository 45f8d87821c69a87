//! HTTP transfer and content codings of archived responses.
//!
//! Many archives hold the decoded body under the original head, so a body that is plainly not in the
//! coding its head names is taken as it is.

use std::io::{self, Read};

use super::sniff;
use super::source::HEAD_BYTES;

/// Why a coding cannot be undone.
#[derive(Debug)]
pub(super) enum CodingError {
    /// The decoded body passes the limit.
    TooLarge,
    /// The body is cut, or not in its coding.
    Damaged(io::Error),
}

/// Bytes given to the brotli decoder at a time.
const BROTLI_BUFFER_BYTES: usize = 16 << 10;

/// Undoes `Transfer-Encoding: chunked`.
pub(super) fn dechunk(mut body: Vec<u8>) -> Result<Vec<u8>, CodingError> {
    let Some(mut chunk) = next_chunk(&body, 0) else { return Ok(body) };
    let mut written = 0;
    loop {
        let (start, end) = chunk;
        if end > body.len() {
            return Err(CodingError::Damaged(io::Error::new(io::ErrorKind::UnexpectedEof, "a chunk is cut short")));
        }
        if start == end {
            body.truncate(written);
            return Ok(body);
        }
        body.copy_within(start..end, written);
        written += end - start;
        chunk = next_chunk(&body, end).ok_or_else(|| {
            CodingError::Damaged(io::Error::new(io::ErrorKind::InvalidData, format!("no chunk size at byte {end}")))
        })?;
    }
}

/// The range of the chunk whose size line begins at `at`, behind the line break that ends the last one.
fn next_chunk(body: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = &body[at..];
    let breaks = rest.iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let line = &rest[breaks..];
    let length = memchr::memchr(b'\n', line)?;
    let size = line[..length].split(|&byte| byte == b';').next()?.trim_ascii();
    let size = std::str::from_utf8(size).ok().filter(|size| !size.starts_with('+'))?;
    let start = at + breaks + length + 1;
    Some((start, start.checked_add(usize::from_str_radix(size, 16).ok()?)?))
}

/// Undoes one content coding.
pub(super) fn decode(body: Vec<u8>, coding: &str, limit: usize) -> Result<Vec<u8>, CodingError> {
    let decoded = match coding {
        "" | "identity" | "none" => return Ok(body),
        "gzip" | "x-gzip" => read(flate2::bufread::GzDecoder::new(&*body), limit),
        "deflate" => inflate(&body, limit),
        "br" => read(brotli::Decompressor::new(&*body, BROTLI_BUFFER_BYTES), limit),
        "zstd" => zstd::stream::read::Decoder::with_buffer(&*body)
            .map_err(CodingError::Damaged)
            .and_then(|decoder| read(decoder, limit)),
        _ => Err(CodingError::Damaged(io::Error::new(io::ErrorKind::Unsupported, "unknown content coding"))),
    };
    match decoded {
        Err(CodingError::Damaged(_)) if is_decoded(&body) => Ok(body),
        decoded => decoded,
    }
}

/// `deflate` means zlib, but some servers send the bare stream.
fn inflate(body: &[u8], limit: usize) -> Result<Vec<u8>, CodingError> {
    match read(flate2::bufread::ZlibDecoder::new(body), limit) {
        Err(CodingError::Damaged(error)) => {
            read(flate2::bufread::DeflateDecoder::new(body), limit).map_err(|bare| match bare {
                CodingError::TooLarge => CodingError::TooLarge,
                CodingError::Damaged(_) => CodingError::Damaged(error),
            })
        }
        decoded => decoded,
    }
}

fn read(decoder: impl Read, limit: usize) -> Result<Vec<u8>, CodingError> {
    let mut body = Vec::new();
    decoder.take(limit as u64 + 1).read_to_end(&mut body).map_err(CodingError::Damaged)?;
    if body.len() > limit { Err(CodingError::TooLarge) } else { Ok(body) }
}

/// Whether a body that its coding does not fit is a page as it stands. Short compressed data may lack
/// control characters, but is not UTF-8 as well.
fn is_decoded(body: &[u8]) -> bool {
    let head = &body[..body.len().min(HEAD_BYTES as usize)];
    let is_utf8 = || std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    sniff::is_html(head) || (!sniff::is_binary(head) && is_utf8())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{CodingError, dechunk, decode};

    const PAGE: &[u8] = b"<p>\xe9t\xe9, a page long enough to be compressed, a page long enough";

    fn encoded(coding: &str) -> Vec<u8> {
        let level = flate2::Compression::default();
        match coding {
            "gzip" => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
                encoder.write_all(PAGE).unwrap();
                encoder.finish().unwrap()
            }
            "zlib" => {
                let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
                encoder.write_all(PAGE).unwrap();
                encoder.finish().unwrap()
            }
            "deflate" => {
                let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
                encoder.write_all(PAGE).unwrap();
                encoder.finish().unwrap()
            }
            "br" => {
                let mut body = Vec::new();
                brotli::CompressorWriter::new(&mut body, 4096, 5, 20).write_all(PAGE).unwrap();
                body
            }
            _ => zstd::encode_all(PAGE, 3).unwrap(),
        }
    }

    #[test]
    fn every_coding_is_undone_and_capped() {
        for (name, coding) in [
            ("gzip", "gzip"),
            ("x-gzip", "gzip"),
            ("deflate", "zlib"),
            ("deflate", "deflate"),
            ("br", "br"),
            ("zstd", "zstd"),
        ] {
            let body = encoded(coding);
            assert_eq!(decode(body.clone(), name, PAGE.len()).unwrap(), PAGE, "{name}");
            let capped = decode(body.clone(), name, PAGE.len() - 1);
            assert!(matches!(capped, Err(CodingError::TooLarge)), "{name}: {capped:?}");
            let cut = decode(body[..body.len() / 2].to_vec(), name, PAGE.len());
            assert!(matches!(cut, Err(CodingError::Damaged(_))), "{name}: {cut:?}");
            assert_eq!(decode(PAGE.to_vec(), name, PAGE.len()).unwrap(), PAGE, "{name}: already decoded");
        }
    }

    #[test]
    fn an_unknown_coding_is_an_error_unless_the_body_is_text() {
        assert_eq!(decode(PAGE.to_vec(), "utf-8", 100).unwrap(), PAGE);
        assert!(matches!(decode(vec![0, 1, 2], "compress", 100), Err(CodingError::Damaged(_))));
    }

    #[test]
    fn chunks_are_joined() {
        let joined: [(&[u8], &[u8]); 6] = [
            (b"5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n", b"hello!"),
            (b"5\nhello\n0\n\n", b"hello"),
            (b"0005 \r\nhello\r\n00\r\nTrailer: x\r\n\r\n", b"hello"),
            (b"0\r\n\r\n", b""),
            (b"<p>was never chunked\n", b"<p>was never chunked\n"),
            (b"", b""),
        ];
        for (body, expected) in joined {
            assert_eq!(dechunk(body.to_vec()).unwrap(), expected, "{}", body.escape_ascii());
        }
    }

    #[test]
    fn bad_chunks_are_errors() {
        for body in
            [&b"5\r\nhel"[..], b"5\r\nhello\r\n", b"5\r\nhello\r\nx\r\n", b"ffffffffffffffff\r\nhello", b"fffffff\r\na"]
        {
            let error = dechunk(body.to_vec());
            let refused = error.is_err() || error.is_ok_and(|same| same == body);
            assert!(refused, "{}", body.escape_ascii());
        }
    }
}
