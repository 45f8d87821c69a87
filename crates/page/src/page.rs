//! A page: a capture decoded, parsed and cut into blocks.

use serde::{Deserialize, Serialize};

use crate::block::Block;
use crate::capture::{Capture, Media};
use crate::metadata::Metadata;
use crate::outline::Outline;
use crate::selectors::Selectors;

/// Which of our limits a hostile or broken page ran into. None of them loses the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// Elements nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH) were flattened into their parents.
    pub depth: bool,
    /// A tag's attributes were cut short.
    pub attributes: bool,
    /// The page was cut at [`MAX_BYTES`](crate::MAX_BYTES), or where its tree ran away.
    pub size: bool,
}

/// A capture decoded, parsed and cut into blocks. HTML and flat text give the same type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The capture's id.
    pub id: String,
    /// The capture's address.
    pub url: Option<String>,
    /// The site as its collector named it; see [`site_of`](crate::site_of) for finding it out.
    pub site: Option<String>,
    /// When it was captured, RFC 3339.
    pub captured_at: Option<String>,
    /// The directory that stands for its site, where it came from a file.
    pub directory: Option<String>,
    /// HTML or flat text.
    pub media: Media,
    /// The encoding it was decoded from, by its WHATWG name.
    pub encoding: String,
    /// Whether some bytes had no meaning in that encoding and became U+FFFD.
    pub lossy: bool,
    /// The limits it ran into.
    pub limits: Limits,
    /// Scripts of code in it; structured data is none.
    pub scripts: u32,
    /// What the page says of itself.
    pub metadata: Metadata,
    /// Its block-level elements.
    pub outline: Outline,
    /// Its text, in reading order.
    pub blocks: Vec<Block>,
}

impl Page {
    /// Decodes, parses and cuts a capture. Never fails: a hostile page gives a value with its
    /// [`Limits`] set, an empty one a page without blocks.
    pub fn read(capture: &Capture) -> Self {
        Self::read_with(capture, &Selectors::default())
    }

    /// As [`Page::read`], marking in the outline the elements that the selectors match.
    pub fn read_with(capture: &Capture, selectors: &Selectors) -> Self {
        let decoded = crate::decode::decode(&capture.body, &capture.charset, capture.media);
        let parsed = match capture.media {
            Media::Html => crate::html::parse(&decoded.text, capture.url.as_deref(), selectors),
            Media::Text => crate::flat::parse(&decoded.text),
        };
        Self {
            id: capture.id.clone(),
            url: capture.url.clone(),
            site: capture.site.clone(),
            captured_at: capture.captured_at.clone(),
            directory: capture.directory.clone(),
            media: capture.media,
            encoding: decoded.encoding.to_owned(),
            lossy: decoded.lossy,
            limits: parsed.limits,
            scripts: parsed.scripts,
            metadata: parsed.metadata,
            outline: parsed.outline,
            blocks: parsed.blocks,
        }
    }
}
