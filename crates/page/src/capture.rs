//! A capture: one URL's bytes at one time, from the network or an archive alike.

/// What kind of page a capture's bytes hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// HTML or XHTML.
    Html,
    /// A page somebody flattened to text lines long ago.
    Text,
}

/// What is known of the character encoding before looking at the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charset {
    /// The bytes are UTF-8 for certain (a JSON string, a WET record); no detection is run.
    Utf8,
    /// A label from the transport, such as `charset=` of an HTTP `Content-Type`.
    Declared(String),
    /// Nothing is known: byte-order mark, `<meta>` prescan, then detection.
    Unknown,
}

/// One URL's bytes at one time.
///
/// # Example
/// ```
/// use dechrome_page::{Capture, Page};
/// let capture = Capture::html("a", "<title>T</title><p>Hello");
/// let page = Page::read(&capture);
/// assert_eq!(page.blocks[0].text, "Hello");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// Names the record within a run: a given `id`, a WARC record id, or a path.
    pub id: String,
    /// The page's address, where it is known.
    pub url: Option<String>,
    /// The site's name as its collector gave it; otherwise found out from the page.
    pub site: Option<String>,
    /// When it was captured: RFC 3339, as the archive gives it.
    pub captured_at: Option<String>,
    /// The directory that stands for its site, where it was read from a file: the last resort for naming it. One named
    /// after a host ([`host_of_directory`](crate::host_of_directory)) names the site; any other only keeps pages together.
    pub directory: Option<String>,
    /// HTML or flat text.
    pub media: Media,
    /// What is known of the encoding.
    pub charset: Charset,
    /// The page itself.
    pub body: Vec<u8>,
}

impl Capture {
    /// A capture of already decoded HTML.
    pub fn html(id: impl Into<String>, html: impl Into<String>) -> Self {
        Self::decoded(id.into(), Media::Html, html.into())
    }

    /// A capture of an already flattened page.
    pub fn text(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self::decoded(id.into(), Media::Text, text.into())
    }

    fn decoded(id: String, media: Media, text: String) -> Self {
        Self {
            id,
            url: None,
            site: None,
            captured_at: None,
            directory: None,
            media,
            charset: Charset::Utf8,
            body: text.into_bytes(),
        }
    }

    /// The same capture with its address.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }
}
