//! What the attempt to fetch a robots.txt means (RFC 9309, 2.3.1).

use super::{Robots, RuleRef};

/// What is known of an origin's robots.txt.
#[derive(Debug, Clone, PartialEq)]
pub enum Access {
    /// It was read.
    Rules(Robots),
    /// It does not exist (4xx, or more redirects than RFC 9309 demands): everything is allowed.
    Unavailable,
    /// It could not be had (5xx, no connection): everything is forbidden. Says what happened.
    Unreachable(String),
}

/// Whether a path may be fetched, and what says so if not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It may be fetched.
    Allowed,
    /// A rule forbids it.
    Forbidden(RuleRef),
    /// The robots.txt could not be had, which forbids everything for now.
    Unreachable(String),
}

impl Access {
    /// The meaning of a final (not redirect) HTTP status: 2xx is read, 4xx allows, the rest forbids.
    /// 429 forbids as well: "come back later" is no permission.
    pub fn of(status: u16, body: &[u8], agent: &str) -> Self {
        match status {
            200..=299 => Self::Rules(Robots::parse(body, agent)),
            429 => Self::Unreachable("robots.txt answered 429".into()),
            300..=499 => Self::Unavailable,
            _ => Self::Unreachable(format!("robots.txt answered {status}")),
        }
    }

    /// Whether a path (with its query) may be fetched.
    pub fn decide(&self, path: &str) -> Decision {
        match self {
            Self::Unavailable => Decision::Allowed,
            Self::Unreachable(why) => Decision::Unreachable(why.clone()),
            Self::Rules(robots) => robots.forbids(path).map_or(Decision::Allowed, Decision::Forbidden),
        }
    }

    /// The delay in seconds that the file asks for.
    pub fn crawl_delay(&self) -> Option<f64> {
        match self {
            Self::Rules(robots) => robots.crawl_delay,
            _ => None,
        }
    }
}
