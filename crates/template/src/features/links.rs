//! Where the links of a block lead, as seen from its page. Menus lead to sections, teasers to articles, a contents list to what lies below
//! the page or to its own parts, references to other sites.

use ahash::AHashMap;
use dechrome_page::{Block, Link, Media, Page, registrable_domain};

use super::{Feature, MISSING, Row, log, set};

/// Blocks on each side of the window.
const WIDE: usize = 6;

/// Links of a block that are looked at, at most.
const MAX_LINKS: usize = 40;

/// Segments of a path, and words of one, that are counted: addresses are others' and may have any number.
const MOST: usize = 99;

/// Bytes of an address among which its own scheme stands.
const OWN_SCHEME: usize = 8;

/// Fills the columns of the links.
pub(super) fn fill(page: &Page, rows: &mut [Row]) {
    if page.media == Media::Text {
        return;
    }
    let here = Here::of(page);
    let targets: Vec<Targets> = page.blocks.iter().map(|block| Targets::of(&here, block)).collect();
    for (targets, row) in targets.iter().zip(rows.iter_mut()) {
        targets.fill(row);
    }
    fill_windows(&targets, rows);
    fill_copies(&page.blocks, rows);
}

/// The address of a page.
#[derive(Debug)]
pub struct Here<'a> {
    /// Registrable domains of the page's address and of its canonical one: pages saved elsewhere have two.
    domains: Vec<String>,
    /// Segments, the first [`MOST`] of them.
    path: Vec<&'a str>,
    /// Its query, with the question mark.
    query: &'a str,
}

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// To the page itself or a place in it.
    Own,
    /// Nowhere: a script, an address of mail, a telephone number.
    Action,
    /// To another site.
    Outside,
    /// To a page of the same site: the segments of its path.
    Inside(Vec<&'a str>),
}

impl<'a> Here<'a> {
    /// The address of this page.
    pub fn of(page: &'a Page) -> Self {
        let url = page.url.as_deref();
        let own = [url, page.metadata.canonical.as_deref()];
        let domains = own.into_iter().flatten().filter_map(registrable_domain).collect();
        let (path, query) = path_and_query(url.and_then(after_host).unwrap_or_default());
        Self { domains, path: path.split('/').filter(|segment| !segment.is_empty()).take(MOST).collect(), query }
    }

    /// Where a link leads from here; its `href` is as written in the page.
    pub fn target<'b>(&'b self, href: &'b str) -> Target<'b> {
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') {
            return Target::Own;
        }
        let rest = match after_scheme(href) {
            Some(rest) => {
                let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
                if !self.domains.is_empty() && !self.is_inside(host) {
                    return Target::Outside;
                }
                &rest[host.len()..]
            }
            None if has_scheme(href) => return Target::Action,
            None => href,
        };
        let is_relative = rest.len() == href.len() && !href.starts_with('/');
        let (path, query) = path_and_query(rest);
        let segments = self.segments(path, is_relative);
        let is_own = segments == self.path && (query.is_empty() || query == self.query);
        if is_own { Target::Own } else { Target::Inside(segments) }
    }

    /// How many segments of a path lead the same way as those of the page's own.
    pub fn shared(&self, path: &[&str]) -> usize {
        self.path.iter().zip(path).take_while(|(own, other)| own == other).count()
    }

    /// The segments of the page's path.
    pub fn path(&self) -> &[&'a str] {
        &self.path
    }

    fn is_inside(&self, host: &str) -> bool {
        let host = host.split(':').next().unwrap_or_default();
        self.domains.iter().any(|domain| {
            let before = host.len().checked_sub(domain.len());
            before.is_some_and(|before| {
                host.is_char_boundary(before)
                    && host[before..].eq_ignore_ascii_case(domain)
                    && (before == 0 || host.as_bytes()[before - 1] == b'.')
            })
        })
    }

    /// A path's segments, resolved where it is relative.
    fn segments<'b>(&'b self, path: &'b str, is_relative: bool) -> Vec<&'b str> {
        let mut segments = match is_relative {
            // The page's last segment counts as a file even where a slash ends it; the model is fitted so.
            true if path.is_empty() => self.path.clone(),
            true => self.directory().to_vec(),
            false => Vec::new(),
        };
        for segment in path.split('/') {
            match segment {
                "" | "." => {}
                ".." => drop(segments.pop()),
                segment => segments.push(segment),
            }
        }
        segments
    }

    fn directory(&self) -> &[&'a str] {
        self.path.split_last().map_or(&[], |(_, directory)| directory)
    }
}

/// What follows the scheme of a web page, or `//`.
fn after_scheme(href: &str) -> Option<&str> {
    let begins = |scheme: &&str| href.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let scheme = ["//", "http://", "https://"].into_iter().find(begins)?;
    Some(&href[scheme.len()..])
}

/// Whether a scheme begins it: a colon before any slash.
fn has_scheme(href: &str) -> bool {
    href.find([':', '/', '?', '#']).is_some_and(|at| href.as_bytes()[at] == b':')
}

/// What follows the host of an address.
fn after_host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    Some(rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]))
}

/// Path, and query with its question mark, without the fragment.
fn path_and_query(rest: &str) -> (&str, &str) {
    let rest = rest.split('#').next().unwrap_or_default();
    rest.split_at(rest.find('?').unwrap_or(rest.len()))
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
    fn of(here: &Here, block: &Block) -> Self {
        let mut sums = Self::default();
        for Link { href, .. } in block.links.iter().take(MAX_LINKS) {
            sums.links += 1;
            sums.carrying += u16::from(carries_address(href));
            match here.target(href) {
                Target::Own => sums.own += 1,
                Target::Action => sums.action += 1,
                Target::Outside => sums.outside += 1,
                Target::Inside(path) => {
                    sums.inside += 1;
                    sums.segments += path.len().min(MOST) as u16;
                    sums.shared += here.shared(&path) as u16;
                    sums.words += path.last().map_or(0, |last| words(last));
                }
            }
        }
        sums
    }

    fn fill(&self, row: &mut Row) {
        let share = |of: u16, all: u16| if all == 0 { MISSING } else { f32::from(of) / f32::from(all) };
        for (feature, value) in [
            (Feature::link_own, share(self.own, self.links)),
            (Feature::link_action, share(self.action, self.links)),
            (Feature::link_outside, share(self.outside, self.links)),
            (Feature::link_carrying, share(self.carrying, self.links)),
            (Feature::link_segments, share(self.segments, self.inside)),
            (Feature::link_shared, share(self.shared, self.inside)),
            (Feature::link_words, share(self.words, self.inside)),
        ] {
            set(row, feature, value);
        }
    }
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
fn fill_windows(targets: &[Targets], rows: &mut [Row]) {
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
        set(row, Feature::link_outside_wide, share(outside, links));
        set(row, Feature::link_shared_wide, share(shared, inside));
        set(row, Feature::link_words_wide, share(words, inside));
    }
}

/// How many blocks link to where a block's first link leads, and how many of them stand above: title, picture and "read more" of a card lead
/// to one place, and so do menus above and below.
fn fill_copies(blocks: &[Block], rows: &mut [Row]) {
    let mut counts: AHashMap<&str, (u32, u32)> = AHashMap::with_capacity(blocks.len());
    let targets: Vec<Option<&str>> = blocks.iter().map(first_target).collect();
    for target in targets.iter().flatten() {
        counts.entry(target).or_default().0 += 1;
    }
    for (target, row) in targets.iter().zip(rows) {
        if let Some((count, above)) = target.and_then(|target| counts.get_mut(target)) {
            set(row, Feature::link_copies, log(*count));
            set(row, Feature::link_copies_above, log(*above));
            *above += 1;
        }
    }
}

/// Where its first link leads, as it is written.
fn first_target(block: &Block) -> Option<&str> {
    let target = block.links.first()?.href.split('#').next()?.trim();
    (!target.is_empty()).then_some(target)
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;

    fn page(html: &str) -> Page {
        Page::read(&Capture::html("a", html).with_url("https://www.paper.example/docs/16/indexes.html?lang=en"))
    }

    #[test]
    fn links_are_resolved() {
        let page = page("<p>a");
        let here = Here::of(&page);
        for (href, target) in [
            ("", Target::Own),
            ("#top", Target::Own),
            ("indexes.html?lang=en#top", Target::Own),
            ("/docs/16/indexes.html", Target::Own),
            ("HTTPS://paper.example/docs/16/indexes.html", Target::Own),
            ("?lang=de", Target::Inside(vec!["docs", "16", "indexes.html"])),
            ("btree.html", Target::Inside(vec!["docs", "16", "btree.html"])),
            ("../15/./btree.html", Target::Inside(vec!["docs", "15", "btree.html"])),
            ("../../../../a:b", Target::Inside(vec!["a:b"])),
            ("/", Target::Inside(vec![])),
            ("//shop.paper.example:80/a//b/", Target::Inside(vec!["a", "b"])),
            ("https://newspaper.example/a", Target::Outside),
            ("https://täglich.example/a", Target::Outside),
            ("mailto:desk@paper.example", Target::Action),
            ("javascript:open('/a')", Target::Action),
            ("ftp://paper.example/a", Target::Action),
        ] {
            assert_eq!(here.target(href), target, "{href}");
        }
        assert_eq!(here.shared(&["docs", "16", "btree.html"]), 2);
    }

    #[test]
    fn columns_say_where_links_lead() {
        let page = page(
            "<p><a href=/news>News</a><p>Plain<p><a href=btree.html>B-Tree</a> <a href=/docs/16/a-long-word.html>GiST</a>\
             <p><a href='https://social.example/?u=https%3A%2F%2Fpaper.example'>Share</a><p><a href=/news#more>More</a>",
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
