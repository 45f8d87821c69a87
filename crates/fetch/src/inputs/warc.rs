//! WARC framing: records by their declared lengths, nothing of which is believed.
//!
//! `fastwarc` would bring forty crates (among them the abandoned `encoding`), takes a truncated record for a
//! whole one and allocates what a header says; the framing itself is this file.

use std::io::{self, BufRead, Read};

use super::InputError;
use super::error::HeaderFault;
use super::fields::Fields;
use super::payload;
use super::record::{Origin, Outcome, Record};
use super::source::Source;

/// Most bytes a WARC record's header may have. Real ones have some hundreds; URLs of 64 KiB exist.
pub(super) const MAX_HEADER_BYTES: u64 = 1 << 20;

const MAGIC: &[u8] = b"WARC/";

/// The pages of a WARC or WET file: `response`, `resource` and `conversion` records. Records of other types
/// are passed over.
pub(super) struct Warc {
    source: Source,
    origin: Origin,
    next: Next,
}

/// What stands behind the last record read.
enum Next {
    /// Not looked yet: the beginning of the file.
    Start,
    /// A record that began at this byte; its magic has been read.
    Record(u64),
    /// The end of the file.
    End,
    /// Bytes that begin no record, at this byte.
    Garbage(u64),
    /// The file could not be read any further.
    Fault(InputError),
}

/// A record's header.
struct Header {
    fields: Fields,
    length: u64,
}

impl Warc {
    pub(super) fn new(source: Source, origin: Origin) -> Self {
        Self { source, origin, next: Next::Start }
    }

    /// Reads a record whose magic has been read; `None` if it is of no interest. An error that ends the
    /// file leaves `next` at the end.
    fn record(&mut self, start: u64) -> Result<Option<Record>, InputError> {
        let header = self.header(start)?;
        let kind = header.fields.get("WARC-Type").and_then(payload::Kind::of);
        let fits = header.length <= self.origin.max_record_bytes as u64;
        let mut block = Vec::new();
        let present = match kind {
            Some(_) if fits => self.source.by_ref().take(header.length).read_to_end(&mut block).map(|read| read as u64),
            _ => io::copy(&mut self.source.by_ref().take(header.length), &mut io::sink()),
        };
        self.check_length(start, header.length, present)?;
        let Some(kind) = kind else { return Ok(None) };
        let (id, at) = (self.id(&header, start), self.origin.byte(start));
        let outcome = if fits {
            payload::read(kind, &header.fields, block, &id, &self.origin, at)
        } else {
            Outcome::Failed(self.origin.too_large(at))
        };
        Ok(Some(self.origin.record(id, at, outcome)))
    }

    /// Reads the rest of a header.
    fn header(&mut self, start: u64) -> Result<Header, InputError> {
        let bad =
            |origin: &Origin, fault| InputError::WarcHeader { path: origin.path(), at: origin.byte(start), fault };
        let mut bytes = Vec::new();
        loop {
            let room = MAX_HEADER_BYTES - bytes.len() as u64;
            let line = bytes.len();
            self.source.by_ref().take(room).read_until(b'\n', &mut bytes).map_err(|error| self.damaged(error))?;
            match &bytes[line..] {
                b"\n" | b"\r\n" => break,
                [.., b'\n'] => {}
                _ if bytes.len() as u64 == MAX_HEADER_BYTES => return Err(bad(&self.origin, HeaderFault::TooLong)),
                _ => return Err(self.damaged(io::ErrorKind::UnexpectedEof.into())),
            }
        }
        let fields = Fields::parse(&bytes);
        let length = fields.get("Content-Length").and_then(|length| length.parse().ok());
        length.map(|length| Header { fields, length }).ok_or_else(|| bad(&self.origin, HeaderFault::Length))
    }

    /// Holds a record's declared length against what was read and what follows.
    fn check_length(&mut self, start: u64, declared: u64, present: io::Result<u64>) -> Result<(), InputError> {
        let present = present.map_err(|error| self.damaged(error))?;
        let (path, at) = (self.origin.path(), self.origin.byte(start));
        if present < declared {
            return Err(InputError::WarcCut { path, at, declared, present });
        }
        match self.find_next() {
            Next::Garbage(_) => Err(InputError::WarcLength { path, at, declared }),
            next => {
                self.next = next;
                Ok(())
            }
        }
    }

    /// Passes over the line breaks between records, of which some writers leave out or add some, and reads
    /// the next record's magic.
    fn find_next(&mut self) -> Next {
        let start = match self.skip_line_breaks() {
            Ok(start) => start,
            Err(error) => return Next::Fault(self.damaged(error)),
        };
        let mut magic = Vec::with_capacity(MAGIC.len());
        match self.source.by_ref().take(MAGIC.len() as u64).read_to_end(&mut magic) {
            Err(error) => Next::Fault(self.damaged(error)),
            Ok(0) => Next::End,
            Ok(_) if magic == MAGIC => Next::Record(start),
            Ok(_) if MAGIC.starts_with(&magic) => Next::Fault(self.damaged(io::ErrorKind::UnexpectedEof.into())),
            Ok(_) => Next::Garbage(start),
        }
    }

    /// Returns the offset behind them.
    fn skip_line_breaks(&mut self) -> io::Result<u64> {
        loop {
            let bytes = self.source.fill_buf()?;
            let breaks = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let all = breaks > 0 && breaks == bytes.len();
            self.source.consume(breaks);
            if !all {
                return Ok(self.source.offset());
            }
        }
    }

    fn id(&self, header: &Header, start: u64) -> String {
        let id = header.fields.get("WARC-Record-ID").map(payload::unbracketed).filter(|id| !id.is_empty());
        id.map_or_else(|| self.origin.id_at(self.origin.byte(start)), str::to_owned)
    }

    fn damaged(&self, error: io::Error) -> InputError {
        self.origin.damaged(self.origin.byte(self.source.offset()), error)
    }
}

impl Iterator for Warc {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        loop {
            let (start, result) = match std::mem::replace(&mut self.next, Next::End) {
                Next::End => return None,
                Next::Start => {
                    self.next = self.find_next();
                    continue;
                }
                Next::Record(start) => (start, self.record(start)),
                Next::Fault(error) => (self.source.offset(), Err(error)),
                Next::Garbage(start) => {
                    let at = self.origin.byte(start);
                    (start, Err(InputError::WarcHeader { path: self.origin.path(), at, fault: HeaderFault::Magic }))
                }
            };
            match result {
                Ok(Some(record)) => return Some(record),
                Ok(None) => {}
                Err(error) => return Some(self.origin.failed(self.origin.byte(start), error)),
            }
        }
    }
}
