//! Pages by hand.
#![allow(dead_code)] // each test uses a part of it

use dechrome_page::{Block, BlockKind, Hidden, Limits, Link, Media, Metadata, Node, Outline, Page, ROOT, Tag};
use dechrome_template::{Reason, Verdict};

pub(crate) fn block(kind: BlockKind, text: &str) -> Block {
    Block {
        text: text.to_owned(),
        kind,
        node: ROOT,
        chars: text.chars().count() as u32,
        link_chars: 0,
        strong_chars: 0,
        links: Vec::new(),
        hidden: Hidden::default(),
        blank_before: 0,
        indent: 0,
    }
}

pub(crate) fn paragraph(text: &str) -> Block {
    block(BlockKind::Paragraph, text)
}

pub(crate) fn item(depth: u8, ordinal: Option<u32>, text: &str) -> Block {
    block(BlockKind::ListItem { depth, ordinal }, text)
}

pub(crate) fn cell(row: u32, column: u16, text: &str) -> Block {
    block(BlockKind::TableCell { row, column, header: row == 0 }, text)
}

/// A link on the first occurrence of `linked` in the block.
pub(crate) fn link(mut block: Block, linked: &str, href: &str) -> Block {
    let start = block.text.find(linked).expect("the block holds the linked text") as u32;
    block.links.push(Link { range: (start, start + linked.len() as u32), href: href.to_owned() });
    block
}

pub(crate) fn at(mut block: Block, node: u32) -> Block {
    block.node = node;
    block
}

pub(crate) fn page(title: Option<&str>, blocks: Vec<Block>) -> Page {
    Page {
        id: "page".into(),
        url: Some("https://site.example/dir/page".into()),
        site: None,
        captured_at: None,
        directory: None,
        media: Media::Html,
        encoding: "UTF-8".into(),
        lossy: false,
        limits: Limits::default(),
        scripts: 0,
        metadata: Metadata { title: title.map(str::to_owned), ..Metadata::default() },
        outline: outline(&[(Tag::Document, 0)]),
        blocks,
    }
}

/// An outline of nodes with their parents.
pub(crate) fn outline(nodes: &[(Tag, u32)]) -> Outline {
    let node = |&(tag, parent): &(Tag, u32)| Node {
        tag,
        parent,
        depth: 0,
        signature: 0,
        first_token: 0,
        first_block: 0,
        end_block: 0,
        chars: 0,
        link_chars: 0,
    };
    Outline { nodes: nodes.iter().map(node).collect(), tokens: Vec::new(), marks: Vec::new(), labels: Vec::new() }
}

/// All of a page's blocks kept.
pub(crate) fn all(page: &Page) -> Vec<Verdict> {
    page.blocks.iter().map(|_| Verdict::content(Reason::Default)).collect()
}
