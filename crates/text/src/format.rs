//! The formats that documents are written in.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::document::{Document, FailedDocument};
use crate::error::WriteError;
use crate::escape::{Place, escape, escape_html};
use crate::html::{self, Links};
use crate::normalise::{Spacing, normalise};
use crate::{markdown, pretty};

/// Columns of [`Format::Pretty`] where none are asked for.
const DEFAULT_WIDTH: u16 = 80;

/// What documents are written as.
///
/// # Example
/// ```
/// use dechrome_text::Format;
/// assert_eq!("markdown".parse(), Ok(Format::Markdown));
/// assert_eq!(Format::JsonLines.to_string(), "jsonl");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A JSON object a line: the [`Document`]'s fields, or a [`FailedDocument`]'s.
    JsonLines,
    /// The title and the text.
    Text,
    /// `CommonMark` with GitHub's tables.
    Markdown,
    /// One `<article>` a document.
    Html,
    /// For reading on a terminal.
    Pretty {
        /// Columns; fewer than 20 are taken as 20.
        width: u16,
    },
}

/// A format's name that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format is called `{name}`; there are jsonl, text, markdown, html and pretty")]
#[non_exhaustive]
pub struct UnknownFormat {
    /// The name as given.
    pub name: String,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        match name {
            "jsonl" => Ok(Self::JsonLines),
            "text" => Ok(Self::Text),
            "markdown" => Ok(Self::Markdown),
            "html" => Ok(Self::Html),
            "pretty" => Ok(Self::Pretty { width: DEFAULT_WIDTH }),
            _ => Err(UnknownFormat { name: name.to_owned() }),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::JsonLines => "jsonl",
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Pretty { .. } => "pretty",
        })
    }
}

impl Format {
    /// The extension of a file that holds one document.
    pub fn extension(self) -> &'static str {
        match self {
            Self::JsonLines => "json",
            Self::Text | Self::Pretty { .. } => "txt",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }

    /// What stands before a record: the opening of a stream, and from the second record on what separates it.
    pub(crate) fn opening(self, is_first: bool) -> &'static str {
        match (self, is_first) {
            (Self::Html, true) => html::OPENING,
            (Self::Text | Self::Markdown | Self::Pretty { .. }, false) => "\u{c}\n",
            _ => "",
        }
    }

    /// Writes one document after what `out` holds.
    pub(crate) fn render(self, document: &Document, out: &mut String) -> Result<(), WriteError> {
        match self {
            Self::JsonLines => return json_line(&document.id, document, out),
            Self::Text => plain(document, out),
            Self::Markdown => markdown::render(document, out),
            Self::Html => html::render(document, Links::Keep, out),
            Self::Pretty { width } => return pretty::render(document, width, out),
        }
        Ok(())
    }

    /// Writes the record of a failure after what `out` holds.
    pub(crate) fn render_failure(self, failed: &FailedDocument, out: &mut String) -> Result<(), WriteError> {
        let error = normalise(&failed.error, Spacing::Line);
        let notice = format!("[not cleaned: {error}]");
        match self {
            Self::JsonLines => return json_line(&failed.id, failed, out),
            Self::Text | Self::Pretty { .. } => out.push_str(&notice),
            Self::Markdown => escape(&notice, Place::Line, true, out),
            Self::Html => {
                out.push_str("<article");
                html::attribute("data-id", &failed.id, out);
                html::attribute("data-error", &error, out);
                out.push_str("><p>");
                escape_html(&notice, out);
                out.push_str("</p></article>");
            }
        }
        out.push('\n');
        Ok(())
    }
}

/// Writes a record as a line of JSON.
pub(crate) fn json_line<T: Serialize>(id: &str, record: &T, out: &mut String) -> Result<(), WriteError> {
    let json = serde_json::to_string(record).map_err(|source| WriteError::Json { id: id.to_owned(), source })?;
    out.push_str(&json);
    out.push('\n');
    Ok(())
}

/// The title, a blank line, the text.
fn plain(document: &Document, out: &mut String) {
    let title = document.title.as_deref().unwrap_or_default();
    let separator = if title.is_empty() || document.text.is_empty() { "" } else { "\n\n" };
    let end = if title.is_empty() && document.text.is_empty() { "" } else { "\n" };
    for piece in [title, separator, &document.text, end] {
        out.push_str(piece);
    }
}
