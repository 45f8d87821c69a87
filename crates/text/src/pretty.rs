//! Reading on a terminal: the minimal HTML, laid out in columns.

use crate::document::Document;
use crate::error::WriteError;
use crate::html::{self, Links};

/// Fewest columns laid out: below them the markers of lists leave no room for words.
const MIN_WIDTH: u16 = 20;

/// Lays a document out in `width` columns, without links.
pub(crate) fn render(document: &Document, width: u16, out: &mut String) -> Result<(), WriteError> {
    let mut article = String::with_capacity(document.text.len() + 1024);
    html::render(document, Links::Unlink, &mut article);
    let columns = usize::from(width.max(MIN_WIDTH));
    let laid_out = html2text::config::plain().allow_width_overflow().string_from_read(article.as_bytes(), columns);
    let laid_out = laid_out.map_err(|source| WriteError::Layout { id: document.id.clone(), width, source })?;
    for line in laid_out.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    Ok(())
}
