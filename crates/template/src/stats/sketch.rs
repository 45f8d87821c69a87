//! A document as it is remembered.

use std::cmp::Ordering;

use dechrome_page::{Block, BlockKind, Media, Outline, Page, canonical_url};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use url::Url;

use super::blocks::Blocks;
use super::key::{Hash, block_key};
use crate::features::{PATH_LEVELS, path_key};

/// Blocks kept of a document.
pub(super) const MAX_BLOCKS: usize = 2_000;

/// Characters kept of a block's text.
const MAX_EXAMPLE: usize = 100;

/// Characters kept of a section's name.
const MAX_SECTION: usize = 40;

/// A block as it is remembered: what is needed to count with it, none of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BlockSketch {
    /// Its [`block_key`]; 0 where it has none.
    pub(super) key: u64,
    /// How its place is written: its path in the outline, or its layout in flat text.
    pub(super) path: u64,
    /// Number of characters.
    pub(super) chars: u32,
    /// The generic verdict's probability of content, in 255ths.
    pub(super) content: u8,
}

/// What a document takes beside its blocks, in blocks: some 250 bytes and its distinct paths, where a block takes nine bytes and its key
/// four to five among those of one document. With 24 sites of short documents take as much memory as sites of long ones.
const DOCUMENT_SIZE: usize = 24;

/// Greatest size of a document.
pub(super) const MAX_SIZE: usize = MAX_BLOCKS + DOCUMENT_SIZE;

/// A document as it is remembered. Of two versions the greater stays: the one of more blocks first of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// Hash of its headline; 0 where it has none.
    pub(super) headline: u64,
    pub(super) blocks: Blocks,
    /// The part of the site: the first segment of its address that is no number and not its own name.
    pub(super) section: Option<String>,
    /// Days from 1970-01-01 to its capture, else to its publication.
    pub(super) day: Option<i32>,
    /// Characters of its blocks that stand within links.
    pub(super) link_chars: u32,
    /// What people can read of it: only on the documents of the smallest ids, so the others have no room for it.
    pub(super) readable: Option<Box<Readable>>,
}

impl Ord for Sketch {
    /// What may be left out comes last.
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_counts(other).then_with(|| self.readable.cmp(&other.readable))
    }
}

impl PartialOrd for Sketch {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Sketch {
    /// Compares what is counted, apart from what people can read.
    pub(super) fn cmp_counts(&self, other: &Self) -> Ordering {
        let Self { headline, blocks, section, day, link_chars, readable: _ } = self;
        let rest = (section, day, link_chars).cmp(&(&other.section, &other.day, &other.link_chars));
        let size = self.size().cmp(&other.size());
        size.then(headline.cmp(&other.headline)).then_with(|| blocks.iter().cmp(other.blocks.iter())).then(rest)
    }

    /// What it takes, in blocks.
    pub(super) fn size(&self) -> usize {
        self.blocks.len() + DOCUMENT_SIZE
    }

    /// Characters that are content by the generic verdict, each by its probability.
    pub(super) fn content(&self) -> u32 {
        let mass = self.blocks.iter().map(|block| u64::from(block.content) * u64::from(block.chars)).sum::<u64>();
        (mass / u64::from(u8::MAX)) as u32
    }

    /// Characters of its blocks.
    pub(super) fn chars(&self) -> u64 {
        self.blocks.iter().map(|block| u64::from(block.chars)).sum()
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        let readable = self.readable.as_deref().map_or(0, Readable::bytes);
        size_of::<Self>() + self.blocks.bytes() + readable
    }
}

/// What people can read of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Readable {
    /// The beginnings of its blocks' texts, a line each.
    texts: String,
    /// `(path, selector)` pairs, ascending: how each place is written, as CSS.
    paths: Vec<(u64, String)>,
}

impl Readable {
    fn of(page: &Page, blocks: &Blocks) -> Self {
        let mut texts = String::new();
        for block in page.blocks.iter().take(MAX_BLOCKS) {
            texts.extend(block.text.chars().take(MAX_EXAMPLE).map(|c| if c.is_whitespace() { ' ' } else { c }));
            texts.push('\n');
        }
        let mut paths: Vec<(u64, String)> = Vec::new();
        if page.media == Media::Html {
            let mut nodes: Vec<(u64, u32)> =
                blocks.iter().zip(&page.blocks).map(|(b, block)| (b.path, block.node)).collect();
            nodes.sort_unstable();
            nodes.dedup_by_key(|&mut (path, _)| path);
            paths = nodes.into_iter().map(|(path, node)| (path, selector(&page.outline, node))).collect();
        }
        Self { texts, paths }
    }

    fn bytes(&self) -> usize {
        let paths: usize = self.paths.iter().map(|(_, path)| size_of::<(u64, String)>() + path.len()).sum();
        self.texts.len() + paths
    }

    /// The beginnings of the blocks' texts, in order.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.lines()
    }

    /// How places are written, as CSS, by path.
    pub(super) fn paths(&self) -> impl Iterator<Item = (u64, &str)> {
        self.paths.iter().map(|(path, selector)| (*path, selector.as_str()))
    }
}

/// The elements of a node's path as a selector, outermost first. They are parted by spaces and not by `>`, as the
/// outline does not tell what inline elements stand between.
fn selector(outline: &Outline, node: u32) -> String {
    let labels = outline.ancestors(node).take(PATH_LEVELS).map(|id| outline.label(id));
    let mut labels: Vec<&str> = labels.filter(|label| !label.is_empty()).collect();
    labels.reverse();
    labels.join(" ")
}

/// The keys of a page's blocks, 0 for those that have none.
pub(crate) fn block_keys(page: &Page) -> Vec<u64> {
    page.blocks.iter().map(|block| block_key(&block.text).unwrap_or_default()).collect()
}

/// A page's sketch; `content` is parallel to its blocks.
pub(crate) fn sketch(page: &Page, content: &[f32]) -> Sketch {
    sketch_with(page, content, &block_keys(page))
}

/// The same, given the keys of its blocks.
pub(crate) fn sketch_with(page: &Page, content: &[f32], keys: &[u64]) -> Sketch {
    let headline = page.metadata.title.as_deref().and_then(block_key).unwrap_or_default();
    let blocks = page.blocks.iter().zip(content).zip(keys).take(MAX_BLOCKS);
    let blocks = blocks.map(|((block, &content), &key)| BlockSketch {
        key,
        path: place(page, block),
        chars: block.chars,
        content: (content * 255.0).round() as u8,
    });
    let link_chars =
        page.blocks.iter().take(MAX_BLOCKS).fold(0, |sum: u32, block| sum.saturating_add(block.link_chars));
    Sketch { headline, blocks: blocks.collect(), section: section(page), day: day(page), link_chars, readable: None }
}

/// The same with what people can read.
pub(crate) fn readable_sketch(page: &Page, content: &[f32]) -> Sketch {
    let sketch = sketch(page, content);
    Sketch { readable: Some(Readable::of(page, &sketch.blocks).into()), ..sketch }
}

/// How a block's place is written: its path in the outline, or its layout in flat text.
pub(crate) fn place(page: &Page, block: &Block) -> u64 {
    if page.media == Media::Html {
        return path_key(&page.outline, block.node);
    }
    Layout::of(block).key()
}

/// How a line of flat text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    /// Columns of indentation.
    pub(crate) indent: u8,
    /// Blank lines before it, at most 2.
    pub(crate) blank: u8,
    /// Whether it is a list item.
    pub(crate) item: bool,
}

impl Layout {
    fn of(block: &Block) -> Self {
        let item = matches!(block.kind, BlockKind::ListItem { .. });
        Self { indent: block.indent, blank: block.blank_before.min(2), item }
    }

    /// What it is counted by.
    pub(crate) fn key(self) -> u64 {
        let mut hash = Hash::default();
        hash.add(u32::from(self.indent));
        hash.add(u32::from(self.blank));
        hash.add(u32::from(self.item));
        hash.0
    }

    /// All that there are.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let layouts = (0..=u8::MAX).flat_map(|indent| (0..=2).map(move |blank| (indent, blank)));
        layouts.flat_map(|(indent, blank)| [false, true].map(|item| Self { indent, blank, item }))
    }
}

/// The page's own address first: some sites give every page the front page as its canonical one.
fn address(page: &Page) -> Option<String> {
    let own = page.url.as_deref().and_then(canonical_url);
    own.or_else(|| page.metadata.canonical.as_deref().and_then(canonical_url))
}

fn section(page: &Page) -> Option<String> {
    let url = Url::parse(page.url.as_deref().or(page.metadata.canonical.as_deref())?).ok()?;
    let mut segments: Vec<&str> = url.path_segments()?.filter(|segment| !segment.is_empty()).collect();
    segments.pop();
    let name = segments.into_iter().find(|segment| segment.chars().any(char::is_alphabetic))?;
    Some(name.chars().take(MAX_SECTION).collect())
}

fn day(page: &Page) -> Option<i32> {
    let captured = page.captured_at.as_deref().and_then(day_of);
    captured.or_else(|| page.metadata.date.as_deref().and_then(day_of))
}

/// The day that begins a text, as it is remembered.
pub(crate) fn day_of(text: &str) -> Option<i32> {
    let date: Date = text.get(..10)?.parse().ok()?;
    Some(date.duration_since(Date::constant(1970, 1, 1)).as_hours() as i32 / 24)
}

/// A day as it is remembered, as a date.
pub(crate) fn date_of(day: i32) -> Option<String> {
    let date = Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(day).ok()?).ok()?;
    Some(date.to_string())
}

/// What names a document: its URL without what does not change it, else its canonical URL, else its text.
pub(crate) fn document_id(page: &Page) -> u64 {
    match address(page) {
        Some(url) => Hash::of(&url),
        None => {
            page.blocks
                .iter()
                .fold(Hash::default(), |mut hash, block| {
                    hash.add(Hash::of(&block.text) as u32);
                    hash
                })
                .0
        }
    }
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;

    #[test]
    fn sections_are_the_first_segments_with_letters_that_are_not_the_page() {
        for (url, section) in [
            ("https://paper.example/sport/2024/match.html", Some("sport")),
            ("https://paper.example/2024/03/sport/match", Some("sport")),
            ("https://paper.example/2024/match", None),
            ("https://paper.example/match/", None),
            ("https://paper.example/", None),
            ("no url", None),
        ] {
            let page = Page::read(&Capture::text("a", "text").with_url(url));
            assert_eq!(super::section(&page).as_deref(), section, "{url}");
        }
    }

    #[test]
    fn the_day_is_that_of_the_capture_else_of_the_page() {
        let page = |captured: Option<&str>, date: Option<&str>| {
            let mut page = Page::read(&Capture::text("a", "text"));
            page.captured_at = captured.map(str::to_owned);
            page.metadata.date = date.map(str::to_owned);
            page
        };
        assert_eq!(day(&page(Some("1970-01-02T03:04:05Z"), Some("2024-02-29"))), Some(1));
        assert_eq!(day(&page(Some("yesterday"), Some("2024-02-29"))), Some(19_782));
        assert_eq!(day(&page(None, Some("2024-02-30"))), None);
        assert_eq!(day(&page(None, None)), None);
        assert_eq!(date_of(19_782).as_deref(), Some("2024-02-29"));
    }

    #[test]
    fn what_people_can_read_is_cut_and_in_one_line_a_block() {
        let html =
            format!("<main><div class='side css-x'><ul><li>One<br>two</li></ul></div><p>{}</p>", "a".repeat(500));
        let page = Page::read(&Capture::html("a", html));
        let sketch = readable_sketch(&page, &[0.0, 0.0]);
        let readable = sketch.readable.expect("readable");
        assert_eq!(readable.texts().collect::<Vec<_>>(), ["One two", &*"a".repeat(MAX_EXAMPLE)]);
        let selectors: Vec<&str> = readable.paths().map(|(_, selector)| selector).collect();
        assert!(selectors.contains(&"main div.side ul li"), "{selectors:?}");
        assert_eq!(selectors.len(), 2);
    }
}
