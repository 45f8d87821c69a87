//! JSON Lines: one page a line.

use std::borrow::Cow;
use std::io::{self, BufRead};

use dechrome_page::{Capture, Charset, Media};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use super::record::{Origin, Outcome, Position, Record};
use super::source::Source;
use super::{InputError, surrogates};

/// A line buffer larger than this is given back after its line.
const KEPT_BUFFER_BYTES: usize = 16 << 20;

/// The pages of a JSON Lines file. Blank lines are no records.
pub(super) struct JsonLines {
    source: Source,
    origin: Origin,
    line: u64,
    buffer: Vec<u8>,
    done: bool,
}

impl JsonLines {
    pub(super) fn new(source: Source, origin: Origin) -> Self {
        Self { source, origin, line: 0, buffer: Vec::new(), done: false }
    }

    /// The record of the line in the buffer.
    fn record(&mut self, at: Position) -> Record {
        match parse(&mut self.buffer) {
            Ok(line) => line.into_record(&self.origin, at),
            Err(source) => {
                let error = InputError::Json { path: self.origin.path(), at, column: source.column(), source };
                let Identity { id, url } = serde_json::from_slice(&self.buffer).unwrap_or_default();
                let id = name(id, &self.origin, at);
                self.origin.record(id, at, Outcome::Failed(error)).with_url(url)
            }
        }
    }
}

impl Iterator for JsonLines {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        while !self.done {
            self.line += 1;
            let at = self.origin.line(self.line, self.source.offset());
            self.buffer.clear();
            self.buffer.shrink_to(KEPT_BUFFER_BYTES);
            match read_line(&mut self.source, &mut self.buffer, self.origin.max_record_bytes) {
                Ok(Line::End) => self.done = true,
                Ok(Line::TooLong) => return Some(self.origin.failed(at, self.origin.too_large(at))),
                Ok(Line::Whole) => {
                    if self.line == 1 && self.buffer.starts_with("\u{feff}".as_bytes()) {
                        self.buffer.drain(..'\u{feff}'.len_utf8());
                    }
                    if !self.buffer.trim_ascii().is_empty() {
                        return Some(self.record(at));
                    }
                }
                Err(error) => {
                    self.done = true;
                    let end = self.origin.line(self.line, self.source.offset());
                    return Some(self.origin.failed(at, self.origin.damaged(end, error)));
                }
            }
        }
        None
    }
}

enum Line {
    Whole,
    TooLong,
    End,
}

/// Reads one line into `buffer`, without holding more than `limit` bytes of it.
fn read_line(source: &mut Source, buffer: &mut Vec<u8>, limit: usize) -> io::Result<Line> {
    let mut length = 0_usize;
    loop {
        let bytes = source.fill_buf()?;
        let newline = memchr::memchr(b'\n', bytes);
        let part = &bytes[..newline.unwrap_or(bytes.len())];
        length += part.len();
        if length <= limit {
            buffer.extend_from_slice(part);
        } else {
            *buffer = Vec::new();
        }
        let taken = part.len() + usize::from(newline.is_some());
        source.consume(taken);
        if newline.is_some() || taken == 0 {
            return Ok(match length {
                0 if newline.is_none() => Line::End,
                _ if length > limit => Line::TooLong,
                _ => Line::Whole,
            });
        }
    }
}

/// What a line may hold; other fields are ignored.
#[derive(Deserialize)]
struct Fields {
    id: Option<Id>,
    url: Option<String>,
    site: Option<String>,
    captured_at: Option<CapturedAt>,
    html: Option<String>,
    text: Option<String>,
}

/// What names a line of which another field is wrong.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Identity {
    #[serde(deserialize_with = "if_fits")]
    id: Option<Id>,
    #[serde(deserialize_with = "if_fits")]
    url: Option<String>,
}

/// A value of the type, else nothing.
fn if_fits<'a, T: DeserializeOwned, D: Deserializer<'a>>(value: D) -> Result<Option<T>, D::Error> {
    Ok(T::deserialize(serde_json::Value::deserialize(value)?).ok())
}

/// Numbers are ids in many data sets.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

/// RFC 3339, or Unix time in seconds, or in milliseconds as JavaScript has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum CapturedAt {
    Text(String),
    Unix(f64),
}

impl CapturedAt {
    /// RFC 3339; `None` for a number that is no time of this era.
    fn into_text(self) -> Option<String> {
        /// In seconds it is the year 5138, in milliseconds 1973, before all archives.
        const FIRST_MILLISECONDS: f64 = 1e11;
        match self {
            Self::Text(text) => Some(text),
            Self::Unix(number) => {
                let seconds = if number.abs() < FIRST_MILLISECONDS { number } else { number / 1000.0 };
                jiff::Timestamp::from_second(seconds.floor() as i64).ok().map(|time| time.to_string())
            }
        }
    }
}

/// The id that a line gives, else its place.
fn name(id: Option<Id>, origin: &Origin, at: Position) -> String {
    match id {
        Some(Id::Text(id)) if !id.is_empty() => id,
        Some(Id::Number(number)) => number.to_string(),
        _ => origin.id_at(at),
    }
}

/// Parses a line. Where that fails, tries again with lone surrogates and invalid UTF-8 replaced by
/// U+FFFD: a bad character is no reason to lose a page.
fn parse(line: &mut [u8]) -> serde_json::Result<Fields> {
    if !line.trim_ascii_start().starts_with(b"{") {
        return Err(serde_json::Error::custom("expected an object")); // serde takes an array for one
    }
    let error = match serde_json::from_slice(line) {
        Ok(fields) => return Ok(fields),
        Err(error) => error,
    };
    let mended = surrogates::mend(line);
    match String::from_utf8_lossy(line) {
        Cow::Borrowed(_) if !mended => Err(error),
        text => serde_json::from_str(&text),
    }
}

impl Fields {
    fn into_record(self, origin: &Origin, at: Position) -> Record {
        let id = name(self.id, origin, at);
        let is_blank = |body: &String| body.trim().is_empty();
        let (media, body) = match (self.html, self.text) {
            // Writers of both fields leave the one empty that they do not have.
            (Some(html), text) if text.as_ref().is_none_or(is_blank) => (Media::Html, html),
            (html, Some(text)) if html.as_ref().is_none_or(is_blank) => (Media::Text, text),
            (html, _) => {
                let path = origin.path();
                let error = match html {
                    Some(_) => InputError::TwoContents { path, at },
                    None => InputError::NoContent { path, at },
                };
                return origin.record(id, at, Outcome::Failed(error)).with_url(self.url);
            }
        };
        let capture = Capture {
            id: id.clone(),
            url: self.url,
            site: self.site,
            captured_at: self.captured_at.and_then(CapturedAt::into_text),
            directory: None,
            media,
            charset: Charset::Utf8,
            body: body.into_bytes(),
        };
        origin.record(id, at, Outcome::Page(capture))
    }
}
