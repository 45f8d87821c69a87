//! Inline elements that are no text of the page: what editors and screens need beside the words. They go without a
//! trace, as if the words around them stood side by side.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use crate::block::BlockKind;

/// What marks the link of a heading to itself.
const PERMALINK_SIGNS: [char; 5] = ['¶', '#', '§', '🔗', '⚓'];

/// What `MediaWiki` writes around the formulas of its pages.
const DISPLAY_STYLE: &str = "{\\displaystyle ";

/// Whether an element within text of this kind is none of the text.
pub(super) fn is_furniture(node: NodeRef<'_, Node>, element: &Element, kind: BlockKind) -> bool {
    match element.name() {
        // The reading of a word beside the word, and what parts them where it cannot stand above.
        "rt" | "rp" | "rtc" => true,
        "a" => is_permalink(node, element, kind),
        "span" if element.has_class("mw-editsection", scraper::CaseSensitivity::CaseSensitive) => true,
        _ => is_drawn_formula(node, element),
    }
}

/// Whether a link is one of a heading, term or caption to itself: a sign alone that leads to a fragment.
fn is_permalink(node: NodeRef<'_, Node>, element: &Element, kind: BlockKind) -> bool {
    let may_have = matches!(kind, BlockKind::Heading(_) | BlockKind::Term | BlockKind::Caption);
    if !may_have || !element.attr("href").is_some_and(|href| href.contains('#')) {
        return false;
    }
    let texts = node.descendants().filter_map(|node| node.value().as_text());
    let is_sign = |c: char| c.is_whitespace() || PERMALINK_SIGNS.contains(&c) || matches!(c, '\u{fe0e}' | '\u{fe0f}');
    texts.flat_map(|text| text.chars()).all(is_sign)
}

/// Whether an element draws the formula that the `<math>` beside it says, which screen readers get instead.
fn is_drawn_formula(node: NodeRef<'_, Node>, element: &Element) -> bool {
    element.attr("aria-hidden") == Some("true")
        && [node.prev_sibling(), node.next_sibling()].into_iter().flatten().any(|beside| {
            let inner = beside.first_child();
            is_named(beside, "math") || inner.is_some_and(|inner| is_named(inner, "math"))
        })
}

/// The TeX of a formula, if the element is its `<semantics>` and holds any: the other elements laid out in a line would say `ab` for a
/// fraction of a and b.
pub(super) fn tex<'a>(semantics: NodeRef<'a, Node>, element: &Element) -> Option<&'a str> {
    if element.name() != "semantics" {
        return None;
    }
    let is_tex =
        |element: &Element| element.name() == "annotation" && element.attr("encoding") == Some("application/x-tex");
    let annotation = semantics.children().find(|child| child.value().as_element().is_some_and(is_tex))?;
    let tex = annotation.first_child()?.value().as_text()?.trim();
    let styled = tex.strip_prefix(DISPLAY_STYLE).and_then(|tex| tex.strip_suffix('}'));
    Some(styled.unwrap_or(tex)).filter(|tex| !tex.is_empty())
}

fn is_named(node: NodeRef<'_, Node>, name: &str) -> bool {
    node.value().as_element().is_some_and(|element| element.name() == name)
}
