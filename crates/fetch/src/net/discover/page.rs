//! What the crawl needs to know of a page: its links, its canonical address, its robots meta tags.
//!
//! Tags are read off html5ever's tokenizer, which is linear in the page; no tree is built.

use std::cell::RefCell;
use std::fmt::Write;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use url::Url;

use crate::net::media;
use crate::net::task::Task;
use crate::net::transport::Exchange;
use crate::net::url::resolve_link;

/// Most links taken from a page.
const MAX_LINKS: usize = 10_000;
/// Bytes of a page that are scanned when its links do not matter.
const HEAD: usize = 256 << 10;

/// What a page says to crawlers.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct PageFacts {
    /// Targets of links that may be followed: normalised, in order, each once.
    pub(crate) links: Vec<Url>,
    /// `<link rel=canonical>`, resolved.
    pub(crate) canonical: Option<String>,
    /// `<meta name=robots>` and the like, joined by commas, lower-case.
    pub(crate) meta_robots: Option<String>,
}

impl PageFacts {
    /// What the page and its header demand of archives and indexes: recorded, for users to obey.
    pub(crate) fn robots(&self, exchange: &Exchange) -> Option<String> {
        let header = media::joined(&exchange.headers, "x-robots-tag");
        let all: Vec<String> = [header, self.meta_robots.clone()].into_iter().flatten().collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// The fields of the metadata record.
    pub(crate) fn to_fields(&self, task: &Task, exchange: &Exchange) -> String {
        let mut out = format!("fetchTimeMs: {}\r\nhopsFromSeed: {}\r\n", exchange.took.as_millis(), task.depth);
        let mut add = |name: &str, value: &str| {
            let value = value.replace(['\r', '\n'], " ");
            let _ = write!(out, "{name}: {value}\r\n");
        };
        if let Some(via) = &task.via {
            add("via", via);
        }
        for from in &task.chain {
            add("redirectedFrom", from);
        }
        if let Some(canonical) = &self.canonical {
            add("canonical", canonical);
        }
        if let Some(robots) = self.robots(exchange) {
            add("robots", &robots);
        }
        out
    }
}

/// Reads what a page says to crawlers; `links` says whether its links matter.
pub(crate) fn scan(base: &Url, body: &[u8], links: bool) -> PageFacts {
    let end = if links { body.len() } else { body.len().min(HEAD) };
    let text = String::from_utf8_lossy(&body[..end]);
    let scanner = Scanner(RefCell::new(Scan { base: base.clone(), want_links: links, ..Scan::new(base) }));
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(&text));
    let tokenizer = Tokenizer::new(scanner, html5ever::tokenizer::TokenizerOpts::default());
    // The handle is where a script would run; there are no scripts here.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

struct Scanner(RefCell<Scan>);

struct Scan {
    base: Url,
    based: bool,
    want_links: bool,
    nofollow: bool,
    hrefs: Vec<String>,
    canonical: Option<String>,
    robots: Vec<String>,
}

impl TokenSink for Scanner {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        self.0.borrow_mut().tag(&tag);
        match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

fn has_word(list: &str, word: &str) -> bool {
    list.split([' ', ',', '\t', '\n']).any(|given| given.trim().eq_ignore_ascii_case(word))
}

impl Scan {
    fn new(base: &Url) -> Self {
        Self {
            base: base.clone(),
            based: false,
            want_links: false,
            nofollow: false,
            hrefs: Vec::new(),
            canonical: None,
            robots: Vec::new(),
        }
    }

    fn tag(&mut self, tag: &Tag) {
        match &*tag.name {
            "base" if !self.based => self.rebase(tag),
            "a" | "area" => self.link(tag),
            "link" => self.relation(tag),
            "meta" => self.meta(tag),
            _ => {}
        }
    }

    fn rebase(&mut self, tag: &Tag) {
        if let Some(base) = attribute(tag, "href").and_then(|href| self.base.join(href.trim()).ok()) {
            self.based = true;
            self.base = base;
        }
    }

    fn link(&mut self, tag: &Tag) {
        let Some(href) = attribute(tag, "href") else { return };
        let refused = attribute(tag, "rel").is_some_and(|rel| has_word(rel, "nofollow"));
        if self.want_links && !refused && self.hrefs.len() < MAX_LINKS {
            self.hrefs.push(href.to_owned());
        }
    }

    fn relation(&mut self, tag: &Tag) {
        let canonical = attribute(tag, "rel").is_some_and(|rel| has_word(rel, "canonical"));
        if canonical && self.canonical.is_none() {
            self.canonical = attribute(tag, "href").map(str::to_owned);
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let name = attribute(tag, "name").unwrap_or_default().to_ascii_lowercase();
        if name == "robots" || name == crate::net::options::AGENT {
            let content = attribute(tag, "content").unwrap_or_default().to_ascii_lowercase();
            self.nofollow |= has_word(&content, "nofollow") || has_word(&content, "none");
            self.robots.push(content);
        }
    }

    fn finish(self) -> PageFacts {
        let mut seen = std::collections::HashSet::new();
        let hrefs = if self.nofollow { Vec::new() } else { self.hrefs };
        let links = hrefs.iter().filter_map(|href| resolve_link(&self.base, href).ok());
        PageFacts {
            links: links.filter(|url| seen.insert(url.clone())).collect(),
            canonical: self.canonical.and_then(|href| resolve_link(&self.base, &href).ok()).map(Into::into),
            meta_robots: (!self.robots.is_empty()).then(|| self.robots.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(html: &str) -> PageFacts {
        scan(&Url::parse("http://a.example/dir/page").unwrap(), html.as_bytes(), true)
    }

    fn links(html: &str) -> Vec<String> {
        scanned(html).links.into_iter().map(Into::into).collect()
    }

    #[test]
    fn links_are_resolved_and_taken_once() {
        let html = r#"<a href="x">1</a><A HREF='../y#z'>2</a><a href=x>3</a><a href="mailto:a@b">4</a>
            <a href="http://b.example/?a=1&amp;b=2">5</a><a rel="external nofollow" href="n">6</a><!-- <a href=c> -->
            <script>"<a href=s>"</script><title><a href=t></title><area href=map>"#;
        let want =
            ["http://a.example/dir/x", "http://a.example/y", "http://b.example/?a=1&b=2", "http://a.example/dir/map"];
        assert_eq!(links(html), want);
    }

    #[test]
    fn base_canonical_and_robots() {
        let facts = scanned(
            r#"<base href="/b/"><link rel="canonical" href="c"><meta name=ROBOTS content="NoArchive"><a href=x>"#,
        );
        assert_eq!(facts.canonical.as_deref(), Some("http://a.example/b/c"));
        assert_eq!(facts.meta_robots.as_deref(), Some("noarchive"));
        assert_eq!(facts.links[0].as_str(), "http://a.example/b/x");
        assert_eq!(links("<meta name=robots content='noindex,nofollow'><a href=x>"), [""; 0]);
    }
}
