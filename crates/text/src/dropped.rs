//! What was dropped of a page, and why.

use std::io;

use dechrome_page::Page;
use dechrome_template::{Reason, Verdict};
use serde::Serialize;

use crate::error::WriteError;
use crate::format::json_line;
use crate::headline::headline;

/// The blocks of a page that are not in its document's text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dropped<'a> {
    /// The capture's id.
    pub id: &'a str,
    /// The dropped blocks, in reading order.
    pub dropped: Vec<DroppedBlock<'a>>,
}

/// A block that was dropped. In JSON the reason's code and numbers stand beside the text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DroppedBlock<'a> {
    /// Index of the block in the page.
    pub block: u32,
    /// Why.
    #[serde(flatten)]
    pub reason: &'a Reason,
    /// Its text, as it stands in the page.
    pub text: &'a str,
}

impl<'a> Dropped<'a> {
    /// What [`Document::new`](crate::Document::new) leaves out of the text, given the same page and verdicts.
    pub fn new(page: &'a Page, verdicts: &'a [Verdict]) -> Self {
        let headline = headline(page, verdicts);
        let dropped = page.blocks.iter().enumerate().filter_map(|(index, block)| {
            let reason = dropped_for(verdicts, headline, index)?;
            Some(DroppedBlock { block: index as u32, reason, text: &block.text })
        });
        Self { id: &page.id, dropped: dropped.collect() }
    }

    /// Writes it as a line of JSON, with a single call of the stream's `write_all`.
    ///
    /// # Errors
    /// The stream takes no more.
    pub fn write(&self, sink: &mut impl io::Write) -> Result<(), WriteError> {
        let mut line = String::new();
        json_line(self.id, self, &mut line)?;
        sink.write_all(line.as_bytes()).map_err(|source| WriteError::Output { source })
    }
}

/// Why the block of this index is not in the text; `None` where it is. The headline is metadata.
pub(crate) fn dropped_for(verdicts: &[Verdict], headline: Option<usize>, index: usize) -> Option<&Reason> {
    if Some(index) == headline {
        return Some(&Reason::Metadata);
    }
    verdicts.get(index).filter(|verdict| !verdict.is_content()).map(|verdict| &verdict.reason)
}
