//! What a crawl is told.

use std::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::address::AddressPolicy;
use super::resolve::{Resolver, SystemResolver};
use super::settings::{FetchSettings, Follow, Seed};

/// The product token by which robots.txt files address us.
pub const AGENT: &str = "dechrome";

/// How hosts are spared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Politeness {
    /// Least time between the end of a request to a host and the next one.
    pub delay: Duration,
    /// The wait is at least this many times the last response time. Heritrix uses 5 as well.
    pub slowness_factor: f64,
    /// Longest wait that slowness or `Crawl-delay` can bring about.
    pub max_delay: Duration,
}

impl Default for Politeness {
    fn default() -> Self {
        Self { delay: Duration::from_secs(1), slowness_factor: 5.0, max_delay: Duration::from_mins(5) }
    }
}

/// When and how often to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Attempts after the first.
    pub attempts: u8,
    /// The backoff before the first further attempt is random between zero and this, and so on doubling.
    pub base: Duration,
    /// The backoff's ceiling.
    pub cap: Duration,
    /// Longest `Retry-After` obeyed; a longer one fails the URL and gives the host up.
    pub max_retry_after: Duration,
    /// Failures of a host in a row that open its circuit breaker.
    pub breaker_threshold: u32,
    /// How long the breaker stays open, doubling each time.
    pub breaker_pause: Duration,
    /// How often the breaker may open before the host is given up.
    pub breaker_limit: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_secs(2),
            cap: Duration::from_mins(2),
            max_retry_after: Duration::from_hours(1),
            breaker_threshold: 5,
            breaker_pause: Duration::from_mins(1),
            breaker_limit: 4,
        }
    }
}

/// Limits on a single exchange. Every one of them ends it with a classified failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most decoded bytes of a body.
    pub body: u64,
    /// Most decoded bytes per received byte; the first MiB is free.
    pub ratio: u64,
    /// Time to connect, TLS included.
    pub connect: Duration,
    /// Time for the whole exchange.
    pub total: Duration,
    /// Least bytes per second of a body, measured over each `rate_window`.
    pub min_rate: u64,
    /// The span over which the rate is measured.
    pub rate_window: Duration,
    /// Most redirects of one URL.
    pub redirects: u8,
    /// Most header fields of an answer; their bytes are capped by the HTTP library at about 400 KB.
    pub headers: usize,
    /// Content types kept, lower-case, without parameters. Empty: all.
    pub content_types: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 16 << 20,
            ratio: 300,
            connect: Duration::from_secs(15),
            total: Duration::from_secs(90),
            min_rate: 200,
            rate_window: Duration::from_secs(10),
            redirects: 10,
            headers: 200,
            content_types: ["text/html", "application/xhtml+xml", "text/plain"].map(String::from).to_vec(),
        }
    }
}

/// Which proxy requests go through. Behind a proxy the addresses are resolved by it, so that
/// only literals are checked; the proxy itself may have a private address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Proxy {
    /// None, whatever the environment says.
    #[default]
    None,
    /// As `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say.
    Environment,
    /// This one.
    Url(String),
}

/// Where the archive goes.
#[derive(Default)]
pub enum Output {
    /// Nowhere; the captures are all there is.
    #[default]
    None,
    /// `PATH.warc.gz`, later `PATH-00001.warc.gz` and so on, with the crawl's state in
    /// `PATH.warc.gz.state`. A file being written ends in `.open`.
    File(PathBuf),
    /// A stream such as stdout. It cannot be resumed.
    Stream(Box<dyn Write + Send>),
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

/// What a crawl is told.
///
/// # Example
/// ```
/// use dechrome_fetch::net::{FetchOptions, Seed};
/// let options = FetchOptions { seeds: vec![Seed::page("https://example.org/")], ..FetchOptions::default() };
/// assert_eq!(options.politeness.delay.as_secs(), 1);
/// ```
pub struct FetchOptions {
    /// Where to begin.
    pub seeds: Vec<Seed>,
    /// `[fetch]` tables of site files; each adds its seeds and governs its own site.
    pub sites: Vec<FetchSettings>,
    /// Which links of seed pages to follow, beyond what the sites say. None: no links.
    pub follow: Option<Follow>,
    /// Also read the sitemaps that the robots.txt of the crawl's sites name.
    pub robots_sitemaps: bool,
    /// Most pages fetched, archived or not. None: no bound.
    pub max_pages: Option<u64>,
    /// How to reach who runs the crawl: a URL or a mail address, put into the User-Agent.
    pub contact: Option<String>,
    /// How hosts are spared.
    pub politeness: Politeness,
    /// When to try again.
    pub retry: Retry,
    /// Limits on an exchange.
    pub limits: Limits,
    /// Which addresses may be contacted.
    pub addresses: AddressPolicy,
    /// Which proxy to use.
    pub proxy: Proxy,
    /// Certificates of authorities trusted besides the system's, in DER: for closed networks.
    pub authorities: Vec<Vec<u8>>,
    /// Most requests in flight, over all hosts.
    pub concurrency: usize,
    /// Where the archive goes.
    pub output: Output,
    /// Bytes after which an archive file is closed and the next begun.
    pub rotate_at: u64,
    /// Go on with the crawl whose state lies beside the output.
    pub resume: bool,
    /// Archive of an earlier crawl, whose state lies beside it: what has not changed since is stored as a revisit.
    pub previous: Option<PathBuf>,
    /// JSON Lines file to which every outcome is appended.
    pub log: Option<PathBuf>,
    /// Finds addresses.
    pub resolver: Arc<dyn Resolver>,
    /// Seed of the random backoff; None: from the system.
    pub random_seed: Option<u64>,
    /// Speak HTTP/2 without TLS to every server, without asking. For tests and closed networks.
    pub http2_only: bool,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            seeds: Vec::new(),
            sites: Vec::new(),
            follow: None,
            robots_sitemaps: false,
            max_pages: None,
            contact: None,
            politeness: Politeness::default(),
            retry: Retry::default(),
            limits: Limits::default(),
            addresses: AddressPolicy::Public,
            proxy: Proxy::None,
            authorities: Vec::new(),
            concurrency: 64,
            output: Output::None,
            rotate_at: 1 << 30,
            resume: false,
            previous: None,
            log: None,
            resolver: Arc::new(SystemResolver),
            random_seed: None,
            http2_only: false,
        }
    }
}

impl FetchOptions {
    /// The User-Agent sent: the product, its version, and whom to contact.
    pub fn user_agent(&self) -> String {
        let product = concat!("dechrome/", env!("CARGO_PKG_VERSION"));
        match &self.contact {
            Some(contact) => format!("{product} (+{contact})"),
            None => product.to_owned(),
        }
    }
}
