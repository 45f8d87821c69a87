//! The outline: a compact arena of the page's block-level elements. It is all that
//! later stages see of the markup, so the parser behind it can be replaced.

use serde::{Deserialize, Serialize};

/// Index of a node in its [`Outline`].
pub type NodeId = u32;

/// The root of every outline: the document itself.
pub const ROOT: NodeId = 0;

/// One block-level element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// The element's name.
    pub tag: Tag,
    /// The enclosing node; the root is its own parent.
    pub parent: NodeId,
    /// Distance from the root.
    pub depth: u16,
    /// Hash of the tag and its class and id tokens that do not look generated:
    /// equal for elements that a site's template writes alike.
    pub signature: u32,
    /// Where its tokens begin in [`Outline::tokens`]; they end where the next node's begin.
    pub first_token: u32,
    /// First block of its subtree; the subtree's blocks are `first_block..end_block`.
    pub first_block: u32,
    /// One past the last block of its subtree.
    pub end_block: u32,
    /// Characters of text in its subtree.
    pub chars: u32,
    /// Characters of linked text in its subtree.
    pub link_chars: u32,
}

/// All block-level elements of a page in document order, parents before children.
///
/// A flat page has the root alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The nodes; index 0 is the root.
    pub nodes: Vec<Node>,
    /// The nodes' words: hashes of the whole words of `class`, `id`, `role` and
    /// `itemprop`, as [`word_hash`](crate::word_hash) makes them.
    pub tokens: Vec<u32>,
    /// `(node, selector)` pairs, ascending: the selectors given to the parser and the nodes they matched.
    pub marks: Vec<(NodeId, u16)>,
    /// `(signature, label)` pairs, ascending by signature: how its elements are written, as CSS. For people and for
    /// selectors that are learned, so it is left out where a page is serialised.
    #[serde(skip)]
    pub labels: Vec<(u32, String)>,
}

impl Outline {
    /// The node with this index.
    ///
    /// # Panics
    /// If `id` is not of this outline.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    /// The words of a node's class, id, role and itemprop.
    pub fn words(&self, id: NodeId) -> &[u32] {
        let start = self.node(id).first_token as usize;
        let end = self.nodes.get(id as usize + 1).map_or(self.tokens.len(), |next| next.first_token as usize);
        &self.tokens[start..end]
    }

    /// How a node is written, as a CSS selector of its own: `div.related`; empty where it is not known.
    pub fn label(&self, id: NodeId) -> &str {
        let signature = self.node(id).signature;
        let place = self.labels.binary_search_by_key(&signature, |&(signature, _)| signature);
        place.map_or("", |place| &self.labels[place].1)
    }

    /// The node and all that enclose it, innermost first, the root last.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(id), |&id| (id != ROOT).then(|| self.node(id).parent))
    }

    /// The selectors that matched this very node, ascending.
    pub fn marks_of(&self, id: NodeId) -> impl Iterator<Item = u16> + '_ {
        let start = self.marks.partition_point(|&(node, _)| node < id);
        self.marks[start..].iter().take_while(move |&&(node, _)| node == id).map(|&(_, selector)| selector)
    }
}

macro_rules! tags {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// The block-level elements that matter by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        #[allow(missing_docs)] // each is the element of its name
        pub enum Tag { Document, $($variant),+, Other }

        impl Tag {
            /// The tag of an element's lower-case name; `Other` for any name not listed.
            pub fn of(name: &str) -> Self {
                match name { $($name => Self::$variant,)+ _ => Self::Other }
            }

            /// The element's name; `#document` for the root, `*` for `Other`.
            pub fn name(self) -> &'static str {
                match self { Self::Document => "#document", $(Self::$variant => $name,)+ Self::Other => "*" }
            }
        }
    };
}

tags! {
    Address "address", Article "article", Aside "aside", Blockquote "blockquote", Body "body", Button "button",
    Caption "caption", Center "center", Dd "dd", Details "details", Dialog "dialog", Div "div", Dl "dl", Dt "dt",
    Fieldset "fieldset", Figcaption "figcaption", Figure "figure", Footer "footer", Form "form",
    H1 "h1", H2 "h2", H3 "h3", H4 "h4", H5 "h5", H6 "h6", Header "header", Hgroup "hgroup", Hr "hr", Html "html",
    Label "label", Legend "legend", Li "li", Main "main", Menu "menu", Nav "nav", Noscript "noscript", Ol "ol",
    P "p", Pre "pre", Search "search", Section "section", Span "span", Summary "summary", Table "table",
    Tbody "tbody", Td "td", Tfoot "tfoot", Th "th", Thead "thead", Tr "tr", Ul "ul",
}
