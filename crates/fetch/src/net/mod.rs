//! Captures from the network: politely, safely, and without losing work.
//!
//! ```text
//! seeds ─► Frontier ─► Schedule ─► Transport ─► Keeper ─► archive, state, log, captures
//!             ▲                        │
//!             └──── links, redirects ──┘
//! ```
//! One task ([`Crawl::run`]) decides, many fetch, one thread writes. Each hop of a redirect is a
//! task of its own, so that whatever holds for a URL (robots.txt, delays, addresses) holds for it.

mod address;
mod body;
mod classify;
mod crawl;
mod discover;
mod dispatch;
mod error;
mod fetcher;
mod frontier;
mod gate;
mod job;
mod keeper;
mod log;
mod media;
mod options;
mod outcome;
mod pattern;
mod progress;
mod resolve;
mod retry;
mod robots;
mod schedule;
mod scope;
mod settings;
mod settle;
mod setup;
mod state;
mod task;
#[cfg(test)]
mod tests;
mod transport;
mod url;
mod warc;

pub use self::url::{MAX_URL, normalise_url};
pub use address::AddressPolicy;
pub use crawl::Crawl;
pub use discover::read_list;
pub use error::FetchError;
pub use fetcher::Fetcher;
pub use options::{AGENT, FetchOptions, Limits, Output, Politeness, Proxy, Retry};
pub use outcome::{Failure, Outcome, Skip, Stored};
pub use pattern::Pattern;
pub use progress::{Progress, Report};
pub use resolve::{Answer, Resolver, SystemResolver};
pub use robots::{Access, Decision, Robots, RuleRef};
pub use settings::{FetchSettings, Follow, Seed, SeedKind};
pub use tokio_util::sync::CancellationToken;
pub use warc::archive_files;
