//! What robots.txt files allow, as far as they are known.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::outcome::{Failure, Outcome, Skip};
use super::robots::{Access, Decision};
use super::url::path_and_query;

/// How long a robots.txt is believed (RFC 9309, 2.4).
const FRESH: Duration = Duration::from_hours(24);

/// Whether a URL may be fetched.
#[derive(Debug, PartialEq)]
pub(crate) enum Pass {
    /// Yes.
    Go,
    /// Nobody knows: fetch the robots.txt of this origin.
    Ask(Box<str>),
    /// The robots.txt is being fetched.
    Wait,
    /// No.
    Stop(Outcome),
}

enum Origin {
    Asked,
    /// What it says, or why it cannot be reached, and since when.
    Known(Result<Access, Failure>, Instant),
}

/// What robots.txt files allow.
#[derive(Default)]
pub(crate) struct Gate {
    origins: HashMap<Box<str>, Origin>,
}

impl Gate {
    /// Whether a URL may be fetched. [`Pass::Ask`] is said once.
    pub(crate) fn check(&mut self, url: &Url, now: Instant) -> Pass {
        let origin = &url[..url::Position::BeforePath];
        match self.origins.get(origin) {
            Some(Origin::Asked) => Pass::Wait,
            Some(Origin::Known(access, at)) if now < *at + FRESH => judge(access, url),
            _ => {
                self.origins.insert(origin.into(), Origin::Asked);
                Pass::Ask(origin.into())
            }
        }
    }

    /// Takes note of what came of asking.
    pub(crate) fn learn(&mut self, origin: Box<str>, access: Result<Access, Failure>, now: Instant) {
        self.origins.insert(origin, Origin::Known(access, now));
    }
}

fn judge(access: &Result<Access, Failure>, url: &Url) -> Pass {
    let decision = match access {
        Ok(access) => access.decide(path_and_query(url)),
        Err(failure) => return Pass::Stop(Outcome::Failed(failure.clone())),
    };
    match decision {
        Decision::Allowed => Pass::Go,
        Decision::Forbidden(rule) => Pass::Stop(Outcome::Skipped(Skip::Robots(rule))),
        Decision::Unreachable(why) => Pass::Stop(Outcome::Skipped(Skip::RobotsUnreachable(why))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::robots::Robots;
    use super::*;

    #[test]
    fn asks_once_an_origin_and_again_after_a_day() {
        let now = Instant::now();
        let url = Url::parse("http://a.example:81/secret?x").unwrap();
        let mut gate = Gate::default();
        assert_eq!(gate.check(&url, now), Pass::Ask("http://a.example:81".into()));
        assert_eq!(gate.check(&url, now), Pass::Wait);
        let robots = Robots::parse(b"User-agent: *\nDisallow: /secret", "dechrome");
        gate.learn("http://a.example:81".into(), Ok(Access::Rules(robots)), now);
        assert!(matches!(gate.check(&url, now + FRESH / 2), Pass::Stop(Outcome::Skipped(Skip::Robots(_)))));
        assert!(matches!(gate.check(&url, now + FRESH), Pass::Ask(_)));
    }
}
