//! Finding URLs: links of pages, sitemaps, feeds, lists.

mod feed;
mod list;
mod page;
mod sitemap;

pub(crate) use feed::read as read_feed;
pub use list::read as read_list;
pub(crate) use page::{PageFacts, scan};
pub(crate) use sitemap::{MAX_BYTES as MAX_SITEMAP, Sitemap, read as read_sitemap};
