//! A crawl as a stream of captures.

use std::pin::Pin;
use std::task::{Context, Poll};

use dechrome_page::Capture;
use futures_core::Stream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::crawl::Crawl;
use super::error::FetchError;
use super::options::FetchOptions;
use super::progress::{Progress, Report};

/// Captures on their way to a slow consumer; the crawl waits when there are more.
const BUFFER: usize = 16;

/// A crawl as a stream of [`Capture`]s, each given once it is safely stored (where there is an archive).
/// Pages whose bytes are known already are not given again.
///
/// Dropping it stops the crawl as [`Fetcher::stop`] does.
///
/// # Example
/// ```no_run
/// use dechrome_fetch::net::{FetchOptions, Fetcher, Seed};
/// # async fn example() -> Result<(), dechrome_fetch::net::FetchError> {
/// let seeds = vec![Seed::page("https://example.org/")];
/// let mut fetcher = Fetcher::start(FetchOptions { seeds, ..FetchOptions::default() });
/// while let Some(capture) = fetcher.next().await {
///     println!("{}", capture.url.unwrap_or_default());
/// }
/// println!("{} fetched", fetcher.finish().await?.fetched());
/// # Ok(()) }
/// ```
pub struct Fetcher {
    captures: mpsc::Receiver<Capture>,
    crawl: JoinHandle<Result<Report, FetchError>>,
    progress: Progress,
    stop: CancellationToken,
}

impl Fetcher {
    /// Starts a crawl on the current tokio runtime. What goes wrong is told by [`Fetcher::finish`].
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn start(options: FetchOptions) -> Self {
        let (sender, captures) = mpsc::channel(BUFFER);
        let (progress, stop) = (Progress::default(), CancellationToken::new());
        let crawl = tokio::spawn(Crawl::run_with(options, progress.clone(), stop.clone(), Some(sender)));
        Self { captures, crawl, progress, stop }
    }

    /// The next capture; `None` when the crawl is over.
    pub async fn next(&mut self) -> Option<Capture> {
        self.captures.recv().await
    }

    /// How the crawl goes.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Begins no further request; those in flight are finished and stored.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits for the crawl to end; captures not taken by then are dropped.
    ///
    /// # Errors
    /// Whatever ended the crawl early.
    pub async fn finish(mut self) -> Result<Report, FetchError> {
        self.captures.close();
        match (&mut self.crawl).await {
            Ok(result) => result,
            Err(_) => Err(FetchError::Lost),
        }
    }
}

impl Stream for Fetcher {
    type Item = Capture;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Capture>> {
        self.captures.poll_recv(context)
    }
}

impl Drop for Fetcher {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
