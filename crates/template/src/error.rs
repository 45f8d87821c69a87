//! What can be wrong with the files that people write, and with statistics.

use std::path::PathBuf;

use dechrome_page::SelectorError;

/// A site file or a cue list that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file or directory cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file says something that has no meaning.
    #[error("{file}:{line}: {problem}")]
    Invalid {
        /// The file as it was named.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        problem: Box<ConfigProblem>,
    },
}

/// What is wrong in a line of a site file or a cue list.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigProblem {
    /// No TOML, or a value of the wrong type, or a key left out.
    #[error("{message}")]
    Toml {
        /// The parser's own words.
        message: String,
    },
    /// A key, list or value that does not exist.
    #[error("unknown {what} `{found}`{}", did_you_mean(suggestion.as_deref()))]
    Unknown {
        /// What it should be: `key`, `cue list`, `placeholder`.
        what: &'static str,
        /// What stands there.
        found: String,
        /// The nearest name that exists.
        suggestion: Option<String>,
    },
    /// A key without which a file or rule is of no use holds nothing.
    #[error("`{key}` is empty: {advice}")]
    Empty {
        /// The key.
        key: &'static str,
        /// What to write.
        advice: &'static str,
    },
    /// A rule with no matcher or with several.
    #[error("rule `{id}` has {found} matchers, give exactly one of `selector`, `line`, `pattern`, `slot`, `outside`")]
    Matchers {
        /// The rule.
        id: String,
        /// How many it has.
        found: usize,
    },
    /// Something stands twice.
    #[error("duplicate {what} `{name}`, first on line {first}")]
    Duplicate {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
        /// Where it stands first, from 1.
        first: usize,
    },
    /// A selector that is no CSS.
    #[error(transparent)]
    Selector(#[from] SelectorError),
    /// A pattern that is no regular expression, or too large a one.
    #[error("bad pattern `{pattern}`: {source}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        source: regex::Error,
    },
    /// A validity that is no date, or ends before it begins.
    #[error("`{key}` is `{found}`, give {advice}")]
    Date {
        /// The key.
        key: &'static str,
        /// What stands there.
        found: String,
        /// What to write.
        advice: &'static str,
    },
    /// A number that is none.
    #[error("`{key}` holds `{found}`, give {advice}")]
    Number {
        /// The key.
        key: &'static str,
        /// What stands there.
        found: String,
        /// What to write.
        advice: &'static str,
    },
    /// A key that belongs to another kind of rule.
    #[error("`{key}` does not belong to a rule of the kind of `{id}`")]
    Misplaced {
        /// The key.
        key: &'static str,
        /// The rule's id.
        id: String,
    },
    /// A template of a version that this program does not know.
    #[error("schema {found} is not known, this version reads {known}: write the templates anew")]
    Schema {
        /// The file's.
        found: u32,
        /// The one that is read.
        known: u32,
    },
    /// A host that is none.
    #[error("bad host `{found}`, write a lower-case name such as `example.com` or `*.example.com`")]
    Host {
        /// What stands there.
        found: String,
    },
    /// A site file under another site's name.
    #[error("site `{site}` is in a file of another name, rename it `{site}.toml`")]
    FileName {
        /// The site that the file names.
        site: String,
    },
    /// A phrase that cannot be matched.
    #[error("bad phrase `{phrase}`: {reason}")]
    Phrase {
        /// The phrase.
        phrase: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// Statistics that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// A file cannot be read or written.
    #[error("cannot read or write the statistics `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The store failed: what it holds is damaged, or the disk is full.
    #[error("cannot use the statistics `{}`", path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<redb::Error>,
    },
    /// The file is something else.
    #[error("`{}` holds no statistics: name a file that `dechrome learn` wrote", path.display())]
    NotStats {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else is writing to the file.
    #[error("the statistics `{}` are in use by another process", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file is open to be read only.
    #[error("the statistics `{}` are open to be read only", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Statistics of another version.
    #[error("statistics of version {found}, but this program knows version {known}: learn them anew")]
    Version {
        /// Theirs.
        found: u64,
        /// Ours.
        known: u64,
    },
    /// Bytes that do not decode.
    #[error("damaged statistics")]
    Bytes(#[from] postcard::Error),
    /// Bytes that decode to what no statistics are.
    #[error("damaged statistics: columns differ in length")]
    Columns,
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map(|name| format!(", did you mean `{name}`?")).unwrap_or_default()
}
