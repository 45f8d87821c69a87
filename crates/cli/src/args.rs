//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use dechrome_text::Format;

const EXAMPLES: &str = "\
Examples:
  dechrome clean page.html                       read one page on the terminal
  dechrome clean crawl.warc.gz -o clean.jsonl    an archive to JSON Lines
  dechrome clean pages/ -o clean/ --format text  a directory, a file a page
  zcat pages.jsonl.gz | dechrome clean > out.jsonl
  dechrome fetch --from urls.txt --contact me@example.org -o crawl.warc.gz
  dechrome run example.org -o example.jsonl      fetch, learn and clean a site by its site file
  dechrome explain page.html                     why each block was kept or dropped
  dechrome eval labelled.jsonl                   how right the text is";

const CLEAN_HELP: &str = "\
Inputs are HTML, flat text, JSON Lines (`id`, `url`, `html` or `text`, optional `site`, `captured_at`), WARC and WET,
each also in gzip or zstd, recognised by their content. Every record gives one record of output, in input order.

Examples:
  dechrome clean a.html b.html                    two pages, for reading
  dechrome clean crawl.warc.gz -o clean.jsonl --dropped dropped.jsonl
  dechrome clean pages/ -o clean/ --format markdown
  zcat pages.jsonl.gz | dechrome clean --learn off --quiet > clean.jsonl

Exit codes: 0 done, 1 some pages failed, 2 the run could not start or not go on, 130 interrupted.";

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

const EXPLAIN_HELP: &str = "\
Examples:
  dechrome explain page.html
  dechrome explain page.html --block 17           every term of one block's evidence
  dechrome explain page.html --with other-pages-of-the-site/
  dechrome explain pages.jsonl --id page-17";

const EVAL_HELP: &str = "\
A labelled set is JSON Lines, plain or in gzip or zstd, a page a line: `id`, `html` or `text`, perhaps `url` and `site`, and
what is right:
  `truth`             the text: precision, recall and F1 of its words; without the `headline`, where that is given
  `with`, `without`   passages that must and must not be in the text
  `title`, `author`, `date`   compared with those found
  `metric`            `words`, `shingles` or `segments`; else `words` where there is a `truth`, `segments` where not

Examples:
  dechrome eval pages.jsonl                                  clean the pages, and score that
  dechrome eval pages.jsonl --predictions other-tool.jsonl   score what another tool made of them
  dechrome eval pages.jsonl --by language --worst 20
  dechrome eval pages.jsonl --compare before.jsonl           what changed since an earlier run's output
  dechrome eval pages.jsonl --curve 1,2,3,5,8,20             what learning from a site's other pages gives

Exit codes: 0 done, 1 some pages failed, 2 the run could not start or not go on, 130 interrupted.";

/// Strips boilerplate from crawled pages and emits clean text.
#[derive(Debug, Parser)]
#[command(name = "dechrome", version, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) messages: Messages,
}

/// What is said on the standard error.
#[derive(Debug, clap::Args)]
pub(crate) struct Messages {
    /// No progress bar and no summary
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Log what is done; twice and three times for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// How log lines are written
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people
    Text,
    /// A JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Clean pages
    Clean(Clean),
    /// Get pages from the network, politely, into a WARC archive
    Fetch(Fetch),
    /// Fetch, learn and clean a site by its site file
    Run(Run),
    /// Show why each block of a page is kept or dropped
    Explain(Explain),
    /// Score output against labelled pages
    Eval(Eval),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, clap::Args)]
#[command(after_help = CLEAN_HELP)]
pub(crate) struct Clean {
    /// Files, directories and `-` for the standard input, which is read when nothing is named and it is no terminal
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// A file, `-`, or a directory (one there is, or a name that ends in `/`) for a file a page
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    pub(crate) output: PathBuf,
    /// The output's format [default: by OUT's extension, else pretty on a terminal and jsonl elsewhere]
    #[arg(long, value_parser = formats())]
    pub(crate) format: Option<Format>,
    /// Site files and cue lists besides the built-in ones: a directory with `sites/` and `cues/`
    #[arg(long, value_name = "DIR")]
    pub(crate) config: Option<PathBuf>,
    /// Learn what recurs on the pages of each site, in a pass before the cleaning
    #[arg(long, value_enum, default_value_t = Learn::Auto)]
    pub(crate) learn: Learn,
    /// Threads that clean [default: one a core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Also write what was dropped and why, as JSON Lines
    #[arg(long, value_name = "OUT")]
    pub(crate) dropped: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Learn {
    /// Where a site has several pages
    Auto,
    /// Each page by itself, in one pass
    Off,
}

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

#[derive(Debug, clap::Args)]
#[command(after_help = EXPLAIN_HELP)]
pub(crate) struct Explain {
    /// The page; of a file of several, the first
    #[arg(value_name = "PAGE")]
    pub(crate) page: PathBuf,
    /// The record of this id instead of the first
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// Every term of the evidence about the block of this number
    #[arg(long, value_name = "NUMBER")]
    pub(crate) block: Option<usize>,
    /// Site files and cue lists besides the built-in ones: a directory with `sites/` and `cues/`
    #[arg(long, value_name = "DIR")]
    pub(crate) config: Option<PathBuf>,
    /// Learn what recurs on the site from its pages among these inputs
    #[arg(long, value_name = "INPUT", num_args = 1..)]
    pub(crate) with: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EVAL_HELP)]
pub(crate) struct Eval {
    /// Labelled sets; each is cleaned and scored by itself
    #[arg(value_name = "DATASET", required = true)]
    pub(crate) datasets: Vec<PathBuf>,
    /// Score this output, JSON Lines of `id` and `text`, instead of cleaning the pages
    #[arg(long, value_name = "FILE")]
    pub(crate) predictions: Option<PathBuf>,
    /// Also score the groups of records with the same text in a field
    #[arg(long, value_name = "FIELD")]
    pub(crate) by: Option<String>,
    /// Also show the pages with the lowest F1
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) worst: usize,
    /// Also compare with another run's output: pages that gained and lost, sites that lost recall
    #[arg(long, value_name = "FILE")]
    pub(crate) compare: Option<PathBuf>,
    /// Instead score each page with so many other documents of its site learned, and with none
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        conflicts_with_all = ["predictions", "compare", "by", "worst", "learn"]
    )]
    pub(crate) curve: Vec<usize>,
    /// Learn what recurs on the pages of each site, in a pass before the cleaning
    #[arg(long, value_enum, default_value_t = Learn::Auto, conflicts_with = "predictions")]
    pub(crate) learn: Learn,
    /// Site files and cue lists besides the built-in ones: a directory with `sites/` and `cues/`
    #[arg(long, value_name = "DIR", conflicts_with = "predictions")]
    pub(crate) config: Option<PathBuf>,
    /// Threads that clean [default: one a core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// One JSON object instead of tables
    #[arg(long)]
    pub(crate) json: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(number).map_err(|error| error.to_string())
}

fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(["jsonl", "text", "markdown", "html", "pretty"]).try_map(|name| name.parse())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
