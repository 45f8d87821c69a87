//! What a crawl begins with: settings, seeds, state, and the writing thread's tools.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dechrome_page::Capture;
use tokio::sync::mpsc;

use super::error::FetchError;
use super::keeper::Keeper;
use super::log::Log;
use super::options::{FetchOptions, Output, Retry};
use super::progress::Progress;
use super::settings::Seed;
use super::state::State;
use super::warc::{Archive, Records};

/// What the loop needs of the options.
pub(super) struct Settings {
    pub(super) retry: Retry,
    pub(super) redirects: u8,
    pub(super) robots_sitemaps: bool,
    pub(super) max_pages: Option<u64>,
    pub(super) concurrency: usize,
}

impl Settings {
    pub(super) fn of(options: &FetchOptions) -> Self {
        let by_sites = || options.sites.iter().map(|site| site.max_pages).sum::<Option<u64>>();
        let bounded = options.seeds.is_empty() && !options.sites.is_empty();
        Self {
            retry: options.retry,
            redirects: options.limits.redirects,
            robots_sitemaps: options.robots_sitemaps,
            max_pages: options.max_pages.or_else(|| by_sites().filter(|_| bounded)),
            concurrency: options.concurrency.max(1),
        }
    }
}

/// The seeds given and those of the sites.
pub(super) fn seeds(options: &mut FetchOptions) -> Vec<Seed> {
    let mut seeds = std::mem::take(&mut options.seeds);
    for site in &options.sites {
        seeds.extend(site.start.iter().map(Seed::page));
        seeds.extend(site.sitemaps.iter().map(Seed::sitemap));
        seeds.extend(site.feeds.iter().map(Seed::feed));
    }
    seeds
}

/// The writing thread's tools.
pub(super) fn keeper(
    options: &mut FetchOptions,
    state: &Arc<State>,
    progress: &Progress,
    captures: Option<mpsc::Sender<Capture>>,
    random: fastrand::Rng,
) -> Result<Keeper, FetchError> {
    let output = std::mem::take(&mut options.output);
    let last = state.logged()?;
    Ok(Keeper {
        archive: Archive::open(output, state.position()?, &state.pending()?)?,
        state: Arc::clone(state),
        log: options.log.as_deref().map(|path| Log::open(path, last)).transpose()?,
        progress: progress.clone(),
        captures,
        unwritten: Vec::new(),
        records: Records::new(random),
        rotate_at: options.rotate_at,
        user_agent: options.user_agent(),
    })
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Opens the state of this crawl; refuses to overwrite one, or to resume where there is none.
pub(super) fn open_state(output: &Output, resume: bool) -> Result<State, FetchError> {
    let Output::File(path) = output else { return State::in_memory() };
    let state = with_suffix(path, ".state");
    if resume && !state.exists() {
        return Err(FetchError::NothingToResume { path: state });
    }
    let taken = [&state, path, &with_suffix(path, ".open")].into_iter().find(|path| path.exists()).cloned();
    match taken {
        Some(path) if !resume => Err(FetchError::Exists { path }),
        _ => State::open(&state),
    }
}

/// Opens the state of an earlier crawl by its archive.
pub(super) fn open_previous(archive: &Path) -> Result<State, FetchError> {
    let state = with_suffix(archive, ".state");
    if state.exists() { State::open(&state) } else { Err(FetchError::NothingToResume { path: state }) }
}
