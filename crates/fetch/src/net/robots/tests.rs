use std::time::{Duration, Instant};

use super::{Access, Decision, Robots};

#[derive(serde::Deserialize)]
struct Fact {
    test: String,
    txt: String,
    agent: String,
    url: String,
    want: bool,
}

/// Facts of Google's suite that RFC 9309 contradicts or does not know, as (test, path):
/// `index.html` means its directory only to Google; 2.2.2 wants both sides percent-encoded before
/// comparing (a raw `ツ` equals its escapes) and escapes of unreserved characters resolved.
const DIFFERS: [(&str, &str); 4] = [
    ("GoogleOnly_IndexHTMLisDirectory", "/allowed-slash/"),
    ("ID_Encoding", "/foo/bar/ツ"),
    ("ID_Encoding", "/foo/bar/baz"),
    ("ID_Encoding", "/foo/bar/ツ"),
];

#[test]
fn googles_facts() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/robots-facts.json");
    let Ok(json) = std::fs::read(path) else {
        println!("skipped: no shared data");
        return;
    };
    let facts: Vec<Fact> = serde_json::from_slice(&json).unwrap();
    assert_eq!(facts.len(), 145);
    let wrong: Vec<(&str, &str)> = facts
        .iter()
        .filter(|fact| Robots::parse(fact.txt.as_bytes(), &fact.agent).allows(path_of(&fact.url)) != fact.want)
        .map(|fact| (fact.test.as_str(), path_of(&fact.url)))
        .collect();
    let mut differs = DIFFERS.to_vec();
    let mut found = wrong.clone();
    differs.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, differs);
}

/// The path and query as written: the suite holds URLs that no URL parser takes.
fn path_of(url: &str) -> &str {
    let after = url.find("://").map_or(url, |at| &url[at + 3..]);
    after.find('/').map_or("/", |at| &after[at..])
}

#[test]
fn says_which_rule_forbids() {
    let robots = Robots::parse(b"# hello\r\nUser-agent: *\r\nDisallow: /a # why\r\nAllow: /a/b", "dechrome");
    let rule = robots.forbids("/a/c").unwrap();
    assert_eq!(rule.to_string(), "`Disallow: /a` (robots.txt line 3)");
    assert_eq!(robots.forbids("/a/b"), None);
}

#[test]
fn reading_is_lenient_where_it_forbids() {
    let bom =
        b"\xef\xbb\xbfUser-agent: *\rDisallow: /a\rdisalow: /b\rCrawl-delay: 1.5\rSitemap: https://a.example/s.xml";
    let robots = Robots::parse(bom, "dechrome");
    assert!(!robots.allows("/a") && !robots.allows("/b") && robots.allows("/c"));
    assert_eq!(robots.crawl_delay, Some(1.5));
    assert_eq!(robots.sitemaps, ["https://a.example/s.xml"]);
}

#[test]
fn agents_are_matched_by_product_token() {
    let robots =
        |agent| Robots::parse(b"User-agent: Dechrome/2.0 (x)\nDisallow: /a\nUser-agent: *\nDisallow: /b", agent);
    assert!(!robots("dechrome").allows("/a") && robots("dechrome").allows("/b"));
    assert!(robots("dechrom").allows("/a") && !robots("dechrom").allows("/b"));
}

#[test]
fn only_the_first_500_kib_count() {
    let mut text = b"User-agent: *\nDisallow: /early\n".to_vec();
    text.resize(super::MAX_BYTES, b'\n');
    text.extend(b"Disallow: /late\n");
    let robots = Robots::parse(&text, "dechrome");
    assert!(!robots.allows("/early") && robots.allows("/late"));
}

#[test]
fn results_of_fetching() {
    let decide = |status| Access::of(status, b"User-agent: *\nDisallow: /", "dechrome").decide("/a");
    assert!(matches!(decide(200), Decision::Forbidden(_)));
    for status in [301, 400, 401, 403, 404, 410] {
        assert_eq!(decide(status), Decision::Allowed, "{status}");
    }
    for status in [429, 500, 503, 599] {
        assert!(matches!(decide(status), Decision::Unreachable(_)), "{status}");
    }
}

/// Hostile files: many wildcard rules, many wildcards in a rule, and both at once as far as 500 KiB
/// hold them. The best of a few runs, so that a busy machine does not fail it.
#[test]
fn no_file_hangs_us() {
    let path = format!("/{}", "a".repeat(4_999));
    let many: String = (0..20_000).fold(String::new(), |rules, i| rules + &format!("Disallow: /*a{i}*b$\n"));
    let deep = format!("Disallow: {}b\n", "*a".repeat(30)).repeat(20_000);
    let stars = format!("Disallow: /{}x\n", "*".repeat(30));
    for rules in [many, deep, stars] {
        let text = format!("User-agent: *\n{rules}");
        let robots = Robots::parse(text.as_bytes(), "dechrome");
        let best = (0..5).map(|_| timed(|| assert!(robots.allows(&path)))).min().unwrap();
        assert!(best < Duration::from_millis(50), "took {best:?}");
    }
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}
