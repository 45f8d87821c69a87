//! HTML text to scraper's tree, under limits that keep hostile pages linear.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use ego_tree::NodeId;
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{Tracer, TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, LocalName, QualName, TokenizerResult};
use scraper::{Html, HtmlTreeSink};

use super::elements;
use crate::page::Limits;

/// Deepest nesting kept; deeper elements' children go to their ancestor at this depth, as in
/// browsers (`Blink` and `WebKit` cap at 512). The tree builder is quadratic in depth without it.
pub const MAX_DEPTH: usize = 512;

/// Longest page read, in bytes of UTF-8; the rest is cut off.
pub const MAX_BYTES: usize = 64 << 20;

/// Bytes given to the tokenizer at a time. Limits are checked in between.
const CHUNK: usize = 16 << 10;

/// A tree may have this many nodes and half a node a byte of input. Only misnested formatting
/// elements, which the standard clones into every paragraph, come near.
const SPARE_NODES: usize = 50_000;

/// Most elements of a page: one takes some hundred bytes by the time its block is cut, so a page of nothing but short
/// tags would take a hundred times its size. The longest honest pages, whole books with markup, have some 500,000.
const MAX_NODES: usize = 2_000_000;

/// `=` and white space that a chunk without any token must hold to be taken for a tag with too
/// many attributes: the tokenizer compares each attribute with all before it.
const MANY_ATTRIBUTES: usize = 1024;

/// Longest attribute value of a formatting element, in bytes; the rest is cut off. The standard clones such elements,
/// attributes and all, into every paragraph that follows, so each byte would be read any number of times.
const MAX_FORMATTING_VALUE: usize = 2 << 10;

/// How far back an end tag is looked for among the start tags dropped for their depth.
const DROPPED_LOOKBACK: usize = 16;

/// A parsed document.
pub(super) struct Parsed {
    pub(super) html: Html,
    pub(super) limits: Limits,
    /// Scripts of code; structured data is none.
    pub(super) scripts: u32,
}

/// Parses a document; `<noscript>` is markup, comments and script text are not kept.
pub(super) fn parse(text: &str) -> Parsed {
    let mut limits = Limits::default();
    let text = cut(text, &mut limits);
    let builder =
        TreeBuilder::new(Sink::default(), TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() });
    let tokenizer = Tokenizer::new(DepthFilter::new(builder), TokenizerOpts::default());
    feed(&tokenizer, text, &mut limits);
    tokenizer.end();
    let filter = tokenizer.sink;
    limits.depth = filter.hit.get();
    limits.attributes |= filter.cut.get();
    let scripts = filter.builder.sink.scripts.get();
    Parsed { html: filter.builder.sink.finish(), limits, scripts }
}

fn cut<'a>(text: &'a str, limits: &mut Limits) -> &'a str {
    limits.size = text.len() > MAX_BYTES;
    &text[..text.floor_char_boundary(MAX_BYTES)]
}

/// Feeds the tokenizer chunk by chunk, jumping over runaway tags and stopping at runaway trees.
fn feed(tokenizer: &Tokenizer<DepthFilter>, text: &str, limits: &mut Limits) {
    let max_nodes = (SPARE_NODES + text.len() / 2).min(MAX_NODES);
    let queue = BufferQueue::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.ceil_char_boundary(CHUNK));
        let tokens_before = tokenizer.sink.tokens.get();
        queue.push_back(StrTendril::from_slice(chunk));
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        rest = after;
        if tokenizer.sink.tokens.get() == tokens_before && has_many_attributes(chunk) {
            rest = to_tag_end(rest);
            limits.attributes = true;
        }
        if tokenizer.sink.builder.sink.nodes.get() > max_nodes {
            limits.size = true;
            break;
        }
    }
}

fn has_many_attributes(chunk: &str) -> bool {
    chunk.bytes().filter(|b| matches!(b, b'=' | b' ' | b'\n' | b'\t')).count() >= MANY_ATTRIBUTES
}

/// The text from just before its first `>`, with the two characters before it, which may close a
/// quoted value or a comment.
fn to_tag_end(text: &str) -> &str {
    let end = memchr::memchr(b'>', text.as_bytes()).unwrap_or(text.len());
    &text[text.floor_char_boundary(end.saturating_sub(2))..]
}

/// Stands between tokenizer and tree builder; drops tags nested too deep.
struct DepthFilter {
    builder: TreeBuilder<NodeId, Sink>,
    /// Names of the start tags dropped and not yet closed.
    dropped: RefCell<Vec<LocalName>>,
    tokens: Cell<u64>,
    hit: Cell<bool>,
    /// An attribute was cut.
    cut: Cell<bool>,
}

impl DepthFilter {
    fn new(builder: TreeBuilder<NodeId, Sink>) -> Self {
        Self {
            builder,
            dropped: RefCell::default(),
            tokens: Cell::new(0),
            hit: Cell::new(false),
            cut: Cell::new(false),
        }
    }

    fn is_too_deep(&self, tag: &Tag) -> bool {
        match tag.kind {
            TagKind::StartTag => {
                self.builder.sink.path.borrow().len() >= MAX_DEPTH
                    && self.open_elements() >= MAX_DEPTH
                    && !tag.self_closing
                    && !elements::is_leaf(&tag.name)
                    && self.drop_start(&tag.name)
            }
            TagKind::EndTag => self.drop_end(&tag.name),
        }
    }

    /// Open elements and formatting elements to be reopened. The builder closes some elements without
    /// telling its sink, so the sink's path is only an upper bound; this is exact and slow.
    fn open_elements(&self) -> usize {
        let counter = Counter::default();
        self.builder.trace_handles(&counter);
        counter.0.get()
    }

    fn cut_attributes(&self, tag: &mut Tag) {
        if !elements::is_formatting(&tag.name) {
            return;
        }
        for value in tag.attrs.iter_mut().map(|attribute| &mut attribute.value) {
            if value.len() > MAX_FORMATTING_VALUE {
                *value = StrTendril::from_slice(&value[..value.floor_char_boundary(MAX_FORMATTING_VALUE)]);
                self.cut.set(true);
            }
        }
    }

    fn drop_start(&self, name: &LocalName) -> bool {
        self.dropped.borrow_mut().push(name.clone());
        self.hit.set(true);
        true
    }

    /// Whether the end tag belongs to a start tag that was dropped.
    fn drop_end(&self, name: &LocalName) -> bool {
        let mut dropped = self.dropped.borrow_mut();
        let back = dropped.iter().rev().take(DROPPED_LOOKBACK).position(|open| open == name);
        if let Some(back) = back {
            let keep = dropped.len() - back - 1;
            dropped.truncate(keep);
        }
        back.is_some()
    }
}

/// Counts the handles that the tree builder holds.
#[derive(Default)]
struct Counter(Cell<usize>);

impl Tracer for Counter {
    type Handle = NodeId;

    fn trace_handle(&self, _node: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}

impl TokenSink for DepthFilter {
    type Handle = NodeId;

    fn process_token(&self, mut token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        if let Token::TagToken(tag) = &mut token {
            self.cut_attributes(tag);
        }
        match &token {
            Token::TagToken(tag) if self.is_too_deep(tag) => TokenSinkResult::Continue,
            Token::CommentToken(_) | Token::ParseError(_) => TokenSinkResult::Continue,
            _ => self.builder.process_token(token, line),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Scraper's sink, watched: it knows how deep the last element lies and how many nodes there are.
struct Sink {
    inner: HtmlTreeSink,
    /// The elements from the root to the one appended last and not yet closed.
    path: RefCell<Vec<NodeId>>,
    nodes: Cell<usize>,
    scripts: Cell<u32>,
    /// The last script or style sheet, whose text, four tenths of an average page, nobody reads.
    unread: Cell<Option<NodeId>>,
}

impl Default for Sink {
    fn default() -> Self {
        Self {
            inner: HtmlTreeSink::new(Html::new_document()),
            path: RefCell::default(),
            nodes: Cell::new(0),
            scripts: Cell::new(0),
            unread: Cell::new(None),
        }
    }
}

impl Sink {
    fn enter(&self, parent: NodeId, child: NodeId) {
        let mut path = self.path.borrow_mut();
        match path.iter().rposition(|&open| open == parent) {
            Some(position) => path.truncate(position + 1),
            None => *path = self.path_to(parent),
        }
        path.push(child);
    }

    fn path_to(&self, node: NodeId) -> Vec<NodeId> {
        let html = self.inner.0.borrow();
        let Some(node) = html.tree.get(node) else { return Vec::new() };
        let mut path: Vec<NodeId> = node.ancestors().map(|ancestor| ancestor.id()).collect();
        path.reverse();
        path.push(node.id());
        path
    }
}

/// Whether the text of an element is code: a style sheet, or a script that holds no structured data.
fn is_unread(name: &QualName, attributes: &[Attribute]) -> bool {
    let holds_data = || {
        let kind = attributes.iter().find(|attribute| &*attribute.name.local == "type");
        kind.is_some_and(|kind| kind.value.to_ascii_lowercase().contains("json"))
    };
    &*name.local == "style" || (&*name.local == "script" && !holds_data())
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Html;
    type ElemName<'a> = std::cell::Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.inner.finish()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Self::ElemName<'a> {
        self.inner.elem_name(target)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.nodes.set(self.nodes.get() + 1);
        let is_unread = is_unread(&name, &attributes);
        self.scripts.set(self.scripts.get() + u32::from(is_unread && &*name.local == "script"));
        let node = self.inner.create_element(name, attributes, flags);
        if is_unread {
            self.unread.set(Some(node));
        }
        node
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.inner.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(id) = &child {
            self.enter(*parent, *id);
        } else if self.unread.get() == Some(*parent) {
            return;
        }
        self.inner.append(parent, child);
    }

    fn pop(&self, node: &NodeId) {
        let mut path = self.path.borrow_mut();
        if let Some(position) = path.iter().rposition(|open| open == node) {
            path.truncate(position);
        }
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        self.inner.append_based_on_parent_node(element, previous, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.inner.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        self.inner.append_before_sibling(sibling, new_node);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(target, attributes);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.inner.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.inner.reparent_children(node, new_parent);
    }
}
