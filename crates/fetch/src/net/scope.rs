//! What belongs to the crawl, and what is particular to a site.

use std::collections::BTreeSet;
use std::time::Duration;

use dechrome_page::registrable_domain;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use url::Url;

use super::error::FetchError;
use super::options::FetchOptions;
use super::pattern::Pattern;
use super::settings::{FetchSettings, Follow, Seed};
use super::url::path_and_query;

/// Depth of link following when a site file does not say.
const DEFAULT_DEPTH: u16 = 3;

/// The sites of a crawl; the first that a URL belongs to governs it.
pub(crate) struct Scope {
    sites: Vec<Site>,
}

/// Registrable domains and what holds for them.
struct Site {
    domains: BTreeSet<String>,
    allow: Vec<Pattern>,
    deny: Vec<Pattern>,
    /// Most links from a seed; 0: none are followed.
    depth: u16,
    delay: Option<Duration>,
    headers: HeaderMap,
}

impl Scope {
    pub(crate) fn new(options: &FetchOptions) -> Result<Self, FetchError> {
        let mut sites = options.sites.iter().map(Site::of_settings).collect::<Result<Vec<_>, _>>()?;
        sites.push(Site::of_seeds(&options.seeds, options.follow.as_ref()));
        Ok(Self { sites })
    }

    fn site(&self, url: &Url) -> Option<&Site> {
        let domain = registrable_domain(url.as_str())?;
        self.sites.iter().find(|site| site.domains.contains(&domain))
    }

    /// Whether the links of a page so many links from its seed matter.
    pub(crate) fn wants_links(&self, url: &Url, depth: u16) -> bool {
        self.site(url).is_some_and(|site| depth < site.depth)
    }

    /// Whether a URL found in a page or sitemap of the crawl belongs to it.
    pub(crate) fn admits(&self, url: &Url) -> bool {
        self.site(url).is_some_and(|site| site.admits(path_and_query(url)))
    }

    /// The delay that a site's file asks for.
    pub(crate) fn delay(&self, url: &Url) -> Option<Duration> {
        self.site(url)?.delay
    }

    /// The header fields that a site's file wants sent, to that site only.
    pub(crate) fn headers(&self, url: &Url) -> HeaderMap {
        self.site(url).map(|site| site.headers.clone()).unwrap_or_default()
    }
}

impl Site {
    fn of_settings(settings: &FetchSettings) -> Result<Self, FetchError> {
        let urls = [&settings.start, &settings.sitemaps, &settings.feeds].into_iter().flatten();
        let depth = settings.depth.unwrap_or(DEFAULT_DEPTH);
        Ok(Self {
            domains: urls.filter_map(|url| registrable_domain(url)).collect(),
            allow: patterns(&settings.allow),
            deny: patterns(&settings.deny),
            depth: if settings.allow.is_empty() { 0 } else { depth },
            delay: settings.delay,
            headers: headers(settings)?,
        })
    }

    fn of_seeds(seeds: &[Seed], follow: Option<&Follow>) -> Self {
        Self {
            domains: seeds.iter().filter_map(|seed| registrable_domain(seed.url.trim())).collect(),
            allow: follow.map(|follow| patterns(&follow.allow)).unwrap_or_default(),
            deny: follow.map(|follow| patterns(&follow.deny)).unwrap_or_default(),
            depth: follow.map_or(0, |follow| follow.depth),
            delay: None,
            headers: HeaderMap::new(),
        }
    }

    fn admits(&self, path: &str) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(path));
        (self.allow.is_empty() || any(&self.allow)) && !any(&self.deny)
    }
}

fn patterns(texts: &[String]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::new(text)).collect()
}

fn headers(settings: &FetchSettings) -> Result<HeaderMap, FetchError> {
    let one = |(name, value): (&String, &String)| {
        let bad = |reason: String| FetchError::BadHeader { name: name.clone(), reason };
        let key = HeaderName::try_from(name.as_str()).map_err(|error| bad(error.to_string()))?;
        let value = HeaderValue::try_from(value.as_str()).map_err(|error| bad(error.to_string()))?;
        Ok((key, value))
    };
    settings.headers.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn scope() -> Scope {
        let settings = FetchSettings {
            start: vec!["https://www.news.example/".into()],
            allow: vec!["/a/".into(), "/b*.html$".into()],
            deny: vec!["/*print=".into()],
            delay: Some(Duration::from_millis(2_500)),
            headers: [("X-Key".to_owned(), "secret".to_owned())].into(),
            ..FetchSettings::default()
        };
        let seeds = vec![Seed::page("http://other.example/")];
        Scope::new(&FetchOptions { sites: vec![settings], seeds, ..FetchOptions::default() }).unwrap()
    }

    #[test]
    fn a_table_governs_its_own_site() {
        let scope = scope();
        for (given, want) in [
            ("https://static.news.example/a/1", true),
            ("https://news.example/b/2.html", true),
            ("https://news.example/b/2.html?x", false),
            ("https://news.example/a/1?print=1", false),
            ("https://news.example/c", false),
            ("https://elsewhere.example/a/1", false),
        ] {
            assert_eq!(scope.admits(&url(given)), want, "{given}");
        }
        assert!(
            scope.wants_links(&url("https://news.example/"), 2) && !scope.wants_links(&url("https://news.example/"), 3)
        );
        assert!(!scope.wants_links(&url("http://other.example/"), 0));
    }

    #[test]
    fn headers_and_delays_stay_on_their_site() {
        let scope = scope();
        assert_eq!(scope.headers(&url("https://news.example/")).len(), 1);
        assert!(scope.headers(&url("https://other.example/")).is_empty());
        assert_eq!(scope.delay(&url("https://news.example/")), Some(Duration::from_millis(2_500)));
        assert_eq!(scope.delay(&url("https://other.example/")), None);
    }
}
