//! One spelling for a URL.

use url::Url;

use super::pattern::normalise;

/// Longest URL fetched, in bytes; longer ones are traps.
pub const MAX_URL: usize = 8 << 10;

/// Parses and normalises a URL as given or linked: http(s) only, no fragment, no user or password,
/// lower-case host without trailing dot, no default port, dot segments resolved, one spelling of
/// percent escapes, no empty query. Nothing that may change what a server answers is touched.
///
/// # Errors
/// Says why the URL cannot be fetched.
///
/// # Example
/// ```
/// use dechrome_fetch::net::normalise_url;
/// let url = normalise_url("HTTP://Example.COM.:80/a/../%7eb?#top").unwrap();
/// assert_eq!(url.as_str(), "http://example.com/~b");
/// ```
pub fn normalise_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text.trim()).map_err(|_| "not a URL")?;
    normalise_parsed(url)
}

/// Normalises a link found in the document at `base`.
pub(crate) fn resolve_link(base: &Url, link: &str) -> Result<Url, &'static str> {
    normalise_parsed(base.join(link.trim()).map_err(|_| "not a URL")?)
}

fn normalise_parsed(mut url: Url) -> Result<Url, &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("not http or https");
    }
    if url.as_str().len() > MAX_URL {
        return Err("longer than 8 KiB");
    }
    let host = url.host_str().unwrap_or_default();
    let bare = host.strip_suffix('.').unwrap_or(host).to_owned();
    if bare.is_empty() || bare.split('.').any(str::is_empty) {
        return Err("bad host");
    }
    if bare.len() < host.len() {
        url.set_host(Some(&bare)).map_err(|_| "bad host")?;
    }
    url.set_fragment(None);
    if !url.username().is_empty() || url.password().is_some() {
        url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| "bad credentials")?;
    }
    let path = String::from_utf8_lossy(&normalise(url.path().as_bytes())).into_owned();
    url.set_path(&path);
    if url.query() == Some("") {
        url.set_query(None);
    }
    Ok(url)
}

/// The path and query, as robots rules and scopes see them.
pub(crate) fn path_and_query(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_fall_together() {
        let cases = [
            ("http://a.example", "http://a.example/"),
            ("https://a.example:443/x#y", "https://a.example/x"),
            ("http://user:pass@a.example/", "http://a.example/"),
            ("http://a.example/%e3%83%84", "http://a.example/%E3%83%84"),
            ("http://a.example/a%2fb", "http://a.example/a%2Fb"),
            (" http://a.example/a b ", "http://a.example/a%20b"),
            ("http://b\u{fc}cher.example/", "http://xn--bcher-kva.example/"),
            ("http://0x7f.1/", "http://127.0.0.1/"),
        ];
        for (given, want) in cases {
            assert_eq!(normalise_url(given).unwrap().as_str(), want);
        }
    }

    #[test]
    fn other_schemes_are_refused() {
        for url in [
            "file:///etc/passwd",
            "ftp://a.example/",
            "javascript:1",
            "data:,x",
            "gopher://a.example/",
            "//x",
            "",
            "http://a..b/",
            "http://../",
        ] {
            assert!(normalise_url(url).is_err(), "{url}");
        }
    }
}
