//! WARC framing: records by their declared lengths, nothing of which is believed.
//!
//! `fastwarc` would bring forty crates (among them the abandoned `encoding`), takes a truncated record for a
//! whole one and allocates what a header says; the framing itself is this file.
//!
//! Where a length or a header is wrong, reading goes on with what looks like the next record, back in what was taken for
//! the wrong one's block if need be.

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
/// As many bytes tell that a record begins: its version, a line break and how a field's name begins.
const BEGINNING_BYTES: usize = 32;
/// Bytes looked through at a time for the beginning of a record.
const WINDOW_BYTES: usize = 4 << 10;

/// The pages of a WARC or WET file: `response`, `resource` and `conversion` records. Records of other types
/// are passed over.
pub(super) struct Warc {
    source: Source,
    origin: Origin,
    next: Next,
    /// What was read last of a record that is wrong: the next may begin within.
    suspect: Vec<u8>,
    /// The furthest that suspect bytes went. None before are suspected again, or lying lengths within one another would make reading
    /// quadratic.
    suspected: u64,
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
    /// The same behind a record that ended as records do, so that it is not the one that is wrong.
    GarbageApart(u64),
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
        Self { source, origin, next: Next::Start, suspect: Vec::new(), suspected: 0 }
    }

    /// Reads a record whose magic has been read; `None` if it is of no interest. An error leaves `next` at the
    /// start and what was read in `suspect`.
    fn record(&mut self, start: u64) -> Result<Option<Record>, InputError> {
        let header = self.header(start)?;
        let kind = header.fields.get("WARC-Type").and_then(payload::Kind::of);
        let (id, at) = (self.id(&header, start), self.origin.byte(start));
        if header.length > self.origin.max_record_bytes as u64 {
            self.pass_over(start, header.length)?;
            let error = self.origin.too_large(at);
            return Ok(kind.map(|_| self.origin.record(id, at, Outcome::Failed(error)).with_url(header.url())));
        }
        let mut block = Vec::new();
        let present = self.source.by_ref().take(header.length).read_to_end(&mut block);
        if let Err(error) = self.check_length(start, header.length, present.map(|read| read as u64)) {
            self.suspect = block;
            return Err(error);
        }
        let Some(kind) = kind else { return Ok(None) };
        let outcome = payload::read(kind, &header.fields, block, &id, &self.origin, at);
        Ok(Some(self.origin.record(id, at, outcome).with_url(header.url())))
    }

    /// Passes over a block that is too large to be held. It ends where a record begins, if one does before its declared end: its
    /// length is likelier wrong than it is an archive itself.
    fn pass_over(&mut self, start: u64, declared: u64) -> Result<(), InputError> {
        let begin = self.source.offset();
        let end = begin.saturating_add(declared);
        let found = self.find_beginning(end);
        let present = found.map(|()| self.source.offset() - begin);
        self.check_length(start, declared, present)
    }

    /// Reads the rest of a header.
    fn header(&mut self, start: u64) -> Result<Header, InputError> {
        let mut bytes = Vec::new();
        let fault = loop {
            let room = MAX_HEADER_BYTES - bytes.len() as u64;
            let line = bytes.len();
            self.source.by_ref().take(room).read_until(b'\n', &mut bytes).map_err(|error| self.damaged(error))?;
            match &bytes[line..] {
                b"\n" | b"\r\n" => {
                    let fields = Fields::parse(&bytes);
                    match fields.get("Content-Length").and_then(|length| length.parse().ok()) {
                        Some(length) => return Ok(Header { fields, length }),
                        None => break HeaderFault::Length,
                    }
                }
                [.., b'\n'] => {}
                _ if bytes.len() as u64 == MAX_HEADER_BYTES => break HeaderFault::TooLong,
                _ => return Err(self.damaged(io::ErrorKind::UnexpectedEof.into())),
            }
        };
        self.suspect = bytes;
        Err(InputError::WarcHeader { path: self.origin.path(), at: self.origin.byte(start), fault })
    }

    /// Holds a record's declared length against what was read and what follows.
    fn check_length(&mut self, start: u64, declared: u64, present: io::Result<u64>) -> Result<(), InputError> {
        let present = present.map_err(|error| self.damaged(error))?;
        let (path, at) = (self.origin.path(), self.origin.byte(start));
        match self.find_next() {
            Next::End if present < declared => Err(InputError::WarcCut { path, at, declared, present }),
            Next::Fault(InputError::Damaged { source, at, path }) if source.kind() == io::ErrorKind::InvalidData => {
                Err(InputError::Damaged { source, at, path }) // of this record's checksum
            }
            next @ (Next::Record(_) | Next::End | Next::Fault(_) | Next::GarbageApart(_)) if present == declared => {
                self.next = next;
                Ok(())
            }
            next => {
                if matches!(next, Next::Record(_)) {
                    self.source.give_back(MAGIC);
                }
                Err(InputError::WarcLength { path, at, declared })
            }
        }
    }

    /// Passes over the line breaks between records, of which some writers leave out or add some, and reads
    /// the next record's magic. Where it is none, nothing was read.
    fn find_next(&mut self) -> Next {
        let mut between = Vec::new();
        if let Err(error) = self.skip_line_breaks(&mut between) {
            return Next::Fault(self.damaged(error));
        }
        let start = self.source.offset();
        let mut magic = Vec::with_capacity(MAGIC.len());
        match self.source.by_ref().take(MAGIC.len() as u64).read_to_end(&mut magic) {
            Err(error) => return Next::Fault(self.damaged(error)),
            Ok(0) => return Next::End,
            Ok(_) if magic == MAGIC => return Next::Record(start),
            Ok(_) if MAGIC.starts_with(&magic) => {
                return Next::Fault(self.damaged(io::ErrorKind::UnexpectedEof.into()));
            }
            Ok(_) => {}
        }
        let lines = memchr::memchr_iter(b'\n', &between).count();
        between.extend_from_slice(&magic);
        self.source.give_back(&between);
        if lines < 2 { Next::Garbage(start) } else { Next::GarbageApart(start) }
    }

    /// Reads line breaks, no more of them than could be given back.
    fn skip_line_breaks(&mut self, read: &mut Vec<u8>) -> io::Result<()> {
        while read.len() < WINDOW_BYTES {
            let bytes = self.source.fill_buf()?;
            let breaks = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            read.extend_from_slice(&bytes[..breaks]);
            let all = breaks > 0 && breaks == bytes.len();
            self.source.consume(breaks);
            if !all {
                break;
            }
        }
        Ok(())
    }

    /// Goes to the next record behind a fault, from the bytes on that are suspected to hold it.
    fn go_on(&mut self, error: &InputError) -> Next {
        let suspect = std::mem::take(&mut self.suspect);
        if matches!(error, InputError::Damaged { .. }) {
            return if self.source.goes_on() { Next::Start } else { Next::End };
        }
        let read = self.source.offset();
        let known = self.suspected.saturating_sub(read - (suspect.len() as u64).min(read));
        let known = usize::try_from(known).map_or(suspect.len(), |known| known.min(suspect.len()));
        self.source.give_back(&suspect[known..]);
        self.suspected = self.suspected.max(read);
        match self.find_beginning(u64::MAX) {
            Ok(()) => Next::Start,
            // Damage on the way is likelier the cause than one more.
            Err(_) if self.source.goes_on() => Next::Start,
            Err(error) => Next::Fault(self.damaged(error)),
        }
    }

    /// Goes to the next beginning of a record, or to an offset if there is none before it, or to the end of the file.
    fn find_beginning(&mut self, end: u64) -> io::Result<()> {
        let mut window = Vec::new();
        let mut is_line = true;
        loop {
            let room = (end - self.source.offset()).min((WINDOW_BYTES - window.len()) as u64);
            self.source.by_ref().take(room).read_to_end(&mut window)?;
            let is_last = window.len() < WINDOW_BYTES;
            let whole = if is_last { window.len() } else { WINDOW_BYTES - BEGINNING_BYTES };
            if let Some(at) = beginning(&window, whole, is_line) {
                self.source.give_back(&window[at..]);
                return Ok(());
            }
            if is_last {
                return Ok(());
            }
            is_line = window[whole - 1] == b'\n';
            window.drain(..whole);
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

/// Where the first record begins that begins before `end`: a line of its magic and version, and a field that records have.
fn beginning(bytes: &[u8], end: usize, is_line: bool) -> Option<usize> {
    let begins = |&at: &usize| {
        let is_line = at.checked_sub(1).map_or(is_line, |before| bytes[before] == b'\n');
        let version = &bytes[at + MAGIC.len()..];
        let length = version.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
        let rest = &version[length..];
        let field = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or_default();
        let is_field = |name: &[u8]| field.get(..name.len()).is_some_and(|field| field.eq_ignore_ascii_case(name));
        is_line && (1..8).contains(&length) && (is_field(b"warc-") || is_field(b"content-"))
    };
    memchr::memmem::find_iter(bytes, MAGIC).take_while(|&at| at < end).find(begins)
}

impl Header {
    fn url(&self) -> Option<String> {
        self.fields.get("WARC-Target-URI").map(|uri| payload::unbracketed(uri).to_owned())
    }
}

impl Iterator for Warc {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        loop {
            let (start, result) = match std::mem::replace(&mut self.next, Next::Start) {
                Next::End => {
                    self.next = Next::End;
                    return None;
                }
                Next::Start => {
                    self.next = self.find_next();
                    continue;
                }
                Next::Record(start) => (start, self.record(start)),
                Next::Fault(error) => (self.source.offset(), Err(error)),
                Next::Garbage(start) | Next::GarbageApart(start) => {
                    let at = self.origin.byte(start);
                    (start, Err(InputError::WarcHeader { path: self.origin.path(), at, fault: HeaderFault::Magic }))
                }
            };
            match result {
                Ok(Some(record)) => return Some(record),
                Ok(None) => {}
                Err(error) => {
                    self.next = self.go_on(&error);
                    return Some(self.origin.failed(self.origin.byte(start), error));
                }
            }
        }
    }
}
