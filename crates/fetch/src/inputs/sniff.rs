//! What an input holds: by its first bytes, and where they leave it open by its extension.

use dechrome_page::Media;

use super::Skip;

/// How an input is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One page.
    Page(Media),
    /// One page a line.
    JsonLines,
    /// WARC or WET.
    Warc,
}

/// Elements that begin a page: those of the WHATWG MIME Sniffing Standard and what else fragments begin with.
const FIRST_TAGS: [&[u8]; 38] = [
    b"a",
    b"article",
    b"aside",
    b"b",
    b"base",
    b"body",
    b"br",
    b"center",
    b"div",
    b"dl",
    b"font",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"head",
    b"header",
    b"hr",
    b"html",
    b"iframe",
    b"img",
    b"link",
    b"main",
    b"meta",
    b"nav",
    b"noscript",
    b"ol",
    b"p",
    b"pre",
    b"script",
    b"section",
    b"span",
    b"style",
    b"table",
    b"title",
    b"ul",
];

/// What binary files begin with that are kept under a page's name by mistake: PDF and PostScript, images,
/// archives, media.
const BINARY_MAGICS: [&[u8]; 11] = [
    b"%PDF-",
    b"%!PS-Adobe",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"PK\x03\x04",
    b"Rar!\x1a",
    b"\xfd7zXZ",
    b"OggS\0",
    b"\0\0\x01\0",
];

const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";

/// How to read an input that begins with `head`. One that was `named` by the user is read as flat text
/// when nothing else fits; one met in a directory only if its extension says so.
pub(super) fn format(head: &[u8], path: &str, named: bool) -> Result<Format, Skip> {
    if let Some(format) = of_content(head) {
        return Ok(format);
    }
    let extension = extension(path);
    match of_extension(&extension) {
        _ if BINARY_MAGICS.iter().any(|magic| head.starts_with(magic)) => Err(Skip::Binary),
        Some(format) => Ok(format),
        None if head.is_empty() => Err(Skip::Empty),
        None if is_binary(head) => Err(Skip::Binary),
        None if is_json_document(trimmed(head)) => Err(Skip::JsonDocument),
        None if named && !is_markup(head) && extension != "json" => Ok(Format::Page(Media::Text)),
        None => Err(Skip::NotAPage),
    }
}

/// What a payload without a useful `Content-Type` is; `None` for binary data and foreign markup.
pub(super) fn payload(head: &[u8]) -> Option<Media> {
    if is_html(head) {
        return Some(Media::Html);
    }
    (!head.is_empty() && !is_binary(head) && !is_markup(head)).then_some(Media::Text)
}

/// Whether bytes hold what no text does: the WHATWG's binary data bytes.
pub(super) fn is_binary(head: &[u8]) -> bool {
    let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    !utf16 && head.iter().any(|byte| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f))
}

fn of_content(head: &[u8]) -> Option<Format> {
    let start = trimmed(head);
    if start.starts_with(b"WARC/") {
        return Some(Format::Warc);
    }
    if is_json_object(start) {
        return Some(Format::JsonLines);
    }
    is_html(head).then_some(Format::Page(Media::Html))
}

/// The extension within any compression's, lower-case.
fn extension(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
    let name = [".gz", ".zst", ".zstd"].iter().fold(name.as_str(), |name, end| name.strip_suffix(end).unwrap_or(name));
    name.rsplit_once('.').map(|(_, extension)| extension.to_owned()).unwrap_or_default()
}

fn of_extension(extension: &str) -> Option<Format> {
    match extension {
        "html" | "htm" | "xhtml" => Some(Format::Page(Media::Html)),
        "txt" | "text" => Some(Format::Page(Media::Text)),
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        "warc" | "wet" => Some(Format::Warc),
        _ => None,
    }
}

/// An object that begins a line: `{"` or `{}`, but not what a pretty-printed object, a style sheet or a
/// template begins with.
fn is_json_object(start: &[u8]) -> bool {
    let Some(rest) = start.strip_prefix(b"{") else { return false };
    let rest = &rest[rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()..];
    matches!(rest.first(), Some(b'"' | b'}'))
}

/// What begins as no text, style sheet or template does: an array of objects, or an object over several lines.
fn is_json_document(start: &[u8]) -> bool {
    let inner = |open: u8| Some(start.strip_prefix(&[open])?.trim_ascii_start());
    inner(b'[')
        .and_then(|array| array.strip_prefix(b"{"))
        .is_some_and(|object| object.trim_ascii_start().starts_with(b"\""))
        || inner(b'{').is_some_and(|object| object.starts_with(b"\""))
}

/// Whether bytes begin an HTML page, after white space and byte-order mark.
pub(super) fn is_html(head: &[u8]) -> bool {
    let narrow: Vec<u8>;
    let head = if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        narrow = head[2..].iter().copied().filter(|&byte| byte != 0).collect();
        &narrow
    } else {
        head
    };
    let start = trimmed(head).to_ascii_lowercase();
    if start.starts_with(b"<?xml") {
        return contains(&start, b"<html") || contains(&start, b"<!doctype html");
    }
    start.starts_with(b"<!doctype html") || start.starts_with(b"<!--") || has_first_tag(&start)
}

fn has_first_tag(start: &[u8]) -> bool {
    let Some(rest) = start.strip_prefix(b"<") else { return false };
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let (name, rest) = rest.split_at(length);
    FIRST_TAGS.contains(&name) && matches!(rest.first(), None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/'))
}

/// Markup of another kind: XML, SVG, feeds, PHP source.
fn is_markup(head: &[u8]) -> bool {
    let start = trimmed(head);
    [&b"<?"[..], b"<svg", b"<rss", b"<feed", b"<!DOCTYPE"].iter().any(|magic| start.starts_with(magic))
}

/// Without byte-order mark and white space before the content.
fn trimmed(head: &[u8]) -> &[u8] {
    head.strip_prefix(UTF8_BOM).unwrap_or(head).trim_ascii_start()
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(text, word).is_some()
}

#[cfg(test)]
mod tests {
    use dechrome_page::Media::{Html, Text};

    use super::{Format, Skip, format};

    const PAGE: Result<Format, Skip> = Ok(Format::Page(Html));
    const FLAT: Result<Format, Skip> = Ok(Format::Page(Text));
    const LINES: Result<Format, Skip> = Ok(Format::JsonLines);

    #[test]
    fn content_comes_before_extension() {
        let cases: [(&[u8], &str, Result<Format, Skip>); 29] = [
            (b"\xef\xbb\xbf\r\n <!DOCTYPE html>", "a.txt", PAGE),
            (b"<!-- saved -->", "a", PAGE),
            (b"<HTML\n", "a.php", PAGE),
            (b"<?xml version='1.0'?>\n<!DOCTYPE html><html>", "a.xml", PAGE),
            (b"\xff\xfe<\0h\0t\0m\0l\0>\0", "a", PAGE),
            (b"words\0<p>", "a.htm", PAGE),
            (b"words", "d.v1/a.HTML.gz", PAGE),
            (b"", "a.html", PAGE),
            (b"a < b and <p> is a tag", "a.txt", FLAT),
            (b"<Ann> good morning", "a.txt", FLAT),
            (b"\xff\xfea\0b\0", "a.txt", FLAT),
            (b"{{Infobox", "a.txt", FLAT),
            (b"words", "-", FLAT),
            (b"{\"id\":1}", "a.txt", LINES),
            (b"\xef\xbb\xbf { }", "-", LINES),
            (b"broken first line\n{\"id\":1}", "a.jsonl.zst", LINES),
            (b"", "a.ndjson", LINES),
            (b"\r\nWARC/1.1\r\n", "a.html", Ok(Format::Warc)),
            (b"", "a.warc.wet.gz", Ok(Format::Warc)),
            (b"[{\"id\":1}]", "a.json", Err(Skip::JsonDocument)),
            (b"[\n  {\n \"id\":1", "-", Err(Skip::JsonDocument)),
            (b"{\r\n  \"id\":1", "a", Err(Skip::JsonDocument)),
            (b"[{1, 2}] is a set", "a", FLAT),
            (b"{\n  color: red", "a", FLAT),
            (b"%PDF-1.7", "a.html", Err(Skip::Binary)),
            (b"\x89PNG\r\n", "a.png", Err(Skip::Binary)),
            (b"\x01\x02", "a", Err(Skip::Binary)),
            (b"", "a", Err(Skip::Empty)),
            (b"<?xml version='1.0'?><rss>", "a.xml", Err(Skip::NotAPage)),
        ];
        for (head, path, expected) in cases {
            assert_eq!(format(head, path, true), expected, "{path}: {}", head.escape_ascii());
        }
    }

    #[test]
    fn text_of_unknown_extension_is_a_page_only_if_named() {
        for path in ["notes", "style.css", "README.md"] {
            assert_eq!(format(b"words", path, true), FLAT);
            assert_eq!(format(b"words", path, false), Err(Skip::NotAPage));
        }
    }
}
