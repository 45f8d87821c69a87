//! An input's bytes: metered, decompressed, counted.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::members::Members;

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
    /// Bytes that were given back, and how many of them were read again.
    again: Vec<u8>,
    again_at: usize,
    offset: u64,
    decompressed: bool,
    goes_on: bool,
}

impl Source {
    /// Opens an input and shows the first bytes of its content. A fault within them comes up when they
    /// have been read; it is an error here if there are none before it.
    pub(super) fn open(file: impl Read + Send + 'static) -> io::Result<(Self, Vec<u8>)> {
        let (mut head, mut bytes) = peek(Box::new(BufReader::with_capacity(BUFFER_BYTES, file)))?;
        let (mut layers, mut goes_on) = (0, false);
        while layers < MAX_LAYERS {
            let is_gzip = head.starts_with(&GZIP_MAGIC);
            let inner: Box<dyn Read + Send> = if is_gzip {
                Box::new(Members::new(bytes))
            } else if head.starts_with(&ZSTD_MAGIC) {
                zstd_decoder(bytes)?
            } else {
                break;
            };
            (head, bytes) = peek(Box::new(BufReader::with_capacity(BUFFER_BYTES, inner)))?;
            (layers, goes_on) = (layers + 1, is_gzip);
        }
        let again = Vec::new();
        Ok((Self { bytes, again, again_at: 0, offset: 0, decompressed: layers > 0, goes_on }, head))
    }

    /// Whether reading goes on behind an error, at a WARC record. Else an error would come again and again.
    pub(super) fn goes_on(&self) -> bool {
        self.goes_on
    }

    /// Counts bytes that were read.
    fn advance(&mut self, count: usize) {
        self.offset += count as u64;
        if self.again_at < self.again.len() {
            self.again_at += count;
        } else if self.again_at > 0 {
            (self.again, self.again_at) = (Vec::new(), 0); // none of them can be given back in part any more
        }
    }

    /// Takes the bytes back that were read last, to be read again.
    pub(super) fn give_back(&mut self, bytes: &[u8]) {
        self.offset -= bytes.len() as u64;
        if self.again[..self.again_at].ends_with(bytes) {
            self.again_at -= bytes.len();
        } else {
            self.again.splice(..self.again_at, bytes.iter().copied());
            self.again_at = 0;
        }
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
        let count = match &self.again[self.again_at..] {
            [] => self.bytes.read(buffer)?,
            mut again => again.read(buffer)?,
        };
        self.advance(count);
        Ok(count)
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &self.again[self.again_at..] {
            [] => self.bytes.fill_buf(),
            again => Ok(again),
        }
    }

    fn consume(&mut self, count: usize) {
        if self.again_at == self.again.len() {
            self.bytes.consume(count);
        }
        self.advance(count);
    }
}

/// A copy of the first bytes, and all bytes. Where a fault comes before the first, what lies behind it is shown, if anything does.
fn peek(mut bytes: Bytes) -> io::Result<(Vec<u8>, Bytes)> {
    let mut head = Vec::new();
    let fault = bytes.by_ref().take(HEAD_BYTES).read_to_end(&mut head).err();
    let is_first = head.is_empty();
    if fault.is_some() && is_first {
        let _ = bytes.by_ref().take(HEAD_BYTES).read_to_end(&mut head); // the first fault is told
    }
    let start = Cursor::new(head.clone());
    match fault {
        None => Ok((head, Box::new(start.chain(bytes)))),
        Some(fault) if head.is_empty() => Err(fault),
        Some(fault) => {
            let fault = BufReader::new(Fault(Some(fault)));
            let bytes: Bytes = if is_first {
                Box::new(fault.chain(start).chain(bytes))
            } else {
                Box::new(start.chain(fault).chain(bytes))
            };
            Ok((head, bytes))
        }
    }
}

fn zstd_decoder(bytes: Bytes) -> io::Result<Box<dyn Read + Send>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG)?;
    Ok(Box::new(decoder))
}

/// A reader that fails once, at its end.
struct Fault(Option<io::Error>);

impl Read for Fault {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
