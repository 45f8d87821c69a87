//! Blocks: runs of text unbroken by block-level markup.

use serde::{Deserialize, Serialize};

use crate::outline::NodeId;

/// What a block is in its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// Running text, and whatever has no better name.
    Paragraph,
    /// A list item. `depth` counts from 1; `ordinal` is the number of an ordered item.
    ListItem {
        /// How many lists hold the item, from 1.
        depth: u8,
        /// The item's number in an ordered list.
        ordinal: Option<u32>,
    },
    /// A table cell. Blocks of one `row` of one outline table stand side by side.
    TableCell {
        /// The row's number within its table, from 0.
        row: u32,
        /// The cell's column within its row, from 0.
        column: u16,
        /// Whether it is a `<th>`.
        header: bool,
    },
    /// Preformatted text; its lines are kept.
    Code,
    /// Text inside `<blockquote>`.
    Quote,
    /// A caption of a figure or a table.
    Caption,
    /// A term (`<dt>`) of a description list.
    Term,
    /// A description (`<dd>`) of a description list.
    Description,
    /// A button's or a form label's text.
    Control,
}

/// Ways in which a block is out of sight in a browser. Flags, because tabs and
/// accordions hide content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hidden {
    /// `hidden`, `display:none` or `visibility:hidden` on the element or above it.
    pub style: bool,
    /// `aria-hidden="true"` on the element or above it.
    pub aria: bool,
    /// Inside `<noscript>`.
    pub noscript: bool,
}

impl Hidden {
    /// Whether any of the flags is set.
    pub fn any(self) -> bool {
        self.style || self.aria || self.noscript
    }
}

/// A link within a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Byte range of the linked text within the block's text.
    pub range: (u32, u32),
    /// The target as written in the page.
    pub href: String,
}

/// A run of text unbroken by block-level markup; from flat text, a paragraph or a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The text: white space folded, never empty. Single line breaks (`<br>`, lines of `<pre>`) are `\n`.
    pub text: String,
    /// What it is.
    pub kind: BlockKind,
    /// The innermost outline node that holds it.
    pub node: NodeId,
    /// Number of characters (not bytes) of `text`.
    pub chars: u32,
    /// How many of them stand inside links.
    pub link_chars: u32,
    /// How many of them are set bold or emphasised.
    pub strong_chars: u32,
    /// Links in it, in order. Empty in flat text.
    pub links: Vec<Link>,
    /// Whether and how it is out of sight.
    pub hidden: Hidden,
    /// Flat text: blank lines before it (at most 255). HTML: 0.
    pub blank_before: u8,
    /// Flat text: columns of indentation (at most 255). HTML: 0.
    pub indent: u8,
}

impl Block {
    /// Share of the characters that stand inside links, 0 to 1.
    pub fn link_share(&self) -> f32 {
        self.link_chars as f32 / self.chars.max(1) as f32
    }
}
