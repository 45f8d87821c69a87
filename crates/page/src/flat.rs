//! Blocks from flat text.
use crate::html::Parsed;
pub(crate) fn parse(_text: &str) -> Parsed {
    unimplemented!()
}
