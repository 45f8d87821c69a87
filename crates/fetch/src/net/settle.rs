//! What follows from an exchange: for the host, for the task, for the crawl.

use std::time::{Duration, SystemTime};

use http::header::LOCATION;
use tokio::time::Instant;
use url::Url;

use super::crawl::Crawl;
use super::discover::{PageFacts, Sitemap};
use super::error::FetchError;
use super::job::{Done, Reading};
use super::keeper::{Ending, Fetched};
use super::media;
use super::options::AGENT;
use super::outcome::{Failure, Outcome, Skip};
use super::retry::{Verdict, backoff, retry_after};
use super::robots::Access;
use super::schedule::{HostId, later};
use super::state::StoredPage;
use super::task::{Purpose, Task};
use super::transport::Exchange;
use super::url::{normalise_url, resolve_link};

/// Redirects of a robots.txt that are followed (RFC 9309, 2.3.1.2: at least five).
const ROBOTS_REDIRECTS: usize = 5;
/// Further attempts for a robots.txt: a host waits for it, and the next run asks again.
const ROBOTS_RETRIES: u8 = 2;
/// How deeply sitemap indexes may nest. The protocol forbids nesting them at all; sites do.
const SITEMAP_DEPTH: u8 = 3;

/// What an exchange amounts to.
enum Answer {
    /// An answer that settles the task.
    Final(Box<Exchange>),
    Redirect {
        status: u16,
        location: String,
    },
    Failed(Failure, Option<u16>),
}

impl Answer {
    fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure, _) => Some(failure),
            _ => None,
        }
    }
}

impl Crawl {
    /// Draws the consequences of a task carried out.
    pub(super) async fn settle(&mut self, done: Done) -> Result<(), FetchError> {
        let Done { host, task, url, previous, attempt, reading } = done;
        let told = attempt.result.as_ref().ok().and_then(wait_of);
        let answer = answer(attempt.result, previous.is_some(), reading.as_ref().err());
        let pause = told.unwrap_or_default().max(self.judge_host(host, answer.failure(), told));
        if let Some(failure) = answer.failure().filter(|failure| self.may_retry(host, &task, failure)) {
            self.progress.retried(failure.code());
            self.try_again(host, task, attempt.took, pause);
            return Ok(());
        }
        let pause = if self.hosts[host].given_up { Duration::ZERO } else { pause };
        self.schedule.finished(host, Instant::now(), attempt.took, pause);
        if let Purpose::Robots(origin) = &task.purpose {
            return self.settle_robots(origin.clone(), &task, &url, answer).await;
        }
        match answer {
            Answer::Redirect { status, location } => self.redirect(task, &url, status, &location).await,
            Answer::Failed(failure, status) => {
                let outcome = Outcome::Failed(self.final_word(host, failure, told));
                self.send(Some((task, Ending::Other(outcome, status))), Vec::new()).await
            }
            Answer::Final(exchange) => {
                self.settle_answer(task, *exchange, previous, reading.unwrap_or(Reading::Nothing)).await
            }
        }
    }

    fn may_retry(&self, host: HostId, task: &Task, failure: &Failure) -> bool {
        let robots = matches!(task.purpose, Purpose::Robots(_));
        let most = if robots { ROBOTS_RETRIES } else { self.options.retry.attempts };
        failure.is_transient() && task.attempt <= most && !self.hosts[host].given_up
    }

    /// Puts a task back. For a robots.txt the whole host waits, otherwise other tasks go first.
    fn try_again(&mut self, host: HostId, task: Task, took: Duration, pause: Duration) {
        let now = Instant::now();
        let wait = pause.max(backoff(&self.options.retry, task.attempt.saturating_sub(1), &mut self.random));
        if matches!(task.purpose, Purpose::Robots(_)) {
            self.schedule.push_urgent(host, task);
            self.schedule.finished(host, now, took, wait);
        } else {
            self.schedule.push_later(host, task, later(now, wait));
            self.schedule.finished(host, now, took, pause);
        }
    }

    /// Notes how the host did; gives the pause that it needs.
    fn judge_host(&mut self, host: HostId, failure: Option<&Failure>, told: Option<Duration>) -> Duration {
        let retry = self.options.retry;
        let health = &mut self.hosts[host];
        if told.is_some_and(|wait| wait > retry.max_retry_after) {
            health.given_up = true;
        }
        let Some(failure) = failure.filter(|failure| failure.blames_host()) else {
            health.breaker.success();
            return Duration::ZERO;
        };
        match health.breaker.failure(&retry) {
            Verdict::Closed => Duration::ZERO,
            Verdict::Open(pause) => {
                tracing::info!(host, %failure, ?pause, "host in trouble, left alone for a while");
                pause
            }
            Verdict::GivenUp => {
                health.given_up = true;
                Duration::ZERO
            }
        }
    }

    /// A host given up for asking for too long a wait says so.
    fn final_word(&self, host: HostId, failure: Failure, told: Option<Duration>) -> Failure {
        match told {
            Some(wait) if wait > self.options.retry.max_retry_after && self.hosts[host].given_up => {
                Failure::RetryAfter { seconds: wait.as_secs() }
            }
            _ => failure,
        }
    }

    async fn settle_robots(
        &mut self,
        origin: Box<str>,
        task: &Task,
        url: &Url,
        answer: Answer,
    ) -> Result<(), FetchError> {
        let access = match answer {
            Answer::Final(exchange) => Ok(Access::of(exchange.status.as_u16(), &exchange.body, AGENT)),
            Answer::Failed(Failure::Status(status), _) => Ok(Access::of(status, &[], AGENT)),
            Answer::Failed(failure, _) => Err(failure),
            Answer::Redirect { location, .. } => match resolve_link(url, &location) {
                Ok(target) if task.chain.len() < ROBOTS_REDIRECTS && self.ask_elsewhere(task, &target) => {
                    return Ok(());
                }
                _ => Ok(Access::Unavailable),
            },
        };
        let Some(host) = self.host_of(&origin) else { return Ok(()) };
        let found = self.robots_sitemaps(&origin, task, access.as_ref().ok());
        if let Some(delay) = access.as_ref().ok().and_then(Access::crawl_delay) {
            // The schedule caps it; what is no duration is as good as the cap.
            self.schedule.slow_down(host, Duration::try_from_secs_f64(delay).unwrap_or(Duration::MAX));
        }
        self.gate.learn(origin, access, Instant::now());
        self.schedule.block(host, false);
        if found.is_empty() { Ok(()) } else { self.send(None, found).await }
    }

    /// Tasks for the sitemaps that a robots.txt names, of its own site.
    fn robots_sitemaps(&mut self, origin: &str, task: &Task, access: Option<&Access>) -> Vec<Task> {
        let Some(Access::Rules(robots)) = access.filter(|_| self.options.robots_sitemaps) else { return Vec::new() };
        let own = dechrome_page::registrable_domain(origin);
        let same_site = |url: &Url| dechrome_page::registrable_domain(url.as_str()) == own;
        let named = robots.sitemaps.iter().filter_map(|sitemap| normalise_url(sitemap).ok()).filter(same_site);
        self.admit_all(named.collect(), &Purpose::Sitemap(0), task, 0)
    }

    /// Follows a redirect of a robots.txt.
    fn ask_elsewhere(&mut self, task: &Task, target: &Url) -> bool {
        let Some(host) = self.host_of(target.as_str()) else { return false };
        let mut next = Task { url: target.as_str().into(), attempt: 0, ..task.clone() };
        next.chain.push(task.url.clone());
        self.schedule.push_urgent(host, next);
        true
    }

    async fn redirect(&mut self, task: Task, url: &Url, status: u16, location: &str) -> Result<(), FetchError> {
        let (outcome, found) = match self.redirect_target(&task, url, location) {
            Err(outcome) => (outcome, Vec::new()),
            Ok(target) => {
                let next = self.frontier.admit(target.as_str(), task.purpose.clone()).map(|mut next| {
                    next.depth = task.depth;
                    next.via.clone_from(&task.via);
                    next.chain = [&task.chain[..], std::slice::from_ref(&task.url)].concat();
                    next
                });
                (Outcome::Redirected(target.into()), next.into_iter().collect())
            }
        };
        self.send(Some((task, Ending::Other(outcome, Some(status)))), found).await
    }

    /// Where a redirect may lead.
    fn redirect_target(&self, task: &Task, url: &Url, location: &str) -> Result<Url, Outcome> {
        let failed = |failure| Err(Outcome::Failed(failure));
        let Ok(target) = resolve_link(url, location) else {
            return failed(Failure::BadRedirect(location.chars().take(200).collect()));
        };
        let text = target.as_str();
        if text == &*task.url || task.chain.iter().any(|visited| &**visited == text) {
            return failed(Failure::RedirectLoop(target.into()));
        }
        if task.chain.len() >= usize::from(self.options.redirects) {
            return failed(Failure::TooManyRedirects { limit: self.options.redirects });
        }
        if task.depth > 0 && !self.scope.admits(&target) {
            return Err(Outcome::Skipped(Skip::OutOfScope(target.into())));
        }
        Ok(target)
    }

    async fn settle_answer(
        &mut self,
        task: Task,
        exchange: Exchange,
        previous: Option<StoredPage>,
        reading: Reading,
    ) -> Result<(), FetchError> {
        let status = Some(exchange.status.as_u16());
        if let Some(unwanted) = exchange.unwanted {
            return self
                .send(Some((task, Ending::Other(Outcome::Skipped(Skip::ContentType(unwanted)), status))), Vec::new())
                .await;
        }
        let (ending, found) = match reading {
            Reading::Sitemap(sitemap) => self.listed(&task, &exchange.url, sitemap),
            Reading::Feed(links) => {
                let links = links.iter().filter_map(|link| resolve_link(&exchange.url, link).ok());
                listing(self.admit_all(links.collect(), &Purpose::Page, &task, 0))
            }
            Reading::Page(mut facts) => {
                self.pages += 1;
                let links = std::mem::take(&mut facts.links);
                let links = links.into_iter().filter(|link| self.scope.admits(link)).collect();
                let found = self.admit_all(links, &Purpose::Page, &task, task.depth + 1);
                (Ending::Page(Box::new(Fetched { exchange, facts, previous })), found)
            }
            Reading::Nothing => {
                self.pages += 1;
                let facts = PageFacts::default();
                (Ending::Page(Box::new(Fetched { exchange, facts, previous })), Vec::new())
            }
        };
        self.send(Some((task, ending)), found).await
    }

    /// Tasks for what a sitemap lists. A sitemap may name pages of the crawl's sites and its own.
    fn listed(&mut self, task: &Task, base: &Url, sitemap: Sitemap) -> (Ending, Vec<Task>) {
        let own = dechrome_page::registrable_domain(base.as_str());
        let ours = |url: &Url| self.scope.admits(url) && dechrome_page::registrable_domain(url.as_str()) == own;
        let parsed = |links: Vec<String>| links.into_iter().filter_map(|link| normalise_url(&link).ok());
        let pages: Vec<Url> = parsed(sitemap.pages).filter(ours).collect();
        let nested = match task.purpose {
            Purpose::Sitemap(depth) if depth < SITEMAP_DEPTH => depth + 1,
            _ => return listing(self.admit_all(pages, &Purpose::Page, task, 0)),
        };
        let same_site = |url: &Url| dechrome_page::registrable_domain(url.as_str()) == own;
        let sitemaps = parsed(sitemap.sitemaps).filter(same_site).collect();
        let mut found = self.admit_all(sitemaps, &Purpose::Sitemap(nested), task, 0);
        found.extend(self.admit_all(pages, &Purpose::Page, task, 0));
        listing(found)
    }

    fn admit_all(&mut self, urls: Vec<Url>, purpose: &Purpose, from: &Task, depth: u16) -> Vec<Task> {
        let admit = |url: Url| {
            let task = self.frontier.admit(url.as_str(), purpose.clone())?;
            Some(Task { depth, via: Some(from.url.clone()), ..task })
        };
        urls.into_iter().filter_map(admit).collect()
    }
}

fn listing(found: Vec<Task>) -> (Ending, Vec<Task>) {
    (Ending::Other(Outcome::Listed(found.len()), Some(200)), found)
}

fn answer(result: Result<Exchange, Failure>, conditional: bool, unread: Option<&Failure>) -> Answer {
    let exchange = match result {
        Ok(exchange) => exchange,
        Err(failure) => return Answer::Failed(failure, None),
    };
    let status = exchange.status.as_u16();
    match (status, media::text(&exchange.headers, &LOCATION), unread) {
        (301 | 302 | 303 | 307 | 308, Some(location), _) => Answer::Redirect { status, location },
        (200..=299, _, Some(failure)) => Answer::Failed(failure.clone(), Some(status)),
        (304, ..) if conditional => Answer::Final(Box::new(exchange)),
        (200..=299, ..) => Answer::Final(Box::new(exchange)),
        _ => Answer::Failed(Failure::Status(status), Some(status)),
    }
}

/// The wait that a 429 or 503 asks for.
fn wait_of(exchange: &Exchange) -> Option<Duration> {
    matches!(exchange.status.as_u16(), 429 | 503).then(|| retry_after(&exchange.headers, SystemTime::now())).flatten()
}
