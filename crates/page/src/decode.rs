//! Bytes to text: byte-order mark, transport label, `<meta>` prescan, detection.

use std::borrow::Cow;

use crate::capture::{Charset, Media};

/// A page's text and how it was come by.
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) encoding: &'static str,
    pub(crate) lossy: bool,
}

/// Decodes a page. Never fails: bytes without meaning become U+FFFD and `lossy` is set.
pub(crate) fn decode<'a>(body: &'a [u8], _charset: &Charset, _media: Media) -> Decoded<'a> {
    let text = String::from_utf8_lossy(body);
    let lossy = matches!(text, Cow::Owned(_));
    Decoded { text, encoding: "UTF-8", lossy }
}
