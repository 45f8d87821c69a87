//! The text of one block while it is gathered: white space folded, links and emphasis counted.

use crate::block::{Block, BlockKind, Hidden, Link};
use crate::outline::NodeId;

/// Most bytes of addresses copied into the links of a page. A link goes on in every block it holds, so a long
/// address around many blocks would take any amount of memory; an honest page's addresses are part of its bytes.
const MAX_HREF_BYTES: usize = super::MAX_BYTES;

/// Text gathered since the last block-level boundary.
#[derive(Default)]
pub(super) struct Run<'a> {
    text: String,
    chars: u32,
    link_chars: u32,
    strong_chars: u32,
    letters: u32,
    links: Vec<Link>,
    /// Start and address of the link being read.
    open_link: Option<(u32, &'a str)>,
    /// Bytes of addresses copied into links since the page began.
    href_bytes: usize,
    /// White space was read and not yet written.
    space: bool,
    /// Line breaks read since the last text.
    breaks: u8,
    /// The last thing read was the end of a link.
    after_link: bool,
    /// An element begins where the one before it ends, and nothing parts them.
    seam: bool,
}

impl<'a> Run<'a> {
    /// Appends text; `in_link` and `strong` say how it is set.
    pub(super) fn push(&mut self, text: &str, preformatted: bool, in_link: bool, strong: bool) {
        let before = self.chars;
        self.space |= self.seam && parts_words(&self.text, text);
        self.seam &= text.is_empty();
        if preformatted {
            self.push_preformatted(text);
        } else {
            self.push_folded(text);
        }
        let added = self.chars - before;
        self.link_chars += if in_link { added } else { 0 };
        self.strong_chars += if strong { added } else { 0 };
        self.after_link &= added == 0;
    }

    fn push_folded(&mut self, text: &str) {
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end_matches(char::is_whitespace);
            if !word.is_empty() {
                self.separate();
                self.push_str(word);
            }
            self.space |= word.len() < part.len();
        }
    }

    fn push_preformatted(&mut self, text: &str) {
        self.flush_breaks();
        self.space = false;
        self.push_str(text);
    }

    fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
        for c in text.chars() {
            self.chars += 1;
            self.letters += u32::from(c.is_alphanumeric());
        }
    }

    /// Writes the white space that stands between the last word and the next.
    fn separate(&mut self) {
        self.flush_breaks();
        if self.space && !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push(' ');
            self.chars += 1;
        }
        self.space = false;
    }

    fn flush_breaks(&mut self) {
        if self.breaks > 0 && !self.text.is_empty() {
            self.text.push('\n');
            self.chars += 1;
        }
        self.breaks = 0;
    }

    /// A `<br>`; whether it is the second in a row, which separates paragraphs.
    pub(super) fn line_break(&mut self) -> bool {
        self.breaks += 1;
        self.breaks >= 2
    }

    /// A `<br>` inside `<pre>`.
    pub(super) fn preformatted_break(&mut self) {
        self.push_str("\n");
    }

    /// A line of preformatted text ends, unless it has ended.
    pub(super) fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.preformatted_break();
        }
    }

    /// White space that the page does not write, so that no words are glued.
    pub(super) fn space(&mut self) {
        self.space = true;
    }

    /// An element stands beside the one before it, among elements alone: what follows may be a word of its own.
    pub(super) fn seam(&mut self) {
        self.seam = true;
    }

    /// A link begins. Links side by side are words apart.
    pub(super) fn open_link(&mut self, href: &'a str) {
        self.space |= self.after_link;
        self.separate_before_link();
        self.open_link = Some((self.text.len() as u32, href));
    }

    fn separate_before_link(&mut self) {
        if !self.text.is_empty() {
            self.separate();
        }
    }

    /// The link ends.
    pub(super) fn close_link(&mut self) {
        if let Some((start, href)) = self.open_link.take() {
            let end = self.text.len() as u32;
            let href_bytes = self.href_bytes + href.len();
            if end > start && !href.is_empty() && href_bytes <= MAX_HREF_BYTES {
                self.href_bytes = href_bytes;
                self.links.push(Link { range: (start, end), href: href.to_owned() });
            }
            self.after_link = true;
        }
    }

    /// Takes the block out, if there is any text worth one, and starts anew. An open link goes on
    /// in the next block.
    pub(super) fn take(&mut self, kind: BlockKind, node: NodeId, hidden: Hidden) -> Option<Block> {
        let open_link = self.open_link.map(|(_, href)| (0, href));
        self.close_link();
        let next = Self { open_link, href_bytes: self.href_bytes, ..Self::default() };
        let mut run = std::mem::replace(self, next);
        let keeps_signs = matches!(kind, BlockKind::Code | BlockKind::TableCell { .. });
        if run.letters == 0 && (!keeps_signs || run.text.trim().is_empty()) {
            return None;
        }
        run.trim_end();
        if kind == BlockKind::Code {
            run.trim_blank_lines();
        }
        Some(Block {
            kind,
            node,
            chars: run.chars,
            link_chars: run.link_chars.min(run.chars),
            strong_chars: run.strong_chars.min(run.chars),
            links: run.links,
            hidden,
            blank_before: 0,
            indent: 0,
            text: run.text,
        })
    }

    fn trim_end(&mut self) {
        let end = self.text.trim_end().len();
        self.chars -= self.text[end..].chars().count() as u32;
        self.text.truncate(end);
        self.links.retain_mut(|link| {
            link.range.1 = link.range.1.min(end as u32);
            link.range.0 < link.range.1
        });
    }

    /// Blank lines at the start of preformatted text go; its first line keeps its indentation.
    fn trim_blank_lines(&mut self) {
        let body = self.text.trim_start();
        let lead = &self.text[..self.text.len() - body.len()];
        let cut = lead.rfind('\n').map_or(0, |newline| newline + 1);
        if cut > 0 {
            self.chars -= self.text[..cut].chars().count() as u32;
            self.text.drain(..cut);
            self.links.retain_mut(|link| {
                link.range = (link.range.0.saturating_sub(cut as u32), link.range.1.saturating_sub(cut as u32));
                link.range.0 < link.range.1
            });
        }
    }
}

/// Whether a text that is set apart from the one before it begins a word: the other ends in a word of more than a
/// drop cap, and either a capital or a digit follows, which goes on no word. Small letters go on too often: editors
/// leave elements that end within words.
fn parts_words(before: &str, after: &str) -> bool {
    let is_word = |c: char| c.is_lowercase() || begins_word(c);
    let mut ends = before.chars().rev();
    ends.next().is_some_and(is_word) && ends.next().is_some_and(is_word) && after.starts_with(begins_word)
}

fn begins_word(c: char) -> bool {
    c.is_uppercase() || c.is_ascii_digit()
}
