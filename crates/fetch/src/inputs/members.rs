//! The members of a gzip file, read one after the other, beyond damage as well.
//!
//! Archives are compressed record by record so that damage costs one record. `MultiGzDecoder` gives up at the first
//! fault, so the members are told apart here.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// Most of a member's compressed bytes that are kept to look through again when it turns out to be damaged: a damaged
/// stream seldom shows at once, and what was read of it may reach into the members behind.
const KEPT_BYTES: usize = 1 << 20;
/// Bytes of a member that must tell whether a record begins it. Its header may hold a name and an extra field.
const HEAD_BYTES: usize = 4 << 10;
/// How a member begins: the magic and the only method there is.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
/// What a member must begin with for reading to go on there. Only WARC archives have a record a member.
const RECORD: [u8; 5] = *b"WARC/";

/// Decompresses all members. A fault is told once; who reads on gets the next member that begins a WARC record.
///
/// A fault is an [`io::ErrorKind::InvalidData`] if the member gave bytes, which are not to be trusted then.
pub(super) struct Members<R> {
    /// `None` at the end, and after a fault.
    decoder: Option<GzDecoder<Kept<R>>>,
    damaged: Option<Kept<R>>,
    /// Where the member begins.
    start: u64,
    /// Whether it gave any bytes.
    has_given: bool,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(bytes: R) -> Self {
        let kept = Kept { bytes, window: Vec::new(), member: 0, at: 0, offset: 0, looked_at: 0, failed: false };
        Self { decoder: Some(GzDecoder::new(kept)), damaged: None, start: 0, has_given: false }
    }

    fn begin(&mut self, mut bytes: Kept<R>) {
        (self.start, self.has_given) = (bytes.begin_member(), false);
        self.decoder = Some(GzDecoder::new(bytes));
    }

    fn told(&self, error: &io::Error) -> io::Error {
        let kind = match error.kind() {
            io::ErrorKind::InvalidInput if self.has_given => io::ErrorKind::InvalidData,
            kind => kind,
        };
        io::Error::new(kind, format!("gzip member at byte {}: {error}", self.start))
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(mut bytes) = self.damaged.take()
            && bytes.find_record()?
        {
            self.begin(bytes);
        }
        while let Some(mut decoder) = self.decoder.take() {
            match decoder.read(buffer) {
                Ok(0) if !buffer.is_empty() => {
                    let mut bytes = decoder.into_inner();
                    if !bytes.fill_buf()?.is_empty() {
                        self.begin(bytes);
                    }
                }
                Ok(count) => {
                    self.decoder = Some(decoder);
                    self.has_given |= count > 0;
                    return Ok(count);
                }
                Err(error) => {
                    let error = self.told(&error);
                    self.damaged = Some(decoder.into_inner()).filter(|bytes| !bytes.failed);
                    return Err(error);
                }
            }
        }
        Ok(0)
    }
}

/// Bytes of which the last ones are kept, to be read again.
struct Kept<R> {
    bytes: R,
    window: Vec<u8>,
    /// Where the member begins within those kept, or what is left of it.
    member: usize,
    /// The next byte within those kept; at their end it is that of `bytes`.
    at: usize,
    /// Where those kept begin.
    offset: u64,
    /// What lies before was looked through before. It is not looked through again, or made-up members within one another would
    /// make reading quadratic.
    looked_at: u64,
    /// Whether the bytes themselves could not be read, rather than decompressed.
    failed: bool,
}

impl<R: BufRead> Kept<R> {
    /// Forgets the last member, and returns where the next begins.
    fn begin_member(&mut self) -> u64 {
        self.member = self.at;
        self.forget(self.member);
        self.offset + self.member as u64
    }

    /// Drops the first bytes kept once they are as many as all others may be, so that each is moved once at most.
    fn forget(&mut self, count: usize) {
        if count == self.window.len() || count >= KEPT_BYTES {
            self.window.drain(..count);
            self.offset += count as u64;
            self.member -= count.min(self.member);
            self.at -= count;
        }
    }

    /// Goes to the next member that begins a record, back into what was read of this one; whether there is one.
    fn find_record(&mut self) -> io::Result<bool> {
        let end = self.offset + self.window.len() as u64;
        let unseen = usize::try_from(self.looked_at.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        self.at = (self.member + 1).max(unseen).min(self.at);
        self.looked_at = end;
        loop {
            self.look_ahead()?;
            let ahead = &self.window[self.at..];
            if ahead.is_empty() {
                return Ok(false);
            }
            let whole = ahead.len() - (HEAD_BYTES - 1).min(ahead.len() - 1);
            let found = memchr::memmem::find_iter(ahead, &MAGIC)
                .take_while(|&at| at < whole)
                .find(|&at| begins_record(&ahead[at..]));
            self.at += found.unwrap_or(whole);
            self.member = self.at;
            if found.is_some() {
                return Ok(true);
            }
            self.forget(self.at);
        }
    }

    /// Holds at least as many bytes ahead as tell what a member is, if there are.
    fn look_ahead(&mut self) -> io::Result<()> {
        while self.window.len() - self.at < HEAD_BYTES {
            let bytes = self.bytes.fill_buf()?;
            let count = bytes.len();
            if count == 0 {
                break;
            }
            self.window.extend_from_slice(bytes);
            self.bytes.consume(count);
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Kept<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Kept<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.window.len() {
            return Ok(&self.window[self.at..]);
        }
        let bytes = self.bytes.fill_buf();
        self.failed = bytes.is_err();
        bytes
    }

    fn consume(&mut self, count: usize) {
        if self.at == self.window.len()
            && let Ok(bytes) = self.bytes.fill_buf()
        {
            self.window.extend_from_slice(&bytes[..count]);
            self.bytes.consume(count);
        }
        self.at += count;
        if self.at > 2 * KEPT_BYTES {
            self.forget(self.at - KEPT_BYTES);
        }
    }
}

/// Whether a gzip member begins here, and a WARC record within it.
fn begins_record(bytes: &[u8]) -> bool {
    let mut record = [0; RECORD.len()];
    GzDecoder::new(bytes).read_exact(&mut record).is_ok() && record == RECORD
}
