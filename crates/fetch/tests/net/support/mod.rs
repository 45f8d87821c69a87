//! What the network tests share: a server that misbehaves on demand, names that lead to it, a
//! strict reader of archives.

pub(crate) mod archive;
pub(crate) mod server;

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dechrome_fetch::net::{AddressPolicy, Answer, FetchOptions, Limits, Output, Politeness, Resolver, Retry, Seed};

pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Every name leads to loopback, but for exceptions.
#[derive(Default)]
pub(crate) struct Names(pub(crate) HashMap<&'static str, Vec<IpAddr>>);

impl Resolver for Names {
    fn resolve(&self, host: &str) -> Answer {
        let found = self.0.get(host).cloned().unwrap_or_else(|| vec![LOOPBACK]);
        Box::pin(async move { if found.is_empty() { Err(io::Error::other("no such host")) } else { Ok(found) } })
    }
}

/// Options for tests: no delays, short limits, loopback allowed.
pub(crate) fn options(urls: impl IntoIterator<Item = String>) -> FetchOptions {
    FetchOptions {
        seeds: urls.into_iter().map(Seed::page).collect(),
        politeness: Politeness { delay: Duration::ZERO, slowness_factor: 0.0, max_delay: Duration::from_secs(5) },
        retry: Retry {
            attempts: 1,
            base: Duration::from_millis(1),
            breaker_pause: Duration::from_millis(1),
            breaker_limit: 100,
            ..Retry::default()
        },
        limits: Limits {
            body: 4 << 20,
            connect: Duration::from_secs(5),
            total: Duration::from_millis(1_500),
            min_rate: 1_000,
            rate_window: Duration::from_millis(300),
            ..Limits::default()
        },
        addresses: AddressPolicy::PublicAnd(vec![LOOPBACK]),
        resolver: Arc::new(Names::default()),
        random_seed: Some(7),
        ..FetchOptions::default()
    }
}

/// The same, writing an archive and a log into a directory.
pub(crate) fn into(directory: &Path, options: FetchOptions) -> FetchOptions {
    FetchOptions {
        output: Output::File(directory.join("crawl.warc.gz")),
        log: Some(directory.join("log.jsonl")),
        ..options
    }
}

/// Runs a crawl to its end.
pub(crate) async fn run(options: FetchOptions) -> dechrome_fetch::net::Report {
    use dechrome_fetch::net::{Crawl, Progress};
    Crawl::run(options, Progress::default(), tokio_util::sync::CancellationToken::new()).await.unwrap()
}

/// The log's lines by URL. A URL has one outcome.
pub(crate) fn outcomes(directory: &Path) -> HashMap<String, serde_json::Value> {
    let text = std::fs::read_to_string(directory.join("log.jsonl")).unwrap();
    let mut outcomes = HashMap::new();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let url = line["url"].as_str().unwrap().to_owned();
        assert!(outcomes.insert(url.clone(), line).is_none(), "two outcomes for {url}");
    }
    outcomes
}
