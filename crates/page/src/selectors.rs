//! CSS selectors handed to the parser: it marks the outline nodes that some match, and reads metadata from others.

use scraper::error::SelectorErrorKind;

/// A selector that the parser cannot read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("selector `{selector}` is no CSS selector that is understood: {reason}")]
#[non_exhaustive]
pub struct SelectorError {
    /// The selector as given.
    pub selector: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A field of [`Metadata`](crate::Metadata) that selectors may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetadataField {
    /// The headline.
    Title,
    /// The authors.
    Author,
    /// The day of publication.
    Date,
}

/// Compiled CSS selectors. A match is recorded in [`Outline::marks`](crate::Outline::marks) under the
/// selector's position in the list.
#[derive(Debug, Clone, Default)]
pub struct Selectors {
    pub(crate) list: Vec<scraper::Selector>,
    /// Where metadata stand, best first.
    pub(crate) metadata: Vec<(MetadataField, scraper::Selector)>,
}

impl Selectors {
    /// Compiles selectors, in order.
    ///
    /// # Errors
    /// The first selector that is no valid CSS.
    pub fn compile<'a>(selectors: impl IntoIterator<Item = &'a str>) -> Result<Self, SelectorError> {
        let list = selectors.into_iter().map(compile_one).collect::<Result<_, _>>()?;
        Ok(Self { list, metadata: Vec::new() })
    }

    /// Adds a place where a field of the metadata stands. Of a field's selectors the first that finds a value gives
    /// it, before whatever else the page says: the element's `content` or `datetime`, else its text.
    ///
    /// # Errors
    /// The selector is no valid CSS.
    pub fn add_metadata(&mut self, field: MetadataField, selector: &str) -> Result<(), SelectorError> {
        self.metadata.push((field, compile_one(selector)?));
        Ok(())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.metadata.is_empty()
    }
}

fn compile_one(selector: &str) -> Result<scraper::Selector, SelectorError> {
    scraper::Selector::parse(selector)
        .map_err(|error| SelectorError { selector: selector.to_owned(), reason: reason(&error) })
}

/// The parser's reason in words; of most it tells only a name, such as `ClassNeedsIdent`.
fn reason(error: &SelectorErrorKind) -> String {
    let told = match error {
        SelectorErrorKind::UnexpectedSelectorParseError(kind) => format!("{kind:?}"),
        other => format!("{other:?}"),
    };
    match told.as_str() {
        "ClassNeedsIdent" => return "a name is expected after `.`".to_owned(),
        "EndOfLine" => return "it ends too early".to_owned(),
        "DanglingCombinator" => return "it ends in a combinator".to_owned(),
        "NoIdentForPseudo" => return "a name is expected after `:`".to_owned(),
        _ => {}
    }
    let mut words = String::new();
    for letter in told.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::Selectors;

    #[test]
    fn errors_are_told_in_words() {
        for (selector, reason) in [
            ("div..x", "a name is expected after `.`"),
            ("p:", "it ends too early"),
            ("p >", "it ends in a combinator"),
            ("p::before", "unsupported pseudo class or element"),
            ("", "empty selector"),
        ] {
            let error = Selectors::compile([selector]).expect_err("no CSS").to_string();
            let expected = format!("selector `{selector}` is no CSS selector that is understood: ");
            assert!(error.starts_with(&expected) && error.contains(reason) && !error.contains('\n'), "{error}");
        }
    }
}
