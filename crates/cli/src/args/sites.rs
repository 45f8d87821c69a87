//! Commands about site files.

use std::path::PathBuf;

const CHECK_HELP: &str = "\
A site file's `[[check]]` names a saved page, `page`, relative to the directory that holds `sites/`, and what must hold once
it is cleaned by itself: passages that it `contains` or that are `absent`, its `title`, `author` and `date`. A rule that
matches nothing on any of its site's pages is a warning.

Examples:
  dechrome check                                  all sites of config/
  dechrome check example.com --config my-sites/
  dechrome check --json                           one JSON object

Exit codes: 0 all passed, 1 a check failed, 2 a check could not run or there is no such site.";

const SCHEMA_HELP: &str = "\
Editors that know TOML (taplo, Even Better TOML) complete and check site files by it:

  dechrome schema > my-sites/site.schema.json

and as the first line of each file in my-sites/sites/:

  #:schema ../site.schema.json";

const IMPORT_HELP: &str = "\
A file's name is its site's: `example.com.txt`, or `.example.com.txt` for all hosts beneath. What cannot be expressed is
listed on the standard error and, as comments, in the site file. Pages to check are not part of these files: save the
page that each `[[check]]` names, then run `dechrome check`.

Example:
  dechrome template import --ftr ftr-site-config/example.com.txt -o my-sites/

Exit codes: 0 done, 1 some files could not be imported, 2 nothing could be read or written.";

#[derive(Debug, clap::Args)]
#[command(after_help = CHECK_HELP)]
pub(crate) struct Check {
    /// Names or hosts of sites [default: all of the directory]
    #[arg(value_name = "SITE")]
    pub(crate) sites: Vec<String>,
    /// The directory of the site files, with `sites/`
    #[arg(long, value_name = "DIR", default_value = "config")]
    pub(crate) config: PathBuf,
    /// One JSON object instead of lines
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SCHEMA_HELP)]
pub(crate) struct Schema {
    /// The schema of cue lists instead of that of site files
    #[arg(long)]
    pub(crate) cues: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = IMPORT_HELP)]
pub(crate) struct Import {
    /// Files of fivefilters' ftr-site-config
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    pub(crate) ftr: Vec<PathBuf>,
    /// The directory that gets `sites/<site>.toml`; files that are there stay
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}
