//! `Name: value` lines, as heads of WARC records and of HTTP messages have them.
//!
//! Archives hold what crawlers met, so this is lenient where `httparse` refuses: any protocol version,
//! bare line feeds, lines without a colon (ignored), folded lines.

/// Header fields in order.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Parses the lines of a head, without its first line.
    pub(super) fn parse(head: &[u8]) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in head.split(|&byte| byte == b'\n') {
            let line = String::from_utf8_lossy(line);
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    /// The first value of this name that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty()).map(|(_, v)| v.as_str())
    }
}

/// The length of a head: up to and with its blank line, or all of it where there is none.
pub(super) fn head_length(message: &[u8]) -> usize {
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', message) {
        if matches!(&message[start..end], b"" | b"\r") {
            return end + 1;
        }
        start = end + 1;
    }
    message.len()
}

/// A `Content-Type` taken apart: the lower-case type without parameters, and the charset.
pub(super) fn content_type(value: &str) -> (String, Option<&str>) {
    let (essence, parameters) = value.split_once(';').unwrap_or((value, ""));
    let charset = parameters.split(';').filter_map(|parameter| parameter.split_once('=')).find_map(|(name, value)| {
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    });
    (essence.trim().to_ascii_lowercase(), charset)
}

#[cfg(test)]
mod tests {
    use super::{Fields, content_type, head_length};

    #[test]
    fn fields_are_found_whatever_their_spelling() {
        let fields =
            Fields::parse(b" stray\r\nContent-TYPE : text/html\nno colon\nX-Long: a\r\n\tb\nempty:\nEmpty: c\n");
        assert_eq!(fields.get("content-type"), Some("text/html"));
        assert_eq!(fields.get("X-Long"), Some("a b"));
        assert_eq!(fields.get("empty"), Some("c"));
        assert_eq!(fields.get("no colon"), None);
    }

    #[test]
    fn a_head_ends_at_its_blank_line() {
        for (message, length) in [
            (&b"A: b\r\n\r\nbody"[..], 8),
            (b"A: b\n\nbody\n\n", 6),
            (b"A: b\r\n\nbody", 7),
            (b"\r\nbody", 2),
            (b"A: b\n", 5),
            (b"", 0),
        ] {
            assert_eq!(head_length(message), length, "{}", message.escape_ascii());
        }
    }

    #[test]
    fn content_types_are_taken_apart() {
        for (value, essence, charset) in [
            ("Text/HTML; Charset=\"utf-8\"", "text/html", Some("utf-8")),
            ("text/html;level=1; charset = 'EUC-JP' ", "text/html", Some("EUC-JP")),
            ("text/html; charset=", "text/html", None),
            ("text/html;charset", "text/html", None),
            ("", "", None),
        ] {
            assert_eq!(content_type(value), (essence.to_owned(), charset), "{value}");
        }
    }
}
