//! Where the links of a block lead, as seen from its page. Menus lead to sections, teasers to articles, a contents list to what lies below
//! the page or to its own parts, references to other sites.

use std::collections::BTreeMap;

use ahash::AHashMap;
use dechrome_page::{Block, Link, Media, Page, is_stand_in, registrable_domain};

use super::{Feature, MISSING, Row, log, set};
use crate::numbering::Numbering;

/// Blocks on each side of the window.
const WIDE: usize = 6;

/// Links of a block that are looked at, at most.
const MAX_LINKS: usize = 40;

/// Segments of a path, and words of one, that are counted: addresses are others' and may have any number.
const MOST: usize = 99;

/// Bytes of an address among which its own scheme stands.
const OWN_SCHEME: usize = 8;

/// Links of a page to its most linked site, at least, for it to be the page's own.
const HOME_LINKS: u32 = 5;
/// How many times those without a host they must be, too, where the page has another address.
const HOME_TIMES: usize = 4;

/// Fills the columns of the links.
pub(super) fn fill(page: &Page, rows: &mut [Row]) {
    if page.media == Media::Text {
        return;
    }
    let here = Here::of(page);
    let mut path = Vec::new();
    let targets: Vec<Targets> = page.blocks.iter().map(|block| Targets::of(&here, block, &mut path)).collect();
    for (targets, row) in targets.iter().zip(rows.iter_mut()) {
        targets.fill(&here, row);
    }
    fill_windows(&targets, &here, rows);
    fill_copies(&page.blocks, rows);
}

/// The address of a page, as far as it and its links tell. Of pages that are kept elsewhere, under a stand-in for their address or
/// without one, the site is the one that their links lead to.
#[derive(Debug)]
pub struct Here<'a> {
    /// Registrable domains that are the page's own; none if its site is not known.
    domains: Vec<String>,
    /// The segments of its path, the first [`MOST`] of them. None if its address is not known.
    path: Option<Vec<&'a str>>,
    /// The segments that relative links begin with.
    directory: Vec<&'a str>,
    /// Its query, with the question mark.
    query: &'a str,
}

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To the page itself or a place in it, or nowhere.
    Own,
    /// To no page: a script, an address of mail, a telephone number.
    Action,
    /// To another site, or to any where it is not known which one the page is of.
    Outside,
    /// To a page of the same site.
    Inside,
}

impl<'a> Here<'a> {
    /// The address of this page.
    pub fn of(page: &'a Page) -> Self {
        let address = page.url.as_deref().filter(|url| !is_stand_in(url));
        let stated = [page.url.as_deref(), page.metadata.canonical.as_deref()].into_iter().flatten();
        let stated: Vec<_> = stated.filter_map(|url| Some((url, registrable_domain(url)?))).collect();
        let hrefs = || page.blocks.iter().flat_map(|block| &block.links).map(|link| link.href.trim());
        let hosts = || hrefs().filter_map(|href| Some(host_of(after_scheme(href)?)));
        let verified = stated.iter().find(|(_, domain)| hosts().any(|host| is_within(host, domain)));
        let hostless = || if address.is_some() { hrefs().filter(|href| is_bare(href)).count() } else { 0 };
        let home = if verified.is_none() { home(hosts(), hostless) } else { None };
        let url = match (verified, &home) {
            (Some((url, _)), _) => Some(*url),
            (None, Some(_)) => None,
            (None, None) => address,
        };
        let base = page.metadata.base.as_deref().or(url).and_then(after_host).unwrap_or_default();
        let (path, query) = path_and_query(url.and_then(after_host).unwrap_or_default());
        Self {
            domains: if url.is_some() {
                stated.into_iter().map(|(_, domain)| domain).collect()
            } else {
                home.into_iter().collect()
            },
            path: url.map(|_| segments(path).take(MOST).collect()),
            directory: segments(directory(path_and_query(base).0)).take(MOST).collect(),
            query,
        }
    }

    /// Whether it is known which site the page is of.
    fn knows_site(&self) -> bool {
        !self.domains.is_empty()
    }

    /// Whether it is known where on its site the page is.
    fn knows_path(&self) -> bool {
        self.path.is_some()
    }

    /// Where a link leads from here; its `href` is as written in the page. `path` is what the segments of its path are written to: those
    /// of links to the page's own site.
    pub fn target<'b>(&'b self, href: &'b str, path: &mut Vec<&'b str>) -> Target {
        path.clear();
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') {
            return Target::Own;
        }
        let rest = match after_scheme(href) {
            Some(rest) => {
                let host = host_of(rest);
                if !self.domains.iter().any(|domain| is_within(host, domain)) {
                    return Target::Outside;
                }
                &rest[host.len()..]
            }
            None if is_idle(href) => return Target::Own,
            None if has_scheme(href) => return Target::Action,
            None => href,
        };
        let is_relative = rest.len() == href.len() && !href.starts_with('/');
        let (written, query) = path_and_query(rest);
        self.resolve(written, is_relative, path);
        let is_own = self.path.as_deref() == Some(path) && (query.is_empty() || query == self.query);
        if is_own { Target::Own } else { Target::Inside }
    }

    /// How many segments of a path lead the same way as those of the page's own.
    pub fn shared(&self, path: &[&str]) -> usize {
        self.path().iter().zip(path).take_while(|(own, other)| own == other).count()
    }

    /// The segments of the page's path, none if it is not known.
    pub fn path(&self) -> &[&'a str] {
        self.path.as_deref().unwrap_or_default()
    }

    /// Writes the segments of a path, resolved where it is relative.
    fn resolve<'b>(&'b self, written: &'b str, is_relative: bool, path: &mut Vec<&'b str>) {
        if is_relative {
            path.extend_from_slice(if written.is_empty() { self.path() } else { &self.directory });
        }
        for segment in segments(written) {
            match segment {
                "." => {}
                ".." => drop(path.pop()),
                segment => path.push(segment),
            }
        }
    }
}

/// The segments of the path of an address; none if it has no scheme.
pub(super) fn path_of(url: &str) -> Option<impl Iterator<Item = &str>> {
    Some(segments(path_and_query(after_host(url)?).0))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// A path up to its last slash.
fn directory(path: &str) -> &str {
    &path[..path.rfind('/').unwrap_or(0)]
}

/// The registrable domain that most of these hosts are of, if links without a host are few beside them.
fn home<'a>(hosts: impl Iterator<Item = &'a str>, bare: impl Fn() -> usize) -> Option<String> {
    let mut counts: AHashMap<&str, u32> = AHashMap::new();
    hosts.for_each(|host| *counts.entry(host).or_default() += 1);
    let all: u32 = counts.values().sum();
    let mut domains: BTreeMap<String, u32> = BTreeMap::new();
    for (host, count) in counts {
        if let Some(domain) = registrable_domain(&format!("http://{host}")) {
            *domains.entry(domain).or_default() += count;
        }
    }
    let (domain, links) = domains.into_iter().max_by_key(|&(_, links)| links)?;
    let is_home = links >= HOME_LINKS && 2 * links > all && links as usize >= HOME_TIMES * bare();
    is_home.then_some(domain)
}

/// Whether a host is a domain's, or one below it.
fn is_within(host: &str, domain: &str) -> bool {
    let host = before(host, b':');
    let before = host.len().checked_sub(domain.len());
    before.is_some_and(|before| {
        host.is_char_boundary(before)
            && host[before..].eq_ignore_ascii_case(domain)
            && (before == 0 || host.as_bytes()[before - 1] == b'.')
    })
}

/// What follows the scheme of a web page, or `//`.
fn after_scheme(href: &str) -> Option<&str> {
    let begins = |scheme: &&str| href.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let scheme = ["//", "http://", "https://"].into_iter().find(begins)?;
    Some(&href[scheme.len()..])
}

/// The host that an address without its scheme begins with.
fn host_of(rest: &str) -> &str {
    &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())]
}

/// Whether a link leads to another page by a path alone.
fn is_bare(href: &str) -> bool {
    !href.is_empty() && !href.starts_with('#') && after_scheme(href).is_none() && !has_scheme(href)
}

/// Whether a scheme begins it: a colon before any slash.
fn has_scheme(href: &str) -> bool {
    href.find([':', '/', '?', '#']).is_some_and(|at| href.as_bytes()[at] == b':')
}

/// Whether it is a script that does nothing, as pages write for "nowhere".
fn is_idle(href: &str) -> bool {
    const SCRIPT: &str = "javascript:";
    let begins = href.get(..SCRIPT.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCRIPT));
    begins && matches!(href[SCRIPT.len()..].trim_matches([';', ' ']), "" | "void(0)" | "void 0" | "//")
}

/// What follows the host of an address.
fn after_host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    Some(&rest[host_of(rest).len()..])
}

/// Path, and query with its question mark, without the fragment.
fn path_and_query(rest: &str) -> (&str, &str) {
    let rest = before(rest, b'#');
    rest.split_at(before(rest, b'?').len())
}

/// What stands before the first of these bytes, a sign of ASCII; all if there is none.
fn before(text: &str, sign: u8) -> &str {
    &text[..memchr::memchr(sign, text.as_bytes()).unwrap_or(text.len())]
}

/// What the links of a block are like, as sums.
#[derive(Debug, Clone, Copy, Default)]
struct Targets {
    links: u16,
    own: u16,
    action: u16,
    outside: u16,
    inside: u16,
    /// Links with an address in them, as those have that share the page.
    carrying: u16,
    /// Of the links inside: segments, those that lead the page's way, and words of the last one.
    segments: u16,
    shared: u16,
    words: u16,
}

impl Targets {
    fn of<'a>(here: &'a Here, block: &'a Block, path: &mut Vec<&'a str>) -> Self {
        let mut sums = Self::default();
        for Link { href, .. } in block.links.iter().take(MAX_LINKS) {
            sums.links += 1;
            sums.carrying += u16::from(carries_address(href));
            match here.target(href, path) {
                Target::Own => sums.own += 1,
                Target::Action => sums.action += 1,
                Target::Outside => sums.outside += 1,
                Target::Inside => {
                    sums.inside += 1;
                    sums.segments += path.len().min(MOST) as u16;
                    sums.shared += here.shared(path) as u16;
                    sums.words += path.last().map_or(0, |last| words(last));
                }
            }
        }
        sums
    }

    fn fill(&self, here: &Here, row: &mut Row) {
        let share = |of: u16, all: u16| if all == 0 { MISSING } else { f32::from(of) / f32::from(all) };
        for (feature, value) in [
            (Feature::link_own, share(self.own, self.links)),
            (Feature::link_action, share(self.action, self.links)),
            (Feature::link_outside, known(here.knows_site(), share(self.outside, self.links))),
            (Feature::link_carrying, share(self.carrying, self.links)),
            (Feature::link_segments, share(self.segments, self.inside)),
            (Feature::link_shared, known(here.knows_path(), share(self.shared, self.inside))),
            (Feature::link_words, share(self.words, self.inside)),
        ] {
            set(row, feature, value);
        }
    }
}

fn known(is_known: bool, value: f32) -> f32 {
    if is_known { value } else { MISSING }
}

/// Whether another address stands in this one, after its own beginning.
fn carries_address(href: &str) -> bool {
    let bytes = href.as_bytes();
    let signs: [&[u8]; 3] = [b"://", b"%3A%2F%2F", b"%3a%2f%2f"];
    let after = |&at: &usize| at >= OWN_SCHEME;
    memchr::memchr2_iter(b':', b'%', bytes)
        .filter(after)
        .any(|at| signs.iter().any(|sign| bytes[at..].starts_with(sign)))
}

/// Words of a segment: parts between hyphens, underscores and what stands for blanks.
fn words(segment: &str) -> u16 {
    1 + segment.bytes().filter(|byte| matches!(byte, b'-' | b'_' | b'+')).count().min(MOST - 1) as u16
}

/// What the links near a block are like.
fn fill_windows(targets: &[Targets], here: &Here, rows: &mut [Row]) {
    type Sums = [u32; 5];
    let of = |targets: &Targets| -> Sums {
        [targets.links, targets.outside, targets.inside, targets.shared, targets.words].map(u32::from)
    };
    let mut before: Vec<Sums> = vec![[0; 5]];
    for targets in targets {
        let last = before[before.len() - 1];
        let own = of(targets);
        before.push(std::array::from_fn(|at| last[at] + own[at]));
    }
    for (index, row) in rows.iter_mut().enumerate() {
        let (start, end) = (index.saturating_sub(WIDE), (index + WIDE + 1).min(targets.len()));
        let [links, outside, inside, shared, words]: Sums =
            std::array::from_fn(|at| before[end][at] - before[start][at]);
        let share = |of: u32, all: u32| if all == 0 { MISSING } else { of as f32 / all as f32 };
        set(row, Feature::link_outside_wide, known(here.knows_site(), share(outside, links)));
        set(row, Feature::link_shared_wide, known(here.knows_path(), share(shared, inside)));
        set(row, Feature::link_words_wide, share(words, inside));
    }
}

/// How many blocks link to where a block's first link leads, and how many of them stand above: title, picture and "read more" of a card lead
/// to one place, and so do menus above and below.
fn fill_copies(blocks: &[Block], rows: &mut [Row]) {
    let linked = blocks.iter().zip(rows).filter_map(|(block, row)| Some((first_target(block)?, row)));
    let (targets, rows): (Vec<&str>, Vec<&mut Row>) = linked.unzip();
    for ((above, all), row) in Numbering::by(targets.into_iter()).copies().zip(rows) {
        set(row, Feature::link_copies, log(all));
        set(row, Feature::link_copies_above, log(above));
    }
}

/// Where its first link leads, as it is written.
fn first_target(block: &Block) -> Option<&str> {
    let target = before(&block.links.first()?.href, b'#').trim();
    (!target.is_empty()).then_some(target)
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;

    const ADDRESS: &str = "https://www.paper.org/docs/16/indexes.html?lang=en";

    fn page(html: &str) -> Page {
        Page::read(&Capture::html("a", html).with_url(ADDRESS))
    }

    /// Where a link leads, with the path of one that leads inside.
    fn target<'a>(here: &'a Here, href: &'a str) -> (Target, String) {
        let mut path = Vec::new();
        let target = here.target(href, &mut path);
        (target, if target == Target::Inside { path.join("/") } else { String::new() })
    }

    #[test]
    fn links_are_resolved() {
        let page = page("<p>a");
        let here = Here::of(&page);
        for (href, expected, path) in [
            ("", Target::Own, ""),
            ("#top", Target::Own, ""),
            ("indexes.html?lang=en#top", Target::Own, ""),
            ("/docs/16/indexes.html", Target::Own, ""),
            ("HTTPS://paper.org/docs/16/indexes.html", Target::Own, ""),
            ("javascript:", Target::Own, ""),
            ("JavaScript:void(0);", Target::Own, ""),
            ("?lang=de", Target::Inside, "docs/16/indexes.html"),
            ("btree.html", Target::Inside, "docs/16/btree.html"),
            ("../15/./btree.html", Target::Inside, "docs/15/btree.html"),
            ("../../../../a:b", Target::Inside, "a:b"),
            ("/", Target::Inside, ""),
            ("//shop.paper.org:80/a//b/", Target::Inside, "a/b"),
            ("https://newspaper.org/a", Target::Outside, ""),
            ("https://täglich.example/a", Target::Outside, ""),
            ("mailto:desk@paper.org", Target::Action, ""),
            ("javascript:open('/a')", Target::Action, ""),
            ("ftp://paper.org/a", Target::Action, ""),
        ] {
            assert_eq!(target(&here, href), (expected, path.to_owned()), "{href}");
        }
        assert_eq!(here.shared(&["docs", "16", "btree.html"]), 2);
    }

    #[test]
    fn relative_links_begin_with_the_directory_or_the_base() {
        for (html, url, path) in [
            ("<p>a", "https://a.org/docs/16/", "docs/16/b"),
            ("<p>a", "https://a.org/docs/16", "docs/b"),
            ("<p>a", "https://a.org", "b"),
            ("<base href=/manual/>a", "https://a.org/docs/16", "manual/b"),
            ("<base href=../>a", "https://a.org/docs/16/c", "docs/b"),
        ] {
            let page = Page::read(&Capture::html("a", html).with_url(url));
            assert_eq!(target(&Here::of(&page), "b"), (Target::Inside, path.to_owned()), "{html} at {url}");
        }
    }

    #[test]
    fn a_page_kept_elsewhere_is_of_the_site_that_its_links_lead_to() {
        let links = |count| "<p><a href=https://news.paper.org/a>A</a>".repeat(count);
        let others = "<p><a href=https://social.example/b>B</a>".repeat(4);
        let bare = "<p><a href=/c>C</a>".repeat(2);
        let canonical = "<link rel=canonical href=https://paper.org/docs/16>";
        let (all, many, few) = (format!("{}{others}", links(5)), format!("{}{bare}", links(5)), links(4));
        let stated = format!("{canonical}{few}");
        // The page's links, its address; the site that is known to be its own, and its path.
        for (html, url, site, path) in [
            (&all, Some("https://paper.org/1.html"), "paper", Some("1.html")),
            (&few, Some("https://www.paper.org/1.html"), "paper", Some("1.html")),
            (&all, Some("https://archive.org/1.html"), "paper", None),
            (&many, Some("https://archive.org/1.html"), "archive", Some("1.html")),
            (&few, Some("https://archive.org/1.html"), "archive", Some("1.html")),
            (&stated, Some("https://archive.org/1.html"), "paper archive", Some("docs/16")),
            (&many, Some("https://paper.example/1.html"), "paper", None),
            (&many, None, "paper", None),
            (&few, None, "", None),
            (&others, Some("https://social.example/1.html"), "social", Some("1.html")),
        ] {
            let page = Page { url: url.map(str::to_owned), ..Page::read(&Capture::html("a", html.as_str())) };
            let here = Here::of(&page);
            for (name, href) in [
                ("paper", "https://paper.org/d"),
                ("archive", "https://archive.org/d"),
                ("social", "https://social.example/d"),
            ] {
                let expected = if site.contains(name) { Target::Inside } else { Target::Outside };
                assert_eq!(target(&here, href).0, expected, "{href} in {html} at {url:?}");
            }
            assert_eq!(here.path.as_ref().map(|path| path.join("/")).as_deref(), path, "{html} at {url:?}");
        }
    }

    #[test]
    fn columns_say_where_links_lead() {
        let page = page(
            "<p><a href=/news>News</a><p>Plain<p><a href=btree.html>B-Tree</a> <a href=/docs/16/a-long-word.html>GiST</a>\
             <p><a href='https://social.example/?u=https%3A%2F%2Fpaper.org'>Share</a><p><a href=/news#more>More</a>",
        );
        let mut rows = vec![[MISSING; super::super::COLUMNS]; page.blocks.len()];
        fill(&page, &mut rows);
        let get = |block: usize, feature: Feature| rows[block][feature as usize];
        assert_eq!((get(0, Feature::link_segments), get(0, Feature::link_shared)), (1.0, 0.0));
        assert!(get(1, Feature::link_own).is_nan() && get(1, Feature::link_copies).is_nan());
        assert_eq!((get(2, Feature::link_shared), get(2, Feature::link_words)), (2.0, 2.0));
        assert_eq!((get(3, Feature::link_outside), get(3, Feature::link_carrying)), (1.0, 1.0));
        assert_eq!((get(4, Feature::link_copies), get(4, Feature::link_copies_above)), (3_f32.ln(), 2_f32.ln()));
        assert_eq!((get(0, Feature::link_copies_above), get(1, Feature::link_outside_wide)), (0.0, 0.2));
    }
}
