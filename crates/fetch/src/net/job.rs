//! One task carried out: the request, and the reading of its answer. Runs beside others.

use std::sync::Arc;

use http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue};
use url::Url;

use super::discover::{PageFacts, Sitemap, read_feed, read_sitemap, scan};
use super::outcome::Failure;
use super::schedule::HostId;
use super::state::StoredPage;
use super::task::{Purpose, Task};
use super::transport::{Attempt, Exchange, Transport, Wanted};
use super::{media, robots};

/// A task, ready to be carried out.
pub(crate) struct Job {
    pub(crate) host: HostId,
    pub(crate) task: Task,
    pub(crate) url: Url,
    /// Further request headers.
    pub(crate) headers: HeaderMap,
    /// How an earlier crawl stored the page.
    pub(crate) previous: Option<StoredPage>,
    /// Whether the page's links matter.
    pub(crate) links: bool,
}

/// A task carried out.
pub(crate) struct Done {
    pub(crate) host: HostId,
    pub(crate) task: Task,
    pub(crate) url: Url,
    pub(crate) previous: Option<StoredPage>,
    pub(crate) attempt: Attempt,
    pub(crate) reading: Result<Reading, Failure>,
}

/// What the answer says.
pub(crate) enum Reading {
    /// Not read: no success, or a robots.txt.
    Nothing,
    Page(PageFacts),
    Sitemap(Sitemap),
    Feed(Vec<String>),
}

impl Job {
    /// Carries the task out.
    pub(crate) async fn run(self, transport: Arc<Transport>) -> Done {
        let wanted = match self.task.purpose {
            Purpose::Page => Wanted::Pages,
            Purpose::Sitemap(_) | Purpose::Feed => Wanted::Listing,
            Purpose::Robots(_) => Wanted::Prefix(robots::MAX_BYTES + 1),
        };
        let mut headers = self.headers;
        if let Some(previous) = &self.previous {
            conditions(&mut headers, previous);
        }
        let attempt = transport.get(&self.url, headers, wanted).await;
        let reading = match &attempt.result {
            Ok(exchange) if exchange.status.is_success() && exchange.unwanted.is_none() => {
                read(&self.task.purpose, exchange, self.links)
            }
            _ => Ok(Reading::Nothing),
        };
        Done { host: self.host, task: self.task, url: self.url, previous: self.previous, attempt, reading }
    }
}

fn conditions(headers: &mut HeaderMap, previous: &StoredPage) {
    for (name, value) in [(IF_NONE_MATCH, &previous.etag), (IF_MODIFIED_SINCE, &previous.last_modified)] {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
}

fn read(purpose: &Purpose, exchange: &Exchange, links: bool) -> Result<Reading, Failure> {
    let body = &exchange.body;
    match purpose {
        Purpose::Robots(_) => Ok(Reading::Nothing),
        Purpose::Page if is_plain(exchange) => Ok(Reading::Page(PageFacts::default())),
        Purpose::Page => Ok(Reading::Page(scan(&exchange.url, body, links))),
        Purpose::Sitemap(_) => {
            read_sitemap(body).map(Reading::Sitemap).map_err(|reason| Failure::Unreadable { what: "sitemap", reason })
        }
        Purpose::Feed => {
            read_feed(body).map(Reading::Feed).map_err(|reason| Failure::Unreadable { what: "feed", reason })
        }
    }
}

fn is_plain(exchange: &Exchange) -> bool {
    media::content_type(&exchange.headers).is_some_and(|given| media::essence(&given) == "text/plain")
}
