//! RSS, Atom and JSON feeds.

/// Most entries taken from one feed.
const MAX_ENTRIES: usize = 10_000;

/// The addresses of a feed's entries, as written. RSS 0.9 to 2.0, Atom and JSON Feed.
pub(crate) fn read(body: &[u8]) -> Result<Vec<String>, String> {
    let feed = feed_rs::parser::parse(body).map_err(|error| error.to_string())?;
    let links = feed.entries.into_iter().take(MAX_ENTRIES).filter_map(|entry| {
        let links = entry.links;
        let page = links.iter().position(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
        let link = links.into_iter().nth(page.unwrap_or(0))?;
        Some(link.href)
    });
    Ok(links.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rss_atom_and_json() {
        let feeds = [
            r#"<rss version="2.0"><channel><title>t</title><link>http://a.example/</link>
               <item><title>1</title><link>http://a.example/1</link></item></channel></rss>"#,
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>x</id><updated>2024-01-01T00:00:00Z</updated>
               <entry><title>1</title><id>1</id><updated>2024-01-01T00:00:00Z</updated>
               <link rel="enclosure" href="http://a.example/1.mp3"/><link href="http://a.example/1"/></entry></feed>"#,
            r#"{"version":"https://jsonfeed.org/version/1.1","title":"t",
               "items":[{"id":"1","url":"http://a.example/1","content_text":"x"}]}"#,
        ];
        for feed in feeds {
            assert_eq!(read(feed.as_bytes()).unwrap(), ["http://a.example/1"], "{feed}");
        }
        assert!(read(b"<html>no feed").is_err());
    }
}
