//! The command line of what goes to the network.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use dechrome_text::Format;

use super::formats;

const FETCH_HELP: &str = "\
One request at a time a host, with a delay; robots.txt is obeyed; private addresses are refused. Beside the archive
CRAWL.warc.gz lies its state, CRAWL.warc.gz.state, from which `--resume` goes on and `--previous` asks what changed.

Examples:
  dechrome fetch https://example.org/ --contact me@example.org -o page.warc.gz
  dechrome fetch --sitemap https://example.org/sitemap.xml -o crawl.warc.gz --log crawl.jsonl
  dechrome fetch https://example.org/ --follow '/news/' --depth 2 --max-pages 500 -o news.warc.gz
  dechrome fetch -o news.warc.gz --resume
  dechrome fetch --from urls.txt | dechrome clean - -o clean.jsonl

Exit codes: 0 done, 1 some pages failed, 2 the crawl could not start or not go on, 130 interrupted.";

const RUN_HELP: &str = "\
The `[fetch]` table of the site's file says what to fetch. The archive is kept, so that `dechrome clean` can clean it anew.

Examples:
  dechrome run example.org --config config/ --contact me@example.org -o example.jsonl
  dechrome run example.org --config config/ -o example.jsonl --resume

Exit codes: 0 done, 1 some pages failed, 2 the run could not start or not go on, 130 interrupted.";

#[derive(Debug, clap::Args)]
#[command(after_help = FETCH_HELP)]
pub(crate) struct Fetch {
    /// Pages to fetch
    #[arg(value_name = "URL")]
    pub(crate) urls: Vec<String>,
    /// Also the pages of a list, one URL a line; `-` for the standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Vec<PathBuf>,
    /// Also the pages of a sitemap or sitemap index; `auto` for those that robots.txt names
    #[arg(long, value_name = "URL")]
    pub(crate) sitemap: Vec<String>,
    /// Also the pages of an RSS, Atom or JSON feed
    #[arg(long, value_name = "URL")]
    pub(crate) feed: Vec<String>,
    /// Also what the `[fetch]` table of this site's file says
    #[arg(long, value_name = "SITE")]
    pub(crate) site: Vec<String>,
    /// Site files besides the built-in ones: a directory with `sites/`
    #[arg(long, value_name = "DIR")]
    pub(crate) config: Option<PathBuf>,
    /// Follow links of the same site whose path begins with this, `*` and `$` as in robots.txt
    #[arg(long, value_name = "PATTERN")]
    pub(crate) follow: Vec<String>,
    /// Follow no links whose path begins with this
    #[arg(long, value_name = "PATTERN", requires = "follow")]
    pub(crate) deny: Vec<String>,
    /// Most links between a page named here and a page fetched
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) depth: u16,
    /// The archive to write, or `-` for the standard output [default: `-` unless it is a terminal]
    #[arg(short, long, value_name = "CRAWL")]
    pub(crate) output: Option<PathBuf>,
    /// Archive of an earlier crawl: pages that have not changed since are stored as revisits
    #[arg(long, value_name = "OLD")]
    pub(crate) previous: Option<PathBuf>,
    /// Bytes after which the archive goes on in another file
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 30)]
    pub(crate) rotate: u64,
    #[command(flatten)]
    pub(crate) manners: Manners,
}

/// How a crawl goes about it.
#[derive(Debug, clap::Args)]
pub(crate) struct Manners {
    /// Whom site owners can turn to: a URL or a mail address, sent in the User-Agent
    #[arg(long, value_name = "WHOM")]
    pub(crate) contact: Option<String>,
    /// Seconds between two requests to a host, at least
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) delay: Option<Duration>,
    /// Most pages to fetch
    #[arg(long, value_name = "N")]
    pub(crate) max_pages: Option<u64>,
    /// Most requests in flight, over all hosts
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::MIN.saturating_add(63))]
    pub(crate) concurrency: NonZeroUsize,
    /// Seconds that a page may take
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Further attempts after a transient fault
    #[arg(long, value_name = "N")]
    pub(crate) retries: Option<u8>,
    /// Go on with the crawl that was interrupted
    #[arg(long)]
    pub(crate) resume: bool,
    /// Append the outcome of every URL to this file, as JSON Lines
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// Also contact private and loopback addresses
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// Go through this proxy; `env` for the one that the environment names
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = RUN_HELP)]
pub(crate) struct Run {
    /// The site: its name or one of its hosts
    #[arg(value_name = "SITE")]
    pub(crate) site: String,
    /// Site files and cue lists besides the built-in ones: a directory with `sites/` and `cues/`
    #[arg(long, value_name = "DIR")]
    pub(crate) config: Option<PathBuf>,
    /// A file, `-`, or a directory (one there is, or a name that ends in `/`) for a file a page
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    pub(crate) output: PathBuf,
    /// The output's format [default: by OUT's extension, else pretty on a terminal and jsonl elsewhere]
    #[arg(long, value_parser = formats())]
    pub(crate) format: Option<Format>,
    /// The archive to write [default: SITE.warc.gz]
    #[arg(long, value_name = "CRAWL")]
    pub(crate) crawl: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) manners: Manners,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(number).map_err(|error| error.to_string())
}
