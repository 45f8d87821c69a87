//! Documents of clean text, and the formats they are written in.
//!
//! ```text
//! Page + Judgement ── Document::of ──► Document ── Writer | Directory ──► JSON Lines, text, Markdown, HTML, pretty
//! ```
//! Decides nothing about content: what stays is what the verdicts keep, in their order.

mod assemble;
mod characters;
mod directory;
mod document;
mod dropped;
mod error;
mod escape;
mod format;
mod headline;
mod html;
mod language;
mod layout;
mod link;
mod markdown;
mod normalise;
mod pretty;
mod writer;

pub use directory::Directory;
pub use document::{Document, FailedDocument, Segment, Source};
pub use dropped::{Dropped, DroppedBlock};
pub use error::WriteError;
pub use format::{Format, UnknownFormat};
pub use normalise::{Spacing, normalise};
pub use writer::Writer;
