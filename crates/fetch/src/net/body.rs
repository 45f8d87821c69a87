//! A body as it arrives: decompressed, counted, and stopped at the caps.
//!
//! Done here rather than in the HTTP library, which does not tell how many bytes it received.

use std::io::{self, Write};

use brotli::DecompressorWriter;
use flate2::write::{GzDecoder, ZlibDecoder};
use http::{HeaderMap, header};
use zstd::stream::raw::{DParameter, Decoder as ZstdRaw, Operation};

use super::media;
use super::outcome::Failure;

/// Decoded bytes before the ratio cap applies.
const FREE: u64 = 1 << 20;
/// Largest zstd window, as log2: what RFC 9659 lets senders of `Content-Encoding: zstd` use.
const ZSTD_WINDOW: u32 = 23;
/// Size of decompression buffers.
const BUFFER: usize = 16 << 10;

/// A body being received.
pub(crate) struct Body {
    decoder: Decoder,
    received: u64,
    limit: u64,
    ratio: u64,
}

impl Body {
    /// Prepares for a body with these headers, of at most `limit` decoded bytes.
    pub(crate) fn new(headers: &HeaderMap, limit: u64, ratio: u64) -> Result<Self, Failure> {
        let encoding = media::joined(headers, header::CONTENT_ENCODING.as_str()).unwrap_or_default();
        let decoder = Decoder::new(&encoding.to_ascii_lowercase())?;
        Ok(Self { decoder, received: 0, limit, ratio })
    }

    /// Takes the next bytes as received.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.received += bytes.len() as u64;
        let by_ratio = self.received.saturating_mul(self.ratio).max(FREE);
        self.decoder.sink().limit = self.limit.min(by_ratio);
        let result = self.decoder.write(bytes);
        self.judge(result)
    }

    /// Decoded bytes so far.
    pub(crate) fn len(&mut self) -> usize {
        self.decoder.sink().out.len()
    }

    /// Ends the body early: what was decoded, and the bytes received for it.
    pub(crate) fn cut(mut self) -> (Vec<u8>, u64) {
        (std::mem::take(&mut self.decoder.sink().out), self.received)
    }

    /// Ends the body; an incomplete compressed stream is a failure.
    pub(crate) fn finish(mut self) -> Result<(Vec<u8>, u64), Failure> {
        if self.received > 0 {
            let result = self.decoder.finish();
            self.judge(result)?;
        }
        Ok(self.cut())
    }

    fn judge(&mut self, result: io::Result<()>) -> Result<(), Failure> {
        let Err(error) = result else { return Ok(()) };
        let sink = self.decoder.sink();
        if !sink.full {
            return Err(Failure::Encoding(error.to_string()));
        }
        let by_size = sink.limit == self.limit;
        Err(if by_size { Failure::BodyTooLarge { limit: self.limit } } else { Failure::Bomb { limit: self.ratio } })
    }
}

/// Where decoded bytes go, up to a limit.
#[derive(Default)]
struct Sink {
    out: Vec<u8>,
    limit: u64,
    full: bool,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.out.len() + bytes.len()) as u64 > self.limit {
            self.full = true;
            return Err(io::Error::other("limit reached"));
        }
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Decoder {
    Identity(Sink),
    Gzip(Box<GzDecoder<Sink>>),
    Deflate(Box<ZlibDecoder<Sink>>),
    Brotli(Box<DecompressorWriter<Sink>>),
    Zstd(Box<Zstd>),
}

impl Decoder {
    fn new(encoding: &str) -> Result<Self, Failure> {
        let sink = Sink::default();
        Ok(match encoding.trim() {
            "" | "identity" => Self::Identity(sink),
            "gzip" | "x-gzip" => Self::Gzip(Box::new(GzDecoder::new(sink))),
            "deflate" => Self::Deflate(Box::new(ZlibDecoder::new(sink))),
            "br" => Self::Brotli(Box::new(DecompressorWriter::new(sink, BUFFER))),
            "zstd" => Self::Zstd(Box::new(Zstd::new(sink).map_err(|error| Failure::Encoding(error.to_string()))?)),
            other => return Err(Failure::Encoding(format!("unknown: {other}"))),
        })
    }

    fn sink(&mut self) -> &mut Sink {
        match self {
            Self::Identity(sink) => sink,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Deflate(decoder) => decoder.get_mut(),
            Self::Brotli(decoder) => decoder.get_mut(),
            Self::Zstd(decoder) => &mut decoder.sink,
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Identity(sink) => sink.write_all(bytes),
            Self::Gzip(decoder) => until_end(decoder, bytes),
            Self::Deflate(decoder) => until_end(decoder, bytes),
            Self::Brotli(decoder) => until_end(decoder, bytes),
            Self::Zstd(decoder) => decoder.write(bytes),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Identity(_) => Ok(()),
            Self::Gzip(decoder) => decoder.try_finish(),
            Self::Deflate(decoder) => decoder.try_finish(),
            Self::Brotli(decoder) => decoder.close(),
            Self::Zstd(decoder) => decoder.finish(),
        }
    }
}

/// Writes up to the end of the compressed stream; what follows it is ignored, as browsers do.
fn until_end(decoder: &mut impl Write, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match decoder.write(bytes) {
            Ok(0) => break,
            Ok(taken) => bytes = &bytes[taken..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// zstd by hand, because the crate's writer cannot tell a truncated stream from a whole one.
struct Zstd {
    raw: ZstdRaw<'static>,
    sink: Sink,
    whole: bool,
}

impl Zstd {
    fn new(sink: Sink) -> io::Result<Self> {
        let mut raw = ZstdRaw::new()?;
        raw.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW))?;
        Ok(Self { raw, sink, whole: false })
    }

    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let mut buffer = [0; BUFFER];
        loop {
            let status = self.raw.run_on_buffers(bytes, &mut buffer)?;
            self.whole = status.remaining == 0;
            self.sink.write_all(&buffer[..status.bytes_written])?;
            bytes = &bytes[status.bytes_read..];
            let drained = status.bytes_written < buffer.len();
            if bytes.is_empty() && (drained || self.whole) {
                return Ok(());
            }
        }
    }

    fn finish(&self) -> io::Result<()> {
        if self.whole { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::options::Limits;
    use super::*;

    const TEXT: &str = "To be, or not to be, that is the question.";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Brotli of `TEXT` as an uncompressed meta-block: header, length - 1, the bytes, an empty last block.
    fn brotli() -> Vec<u8> {
        let length = TEXT.len() as u32 - 1;
        // WBITS 16 (0), ISLAST 0, MNIBBLES 4 (00), MLEN - 1 in 16 bits, ISUNCOMPRESSED 1.
        let bits: u32 = (length << 4) | (1 << 20);
        [&bits.to_le_bytes()[..3], TEXT.as_bytes(), &[3]].concat()
    }

    fn decode(encoding: &'static str, wire: &[u8], limits: &Limits) -> Result<Vec<u8>, Failure> {
        let headers = HeaderMap::from_iter([(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding))]);
        let mut body = Body::new(&headers, limits.body, limits.ratio)?;
        for chunk in wire.chunks(7) {
            body.push(chunk)?;
        }
        body.finish().map(|(bytes, _)| bytes)
    }

    fn encoded() -> Vec<(&'static str, Vec<u8>)> {
        vec![
            ("gzip", gzip(TEXT.as_bytes())),
            ("deflate", zlib(TEXT.as_bytes())),
            ("zstd", zstd::encode_all(TEXT.as_bytes(), 3).unwrap()),
            ("br", brotli()),
        ]
    }

    #[test]
    fn every_encoding_is_decoded() {
        for (encoding, wire) in encoded() {
            assert_eq!(decode(encoding, &wire, &Limits::default()).unwrap(), TEXT.as_bytes(), "{encoding}");
        }
    }

    #[test]
    fn truncated_streams_are_no_pages() {
        for (encoding, wire) in encoded() {
            for end in 1..wire.len() {
                let result = decode(encoding, &wire[..end], &Limits::default());
                assert!(matches!(result, Err(Failure::Encoding(_))), "{encoding} cut at {end}");
            }
        }
    }

    #[test]
    fn bombs_are_stopped() {
        let zeros = vec![0; 32 << 20];
        let limits = Limits { ratio: 100, ..Limits::default() };
        for (encoding, wire) in [("gzip", gzip(&zeros)), ("zstd", zstd::encode_all(&zeros[..], 3).unwrap())] {
            assert_eq!(decode(encoding, &wire, &limits), Err(Failure::Bomb { limit: 100 }), "{encoding}");
            let generous = Limits { ratio: 1_000_000, body: 2 << 20, ..Limits::default() };
            assert_eq!(decode(encoding, &wire, &generous), Err(Failure::BodyTooLarge { limit: 2 << 20 }), "{encoding}");
        }
    }

    #[test]
    fn a_zstd_window_too_large_is_refused() {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
        encoder.window_log(27).unwrap();
        encoder.write_all(&vec![7; 1 << 20]).unwrap();
        let wire = encoder.finish().unwrap();
        assert!(matches!(decode("zstd", &wire, &Limits::default()), Err(Failure::Encoding(_))));
    }
}
