//! Addresses: the site a URL belongs to, and one spelling for URLs of one document.

use url::Url;

/// The registrable domain of a URL by the public suffix list (`news.example.co.uk` gives
/// `example.co.uk`); an IP address or a bare host is its own. `None` when there is no host.
///
/// # Example
/// ```
/// use dechrome_page::registrable_domain;
/// assert_eq!(registrable_domain("https://www.news.example.co.uk/a"), Some("example.co.uk".into()));
/// ```
pub fn registrable_domain(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.trim_end_matches('.');
    let domain = match url.host()? {
        url::Host::Domain(_) => psl::domain_str(host).unwrap_or(host),
        _ => host,
    };
    (!domain.is_empty()).then(|| domain.to_owned())
}

/// Whether a URL can only stand in for an address: its host ends in no public suffix, as `fakehost` and the names that are reserved for
/// examples and tests (RFC 2606) do not. An IP address is an address.
///
/// # Example
/// ```
/// use dechrome_page::is_stand_in;
/// assert!(is_stand_in("https://www.paper.example/001.html") && !is_stand_in("https://www.paper.co.uk/"));
/// ```
pub fn is_stand_in(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return true };
    match url.host() {
        Some(url::Host::Domain(host)) => public_suffix(host).is_none(),
        host => host.is_none(),
    }
}

/// Length of the known public suffix that a lower-case host ends in.
fn public_suffix(host: &str) -> Option<usize> {
    psl::suffix(host.as_bytes()).filter(psl::Suffix::is_known).map(|suffix| suffix.as_bytes().len())
}

/// The host that a directory is named after, as in mirrors of sites: `inn.example`, `www.inn.co.uk`, `inn.com:8080`. Its end must be a
/// known public suffix or one of the names reserved for examples, as `v1.2` and `notes.old` are no hosts.
pub fn host_of_directory(name: &str) -> Option<&str> {
    let host = name.split_once(':').map_or(name, |(host, _)| host);
    let (rest, last) = host.rsplit_once('.')?;
    let is_label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_known = || public_suffix(&host.to_ascii_lowercase()).is_some_and(|length| length < host.len());
    let is_suffix = ["example", "test"].iter().any(|reserved| last.eq_ignore_ascii_case(reserved)) || is_known();
    (is_suffix && is_label(last) && rest.split('.').all(is_label)).then_some(host)
}

/// One spelling for the URLs of one document: no fragment, no tracking parameters, no default port.
pub fn canonical_url(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    url.set_fragment(None);
    let kept: Vec<(String, String)> =
        url.query_pairs().filter(|(key, _)| !is_tracking(key)).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    Some(url.into())
}

/// Parameters that analytics append without changing the document.
fn is_tracking(key: &str) -> bool {
    const NAMES: [&str; 6] = ["fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid"];
    key.starts_with("utm_") || NAMES.contains(&key)
}
