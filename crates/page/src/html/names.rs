//! Names in markup: the words of class, id, role and itemprop, and an element's signature.

use scraper::node::Element;

use crate::words::word_hash;

/// Most words taken from one element; utility-class markup has dozens.
const MAX_WORDS: usize = 24;

/// Class prefixes that style compilers generate; what follows changes with every build.
const GENERATED_PREFIXES: [&str; 4] = ["css-", "sc-", "jsx-", "jss"];

/// Most classes that tell an element apart in its label.
const MAX_LABEL_CLASSES: usize = 3;

/// Longest name used in a label, in bytes.
const MAX_LABEL_NAME: usize = 60;

/// What an element's attributes say, gathered in one pass over them.
#[derive(Default)]
pub(super) struct Attributes<'a> {
    pub(super) class: &'a str,
    pub(super) id: &'a str,
    pub(super) role: &'a str,
    pub(super) itemprop: &'a str,
    pub(super) href: Option<&'a str>,
    pub(super) start: Option<&'a str>,
    /// `colspan` and `rowspan`.
    pub(super) spans: [Option<&'a str>; 2],
    pub(super) hidden: bool,
    pub(super) aria_hidden: bool,
}

impl<'a> Attributes<'a> {
    pub(super) fn of(element: &'a Element) -> Self {
        let mut found = Self::default();
        for (name, value) in element.attrs() {
            match name {
                "class" => found.class = value,
                "id" => found.id = value,
                "role" => found.role = value,
                "itemprop" => found.itemprop = value,
                "href" => found.href = Some(value),
                "start" => found.start = Some(value),
                "colspan" => found.spans[0] = Some(value),
                "rowspan" => found.spans[1] = Some(value),
                "hidden" => found.hidden = !value.eq_ignore_ascii_case("false"),
                "style" => found.hidden |= hides(value),
                "aria-hidden" => found.aria_hidden = value.eq_ignore_ascii_case("true"),
                _ => {}
            }
        }
        found
    }

    /// Appends the hashes of the words of class, id, role and itemprop, each once.
    pub(super) fn push_words(&self, words: &mut Vec<u32>) {
        let first = words.len();
        let mut buffer = String::new();
        for name in [self.itemprop, self.role, self.id, self.class] {
            for_each_word(name, &mut buffer, |word| {
                let hash = word_hash(word);
                if words.len() < first + MAX_WORDS && !words[first..].contains(&hash) {
                    words.push(hash);
                }
            });
        }
    }

    /// Equal for elements that a template writes alike: tag, classes and id, with digits masked
    /// and generated classes left out. The order of classes does not matter.
    pub(super) fn signature(&self, tag: &str) -> u32 {
        let classes = self.class.split_ascii_whitespace().filter(|class| !is_generated(class));
        let classes = classes.fold(0_u32, |sum, class| sum.wrapping_add(masked_hash(class)));
        let id = if self.id.is_empty() { 0 } else { masked_hash(self.id).rotate_left(7) };
        word_hash(tag).rotate_left(13).wrapping_add(classes).wrapping_add(id).wrapping_mul(0x9e37_79b1)
    }
}

impl Attributes<'_> {
    /// The element as a CSS selector without combinators: its tag, id and first classes, those left out that hold
    /// digits or look generated, for they change from page to page.
    pub(super) fn label(&self, tag: &str) -> String {
        let mut label = if is_identifier(tag) { tag.to_owned() } else { "*".to_owned() };
        if is_lasting(self.id) {
            label.push('#');
            label.push_str(self.id);
        }
        for class in self.class.split_ascii_whitespace().filter(|class| is_lasting(class)).take(MAX_LABEL_CLASSES) {
            label.push('.');
            label.push_str(class);
        }
        label
    }
}

/// Whether a class or id may stand in a selector that is to fit other pages.
fn is_lasting(name: &str) -> bool {
    is_identifier(name) && !is_generated(name) && !name.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a name is a CSS identifier that needs no escapes.
fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    name.len() <= MAX_LABEL_NAME
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn hides(style: &str) -> bool {
    let mut declarations = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    declarations.any(|(property, value)| {
        let value = value.trim_start();
        let starts = |prefix: &str| value.get(..prefix.len()).is_some_and(|v| v.eq_ignore_ascii_case(prefix));
        match property.trim() {
            p if p.eq_ignore_ascii_case("display") => starts("none"),
            p if p.eq_ignore_ascii_case("visibility") => starts("hidden"),
            _ => false,
        }
    })
}

fn is_generated(class: &str) -> bool {
    GENERATED_PREFIXES.iter().any(|prefix| class.starts_with(prefix))
}

/// FNV-1a of the name with every run of digits read as one `0`.
fn masked_hash(name: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut in_digits = false;
    for byte in name.bytes() {
        let digit = byte.is_ascii_digit();
        if !(digit && in_digits) {
            let byte = if digit { b'0' } else { byte };
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        in_digits = digit;
    }
    hash
}

/// Calls `each` with the lower-case words of a name: split at white space, punctuation, digits and
/// changes from lower to upper case; words of one letter are left out.
fn for_each_word(name: &str, buffer: &mut String, mut each: impl FnMut(&str)) {
    let mut previous_lower = false;
    buffer.clear();
    let mut emit = |buffer: &mut String| {
        if buffer.len() > 1 {
            each(buffer);
        }
        buffer.clear();
    };
    for c in name.chars() {
        if !c.is_alphabetic() || (previous_lower && c.is_uppercase()) {
            emit(buffer);
        }
        if c.is_alphabetic() {
            buffer.push(c.to_ascii_lowercase());
        }
        previous_lower = c.is_lowercase();
    }
    emit(buffer);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_lower_case_and_without_digits() {
        let mut words = Vec::new();
        for_each_word("post-412 relatedPosts col_md-8 x", &mut String::new(), |word| words.push(word.to_owned()));
        assert_eq!(words, ["post", "related", "posts", "col", "md"]);
    }

    #[test]
    fn signatures_ignore_numbers_order_and_generated_classes() {
        let signature = |class, id| Attributes { class, id, ..Attributes::default() }.signature("div");
        assert_eq!(signature("a post-1", "n5"), signature("post-22 a css-x1y2", "n77"));
        assert_ne!(signature("a", ""), signature("b", ""));
        assert_ne!(signature("a", ""), signature("", "a"));
    }

    #[test]
    fn labels_are_selectors_of_what_lasts() {
        let label = |class, id| Attributes { class, id, ..Attributes::default() }.label("div");
        assert_eq!(label("", ""), "div");
        assert_eq!(label("related css-x1y2 col-6 box", "side"), "div#side.related.box");
        assert_eq!(label("md:flex -x a b c d", "post-17"), "div.a.b.c");
    }

    #[test]
    fn styles_that_hide() {
        for style in ["display:none", "color: red; DISPLAY : none !important", "visibility: hidden"] {
            assert!(hides(style), "{style}");
        }
        for style in ["display:block", "nodisplay:none", "", "display"] {
            assert!(!hides(style), "{style}");
        }
    }
}
