//! Inline elements that are no text of the page: what editors and screens need beside the words. They go without a
//! trace, as if the words around them stood side by side.

use scraper::node::Element;

/// Whether an inline element is none of the text.
pub(super) fn is_furniture(element: &Element) -> bool {
    // The reading of a word beside the word, and what parts them where it cannot stand above.
    matches!(element.name(), "rt" | "rp" | "rtc")
}
