//! From the command line and site files to what the fetcher is told.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use dechrome_fetch::net::{AddressPolicy, FetchOptions, FetchSettings, Follow, Output, Proxy, Seed, read_list};
use dechrome_template::{Fetch as Table, SiteConfig};
use std::time::Duration;

use crate::args::{Fetch, Manners};
use crate::input::is_standard;
use crate::setup::Setup;

/// How the sitemaps that robots.txt names are asked for.
const AUTO: &str = "auto";

/// What `dechrome fetch` tells the fetcher.
///
/// # Errors
/// A list cannot be read, a site has no `[fetch]` table, or there is no output.
pub(super) fn of(args: Fetch) -> anyhow::Result<FetchOptions> {
    let output = output(args.output)?;
    let sites = sites(&args.site, args.config.as_deref())?;
    let (auto, sitemaps): (Vec<String>, Vec<String>) = args.sitemap.into_iter().partition(|url| url == AUTO);
    let mut seeds: Vec<Seed> = args.urls.into_iter().map(Seed::page).collect();
    for list in &args.from {
        seeds.extend(read(list).with_context(|| format!("cannot read the list `{}`", list.display()))?);
    }
    seeds.extend(sitemaps.into_iter().map(Seed::sitemap));
    seeds.extend(args.feed.into_iter().map(Seed::feed));
    let follow = Follow { allow: args.follow, deny: args.deny, depth: args.depth };
    Ok(FetchOptions {
        seeds,
        sites,
        follow: (!follow.allow.is_empty()).then_some(follow),
        robots_sitemaps: !auto.is_empty(),
        previous: args.previous,
        rotate_at: args.rotate,
        output,
        ..mannered(args.manners)
    })
}

/// How the crawl goes about it.
pub(crate) fn mannered(manners: Manners) -> FetchOptions {
    let mut options = FetchOptions {
        contact: manners.contact,
        max_pages: manners.max_pages,
        concurrency: manners.concurrency.get(),
        resume: manners.resume,
        log: manners.log,
        addresses: if manners.allow_private { AddressPolicy::Any } else { AddressPolicy::Public },
        proxy: match manners.proxy {
            None => Proxy::None,
            Some(named) if named == "env" => Proxy::Environment,
            Some(url) => Proxy::Url(url),
        },
        ..FetchOptions::default()
    };
    options.politeness.delay = manners.delay.unwrap_or(options.politeness.delay);
    options.limits.total = manners.timeout.unwrap_or(options.limits.total);
    options.retry.attempts = manners.retries.unwrap_or(options.retry.attempts);
    options
}

/// What the `[fetch]` table of a site's file says.
///
/// # Errors
/// There is no such table.
pub(crate) fn settings(site: &SiteConfig) -> anyhow::Result<FetchSettings> {
    let missing = || format!("the site file of `{}` has no `[fetch]` table", site.site);
    let table = site.fetch.clone().with_context(missing)?;
    // By name, so that no key of the table can be forgotten.
    let Table { start, sitemaps, feeds, allow, deny, delay_seconds, depth, max_pages, headers } = table;
    if [&start, &sitemaps, &feeds].iter().all(|addresses| addresses.is_empty()) {
        bail!("the `[fetch]` table of `{}` names nothing in `start`, `sitemaps` or `feeds`", site.site);
    }
    // The reader of site files has refused what is no duration.
    let delay = delay_seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Ok(FetchSettings { start, sitemaps, feeds, allow, deny, delay, depth, max_pages, headers })
}

fn sites(names: &[String], config: Option<&Path>) -> anyhow::Result<Vec<FetchSettings>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let setup = Setup::load(config)?;
    names.iter().map(|name| settings(setup.site(name)?)).collect()
}

fn read(list: &Path) -> io::Result<Vec<Seed>> {
    if is_standard(list) { read_list(io::stdin().lock()) } else { read_list(BufReader::new(File::open(list)?)) }
}

fn output(named: Option<PathBuf>) -> anyhow::Result<Output> {
    match named {
        Some(path) if !is_standard(&path) => Ok(Output::File(path)),
        _ if io::stdout().is_terminal() => bail!("an archive is nothing for a terminal: name a file with `-o`"),
        _ => Ok(Output::Stream(Box::new(io::stdout()))),
    }
}
