//! What became of a URL.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::robots::RuleRef;

/// Why a URL could not be fetched. `code` names the kind, the message its particulars.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// A URL given by the user that cannot be fetched.
    #[error("{0}")]
    BadUrl(String),
    /// The host name has no address.
    #[error("no address for {0}")]
    Dns(String),
    /// An address that may not be contacted.
    #[error("address {address} refused: {range}")]
    AddressRefused {
        /// The address.
        address: IpAddr,
        /// The range it lies in.
        range: String,
    },
    /// The connection could not be made.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The server's certificate or TLS handshake is bad.
    #[error("TLS: {0}")]
    Tls(String),
    /// No whole answer within the time limit.
    #[error("no whole answer within the time limit")]
    Timeout,
    /// Bytes came more slowly than the minimum rate, or not at all.
    #[error("slower than {minimum} bytes per second")]
    TooSlow {
        /// The rate demanded, bytes per second.
        minimum: u64,
    },
    /// The connection broke before the body was whole.
    #[error("body cut short: {0}")]
    Truncated(String),
    /// What came is not HTTP: bad chunks, contradicting lengths, garbage.
    #[error("bad HTTP: {0}")]
    Protocol(String),
    /// The answer's header is too large.
    #[error("answer header too large")]
    HeadersTooLarge,
    /// The connection was reset or closed before an answer.
    #[error("connection lost: {0}")]
    Reset(String),
    /// The body, decoded, is larger than allowed.
    #[error("body larger than {limit} bytes")]
    BodyTooLarge {
        /// The cap, in decoded bytes.
        limit: u64,
    },
    /// The body grows too much when decompressed.
    #[error("body grows more than {limit}-fold when decompressed")]
    Bomb {
        /// The largest ratio of decoded to received bytes.
        limit: u64,
    },
    /// The body cannot be decompressed.
    #[error("bad content encoding: {0}")]
    Encoding(String),
    /// An HTTP status that is no success.
    #[error("HTTP status {0}")]
    Status(u16),
    /// A redirect to an address already visited on the way.
    #[error("redirect loop at {0}")]
    RedirectLoop(String),
    /// More redirects than allowed.
    #[error("more than {limit} redirects")]
    TooManyRedirects {
        /// The most hops followed.
        limit: u8,
    },
    /// A redirect that names no http(s) URL.
    #[error("redirect to {0:?}")]
    BadRedirect(String),
    /// The host failed so often that it was given up.
    #[error("host given up after repeated failures")]
    HostGivenUp,
    /// The server asks to come back later than we are willing to wait.
    #[error("told to wait {seconds} s")]
    RetryAfter {
        /// The wait asked for.
        seconds: u64,
    },
    /// A sitemap or feed that cannot be read.
    #[error("unreadable {what}: {reason}")]
    Unreadable {
        /// `sitemap` or `feed`.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl Failure {
    /// The kind of failure, stable across versions.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadUrl(_) => "bad_url",
            Self::Dns(_) => "dns",
            Self::AddressRefused { .. } => "address_refused",
            Self::Connect(_) => "connect",
            Self::Tls(_) => "tls",
            Self::Timeout => "timeout",
            Self::TooSlow { .. } => "too_slow",
            Self::Truncated(_) => "truncated",
            Self::Protocol(_) => "protocol",
            Self::HeadersTooLarge => "headers_too_large",
            Self::Reset(_) => "reset",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::Bomb { .. } => "bomb",
            Self::Encoding(_) => "encoding",
            Self::Status(_) => "status",
            Self::RedirectLoop(_) => "redirect_loop",
            Self::TooManyRedirects { .. } => "too_many_redirects",
            Self::BadRedirect(_) => "bad_redirect",
            Self::HostGivenUp => "host_given_up",
            Self::RetryAfter { .. } => "retry_after",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// Whether another attempt may succeed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Status(status) => matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504),
            _ => matches!(
                self,
                Self::Dns(_)
                    | Self::Connect(_)
                    | Self::Timeout
                    | Self::TooSlow { .. }
                    | Self::Truncated(_)
                    | Self::Protocol(_)
                    | Self::Reset(_)
            ),
        }
    }

    /// Whether the host as a whole is likely to be in trouble, not this one URL.
    pub(crate) fn blames_host(&self) -> bool {
        match self {
            Self::Status(status) => *status == 429 || *status >= 500,
            Self::Dns(_) | Self::Connect(_) | Self::Tls(_) | Self::Timeout | Self::Reset(_) => true,
            _ => false,
        }
    }
}

/// Why a URL was not fetched, or its answer not kept, though nothing failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Skip {
    /// A rule of robots.txt forbids it.
    Robots(RuleRef),
    /// robots.txt could not be had, which forbids everything.
    RobotsUnreachable(String),
    /// Not a content type asked for.
    ContentType(String),
    /// A page of the crawl redirects to a URL that does not belong to it.
    OutOfScope(String),
}

impl Skip {
    /// The kind, stable across versions.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Robots(_) => "robots",
            Self::RobotsUnreachable(_) => "robots_unreachable",
            Self::ContentType(_) => "content_type",
            Self::OutOfScope(_) => "out_of_scope",
        }
    }
}

impl std::fmt::Display for Skip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Robots(rule) => write!(f, "{rule}"),
            Self::RobotsUnreachable(why) => f.write_str(why),
            Self::ContentType(given) => write!(f, "content type {given}"),
            Self::OutOfScope(target) => write!(f, "redirects to {target}"),
        }
    }
}

/// How a fetched page was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stored {
    /// Whole.
    New,
    /// As a revisit: the bytes equal those of an earlier record.
    Duplicate,
    /// As a revisit: the server says it has not changed.
    NotModified,
}

impl Stored {
    /// The kind, stable across versions.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Duplicate => "duplicate",
            Self::NotModified => "not_modified",
        }
    }
}

/// What became of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Fetched, and stored where there is an archive.
    Fetched(Stored),
    /// Redirected; the target has its own outcome.
    Redirected(String),
    /// A sitemap or feed, from which so many new URLs were taken.
    Listed(usize),
    /// Not fetched, or not kept.
    Skipped(Skip),
    /// Failed for good.
    Failed(Failure),
}

impl Outcome {
    /// `fetched`, `redirected`, `listed`, `skipped` or `failed`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fetched(_) => "fetched",
            Self::Redirected(_) => "redirected",
            Self::Listed(_) => "listed",
            Self::Skipped(_) => "skipped",
            Self::Failed(_) => "failed",
        }
    }

    /// The kind within the name, where there are kinds.
    pub fn cause(&self) -> Option<&'static str> {
        match self {
            Self::Fetched(stored) => Some(stored.code()),
            Self::Skipped(skip) => Some(skip.code()),
            Self::Failed(failure) => Some(failure.code()),
            Self::Redirected(_) | Self::Listed(_) => None,
        }
    }

    /// The particulars: a rule, a target, a number.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Fetched(_) => None,
            Self::Redirected(target) => Some(target.clone()),
            Self::Listed(urls) => Some(format!("{urls} new URLs")),
            Self::Skipped(skip) => Some(skip.to_string()),
            Self::Failed(failure) => Some(failure.to_string()),
        }
    }
}
