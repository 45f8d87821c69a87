//! When to try again: `Retry-After`, backoff with full jitter, a circuit breaker for each host.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

use super::options::Retry;

/// The wait a server asks for, in seconds or as a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds is as good as for ever.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// Full jitter: a random wait between zero and `base * 2^attempt`, at most the cap.
pub(crate) fn backoff(retry: &Retry, attempt: u8, random: &mut fastrand::Rng) -> Duration {
    let ceiling = retry.base.saturating_mul(1 << attempt.min(20)).min(retry.cap);
    ceiling.mul_f64(random.f64())
}

/// What a host's breaker says after an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Go on.
    Closed,
    /// Leave the host alone for so long, then try one request.
    Open(Duration),
    /// Give the host up.
    GivenUp,
}

/// Counts a host's failures in a row.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Breaker {
    failures: u32,
    opened: u32,
}

impl Breaker {
    /// Takes note of an exchange that went well for the host.
    pub(crate) fn success(&mut self) {
        *self = Self::default();
    }

    /// Takes note of one that did not. After the breaker was open, one failure opens it again.
    pub(crate) fn failure(&mut self, retry: &Retry) -> Verdict {
        self.failures += 1;
        if self.failures < retry.breaker_threshold && self.opened == 0 {
            return Verdict::Closed;
        }
        self.failures = 0;
        self.opened += 1;
        if self.opened > retry.breaker_limit {
            return Verdict::GivenUp;
        }
        Verdict::Open(retry.breaker_pause.saturating_mul(1 << (self.opened - 1).min(20)))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let cases = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sunday, 06-Nov-94 08:49:47 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
            ("", None),
        ];
        for (value, want) in cases {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(value))]);
            assert_eq!(retry_after(&headers, now), want.map(Duration::from_secs), "{value:?}");
        }
    }

    #[test]
    fn backoff_is_spread_below_a_doubling_ceiling() {
        let retry = Retry { base: Duration::from_secs(1), cap: Duration::from_secs(10), ..Retry::default() };
        let mut random = fastrand::Rng::with_seed(7);
        for (attempt, ceiling) in [(0, 1.0), (1, 2.0), (3, 8.0), (4, 10.0), (255, 10.0)] {
            let waits: Vec<f64> = (0..1_000).map(|_| backoff(&retry, attempt, &mut random).as_secs_f64()).collect();
            assert!(waits.iter().all(|wait| (0.0..=ceiling).contains(wait)));
            let mean = waits.iter().sum::<f64>() / 1_000.0;
            assert!((mean / ceiling - 0.5).abs() < 0.05, "attempt {attempt}: mean {mean}");
        }
    }

    #[test]
    fn the_breaker_opens_probes_and_gives_up() {
        let retry =
            Retry { breaker_threshold: 3, breaker_limit: 2, breaker_pause: Duration::from_secs(1), ..Retry::default() };
        let mut breaker = Breaker::default();
        let mut fail = || breaker.failure(&retry);
        assert_eq!([fail(), fail()], [Verdict::Closed; 2]);
        assert_eq!(fail(), Verdict::Open(Duration::from_secs(1)));
        assert_eq!(fail(), Verdict::Open(Duration::from_secs(2)));
        assert_eq!(fail(), Verdict::GivenUp);
        breaker.success();
        assert_eq!(breaker.failure(&retry), Verdict::Closed);
    }
}
