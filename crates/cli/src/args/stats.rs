//! Flags of `learn` and `merge`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

const LEARN_HELP: &str = "\
Each document counts once, however often it is learned and under however many addresses it was found: learning the same
pages again changes nothing. A site takes at most some 20 MB. What is learned is safe when the program ends, and up to
the last batch when it is killed.

Examples:
  dechrome learn crawl.warc.gz --stats sites.stats
  dechrome learn monday/ tuesday/ --stats sites.stats   adds to what is there
  dechrome merge a.stats b.stats -o sites.stats         the same as learning from all at once
  dechrome clean new.warc.gz --stats sites.stats -o new.jsonl

Exit codes: 0 done, 1 some pages failed, 2 the run could not start or not go on, 130 interrupted.";

#[derive(Debug, clap::Args)]
#[command(after_help = LEARN_HELP)]
pub(crate) struct LearnInto {
    /// Files, directories and `-` for the standard input, which is read when nothing is named and it is no terminal
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The statistics to add to; made where there is no such file
    #[arg(long, value_name = "FILE")]
    pub(crate) stats: PathBuf,
    /// Site files besides the built-in ones, which name sites: a directory with `sites/`
    #[arg(long, value_name = "DIR")]
    pub(crate) config: Option<PathBuf>,
    /// Threads that read [default: one a core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Merge {
    /// Files that `learn` or `merge` wrote
    #[arg(value_name = "STATS", required = true)]
    pub(crate) inputs: Vec<PathBuf>,
    /// The file to write, which may be one of those read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}
