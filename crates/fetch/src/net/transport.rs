//! One request, one answer: a single hop, with every limit applied.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode, Version, header};
use jiff::Timestamp;
use reqwest::{Client, Response, redirect};
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use super::body::Body;
use super::classify::classify;
use super::discover::MAX_SITEMAP;
use super::error::FetchError;
use super::options::{FetchOptions, Limits, Proxy};
use super::outcome::Failure;
use super::resolve::Guarded;
use super::{AddressPolicy, media};

/// Bytes of an unwanted body that are read to keep the connection.
const DRAIN: u64 = 64 << 10;
/// What we ask for: pages first, whatever else there is second.
const ACCEPT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
/// Connections kept open for the next request to their host.
const IDLE: Duration = Duration::from_mins(1);

/// A whole answer.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) url: Url,
    pub(crate) request_headers: HeaderMap,
    pub(crate) status: StatusCode,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    /// The body, decompressed. Empty when `unwanted`.
    pub(crate) body: Vec<u8>,
    /// Bytes of the body as received.
    pub(crate) wire_bytes: u64,
    pub(crate) address: Option<IpAddr>,
    pub(crate) at: Timestamp,
    pub(crate) took: Duration,
    /// The content type, when it is none that was asked for.
    pub(crate) unwanted: Option<String>,
}

/// An answer and how long the server took, whether it was one or not.
pub(crate) struct Attempt {
    pub(crate) result: Result<Exchange, Failure>,
    pub(crate) took: Duration,
}

/// What may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The content types of the limits.
    Pages,
    /// Whatever it is, up to so many bytes; more is cut off silently.
    Prefix(usize),
    /// A sitemap or feed; these may be larger than pages.
    Listing,
}

/// Makes requests.
pub(crate) struct Transport {
    client: Client,
    limits: Limits,
    policy: AddressPolicy,
    headers: HeaderMap,
}

impl Transport {
    pub(crate) fn new(options: &FetchOptions) -> Result<Self, FetchError> {
        let client = client(options).map_err(|source| FetchError::Client { source })?;
        let headers = headers(&options.user_agent())?;
        Ok(Self { client, limits: options.limits.clone(), policy: options.addresses.clone(), headers })
    }

    /// Fetches one URL without following redirects. `extra` are further request headers.
    pub(crate) async fn get(&self, url: &Url, extra: HeaderMap, wanted: Wanted) -> Attempt {
        let start = Instant::now();
        let result = match timeout_at(start + self.limits.total, self.exchange(url, extra, wanted, start)).await {
            Ok(result) => result,
            Err(_) => Err(Failure::Timeout),
        };
        Attempt { result, took: start.elapsed() }
    }

    async fn exchange(&self, url: &Url, extra: HeaderMap, wanted: Wanted, start: Instant) -> Result<Exchange, Failure> {
        self.policy.check_literal(url)?;
        let mut request_headers = self.headers.clone();
        request_headers.extend(extra);
        let at = Timestamp::now();
        let request = self.client.get(url.clone()).headers(request_headers.clone());
        let response = request.send().await.map_err(|error| classify(&error))?;
        let unwanted = self.unwanted(&response, wanted);
        let mut exchange = Exchange {
            url: url.clone(),
            request_headers,
            status: response.status(),
            version: response.version(),
            headers: response.headers().clone(),
            body: Vec::new(),
            wire_bytes: 0,
            address: response.remote_addr().map(|remote| remote.ip()),
            at,
            took: Duration::ZERO,
            unwanted,
        };
        if exchange.unwanted.is_some() || !exchange.status.is_success() {
            self.drain(response).await;
        } else {
            (exchange.body, exchange.wire_bytes) = self.body(response, wanted).await?;
        }
        exchange.took = start.elapsed();
        Ok(exchange)
    }

    fn unwanted(&self, response: &Response, wanted: Wanted) -> Option<String> {
        if wanted != Wanted::Pages || self.limits.content_types.is_empty() || !response.status().is_success() {
            return None;
        }
        let given = media::content_type(response.headers())?;
        let essence = media::essence(&given);
        (!self.limits.content_types.contains(&essence)).then_some(essence)
    }

    /// Reads the body to its end under the limits; gives it decompressed, with the bytes received.
    async fn body(&self, mut response: Response, wanted: Wanted) -> Result<(Vec<u8>, u64), Failure> {
        let limit = if wanted == Wanted::Listing { MAX_SITEMAP.max(self.limits.body) } else { self.limits.body };
        let mut body = Body::new(response.headers(), limit, self.limits.ratio)?;
        let minimum = self.limits.min_rate;
        let per_window = (minimum as f64 * self.limits.rate_window.as_secs_f64()) as u64;
        let mut window_end = Instant::now() + self.limits.rate_window;
        let mut in_window = 0;
        loop {
            let chunk = match timeout_at(window_end, response.chunk()).await {
                Ok(chunk) => chunk.map_err(|error| classify(&error))?,
                Err(_) if in_window < per_window => return Err(Failure::TooSlow { minimum }),
                Err(_) => {
                    window_end += self.limits.rate_window;
                    in_window = 0;
                    continue;
                }
            };
            let Some(chunk) = chunk else { break };
            in_window += chunk.len() as u64;
            body.push(&chunk)?;
            if matches!(wanted, Wanted::Prefix(most) if body.len() >= most) {
                return Ok(body.cut());
            }
        }
        body.finish()
    }

    /// Reads a short unwanted body, so that the connection can be used again.
    async fn drain(&self, mut response: Response) {
        let mut left = DRAIN;
        if response.content_length().is_some_and(|length| length > left) {
            return;
        }
        let reading = async {
            while let Ok(Some(chunk)) = response.chunk().await {
                left = left.saturating_sub(chunk.len() as u64);
                if left == 0 {
                    return;
                }
            }
        };
        // However it ends, the answer is known already.
        let _ = timeout(self.limits.rate_window, reading).await;
    }
}

fn client(options: &FetchOptions) -> Result<Client, Box<dyn std::error::Error + Send + Sync>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let authorities = options.authorities.iter().cloned().map(CertificateDer::from);
    let verifier = Verifier::new_with_extra_roots(authorities, Arc::clone(&provider))?;
    // "Dangerous" is only to bring a verifier of one's own; this one checks as the system does.
    let mut tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let guard = Guarded {
        resolver: Arc::clone(&options.resolver),
        policy: options.addresses.clone(),
        proxies: proxy_hosts(&options.proxy),
    };
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(guard))
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(options.limits.connect)
        .http1_max_headers(options.limits.headers)
        .http2_max_header_list_size(256 << 10)
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(IDLE);
    builder = match &options.proxy {
        Proxy::None => builder.no_proxy(),
        Proxy::Environment => builder,
        Proxy::Url(url) => builder.no_proxy().proxy(reqwest::Proxy::all(url)?),
    };
    if options.http2_only {
        builder = builder.http2_prior_knowledge();
    }
    Ok(builder.build()?)
}

/// The host names of the proxies in use.
fn proxy_hosts(proxy: &Proxy) -> Vec<String> {
    const VARIABLES: [&str; 6] = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    let urls = match proxy {
        Proxy::None => Vec::new(),
        Proxy::Url(url) => vec![url.clone()],
        Proxy::Environment => VARIABLES.iter().filter_map(|name| std::env::var(name).ok()).collect(),
    };
    urls.iter().filter_map(|url| Url::parse(url).ok()?.host_str().map(str::to_owned)).collect()
}

fn headers(user_agent: &str) -> Result<HeaderMap, FetchError> {
    let agent = user_agent.parse().map_err(|_| FetchError::BadHeader {
        name: "User-Agent".into(),
        reason: format!("not printable: {user_agent:?}"),
    })?;
    Ok(HeaderMap::from_iter([
        (header::USER_AGENT, agent),
        (header::ACCEPT, header::HeaderValue::from_static(ACCEPT)),
        (header::ACCEPT_ENCODING, header::HeaderValue::from_static("gzip, br, zstd")),
    ]))
}
