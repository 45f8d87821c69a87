//! One walk over the tree: outline nodes and blocks in reading order.

use std::collections::{BTreeMap, HashMap};

use ego_tree::iter::Edge;
use ego_tree::{NodeId as TreeId, NodeRef};
use scraper::node::Element;
use scraper::{Html, Node as TreeNode};

use super::elements;
use super::furniture;
use super::names::Attributes;
use super::run::Run;
use super::table::Table;
use crate::block::{Block, BlockKind, Hidden};
use crate::outline::{Node, NodeId, Outline, ROOT, Tag};
use crate::selectors::Selectors;

/// Cuts a parsed document into outline and blocks.
pub(super) fn walk(html: &Html, selectors: &Selectors) -> (Outline, Vec<Block>) {
    let mut walker = Walker::new(matches(html, selectors));
    for edge in html.tree.root().traverse() {
        match edge {
            Edge::Open(node) => walker.open(node),
            Edge::Close(node) => walker.close(node),
        }
    }
    walker.finish()
}

/// The selectors that each matched element matches, ascending.
fn matches(html: &Html, selectors: &Selectors) -> HashMap<TreeId, Vec<u16>> {
    let mut matches: HashMap<TreeId, Vec<u16>> = HashMap::new();
    for (index, selector) in selectors.list.iter().enumerate() {
        for element in html.select(selector) {
            matches.entry(element.id()).or_default().push(index as u16);
        }
    }
    matches
}

/// What an open element changed and its end must undo.
struct Open {
    tree: TreeId,
    effect: Effect,
}

enum Effect {
    /// A block-level element: the state before it.
    Block(State),
    Link,
    Strong,
    Code,
    /// A line of preformatted text.
    Line,
    Skip,
}

/// What holds for text at a place in the tree.
#[derive(Clone, Copy)]
struct State {
    node: NodeId,
    kind: BlockKind,
    hidden: Hidden,
    preformatted: bool,
    list_depth: u8,
    /// Node of the enclosing table.
    table: Option<NodeId>,
}

struct Walker<'a> {
    outline: Outline,
    blocks: Vec<Block>,
    run: Run<'a>,
    state: State,
    open: Vec<Open>,
    in_links: u32,
    in_strong: u32,
    in_code: u32,
    /// Numbers of the lists being read; `None` in an unordered one.
    lists: HashMap<NodeId, u32>,
    tables: HashMap<NodeId, Table>,
    matches: HashMap<TreeId, Vec<u16>>,
    /// How the elements of each signature are written.
    labels: BTreeMap<u32, String>,
}

impl<'a> Walker<'a> {
    fn new(matches: HashMap<TreeId, Vec<u16>>) -> Self {
        let root = Node {
            tag: Tag::Document,
            parent: ROOT,
            depth: 0,
            signature: 0,
            first_token: 0,
            first_block: 0,
            end_block: 0,
            chars: 0,
            link_chars: 0,
        };
        let state = State {
            node: ROOT,
            kind: BlockKind::Paragraph,
            hidden: Hidden::default(),
            preformatted: false,
            list_depth: 0,
            table: None,
        };
        Self {
            outline: Outline { nodes: vec![root], tokens: Vec::new(), marks: Vec::new(), labels: Vec::new() },
            blocks: Vec::new(),
            run: Run::default(),
            state,
            open: Vec::new(),
            in_links: 0,
            in_strong: 0,
            in_code: 0,
            lists: HashMap::new(),
            tables: HashMap::new(),
            matches,
            labels: BTreeMap::new(),
        }
    }

    fn is_skipping(&self) -> bool {
        matches!(self.open.last(), Some(Open { effect: Effect::Skip, .. }))
    }

    fn open(&mut self, node: NodeRef<'a, TreeNode>) {
        if self.is_skipping() {
            return;
        }
        match node.value() {
            TreeNode::Text(text) => {
                self.run.push(text, self.state.preformatted, self.in_links > 0, self.in_strong > 0);
            }
            TreeNode::Element(element) => self.open_element(node, element),
            _ => {}
        }
    }

    fn open_element(&mut self, node: NodeRef<'a, TreeNode>, element: &'a Element) {
        let (tree, name) = (node.id(), element.name());
        if self.in_code == 0 && !self.state.preformatted && stands_apart(node) {
            self.run.seam();
        }
        if elements::is_inline(name) && furniture::is_furniture(node, element, self.state.kind) {
            self.open.push(Open { tree, effect: Effect::Skip });
        } else if let Some(tex) = furniture::tex(node, element) {
            self.run.push(tex, false, self.in_links > 0, self.in_strong > 0);
            self.open.push(Open { tree, effect: Effect::Skip });
        } else if elements::is_skipped(name) {
            self.run.space();
            self.open.push(Open { tree, effect: Effect::Skip });
        } else if name == "br" {
            self.line_break();
        } else if self.is_line(tree, name) {
            self.run.end_line();
            self.open.push(Open { tree, effect: Effect::Line });
        } else if !elements::is_inline(name) || self.matches.contains_key(&tree) {
            self.open_block(tree, element);
        } else if name == "a" {
            self.open_link(tree, element);
        } else if elements::is_strong(name) {
            self.in_strong += 1;
            self.open.push(Open { tree, effect: Effect::Strong });
        } else if elements::is_code(name) {
            self.in_code += 1;
            self.open.push(Open { tree, effect: Effect::Code });
        }
    }

    /// Whether the element is a line of preformatted text: highlighters of code write a `<div>` a line.
    fn is_line(&self, tree: TreeId, name: &str) -> bool {
        self.state.preformatted && name == "div" && !self.matches.contains_key(&tree)
    }

    fn line_break(&mut self) {
        if self.state.preformatted {
            self.run.preformatted_break();
        } else if self.run.line_break() {
            self.flush();
        }
    }

    fn open_link(&mut self, tree: TreeId, element: &'a Element) {
        let href = Attributes::of(element).href;
        if let Some(href) = href {
            self.in_links += 1;
            self.run.open_link(href);
            self.open.push(Open { tree, effect: Effect::Link });
        }
    }

    fn open_block(&mut self, tree: TreeId, element: &Element) {
        self.flush();
        self.open.push(Open { tree, effect: Effect::Block(self.state) });
        let attributes = Attributes::of(element);
        let tag = Tag::of(element.name());
        let node = self.push_node(tag, element.name(), &attributes);
        if let Some(selectors) = self.matches.get(&tree) {
            self.outline.marks.extend(selectors.iter().map(|&selector| (node, selector)));
        }
        self.state.node = node;
        self.state.hidden.style |= attributes.hidden;
        self.state.hidden.aria |= attributes.aria_hidden;
        self.enter(tag, node, &attributes);
    }

    fn push_node(&mut self, tag: Tag, name: &str, attributes: &Attributes<'_>) -> NodeId {
        let parent = self.state.node;
        let block = self.blocks.len() as u32;
        let node = Node {
            tag,
            parent,
            depth: self.outline.node(parent).depth.saturating_add(1),
            signature: attributes.signature(name),
            first_token: self.outline.tokens.len() as u32,
            first_block: block,
            end_block: block,
            chars: 0,
            link_chars: 0,
        };
        self.labels.entry(node.signature).or_insert_with(|| attributes.label(name));
        attributes.push_words(&mut self.outline.tokens);
        self.outline.nodes.push(node);
        (self.outline.nodes.len() - 1) as NodeId
    }

    /// What the element makes of the text in it.
    fn enter(&mut self, tag: Tag, node: NodeId, attributes: &Attributes<'_>) {
        match tag {
            Tag::Noscript => self.state.hidden.noscript = true,
            Tag::Pre => self.state.preformatted = true,
            Tag::Ol => {
                let start = attributes.start.and_then(|start| start.trim().parse::<u32>().ok()).unwrap_or(1);
                self.lists.insert(node, start);
            }
            Tag::Table => self.enter_table(node),
            Tag::Tbody | Tag::Thead | Tag::Tfoot => self.with_table(Table::open_group),
            Tag::Tr => self.with_table(Table::open_row),
            _ => {}
        }
        if matches!(tag, Tag::Ol | Tag::Ul | Tag::Menu) {
            self.state.list_depth = self.state.list_depth.saturating_add(1);
        }
        self.state.kind = self.kind_in(tag, attributes);
    }

    fn enter_table(&mut self, node: NodeId) {
        self.with_table(Table::nest);
        self.tables.insert(node, Table::default());
        self.state.table = Some(node);
    }

    fn with_table(&mut self, change: impl FnOnce(&mut Table)) {
        if let Some(table) = self.state.table.and_then(|node| self.tables.get_mut(&node)) {
            change(table);
        }
    }

    /// The kind of text directly in an element, given what it is around it.
    fn kind_in(&mut self, tag: Tag, attributes: &Attributes<'_>) -> BlockKind {
        let around = self.state.kind;
        match tag {
            Tag::H1 => BlockKind::Heading(1),
            Tag::H2 => BlockKind::Heading(2),
            Tag::H3 => BlockKind::Heading(3),
            Tag::H4 => BlockKind::Heading(4),
            Tag::H5 => BlockKind::Heading(5),
            Tag::H6 => BlockKind::Heading(6),
            Tag::Li => BlockKind::ListItem { depth: self.state.list_depth.max(1), ordinal: self.next_ordinal() },
            Tag::Td | Tag::Th => self.next_cell(tag == Tag::Th, attributes.spans),
            Tag::Pre => BlockKind::Code,
            Tag::Blockquote => BlockKind::Quote,
            Tag::Figcaption | Tag::Caption => BlockKind::Caption,
            Tag::Dt => BlockKind::Term,
            Tag::Dd => BlockKind::Description,
            Tag::Button | Tag::Label | Tag::Legend => BlockKind::Control,
            Tag::P if matches!(around, BlockKind::TableCell { .. } | BlockKind::Control) => BlockKind::Paragraph,
            _ => around,
        }
    }

    fn next_ordinal(&mut self) -> Option<u32> {
        let list = self.outline.node(self.state.node).parent;
        let number = self.lists.get_mut(&list)?;
        *number = number.saturating_add(1);
        Some(*number - 1)
    }

    fn next_cell(&mut self, header: bool, spans: [Option<&str>; 2]) -> BlockKind {
        let Some(table) = self.state.table.and_then(|node| self.tables.get_mut(&node)) else {
            return BlockKind::Paragraph;
        };
        let (row, column) = table.open_cell(spans);
        BlockKind::TableCell { row, column, header }
    }

    fn close(&mut self, node: NodeRef<'_, TreeNode>) {
        if self.open.last().is_none_or(|open| open.tree != node.id()) {
            return;
        }
        match self.open.pop().map(|open| open.effect) {
            Some(Effect::Block(before)) => self.close_block(before),
            Some(Effect::Link) => {
                self.in_links -= 1;
                self.run.close_link();
            }
            Some(Effect::Strong) => self.in_strong -= 1,
            Some(Effect::Code) => self.in_code -= 1,
            Some(Effect::Line) => self.run.end_line(),
            Some(Effect::Skip) | None => {}
        }
    }

    fn close_block(&mut self, before: State) {
        self.flush();
        let end = self.blocks.len() as u32;
        let node = self.state.node;
        self.outline.nodes[node as usize].end_block = end;
        self.close_cell(node);
        if let Some(table) = self.tables.remove(&node) {
            table.finish(node, &mut self.outline, &mut self.blocks);
        }
        self.state = before;
        let Node { chars, link_chars, .. } = *self.outline.node(node);
        self.add_chars(before.node, chars, link_chars);
    }

    /// Tells the table what its cell held, if the node is one. Marked elements stay blocks of their own.
    fn close_cell(&mut self, node: NodeId) {
        let Node { tag, first_block, .. } = *self.outline.node(node);
        let is_marked = self.outline.marks.last().is_some_and(|&(marked, _)| marked > node);
        let table = self.state.table.filter(|_| matches!(tag, Tag::Td | Tag::Th) && !is_marked);
        if let Some(table) = table.and_then(|table| self.tables.get_mut(&table)) {
            let first = first_block as usize;
            let nodes = node..self.outline.nodes.len() as NodeId;
            table.close_cell(self.state.kind, nodes, first, &self.blocks[first..]);
        }
    }

    fn add_chars(&mut self, node: NodeId, chars: u32, link_chars: u32) {
        let node = &mut self.outline.nodes[node as usize];
        node.chars = node.chars.saturating_add(chars);
        node.link_chars = node.link_chars.saturating_add(link_chars);
    }

    /// Ends the block being gathered.
    fn flush(&mut self) {
        let Some(block) = self.run.take(self.state.kind, self.state.node, self.state.hidden) else { return };
        self.add_chars(block.node, block.chars, block.link_chars);
        if matches!(block.kind, BlockKind::TableCell { .. }) {
            let index = self.blocks.len();
            self.with_table(|table| table.push_direct(index));
        }
        self.blocks.push(block);
    }

    fn finish(mut self) -> (Outline, Vec<Block>) {
        self.flush();
        self.outline.nodes[ROOT as usize].end_block = self.blocks.len() as u32;
        self.outline.labels = self.labels.into_iter().collect();
        (self.outline, self.blocks)
    }
}

/// Whether an element follows another at once, and no loose text stands beside the two: then the page is likely to
/// set them apart by its style, as a row of buttons or a name and a date, whereas loose text goes on in an element.
fn stands_apart(node: NodeRef<'_, TreeNode>) -> bool {
    let may_stand = |node: NodeRef<'_, TreeNode>| {
        node.value().as_element().is_some_and(|element| elements::may_stand_apart(element.name()))
    };
    let is_loose = |node: NodeRef<'_, TreeNode>| {
        node.value().as_text().is_some_and(|text| text.contains(|c: char| !c.is_whitespace()))
    };
    let before = node.prev_sibling().filter(|&before| may_stand(before));
    may_stand(node)
        && before.is_some_and(|before| !before.prev_sibling().is_some_and(is_loose))
        && !node.next_sibling().is_some_and(is_loose)
}
