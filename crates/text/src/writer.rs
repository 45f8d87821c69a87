//! Documents into one stream.

use std::io;

use crate::document::{Document, FailedDocument};
use crate::error::WriteError;
use crate::format::Format;

/// Writes documents to one stream, each with a single call of the stream's `write_all`. Records of text, Markdown and
/// pretty are separated by a line with a form feed.
#[derive(Debug)]
pub struct Writer<W: io::Write> {
    sink: W,
    format: Format,
    record: String,
    is_first: bool,
}

impl<W: io::Write> Writer<W> {
    /// A writer to a stream on which nothing has been written.
    pub fn new(sink: W, format: Format) -> Self {
        Self { sink, format, record: String::new(), is_first: true }
    }

    /// Writes a document.
    ///
    /// # Errors
    /// The stream takes no more, or the document cannot be put into the format.
    pub fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        self.begin();
        self.format.render(document, &mut self.record)?;
        self.put()
    }

    /// Writes the record of a page that could not be read.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub fn write_failure(&mut self, failed: &FailedDocument) -> Result<(), WriteError> {
        self.begin();
        self.format.render_failure(failed, &mut self.record)?;
        self.put()
    }

    /// Flushes the stream and gives it back.
    ///
    /// # Errors
    /// What the stream still held cannot be written.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.sink.flush().map_err(|source| WriteError::Output { source })?;
        Ok(self.sink)
    }

    fn begin(&mut self) {
        self.record.clear();
        self.record.push_str(self.format.opening(self.is_first));
    }

    fn put(&mut self) -> Result<(), WriteError> {
        self.sink.write_all(self.record.as_bytes()).map_err(|source| WriteError::Output { source })?;
        self.is_first = false;
        Ok(())
    }
}
