//! Decodes a captured page, parses it and cuts it into blocks of text.
//!
//! ```text
//! Capture ── decode ──► text ── html | flat ──► Page (metadata, outline, blocks)
//! ```
//! No I/O, no knowledge of any site, and no type of an HTML parser in its interface.

mod block;
mod capture;
mod decode;
mod flat;
mod html;
mod metadata;
mod outline;
mod page;
mod selectors;
mod site;
mod words;

pub use block::{Block, BlockKind, Hidden, Link};
pub use capture::{Capture, Charset, Media};
pub use html::{MAX_BYTES, MAX_DEPTH};
pub use metadata::Metadata;
pub use outline::{Node, NodeId, Outline, ROOT, Tag};
pub use page::{Limits, Page};
pub use selectors::{MetadataField, SelectorError, Selectors};
pub use site::{canonical_url, host_of_directory, is_stand_in, registrable_domain};
pub use words::word_hash;
