//! No input from the network makes a reader panic, and what readers give is fit to be fetched.

use proptest::prelude::*;
use url::Url;

use super::discover::{read_feed, read_sitemap, scan};
use super::robots::Robots;
use super::url::{normalise_url, path_and_query};

/// Bytes that look a little like what the readers expect.
fn document() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "<",
        ">",
        "</",
        "/>",
        "a",
        "href=",
        "'",
        "\"",
        "loc",
        "url",
        "urlset",
        "sitemap",
        "<![CDATA[",
        "]]>",
        "<!--",
        "&amp;",
        "&#x41;",
        "&#0;",
        "http://a.example/",
        "../b",
        "//c",
        "javascript:",
        "User-agent: *",
        "Disallow: ",
        "*",
        "$",
        "%",
        "%4",
        "%zz",
        "\n",
        "\r",
        "\0",
        "#",
        ":",
        " ",
        "\u{feff}",
        "rss",
        "item",
        "link",
        "{",
        "}",
        "base",
        "meta",
        "robots",
    ]);
    let noise = prop::collection::vec(any::<u8>(), 0..4);
    prop::collection::vec(prop_oneof![8 => words.prop_map(|word| word.as_bytes().to_vec()), 1 => noise], 0..60)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn readers_take_anything(bytes in document()) {
        let base = Url::parse("http://a.example/x/y").expect("a URL");
        for link in scan(&base, &bytes, true).links {
            prop_assert!(matches!(link.scheme(), "http" | "https"));
        }
        let _ = read_sitemap(&bytes);
        let _ = read_feed(&bytes);
        let robots = Robots::parse(&bytes, "dechrome");
        let path = String::from_utf8_lossy(&bytes);
        prop_assert_eq!(robots.allows(&path), robots.forbids(&path).is_none());
        prop_assert!(robots.allows("/robots.txt"));
    }

    #[test]
    fn normalising_a_url_twice_changes_nothing(text in "(http://[a-z.%@:0-9]{1,12})?[/?#%a-zA-Z0-9.\u{e9} ]{0,24}") {
        if let Ok(url) = normalise_url(&text) {
            let again = normalise_url(url.as_str());
            prop_assert_eq!(again.as_ref(), Ok(&url));
            prop_assert!(path_and_query(&url).starts_with('/'));
        }
    }
}
