//! One pass over a tree for the elements that tell of the page.

use ego_tree::NodeRef;
use html5ever::local_name;
use scraper::node::Element;
use scraper::{Html, Node};

use super::value;

/// Longest text of a byline, date line or tag, in bytes; more is prose.
const LINE: usize = 240;
/// Most nodes below an element looked at for its text.
const NODES: usize = 60;
/// Most marks of one kind kept; a page's own come first.
const MOST: usize = 24;
/// Text lines after the headline that may be its byline or date line.
const AFTER_HEADLINE: usize = 16;
/// Ancestors asked whether a mark stands in comments or a list of other pages.
const ANCESTORS: usize = 12;

/// Words of class names that mark an author; each begins with `a`, `b` or `u`.
const AUTHOR_WORDS: &[&[u8]] = &[b"byline", b"author", b"authors", b"autor", b"auteur", b"autore", b"username"];
/// Directories that hold the pages of a site's authors.
const AUTHOR_PATHS: [&str; 4] = ["/author/", "/authors/", "/autor/", "/auteur/"];
/// Words of class names that mark a date; each begins with `d`, `p`, `t` or `f`.
const DATE_WORDS: &[&[u8]] =
    &[b"date", b"published", b"posted", b"pubdate", b"timestamp", b"dateline", b"datetime", b"datum", b"fecha"];
/// Words of class names of what stands beside the page's own text.
const ASIDE_WORDS: &[&[u8]] = &[b"comment", b"comments", b"related", b"sidebar", b"recent", b"popular", b"trending"];

/// What the markup of a page holds, in the page's order.
#[derive(Debug, Default)]
pub(super) struct Head<'a> {
    /// `name`, `property` or `http-equiv` of each `<meta>`, lower-case, with its content.
    pub(super) metas: Vec<(String, &'a str)>,
    pub(super) title: Option<String>,
    pub(super) headings: Vec<String>,
    pub(super) subheadings: Vec<String>,
    pub(super) scripts: Vec<String>,
    pub(super) language: Option<&'a str>,
    pub(super) canonical: Option<&'a str>,
    /// The first `<base href>`.
    pub(super) base: Option<&'a str>,
    /// Names marked as the author's in the vocabulary of HTML and microdata.
    pub(super) authors: Vec<String>,
    /// Lines in elements of a byline's or author's class.
    pub(super) bylines: Vec<String>,
    /// Dates marked as that of publishing.
    pub(super) published: Vec<String>,
    /// Values of other `<time>` elements, after the headline if there is one.
    pub(super) times: Vec<String>,
    /// Lines in elements of a date's class.
    pub(super) date_lines: Vec<String>,
    /// The first lines after the headline.
    pub(super) after_headline: Vec<String>,
    pub(super) tags: Vec<String>,
}

/// Attributes looked at; one pass over them is cheaper than asking for each.
#[derive(Default)]
struct Hints<'a> {
    class: &'a str,
    rel: &'a str,
    itemprop: &'a str,
    href: &'a str,
}

impl<'a> Head<'a> {
    /// Scans the tree once.
    pub(super) fn scan(tree: &'a Html) -> Self {
        let mut head = Self::default();
        for node in tree.tree.nodes() {
            match node.value() {
                Node::Element(element) => head.element(node, element),
                Node::Text(text) if !head.headings.is_empty() && head.after_headline.len() < AFTER_HEADLINE => {
                    head.line_after_headline(node, text);
                }
                _ => {}
            }
        }
        head
    }

    fn element(&mut self, node: NodeRef<'a, Node>, element: &'a Element) {
        match element.name.local {
            local_name!("meta") => self.on_meta(element),
            local_name!("title") => {
                let in_svg = element.name.ns != html5ever::ns!(html);
                if self.title.is_none() && !in_svg {
                    self.title = text_of(node, value::SHORT);
                }
            }
            local_name!("html") => self.language = self.language.or_else(|| element.attr("lang")),
            local_name!("link") => {
                if element.attr("rel").is_some_and(|rel| rel.trim().eq_ignore_ascii_case("canonical")) {
                    self.canonical = self.canonical.or_else(|| element.attr("href"));
                }
            }
            local_name!("base") => self.base = self.base.or_else(|| element.attr("href")),
            local_name!("script") => self.script(node, element),
            local_name!("h1") if self.headings.len() < MOST => push(&mut self.headings, text_of(node, value::SHORT)),
            local_name!("h2") if self.subheadings.len() < MOST => {
                push(&mut self.subheadings, text_of(node, value::SHORT));
            }
            local_name!("time") => self.time(node, element),
            _ => {}
        }
        self.marked(node, element);
    }

    fn on_meta(&mut self, element: &'a Element) {
        let Some(content) = element.attr("content").filter(|content| !content.trim().is_empty()) else { return };
        for key in ["property", "name", "http-equiv"] {
            if let Some(name) = element.attr(key) {
                self.metas.push((name.trim().to_ascii_lowercase(), content));
            }
        }
    }

    fn script(&mut self, node: NodeRef<'a, Node>, element: &'a Element) {
        let json_ld = |kind: &str| kind.trim().to_ascii_lowercase().starts_with("application/ld+json");
        if element.attr("type").is_some_and(json_ld) {
            self.scripts
                .push(node.children().filter_map(|child| child.value().as_text()).map(|text| &**text).collect());
        }
    }

    fn time(&mut self, node: NodeRef<'a, Node>, element: &'a Element) {
        if self.times.len() >= MOST || is_aside(node) {
            return;
        }
        let value = element.attr("datetime").map_or_else(|| text_of(node, LINE), |value| value::line(value, LINE));
        let class = element.attr("class").unwrap_or_default();
        let updated = words(class).any(|word| is_one_of(word, &[b"updated", b"modified"]));
        if element.attr("pubdate").is_some() {
            push(&mut self.published, value);
        } else if !updated {
            push(&mut self.times, value);
        }
    }

    /// Elements whose `rel`, `itemprop` or class says what they hold.
    fn marked(&mut self, node: NodeRef<'a, Node>, element: &'a Element) {
        let hints = Hints::of(element);
        let rel = |name: &str| hints.rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(name));
        let prop = |name: &str| hints.itemprop.split_ascii_whitespace().any(|word| word == name);
        let published = !hints.itemprop.is_empty() && (prop("datePublished") || prop("dateCreated"));
        if published && self.published.len() < MOST {
            let value = element.attr("content").or_else(|| element.attr("datetime"));
            push(&mut self.published, value.map_or_else(|| text_of(node, LINE), |value| value::line(value, LINE)));
        }
        let author = (!hints.rel.is_empty() && rel("author")) || (!hints.itemprop.is_empty() && prop("author"));
        if author && self.authors.len() < MOST && !is_aside(node) {
            let name = named_part(node).or_else(|| element.attr("content").and_then(|name| value::line(name, LINE)));
            push(&mut self.authors, name.or_else(|| lines_of(node)));
        }
        if !hints.rel.is_empty() && rel("tag") && self.tags.len() < MOST && !is_aside(node) {
            push(&mut self.tags, text_of(node, LINE));
        }
        if !hints.class.is_empty() {
            self.classed(node, hints.class);
        }
        if element.name.local == local_name!("a") && self.bylines.len() < MOST {
            let of_author = AUTHOR_PATHS.iter().any(|path| hints.href.contains(path));
            let name = Some(node).filter(|node| of_author && !is_aside(*node)).and_then(lines_of);
            push(&mut self.bylines, name);
        }
    }

    fn classed(&mut self, node: NodeRef<'a, Node>, class: &str) {
        let (mut author, mut date) = (false, false);
        for word in words(class) {
            // Most words are neither; their first letter says so.
            match word[0] | 0x20 {
                b'a' | b'b' | b'u' => author |= is_one_of(word, AUTHOR_WORDS),
                b'd' | b'p' | b't' | b'f' => date |= is_one_of(word, DATE_WORDS),
                _ => {}
            }
        }
        if author && self.bylines.len() < MOST && !is_aside(node) {
            push(&mut self.bylines, lines_of(node));
        }
        if date && self.date_lines.len() < MOST && !is_aside(node) {
            push(&mut self.date_lines, text_of(node, LINE));
        }
    }

    fn line_after_headline(&mut self, node: NodeRef<'a, Node>, text: &str) {
        let in_heading = node.ancestors().take(3).any(|node| {
            let name = node.value().as_element().map(|element| &element.name.local);
            matches!(name, Some(&local_name!("h1") | &local_name!("script") | &local_name!("style")))
        });
        if !in_heading && !text.trim().is_empty() {
            self.after_headline.push(value::line(text, LINE).unwrap_or_default());
        }
    }
}

impl<'a> Hints<'a> {
    fn of(element: &'a Element) -> Self {
        let mut hints = Self::default();
        for (name, value) in &element.attrs {
            match name.local {
                local_name!("class") => hints.class = value,
                local_name!("rel") => hints.rel = value,
                local_name!("itemprop") => hints.itemprop = value,
                local_name!("href") => hints.href = value,
                _ => {}
            }
        }
        hints
    }
}

fn push(list: &mut Vec<String>, value: Option<String>) {
    list.extend(value);
}

/// The text below a node, if there is some and it is short.
pub(super) fn text_of(node: NodeRef<'_, Node>, longest: usize) -> Option<String> {
    joined(node, longest, " ")
}

/// As [`text_of`], with ` | ` between lines.
fn lines_of(node: NodeRef<'_, Node>) -> Option<String> {
    joined(node, LINE, " | ")
}

fn joined(node: NodeRef<'_, Node>, longest: usize, line_break: &str) -> Option<String> {
    let mut text = String::new();
    for node in node.descendants().take(NODES) {
        match node.value() {
            // Nested marks around one endless text must not copy it each.
            Node::Text(part) if part.len() > longest * 4 => return None,
            Node::Text(part) => text.push_str(part),
            Node::Element(element) if !is_within_words(element) => {
                text.push_str(if starts_line(element) && !text.trim().is_empty() { line_break } else { " " });
            }
            _ => {}
        }
        if text.len() > longest * 2 {
            return None;
        }
    }
    value::line(&text, value::SHORT).filter(|text| text.len() <= longest)
}

fn starts_line(element: &Element) -> bool {
    matches!(
        element.name.local,
        local_name!("div") | local_name!("p") | local_name!("br") | local_name!("li") | local_name!("time")
    )
}

/// Elements that may stand in the middle of a word. Others part words, also `<span>`s laid side by side.
fn is_within_words(element: &Element) -> bool {
    matches!(
        element.name.local,
        local_name!("b")
            | local_name!("i")
            | local_name!("em")
            | local_name!("strong")
            | local_name!("sub")
            | local_name!("sup")
            | local_name!("mark")
            | local_name!("font")
            | local_name!("wbr")
    )
}

/// The `itemprop=name` below an author.
fn named_part(node: NodeRef<'_, Node>) -> Option<String> {
    let part = node
        .descendants()
        .skip(1)
        .take(NODES)
        .find(|node| node.value().as_element().is_some_and(|element| element.attr("itemprop") == Some("name")))?;
    let content = part.value().as_element().and_then(|element| element.attr("content"));
    content.map_or_else(|| text_of(part, LINE), |content| value::line(content, LINE))
}

/// Whether a node stands in comments, a footer, or teasers of other pages.
fn is_aside(node: NodeRef<'_, Node>) -> bool {
    node.ancestors().take(ANCESTORS).filter_map(|node| node.value().as_element()).any(|element| {
        matches!(element.name.local, local_name!("footer") | local_name!("nav") | local_name!("aside"))
            || words(Hints::of(element).class).any(|word| is_one_of(word, ASIDE_WORDS))
    })
}

/// The words of class names: parted by spaces, hyphens, underscores and capitals (`articleByline`).
fn words(class: &str) -> impl Iterator<Item = &[u8]> {
    let is_end = |pair: &[u8]| {
        !pair[1].is_ascii_alphanumeric() || (pair[1].is_ascii_uppercase() && pair[0].is_ascii_lowercase())
    };
    let mut rest = class.as_bytes();
    std::iter::from_fn(move || {
        let start = rest.iter().position(u8::is_ascii_alphanumeric)?;
        rest = &rest[start..];
        let end = rest.windows(2).position(is_end).map_or(rest.len(), |at| at + 1);
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// Whether a word of a class name is one of `names`, which are lower-case.
fn is_one_of(word: &[u8], names: &[&[u8]]) -> bool {
    names.iter().any(|name| word.eq_ignore_ascii_case(name))
}
