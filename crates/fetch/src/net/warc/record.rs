//! Records of an exchange: response or revisit, request, metadata; each its own gzip member.
//!
//! Bodies are stored decompressed, as Common Crawl does, so that every reader can read them: the
//! sender's `Content-Encoding`, `Transfer-Encoding` and `Content-Length` become `X-Crawler-…`.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use data_encoding::BASE32;
use flate2::{Compression, GzBuilder};
use http::{HeaderMap, Version, header};
use sha1::{Digest, Sha1};

use crate::net::state::StoredPage;
use crate::net::transport::Exchange;
use crate::net::url::path_and_query;

const IDENTICAL: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";
/// Level 6 is zlib's default; see the crawl benchmark for what it costs.
const LEVEL: u32 = 6;

/// SHA-1 of a payload. Chosen because index and replay tools expect it; a collision gains its
/// maker no more than the loss of his own page.
pub(crate) fn payload_digest(body: &[u8]) -> [u8; 20] {
    Sha1::digest(body).into()
}

/// A digest as WARC fields hold it.
pub(crate) fn labelled(digest: &[u8]) -> String {
    format!("sha1:{}", BASE32.encode(digest))
}

/// Records in the making, compressed.
pub(crate) struct Records {
    out: Vec<u8>,
    random: fastrand::Rng,
}

/// The named fields of a record.
struct Fields(String);

impl Fields {
    fn new(kind: &str, id: &str, date: &str) -> Self {
        Self(format!("WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {id}\r\nWARC-Date: {date}\r\n"))
    }

    fn add(&mut self, name: &str, value: &str) {
        // Values come from the network: a line break would begin another field.
        let value = value.replace(['\r', '\n'], " ");
        self.0.extend([name, ": ", &value, "\r\n"]);
    }
}

impl Records {
    pub(crate) fn new(random: fastrand::Rng) -> Self {
        Self { out: Vec::new(), random }
    }

    /// The records so far.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// Bytes of the records so far.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// A random (version 4) UUID.
    fn id(&mut self) -> String {
        let bits = self.random.u128(..);
        let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
        let hex = format!("{bits:032x}");
        format!("<urn:uuid:{}-{}-{}-{}-{}>", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// The record that heads every file.
    pub(crate) fn info(&mut self, file_name: &str, user_agent: &str, date: &str) -> io::Result<()> {
        let id = self.id();
        let mut fields = Fields::new("warcinfo", &id, date);
        fields.add("WARC-Filename", file_name);
        fields.add("Content-Type", "application/warc-fields");
        let block = format!(
            "software: dechrome/{}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n\
             robots: obey\r\nhttp-header-user-agent: {user_agent}\r\n",
            env!("CARGO_PKG_VERSION")
        );
        self.push(fields, block.as_bytes())
    }

    /// A page: its whole answer, the request, and what is known about it. Gives the answer's record id.
    pub(crate) fn response(&mut self, exchange: &Exchange, digest: &[u8], facts: &str) -> io::Result<String> {
        let (id, mut fields) = self.begin("response", exchange);
        fields.add("WARC-Payload-Digest", &labelled(digest));
        let mut block = answer_head(exchange);
        block.extend_from_slice(&exchange.body);
        self.push(fields, &block)?;
        self.companions(exchange, &id, facts)?;
        Ok(id)
    }

    /// A page whose payload an earlier record holds: as sent (`modified`), or so the server says.
    pub(crate) fn revisit(
        &mut self,
        exchange: &Exchange,
        holder: &StoredPage,
        modified: bool,
        facts: &str,
    ) -> io::Result<()> {
        let (id, mut fields) = self.begin("revisit", exchange);
        fields.add("WARC-Profile", if modified { IDENTICAL } else { NOT_MODIFIED });
        fields.add("WARC-Payload-Digest", &holder.digest);
        fields.add("WARC-Refers-To-Target-URI", &holder.url);
        fields.add("WARC-Refers-To-Date", &holder.date);
        self.push(fields, &answer_head(exchange))?;
        self.companions(exchange, &id, facts)
    }

    fn begin(&mut self, kind: &str, exchange: &Exchange) -> (String, Fields) {
        let id = self.id();
        let mut fields = Fields::new(kind, &id, &exchange.at.to_string());
        fields.add("WARC-Target-URI", exchange.url.as_str());
        fields.add("Content-Type", "application/http; msgtype=response");
        if let Some(address) = exchange.address {
            fields.add("WARC-IP-Address", &address.to_string());
        }
        (id, fields)
    }

    fn companions(&mut self, exchange: &Exchange, response: &str, facts: &str) -> io::Result<()> {
        for (kind, content_type, block) in [
            ("request", "application/http; msgtype=request", request(exchange)),
            ("metadata", "application/warc-fields", facts.as_bytes().to_vec()),
        ] {
            let id = self.id();
            let mut fields = Fields::new(kind, &id, &exchange.at.to_string());
            fields.add("WARC-Target-URI", exchange.url.as_str());
            fields.add("WARC-Concurrent-To", response);
            fields.add("Content-Type", content_type);
            self.push(fields, &block)?;
        }
        Ok(())
    }

    fn push(&mut self, mut fields: Fields, block: &[u8]) -> io::Result<()> {
        fields.add("WARC-Block-Digest", &labelled(&Sha1::digest(block)));
        fields.add("Content-Length", &block.len().to_string());
        let mut member = GzBuilder::new().write(&mut self.out, Compression::new(LEVEL));
        member.write_all(fields.0.as_bytes())?;
        member.write_all(b"\r\n")?;
        member.write_all(block)?;
        member.write_all(b"\r\n\r\n")?;
        member.finish()?;
        Ok(())
    }
}

fn request(exchange: &Exchange) -> Vec<u8> {
    let mut head = format!("GET {} HTTP/1.1\r\nHost: {}\r\n", path_and_query(&exchange.url), authority(exchange));
    for (name, value) in &exchange.request_headers {
        let _ = write!(head, "{name}: {}\r\n", String::from_utf8_lossy(value.as_bytes()));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn authority(exchange: &Exchange) -> &str {
    &exchange.url[url::Position::BeforeHost..url::Position::AfterPort]
}

/// Status line and fields of the answer, with the fields that no longer describe the body renamed.
fn answer_head(exchange: &Exchange) -> Vec<u8> {
    // HTTP/2 has no textual head; like others we write it as HTTP/1.1.
    let version = if exchange.version == Version::HTTP_10 { "1.0" } else { "1.1" };
    let reason = exchange.status.canonical_reason().unwrap_or_default();
    let mut head = format!("HTTP/{version} {} {reason}\r\n", exchange.status.as_u16()).into_bytes();
    push_fields(&mut head, &exchange.headers);
    if !exchange.body.is_empty() {
        let _ = write!(head, "Content-Length: {}\r\n", exchange.body.len());
    }
    head.extend_from_slice(b"\r\n");
    head
}

fn push_fields(head: &mut Vec<u8>, headers: &HeaderMap) {
    for (name, value) in headers {
        let renamed = [header::CONTENT_ENCODING, header::TRANSFER_ENCODING, header::CONTENT_LENGTH].contains(name);
        head.extend_from_slice(if renamed { b"X-Crawler-" } else { b"" });
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
}
