//! Header fields that several places read.

use http::{HeaderMap, header};

/// The `Content-Type` as sent.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<String> {
    text(headers, &header::CONTENT_TYPE)
}

/// The media type alone, in lower case: `text/html` of `Text/HTML; charset=x`.
pub(crate) fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The charset parameter as sent, without quotes.
pub(crate) fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}

/// A field's value as text, bytes outside UTF-8 replaced.
pub(crate) fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// All values of a field, joined by commas.
pub(crate) fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_are_taken_apart() {
        let given = "Text/HTML; Charset=\"ISO-8859-1\"; x=y";
        assert_eq!(essence(given), "text/html");
        assert_eq!(charset(given).as_deref(), Some("ISO-8859-1"));
        assert_eq!(charset("text/html"), None);
    }
}
