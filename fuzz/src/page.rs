//! What holds for every page, whatever its bytes.

use dechrome_page::{Block, Capture, Charset, Media, Outline, Page, ROOT, Selectors};

/// Bytes to text, under every kind of declaration.
pub fn decode(bytes: &[u8]) {
    for media in [Media::Html, Media::Text] {
        for label in ["windows-1251", "utf-16le", "gbk", "iso-2022-jp", "replacement", "x-user-defined", "none such"] {
            read(bytes, media, Charset::Declared(label.to_owned()));
        }
        let known = read(bytes, media, Charset::Utf8);
        assert_eq!(known.encoding, "UTF-8");
        assert_eq!(known.lossy, std::str::from_utf8(bytes).is_err(), "lossy exactly where a byte has no meaning");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        decode_valid(text);
    }
}

/// Text that is valid UTF-8 loses nothing.
fn decode_valid(text: &str) {
    let known = read(text.as_bytes(), Media::Text, Charset::Utf8);
    assert_eq!(known.blocks.is_empty(), !text.contains(char::is_alphanumeric), "only pages without letters are empty");
    assert_eq!(letters(&known), letters_of(text), "every letter once, in order");
    if text.contains('\0') {
        return; // may be UTF-16 after all
    }
    for charset in [Charset::Unknown, Charset::Declared("utf-8".to_owned())] {
        let found = read(text.as_bytes(), Media::Text, charset);
        assert_eq!((found.blocks, found.lossy), (known.blocks.clone(), false), "valid UTF-8 is recognised");
    }
}

/// Blocks from HTML.
pub fn html(bytes: &[u8]) {
    let capture = capture(bytes, Media::Html, Charset::Unknown);
    let page = Page::read(&capture);
    check(&page);
    assert!(page == Page::read(&capture), "reading is pure");
    let selectors = Selectors::compile(["b, span", "td > *", "[class]"]).expect("valid CSS");
    let marked = Page::read_with(&capture, &selectors);
    check(&marked);
    assert_eq!(letters(&marked), letters(&page), "marking cuts blocks and changes no text");
    assert!(marked.outline.marks.is_sorted_by(|a, b| a < b), "marks ascend");
    assert!(
        marked
            .outline
            .marks
            .iter()
            .all(|&(node, selector)| { (node as usize) < marked.outline.nodes.len() && selector < 3 })
    );
}

/// Blocks from flat text.
pub fn text(bytes: &[u8]) {
    let page = read(bytes, Media::Text, Charset::Unknown);
    assert_eq!(page.outline.nodes.len(), 1, "flat text has no outline");
    assert!(page.blocks.iter().all(|block| block.links.is_empty() && !block.hidden.any()));
    if let Ok(text) = std::str::from_utf8(bytes) {
        decode_valid(text);
    }
}

fn capture(bytes: &[u8], media: Media, charset: Charset) -> Capture {
    Capture { media, charset, body: bytes.to_vec(), ..Capture::html("fuzz", "") }
}

fn read(bytes: &[u8], media: Media, charset: Charset) -> Page {
    let page = Page::read(&capture(bytes, media, charset));
    check(&page);
    page
}

/// What the rest of the program relies on.
pub fn check(page: &Page) {
    page.blocks.iter().for_each(check_block);
    check_outline(&page.outline, &page.blocks);
}

fn check_block(block: &Block) {
    let text = &block.text;
    assert!(!text.trim().is_empty(), "a block holds text");
    assert_eq!(text.chars().count(), block.chars as usize, "{text:?}");
    assert!(block.link_chars <= block.chars && block.strong_chars <= block.chars, "{block:?}");
    let mut end = 0;
    for link in &block.links {
        let range = link.range.0 as usize..link.range.1 as usize;
        assert!(end <= range.start && range.start < range.end, "links in order, none empty: {block:?}");
        assert!(text.get(range.clone()).is_some(), "a link's range lies on characters: {block:?}");
        end = range.end;
    }
}

fn check_outline(outline: &Outline, blocks: &[Block]) {
    let (chars, link_chars) = (sums(blocks, |block| block.chars), sums(blocks, |block| block.link_chars));
    let mut token = 0;
    for (id, node) in outline.nodes.iter().enumerate() {
        let (first, end) = (node.first_block as usize, node.end_block as usize);
        assert!(first <= end && end <= blocks.len(), "node {id}: {node:?}");
        assert_eq!(u64::from(node.chars), chars[end] - chars[first], "node {id} sums its subtree: {node:?}");
        assert_eq!(u64::from(node.link_chars), link_chars[end] - link_chars[first], "node {id}: {node:?}");
        assert!(token <= node.first_token, "node {id}: {node:?}");
        token = node.first_token;
        if id == 0 {
            assert_eq!((node.parent, node.depth, first, end), (ROOT, 0, 0, blocks.len()));
            continue;
        }
        assert!((node.parent as usize) < id, "parents stand before children: node {id}: {node:?}");
        let parent = outline.node(node.parent);
        assert_eq!(node.depth, parent.depth + 1, "node {id}");
        assert!(parent.first_block <= node.first_block && node.end_block <= parent.end_block, "node {id}: {node:?}");
    }
    assert!(token as usize <= outline.tokens.len());
    for (index, block) in (0_u32..).zip(blocks) {
        let node = outline.nodes.get(block.node as usize).expect("a block's node is in the outline");
        assert!((node.first_block..node.end_block).contains(&index), "block {index} lies in its node: {node:?}");
    }
}

/// Sums of the first `n` blocks' values, for each `n`.
fn sums(blocks: &[Block], value: impl Fn(&Block) -> u32) -> Vec<u64> {
    let mut sums = vec![0_u64];
    for block in blocks {
        sums.push(sums[sums.len() - 1] + u64::from(value(block)));
    }
    sums
}

fn letters(page: &Page) -> String {
    page.blocks.iter().map(|block| letters_of(&block.text)).collect()
}

fn letters_of(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
