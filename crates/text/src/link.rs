//! Link targets.

use url::{ParseError, Url};

/// Resolves link targets against the address that a page's links are relative to.
pub(crate) struct Targets {
    base: Option<Url>,
}

impl Targets {
    pub(crate) fn new(base: Option<&str>) -> Self {
        Self { base: base.and_then(|url| Url::parse(url).ok()) }
    }

    /// The address that `href` leads to; as written where the page has no address. `None` for what is no place to
    /// go to, such as a script.
    pub(crate) fn resolve(&self, href: &str) -> Option<String> {
        match Url::options().base_url(self.base.as_ref()).parse(href) {
            Ok(url) => matches!(url.scheme(), "http" | "https" | "ftp" | "mailto").then(|| url.into()),
            Err(ParseError::RelativeUrlWithoutBase) => Some(href.trim().to_owned()).filter(|href| !href.is_empty()),
            Err(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_places() {
        let (with, without) = (Targets::new(Some("https://a.example/b/c?d")), Targets::new(None));
        for (href, resolved, bare) in [
            ("e", Some("https://a.example/b/e"), Some("e")),
            ("/e f", Some("https://a.example/e%20f"), Some("/e f")),
            ("#g", Some("https://a.example/b/c?d#g"), Some("#g")),
            ("http://h.example", Some("http://h.example/"), Some("http://h.example/")),
            ("mailto:a@b.example", Some("mailto:a@b.example"), Some("mailto:a@b.example")),
            ("JavaScript:alert(1)", None, None),
            ("java\nscript:alert(1)", None, None),
            ("data:text/html,x", None, None),
            ("https://[", None, None),
        ] {
            assert_eq!(with.resolve(href).as_deref(), resolved, "{href}");
            assert_eq!(without.resolve(href).as_deref(), bare, "{href}");
        }
    }
}
