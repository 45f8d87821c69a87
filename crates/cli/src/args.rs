//! The command line.

mod fetch;
mod sites;
mod stats;
mod template;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use dechrome_text::Format;

pub(crate) use fetch::{Fetch, Manners, Run};
pub(crate) use sites::{Check, Import, Schema};
pub(crate) use stats::{LearnInto, Merge};
pub(crate) use template::{Build, Decide, Diff, Known, Template, TemplateStatus};

const EXAMPLES: &str = "\
Examples:
  dechrome clean page.html                       read one page on the terminal
  dechrome clean crawl.warc.gz -o clean.jsonl    an archive to JSON Lines
  dechrome clean pages/ -o clean/ --format text  a directory, a file a page
  zcat pages.jsonl.gz | dechrome clean > out.jsonl
  dechrome fetch --from urls.txt --contact me@example.org -o crawl.warc.gz
  dechrome run example.org -o example.jsonl      fetch, learn and clean a site by its site file
  dechrome learn crawl.warc.gz --stats sites.stats   remember what recurs on each site
  dechrome clean new.warc.gz --stats sites.stats -o new.jsonl
  dechrome explain page.html                     why each block was kept or dropped
  dechrome eval labelled.jsonl                   how right the text is
  dechrome check                                 whether the site files of config/ still hold";

const CLEAN_HELP: &str = "\
Inputs are HTML, flat text, JSON Lines (`id`, `url`, `html` or `text`, optional `site`, `captured_at`), WARC and WET,
each also in gzip or zstd, recognised by their content. Every record gives one record of output, in input order.

A page that names no site (by `site`, address, canonical address or a site file's signature) is of the host that a directory
it was met in is named after, as in mirrors (`www.inn.example/2024/a/index.html`); else of the directory that was named
as INPUT, where pages that share lines are learned from together.

In JSON Lines, `start` and `end` of `segments` are offsets in bytes of `text` as UTF-8, not in characters: in Python
`text.encode()[start:end].decode()`.

Examples:
  dechrome clean a.html b.html                    two pages, for reading
  dechrome clean crawl.warc.gz -o clean.jsonl --dropped dropped.jsonl
  dechrome clean pages/ -o clean/ --format markdown
  zcat pages.jsonl.gz | dechrome clean --learn off --quiet > clean.jsonl

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
    /// Learn what recurs on the pages of each site, into a file for `clean --stats`
    Learn(LearnInto),
    /// Merge files that `learn` wrote
    Merge(Merge),
    /// Show why each block of a page is kept or dropped
    Explain(Explain),
    /// Score output against labelled pages
    Eval(Eval),
    /// Run the checks of site files on their saved pages
    Check(Check),
    /// What is known of sites, as files that people read
    #[command(subcommand)]
    Template(Template),
    /// Print the JSON Schema of site files, for editors
    Schema(Schema),
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
    /// A file, compressed where its name ends in `.gz` or `.zst`; `-`; or a directory (one there is, or a name that ends in `/`)
    /// for a file a page
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
    /// Judge with the templates of this directory, which `dechrome template build` wrote, instead of learning
    #[arg(long, value_name = "DIR", conflicts_with_all = ["learn", "stats"])]
    pub(crate) templates: Option<PathBuf>,
    /// Whether rather to drop in doubt, or to keep
    #[arg(long, value_enum, default_value_t = Favor::Balance)]
    pub(crate) favor: Favor,
    /// Apply what `dechrome learn` wrote to this file; with `--learn off` that alone
    #[arg(long, value_name = "FILE")]
    pub(crate) stats: Option<PathBuf>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Favor {
    /// Less chrome kept, more content lost
    Precision,
    /// The highest F1
    Balance,
    /// Less content lost, more chrome kept
    Recall,
}

impl From<Favor> for dechrome_template::Favor {
    fn from(favor: Favor) -> Self {
        match favor {
            Favor::Precision => Self::Precision,
            Favor::Balance => Self::Balance,
            Favor::Recall => Self::Recall,
        }
    }
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
    /// Judge with the templates of this directory, which `dechrome template build` wrote, instead of learning
    #[arg(long, value_name = "DIR", conflicts_with_all = ["with", "stats"])]
    pub(crate) templates: Option<PathBuf>,
    /// Judge with what `dechrome learn` wrote to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) stats: Option<PathBuf>,
    /// Learn what recurs on the site from its pages among these inputs, and those that name no site either
    #[arg(long, value_name = "INPUT", num_args = 1..)]
    pub(crate) with: Vec<PathBuf>,
    /// Whether rather to drop in doubt, or to keep
    #[arg(long, value_enum, default_value_t = Favor::Balance)]
    pub(crate) favor: Favor,
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
    /// Whether rather to drop in doubt, or to keep
    #[arg(long, value_enum, default_value_t = Favor::Balance, conflicts_with = "predictions")]
    pub(crate) favor: Favor,
    /// Apply what `dechrome learn` wrote to this file; with `--learn off` that alone
    #[arg(long, value_name = "FILE", conflicts_with_all = ["predictions", "curve"])]
    pub(crate) stats: Option<PathBuf>,
    /// Site files and cue lists besides the built-in ones: a directory with `sites/` and `cues/`
    #[arg(long, value_name = "DIR", conflicts_with = "predictions")]
    pub(crate) config: Option<PathBuf>,
    /// Judge with the templates of this directory, which `dechrome template build` wrote, instead of learning
    #[arg(long, value_name = "DIR", conflicts_with_all = ["learn", "curve", "predictions", "stats"])]
    pub(crate) templates: Option<PathBuf>,
    /// Threads that clean [default: one a core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// One JSON object instead of tables
    #[arg(long)]
    pub(crate) json: bool,
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
