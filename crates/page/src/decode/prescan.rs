//! The label a page gives itself: "prescan a byte stream to determine its encoding" and "get an XML encoding"
//! of the WHATWG HTML standard.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::inside;

/// The bytes ran out in the middle of a tag.
struct End;

struct Attribute<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

impl Attribute<'_> {
    fn is(&self, name: &[u8]) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The encoding that a `<meta>` or else an XML declaration within `bytes` names.
pub(super) fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.starts_with(b"<\0?\0x\0") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\0<\0?\0x") {
        return Some(UTF_16BE);
    }
    let mut scanner = Scanner { bytes, at: 0 };
    scanner.meta().ok().flatten().or_else(|| xml_encoding(bytes))
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    /// The first `<meta>` that names an encoding.
    fn meta(&mut self) -> Result<Option<&'static Encoding>, End> {
        while let Some(offset) = memchr::memchr(b'<', self.rest()) {
            self.at += offset;
            let rest = self.rest();
            if rest.starts_with(b"<!--") {
                // The two hyphens of `<!-->` may be those of the opening.
                self.at += 2;
                self.at += memchr::memmem::find(self.rest(), b"-->").ok_or(End)? + 3;
            } else if is_meta(rest) {
                self.at += b"<meta".len();
                if let Some(encoding) = self.meta_encoding()? {
                    return Ok(Some(encoding));
                }
            } else if is_tag(rest) {
                self.skip_while(|byte| !is_space(byte) && byte != b'>')?;
                while self.attribute()?.is_some() {}
            } else if matches!(rest.get(1), Some(b'!' | b'/' | b'?')) {
                self.skip_while(|byte| byte != b'>')?;
            } else {
                self.at += 1;
            }
        }
        Ok(None)
    }

    /// Reads the attributes of a `<meta>`.
    fn meta_encoding(&mut self) -> Result<Option<&'static Encoding>, End> {
        let mut seen: Vec<Attribute<'a>> = Vec::new();
        while let Some(attribute) = self.attribute()? {
            // The first of attributes with one name counts. A `<meta>` has few, so a list will do.
            let known = [&b"http-equiv"[..], b"content", b"charset"].iter().any(|name| attribute.is(name));
            if known && !seen.iter().any(|other| other.is(attribute.name)) {
                seen.push(attribute);
            }
        }
        let value = |name: &[u8]| seen.iter().find(|attribute| attribute.is(name)).map(|attribute| attribute.value);
        let encoding = match value(b"charset") {
            Some(label) => Encoding::for_label(label),
            None if value(b"http-equiv").is_some_and(|value| value.eq_ignore_ascii_case(b"content-type")) => {
                value(b"content").and_then(charset_of).and_then(Encoding::for_label)
            }
            None => None,
        };
        Ok(encoding.map(inside))
    }

    /// "Get an attribute": the next one of the tag, or `None` at its end.
    fn attribute(&mut self) -> Result<Option<Attribute<'a>>, End> {
        self.skip_while(|byte| is_space(byte) || byte == b'/')?;
        if self.peek()? == b'>' {
            return Ok(None);
        }
        let start = self.at;
        // An equals sign in the first place belongs to the name.
        self.at += 1;
        self.skip_while(|byte| !is_space(byte) && !matches!(byte, b'=' | b'/' | b'>'))?;
        let name = &self.bytes[start..self.at];
        self.skip_while(is_space)?;
        if self.peek()? != b'=' {
            return Ok(Some(Attribute { name, value: b"" }));
        }
        self.at += 1;
        self.skip_while(is_space)?;
        Ok(Some(Attribute { name, value: self.value()? }))
    }

    fn value(&mut self) -> Result<&'a [u8], End> {
        let quote = self.peek()?;
        let start = self.at;
        if quote == b'"' || quote == b'\'' {
            self.at += 1;
            self.skip_while(|byte| byte != quote)?;
            self.at += 1;
            return Ok(&self.bytes[start + 1..self.at - 1]);
        }
        self.skip_while(|byte| !is_space(byte) && byte != b'>')?;
        Ok(&self.bytes[start..self.at])
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Result<u8, End> {
        self.bytes.get(self.at).copied().ok_or(End)
    }

    fn skip_while(&mut self, skipped: impl Fn(u8) -> bool) -> Result<(), End> {
        self.at += self.rest().iter().position(|&byte| !skipped(byte)).ok_or(End)?;
        Ok(())
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_meta(rest: &[u8]) -> bool {
    rest.len() > 5 && rest[..5].eq_ignore_ascii_case(b"<meta") && (is_space(rest[5]) || rest[5] == b'/')
}

fn is_tag(rest: &[u8]) -> bool {
    let name = if rest.get(1) == Some(&b'/') { 2 } else { 1 };
    rest.get(name).is_some_and(u8::is_ascii_alphabetic)
}

/// "Extracting a character encoding from a `meta` element": the label in `text/html; charset=label`.
fn charset_of(content: &[u8]) -> Option<&[u8]> {
    let mut rest = content;
    loop {
        let at = rest.windows(7).position(|window| window.eq_ignore_ascii_case(b"charset"))?;
        rest = rest[at + 7..].trim_ascii_start();
        if let Some(value) = rest.strip_prefix(b"=") {
            return unquote(value.trim_ascii_start());
        }
    }
}

fn unquote(value: &[u8]) -> Option<&[u8]> {
    match value.first()? {
        &quote @ (b'"' | b'\'') => before(quote, &value[1..]),
        _ => value.split(|&byte| is_space(byte) || byte == b';').next(),
    }
}

/// "Get an XML encoding" from `<?xml … encoding="label"?>`.
fn xml_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let declaration = before(b'>', bytes.strip_prefix(b"<?xml")?)?;
    let at = memchr::memmem::find(declaration, b"encoding")? + b"encoding".len();
    let value = skip_controls(skip_controls(&declaration[at..]).strip_prefix(b"=")?);
    let &quote = value.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    Encoding::for_label(before(quote, &value[1..])?).map(inside)
}

fn skip_controls(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|&byte| byte > b' ').unwrap_or(bytes.len());
    &bytes[start..]
}

/// What stands before the first `byte`, if there is one.
fn before(byte: u8, bytes: &[u8]) -> Option<&[u8]> {
    memchr::memchr(byte, bytes).map(|at| &bytes[..at])
}
