//! A crawl: the loop that decides what is fetched when, and what follows from it.

use std::sync::Arc;

use dechrome_page::Capture;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::error::FetchError;
use super::frontier::Frontier;
use super::gate::Gate;
use super::job::Done;
use super::keeper::{Ending, Entry};
use super::options::FetchOptions;
use super::outcome::{Failure, Outcome};
use super::progress::{Progress, Report};
use super::retry::Breaker;
use super::schedule::{Next, Schedule};
use super::scope::Scope;
use super::settings::Seed;
use super::setup::{Settings, keeper, open_previous, open_state, seeds};
use super::state::State;
use super::task::Task;
use super::transport::Transport;
use super::url::normalise_url;

/// Outcomes on their way to the writing thread; the crawl waits when there are more.
const BACKLOG: usize = 128;
/// Seeds made durable at once.
const SEEDS: usize = 10_000;

/// A crawl under way.
pub struct Crawl {
    pub(super) options: Settings,
    pub(super) scope: Scope,
    pub(super) transport: Arc<Transport>,
    pub(super) schedule: Schedule<Task>,
    pub(super) frontier: Frontier,
    pub(super) gate: Gate,
    pub(super) hosts: Vec<HostHealth>,
    pub(super) running: JoinSet<Done>,
    pub(super) entries: mpsc::Sender<Entry>,
    pub(super) previous: Option<State>,
    pub(super) progress: Progress,
    pub(super) random: fastrand::Rng,
    pub(super) pages: u64,
    stop: CancellationToken,
    stopping: bool,
}

/// How a host has been doing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HostHealth {
    pub(super) breaker: Breaker,
    pub(super) given_up: bool,
}

impl Crawl {
    /// Runs a crawl to its end, or until `stop` is cancelled: then no further request begins, and
    /// those in flight are finished and stored. `progress` can be read all the while.
    ///
    /// # Errors
    /// When the crawl cannot start or go on; what becomes of single URLs is no error.
    ///
    /// # Example
    /// ```no_run
    /// use dechrome_fetch::net::{Crawl, FetchOptions, Output, Progress, Seed};
    /// # async fn example() -> Result<(), dechrome_fetch::net::FetchError> {
    /// let options = FetchOptions {
    ///     seeds: vec![Seed::sitemap("https://example.org/sitemap.xml")],
    ///     contact: Some("crawler@example.net".into()),
    ///     output: Output::File("example.warc.gz".into()),
    ///     ..FetchOptions::default()
    /// };
    /// let report = Crawl::run(options, Progress::default(), Default::default()).await?;
    /// println!("{} pages", report.fetched());
    /// # Ok(()) }
    /// ```
    pub async fn run(options: FetchOptions, progress: Progress, stop: CancellationToken) -> Result<Report, FetchError> {
        Self::run_with(options, progress, stop, None).await
    }

    pub(super) async fn run_with(
        mut options: FetchOptions,
        progress: Progress,
        stop: CancellationToken,
        captures: Option<mpsc::Sender<Capture>>,
    ) -> Result<Report, FetchError> {
        let transport = Arc::new(Transport::new(&options)?);
        let scope = Scope::new(&options)?;
        let settings = Settings::of(&options);
        let seeds = seeds(&mut options);
        let random = options.random_seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let previous = options.previous.as_deref().map(open_previous).transpose()?;
        let state = Arc::new(open_state(&options.output, options.resume)?);
        let keeper = keeper(&mut options, &state, &progress, captures, random.clone())?;
        let (entries, inbox) = mpsc::channel(BACKLOG);
        let keeping = tokio::task::spawn_blocking(move || keeper.run(inbox));
        let mut crawl = Self {
            scope,
            transport,
            schedule: Schedule::new(options.politeness),
            frontier: Frontier::default(),
            gate: Gate::default(),
            hosts: Vec::new(),
            running: JoinSet::new(),
            entries,
            previous,
            progress: progress.clone(),
            random,
            pages: 0,
            stop,
            stopping: false,
            options: settings,
        };
        crawl.restore(&state)?;
        let driven = match crawl.sow(seeds).await {
            Ok(()) => crawl.drive().await,
            Err(error) => Err(error),
        };
        drop(crawl);
        // The writer's error is the cause, the loop's its consequence.
        keeping.await.map_err(|_| FetchError::Lost)??;
        driven?;
        Ok(progress.report())
    }

    /// Takes up the tasks of an earlier run that are not done.
    fn restore(&mut self, state: &State) -> Result<(), FetchError> {
        state.tasks(|task, done| {
            self.frontier.restore(&task);
            if !done {
                self.enqueue(task);
            }
        })
    }

    async fn sow(&mut self, seeds: Vec<Seed>) -> Result<(), FetchError> {
        let mut found = Vec::new();
        for seed in seeds {
            match normalise_url(&seed.url) {
                Ok(url) => found.extend(self.frontier.admit(url.as_str(), seed.kind.into())),
                Err(reason) => self.discard(&seed, reason).await?,
            }
            if found.len() == SEEDS {
                self.send(None, std::mem::take(&mut found)).await?;
            }
        }
        self.send(None, found).await
    }

    /// A seed that is no URL is an outcome like others: one bad line of a list must not stop the rest.
    async fn discard(&mut self, seed: &Seed, reason: &str) -> Result<(), FetchError> {
        let Some(task) = self.frontier.admit(&seed.url, seed.kind.into()) else { return Ok(()) };
        let ending = Ending::Other(Outcome::Failed(Failure::BadUrl(reason.to_owned())), None);
        let entry = Entry { done: Some((task.clone(), ending)), found: vec![task] };
        self.entries.send(entry).await.map_err(|_| FetchError::Lost)
    }

    /// The loop. Ends when there is nothing left to do, or nothing more is wanted.
    async fn drive(&mut self) -> Result<(), FetchError> {
        loop {
            let wake = self.start_due().await?;
            self.progress.schedule(self.schedule.hosts(), self.schedule.busy(), self.schedule.queued());
            if self.running.is_empty() && wake.is_none() {
                return Ok(());
            }
            tokio::select! {
                Some(done) = self.running.join_next() => {
                    self.settle(done.map_err(|_| FetchError::Lost)?).await?;
                }
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
                () = self.stop.cancelled(), if !self.stopping => self.stopping = true,
                () = self.entries.closed() => return Err(FetchError::Lost),
            }
        }
    }

    /// Starts whatever may start now; gives the instant at which more may.
    async fn start_due(&mut self) -> Result<Option<Instant>, FetchError> {
        while !self.stopping && self.running.len() < self.options.concurrency && self.wants_more() {
            match self.schedule.next(Instant::now()) {
                Next::Start(host, task) => self.start(host, task).await?,
                Next::At(at) => return Ok(Some(at)),
                Next::Idle => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Whether the bound on pages leaves room beside those in flight.
    fn wants_more(&self) -> bool {
        self.options.max_pages.is_none_or(|most| self.pages + (self.running.len() as u64) < most)
    }
}
