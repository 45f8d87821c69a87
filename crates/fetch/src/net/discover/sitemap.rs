//! Sitemaps: XML (`urlset` and `sitemapindex`, with news and other extensions), text, gzip.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Most URLs of a sitemap (sitemaps.org).
const MAX_URLS: usize = 50_000;
/// Largest sitemap, decompressed, in bytes (sitemaps.org: 50 MB).
pub(crate) const MAX_BYTES: u64 = 50 << 20;

/// What a sitemap lists, as written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sitemap {
    pub(crate) sitemaps: Vec<String>,
    pub(crate) pages: Vec<String>,
}

/// Reads a sitemap of any kind. One that breaks off gives what came before, if anything did.
pub(crate) fn read(body: &[u8]) -> Result<Sitemap, String> {
    let plain = if body.starts_with(&[0x1f, 0x8b]) { &gunzip(body)? } else { body };
    let text = String::from_utf8_lossy(plain);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let sitemap = if text.starts_with('<') { xml(text)? } else { lines(text) };
    let empty = sitemap == Sitemap::default();
    if empty && !text.contains("<urlset") && !text.contains("<sitemapindex") {
        return Err("neither XML with <urlset> or <sitemapindex> nor a list of URLs".into());
    }
    Ok(sitemap)
}

fn gunzip(body: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let read = MultiGzDecoder::new(body).take(MAX_BYTES).read_to_end(&mut out);
    match read {
        Err(error) if out.is_empty() => Err(error.to_string()),
        _ => Ok(out),
    }
}

fn lines(text: &str) -> Sitemap {
    let pages = text.lines().map(str::trim).filter(|line| line.starts_with("http://") || line.starts_with("https://"));
    Sitemap { pages: pages.take(MAX_URLS).map(str::to_owned).collect(), sitemaps: Vec::new() }
}

/// `<loc>` directly inside `<url>` or `<sitemap>`: images and videos have their own.
fn xml(text: &str) -> Result<Sitemap, String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut sitemap = Sitemap::default();
    let mut path: Vec<String> = Vec::new();
    let mut loc = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) if path.len() < 32 => {
                path.push(tag.name().as_ref().to_owned());
                loc.clear();
            }
            Ok(Event::Start(_)) => return Err("nested too deeply".into()),
            Ok(Event::Text(part)) => loc.push_str(&part),
            Ok(Event::CData(part)) => loc.push_str(&part),
            Ok(Event::GeneralRef(reference)) => push_reference(&mut loc, &reference),
            Ok(Event::End(_)) => {
                sitemap.take(&path, &loc);
                path.pop();
                loc.clear();
            }
            Err(error) if sitemap == Sitemap::default() => return Err(error.to_string()),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
        if sitemap.pages.len() + sitemap.sitemaps.len() >= MAX_URLS {
            break;
        }
    }
    Ok(sitemap)
}

impl Sitemap {
    fn take(&mut self, path: &[String], loc: &str) {
        let [.., parent, name] = path else { return };
        if name != "loc" || loc.trim().is_empty() {
            return;
        }
        match parent.as_str() {
            "url" => self.pages.push(loc.trim().to_owned()),
            "sitemap" => self.sitemaps.push(loc.trim().to_owned()),
            _ => {}
        }
    }
}

/// `&amp;` and its like; anything else is dropped.
fn push_reference(text: &mut String, reference: &quick_xml::events::BytesRef<'_>) {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        text.push(character);
    } else {
        text.push_str(quick_xml::escape::resolve_predefined_entity(reference).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const NEWS: &str = r#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
        <url><loc> http://a.example/1?a=1&amp;b=&#50; </loc><news:news><news:title>x</news:title></news:news>
        <image:image><image:loc>http://a.example/1.png</image:loc></image:image></url>
        <url><loc><![CDATA[http://a.example/2]]></loc></url></urlset>"#;

    #[test]
    fn pages_of_a_news_sitemap() {
        assert_eq!(read(NEWS.as_bytes()).unwrap().pages, ["http://a.example/1?a=1&b=2", "http://a.example/2"]);
    }

    #[test]
    fn gzip_index_and_text() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(NEWS.as_bytes()).unwrap();
        assert_eq!(read(&encoder.finish().unwrap()).unwrap().pages.len(), 2);
        let index = "<sitemapindex><sitemap><loc>http://a.example/s.xml</loc></sitemap></sitemapindex>";
        assert_eq!(read(index.as_bytes()).unwrap().sitemaps, ["http://a.example/s.xml"]);
        assert_eq!(read(b"\xef\xbb\xbfhttp://a.example/1\r\nhttp://a.example/2").unwrap().pages.len(), 2);
    }

    #[test]
    fn broken_ones_give_what_they_have_or_an_error() {
        assert_eq!(read(&NEWS.as_bytes()[..NEWS.len() - 40]).unwrap().pages.len(), 1);
        for bad in ["", "<html><body>404", "{}", "<urlset"] {
            assert!(read(bad.as_bytes()).is_err() || read(bad.as_bytes()).unwrap() == Sitemap::default(), "{bad}");
        }
        let deep = "<a>".repeat(100_000);
        assert!(read(deep.as_bytes()).is_err());
    }

    #[test]
    fn entities_are_not_expanded() {
        let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><urlset><url><loc>http://a.example/&b;</loc></url></urlset>"#;
        assert_eq!(read(bomb.as_bytes()).unwrap().pages, ["http://a.example/"]);
    }
}
