//! What a WARC record holds: a page, or why it is none.

use dechrome_page::{Capture, Charset, Media};

use super::coding::{self, CodingError};
use super::fields::{self, Fields};
use super::record::{Origin, Outcome, Position, Skip};
use super::{InputError, sniff};

/// The types of record that hold pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An HTTP response, head and all.
    Response,
    /// The payload alone.
    Resource,
    /// Text made from another record.
    Conversion,
}

impl Kind {
    /// The kind of a `WARC-Type`; `None` for those that hold no page.
    pub(super) fn of(warc_type: &str) -> Option<Self> {
        match warc_type.to_ascii_lowercase().as_str() {
            "response" => Some(Self::Response),
            "resource" => Some(Self::Resource),
            "conversion" => Some(Self::Conversion),
            _ => None,
        }
    }
}

/// Most content codings undone; real responses have one.
const MAX_CODINGS: usize = 4;

/// A payload and what its transport said of it.
struct Payload {
    body: Vec<u8>,
    content_type: Option<String>,
}

/// Reads a record's block.
pub(super) fn read(kind: Kind, fields: &Fields, block: Vec<u8>, id: &str, origin: &Origin, at: Position) -> Outcome {
    let content_type = fields.get("Content-Type").map(str::to_owned);
    let is_http = content_type.as_deref().is_none_or(|label| fields::content_type(label).0 == "application/http");
    let payload = if kind == Kind::Response && is_http {
        match response(block, origin, at) {
            Ok(Ok(payload)) => payload,
            Ok(Err(skip)) => return Outcome::Skipped(skip),
            Err(error) => return Outcome::Failed(error),
        }
    } else {
        Payload { body: block, content_type }
    };
    let label = payload.content_type.as_deref().unwrap_or_default();
    let (essence, charset) = fields::content_type(label);
    let Some(media) = media(&essence, &payload.body) else {
        return Outcome::Skipped(match essence {
            _ if payload.body.is_empty() => Skip::Empty,
            essence if essence.is_empty() => Skip::Binary,
            essence => Skip::ContentType(essence),
        });
    };
    let charset = match (kind, charset) {
        (Kind::Conversion, _) => Charset::Utf8,
        (_, Some(label)) => Charset::Declared(label.to_owned()),
        (_, None) => Charset::Unknown,
    };
    Outcome::Page(Capture {
        id: id.to_owned(),
        url: fields.get("WARC-Target-URI").map(|uri| unbracketed(uri).to_owned()),
        site: None,
        captured_at: fields.get("WARC-Date").map(str::to_owned),
        directory: None,
        media,
        charset,
        body: payload.body,
    })
}

/// A value without the `<>` that WARC 1.0 puts around its record ids, and `wget` around addresses.
pub(super) fn unbracketed(value: &str) -> &str {
    value.strip_prefix('<').and_then(|value| value.strip_suffix('>')).unwrap_or(value)
}

/// The page type that a content type stands for; labels that say nothing leave it to the content.
fn media(essence: &str, body: &[u8]) -> Option<Media> {
    match essence {
        "text/html" | "application/xhtml+xml" => Some(Media::Html),
        "text/plain" => Some(Media::Text),
        "text/xml" | "application/xml" => sniff::is_html(head(body)).then_some(Media::Html),
        "" | "application/octet-stream" | "application/unknown" | "unknown/unknown" | "*/*" | "text/*" => {
            sniff::payload(head(body))
        }
        label if !label.contains('/') => sniff::payload(head(body)),
        _ => None,
    }
}

/// Takes an HTTP response apart and undoes its codings; one that is no success is skipped.
fn response(mut block: Vec<u8>, origin: &Origin, at: Position) -> Result<Result<Payload, Skip>, InputError> {
    let length = fields::head_length(&block);
    let Some(status) = status(&block[..length]) else {
        return Err(InputError::HttpHead { path: origin.path(), at });
    };
    if !(200..300).contains(&status) {
        return Ok(Err(Skip::Status(status)));
    }
    let fields = Fields::parse(&block[..length]);
    block.drain(..length);
    let body = undo_codings(block, &fields, origin.max_record_bytes).map_err(|(coding, error)| match error {
        CodingError::TooLarge => origin.too_large(at),
        CodingError::Damaged(source) => InputError::Coding { path: origin.path(), at, coding, source },
    })?;
    Ok(Ok(Payload { body, content_type: fields.get("Content-Type").map(str::to_owned) }))
}

/// The status of `HTTP/1.1 200 OK`, whatever the version.
fn status(head: &[u8]) -> Option<u16> {
    let line = head.split(|&byte| byte == b'\n').next()?;
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.next().filter(|word| word.starts_with(b"HTTP") || word.starts_with(b"ICY"))?;
    std::str::from_utf8(words.next()?).ok()?.parse().ok()
}

/// Undoes the transfer coding, then the content codings, the last applied first. On failure names the coding.
fn undo_codings(mut body: Vec<u8>, fields: &Fields, limit: usize) -> Result<Vec<u8>, (String, CodingError)> {
    if fields.get("Transfer-Encoding").is_some_and(|codings| codings.to_ascii_lowercase().contains("chunked")) {
        body = coding::dechunk(body).map_err(|error| ("chunked".to_owned(), error))?;
    }
    for name in fields.get("Content-Encoding").unwrap_or_default().rsplit(',').take(MAX_CODINGS) {
        let name = name.trim().to_ascii_lowercase();
        body = coding::decode(body, &name, limit).map_err(|error| (name, error))?;
    }
    Ok(body)
}

/// As much of a body as tells what it is: the WHATWG's resource header.
fn head(body: &[u8]) -> &[u8] {
    &body[..body.len().min(super::source::HEAD_BYTES as usize)]
}
