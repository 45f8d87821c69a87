//! CSS selectors handed to the parser, which marks the outline nodes they match.

/// A selector that the parser cannot read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("bad CSS selector `{selector}`: {reason}")]
#[non_exhaustive]
pub struct SelectorError {
    /// The selector as given.
    pub selector: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Compiled CSS selectors. A match is recorded in [`Outline::marks`](crate::Outline::marks) under the
/// selector's position in the list.
#[derive(Debug, Clone, Default)]
pub struct Selectors {
    pub(crate) list: Vec<scraper::Selector>,
}

impl Selectors {
    /// Compiles selectors, in order.
    ///
    /// # Errors
    /// The first selector that is no valid CSS.
    pub fn compile<'a>(selectors: impl IntoIterator<Item = &'a str>) -> Result<Self, SelectorError> {
        let list = selectors.into_iter().map(compile_one).collect::<Result<_, _>>()?;
        Ok(Self { list })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

fn compile_one(selector: &str) -> Result<scraper::Selector, SelectorError> {
    scraper::Selector::parse(selector)
        .map_err(|error| SelectorError { selector: selector.to_owned(), reason: error.to_string() })
}
