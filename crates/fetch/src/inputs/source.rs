//! An input's bytes: metered, decompressed, counted.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

/// Bytes looked at to tell an input's format: the WHATWG MIME Sniffing Standard's resource header.
pub(super) const HEAD_BYTES: u64 = 1445;
/// Bytes asked of a file or a decompressor at a time.
const BUFFER_BYTES: usize = 64 << 10;
/// Most compressions around one another (`a.warc.gz.zst` has two).
const MAX_LAYERS: usize = 4;
/// Largest zstd window accepted, as a power of two: 128 MiB, the reference decoder's own limit.
const ZSTD_WINDOW_LOG: u32 = 27;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// How far the reading has come; cheap to clone into another thread.
#[derive(Debug, Clone)]
pub struct Progress {
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Progress {
    pub(super) fn new(read: Arc<AtomicU64>, total: Option<u64>) -> Self {
        Self { read, total }
    }

    /// Bytes read so far, as they lie on disk (compressed, where they are).
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes in all; `None` when an input is a stream. A file that grows meanwhile is read past it.
    pub fn total(&self) -> Option<u64> {
        self.total
    }
}

/// A file whose bytes are counted as they are read. Once it is closed, all of it counts as read.
pub(super) struct Metered<R> {
    inner: R,
    unread: u64,
    read: Arc<AtomicU64>,
}

impl<R: Read> Metered<R> {
    pub(super) fn new(inner: R, size: u64, read: Arc<AtomicU64>) -> Self {
        Self { inner, unread: size, read }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = loop {
            match self.inner.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        self.unread = self.unread.saturating_sub(count as u64);
        Ok(count)
    }
}

impl<R> Drop for Metered<R> {
    fn drop(&mut self) {
        self.read.fetch_add(self.unread, Ordering::Relaxed);
    }
}

type Bytes = Box<dyn BufRead + Send>;

/// The content of an input, whatever it was compressed with.
pub(super) struct Source {
    bytes: Bytes,
    offset: u64,
    decompressed: bool,
}

impl Source {
    /// Opens an input and shows the first bytes of its content. A fault within them comes up when they
    /// have been read; it is an error here if there are none before it.
    pub(super) fn open(file: impl Read + Send + 'static) -> io::Result<(Self, Vec<u8>)> {
        let (mut head, mut bytes) = peek(Box::new(BufReader::with_capacity(BUFFER_BYTES, file)))?;
        let mut layers = 0;
        while layers < MAX_LAYERS {
            let inner: Box<dyn Read + Send> = if head.starts_with(&GZIP_MAGIC) {
                Box::new(MultiGzDecoder::new(bytes))
            } else if head.starts_with(&ZSTD_MAGIC) {
                zstd_decoder(bytes)?
            } else {
                break;
            };
            (head, bytes) = peek(Box::new(BufReader::with_capacity(BUFFER_BYTES, inner)))?;
            layers += 1;
        }
        Ok((Self { bytes, offset: 0, decompressed: layers > 0 }, head))
    }

    /// Bytes of the content handed out so far.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the input was compressed, so that offsets are not those of the file.
    pub(super) fn is_decompressed(&self) -> bool {
        self.decompressed
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.offset += count as u64;
        Ok(count)
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.bytes.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.bytes.consume(count);
        self.offset += count as u64;
    }
}

/// A copy of the first bytes, and all bytes.
fn peek(mut bytes: Bytes) -> io::Result<(Vec<u8>, Bytes)> {
    let mut head = Vec::new();
    let fault = bytes.by_ref().take(HEAD_BYTES).read_to_end(&mut head).err();
    let start = Cursor::new(head.clone());
    match fault {
        None => Ok((head, Box::new(start.chain(bytes)))),
        Some(fault) if head.is_empty() => Err(fault),
        Some(fault) => Ok((head, Box::new(start.chain(BufReader::new(Faulty(fault)))))),
    }
}

fn zstd_decoder(bytes: Bytes) -> io::Result<Box<dyn Read + Send>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG)?;
    Ok(Box::new(decoder))
}

/// A reader that can only fail, always alike.
struct Faulty(io::Error);

impl Read for Faulty {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(self.0.kind(), self.0.to_string()))
    }
}
