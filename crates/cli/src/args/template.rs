//! `dechrome template`: what was learned of sites, as files that people read.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Import;

const BUILD_HELP: &str = "\
Examples:
  dechrome template build crawl.warc.gz -o templates
  dechrome template build --stats sites.stats -o templates --config config
  dechrome clean new.warc.gz --templates templates -o new.jsonl";

const DECIDE_HELP: &str = "\
The decision is written into `sites/<site>.toml` of the configuration, whose comments and order stay as they are. A site
with rules needs a check: where the file has none, name a saved page that shows the rule's text with `--check`.

Examples:
  dechrome template accept example.org top-stories-1f2e3d --check pages/a.html
  dechrome template reject example.org summary-9a8b7c";

/// What is done with templates.
#[derive(Debug, Subcommand)]
pub(crate) enum Template {
    /// Write what was learned of each site as a readable file
    Build(Build),
    /// What changed between two directories of templates, or two files
    Diff(Diff),
    /// Make a learned rule a rule of the site's own file
    Accept(Decide),
    /// Say in the site's own file that what a learned rule matches is content
    Keep(Decide),
    /// Say in the site's own file that a learned rule is wrong
    Reject(Decide),
    /// Sites, documents, rules, layouts, and which rules are stale
    Status(TemplateStatus),
    /// Make site files of other tools' rules
    Import(Import),
}

#[derive(Debug, Args)]
#[command(after_help = BUILD_HELP)]
pub(crate) struct Build {
    #[command(flatten)]
    pub(crate) known: Known,
    /// The directory of the templates, a file `<site>.toml` a site
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

/// Where what is known of sites comes from.
#[derive(Debug, Args)]
pub(crate) struct Known {
    /// Files, directories and `-` for the standard input to learn from
    #[arg(value_name = "INPUT", conflicts_with = "stats")]
    pub(crate) inputs: Vec<PathBuf>,
    /// What `dechrome learn` wrote to this file, instead of inputs
    #[arg(long, value_name = "FILE")]
    pub(crate) stats: Option<PathBuf>,
    /// Site files, with the learned rules that they reject: a directory with `sites/` and `cues/`
    #[arg(long, value_name = "DIR")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// Templates as they were: a directory, or a file
    pub(crate) old: PathBuf,
    /// Templates as they are
    pub(crate) new: PathBuf,
    /// One JSON object instead of tables
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = DECIDE_HELP)]
pub(crate) struct Decide {
    /// The site
    pub(crate) site: String,
    /// The rule's id
    pub(crate) rule: String,
    /// The directory of the templates
    #[arg(long, value_name = "DIR", default_value = "templates")]
    pub(crate) templates: PathBuf,
    /// The configuration: a directory with `sites/`
    #[arg(long, value_name = "DIR", default_value = "config")]
    pub(crate) config: PathBuf,
    /// Also add a check on this saved page, named from the configuration's directory
    #[arg(long, value_name = "PAGE")]
    pub(crate) check: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct TemplateStatus {
    #[command(flatten)]
    pub(crate) known: Known,
    /// The directory of the templates
    #[arg(long, value_name = "DIR", default_value = "templates")]
    pub(crate) templates: PathBuf,
    /// Also show the stale rules
    #[arg(long)]
    pub(crate) stale: bool,
    /// Also show all rules: how often each is expected, and seen on the newest third of the days
    #[arg(long)]
    pub(crate) hits: bool,
    /// One JSON object instead of tables
    #[arg(long)]
    pub(crate) json: bool,
}
