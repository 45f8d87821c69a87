//! Site files: what a person says of a site, in `config/sites/<site>.toml`.
//!
//! ```toml
//! site = "example.com"                        # the file's name without `.toml`
//! hosts = ["example.com", "*.example.com"]    # a host with or without `www.`; any host beneath
//!
//! [signature]                                 # recognises pages without an address
//! min = 2                                     # how many of the lines must stand on the page; default 2
//! lines = ["Example Weekly", "Follow Example on …"]   # whole lines, or with ` …` their beginnings
//!
//! [[rule]]
//! id = "promo"
//! why = "The site's call to subscribe, between paragraphs."
//! label = "boilerplate"                       # or "content"
//! line = "Subscribe to Example Weekly"        # or one of:
//! # selector = "aside.promo"                  # CSS; with all that is beneath
//! # pattern = '^\d+ readers like this$'       # regular expression, searched in the block's text
//! # slot = { open = "More news", close = "Comments" }   # from a line up to another or to the "end"
//! # outside = "article"                       # CSS; all that is not in such an element, on pages that have one
//! valid_from = 2024-01-01                     # optional: captures of these days only
//!
//! [[check]]
//! page = "../fixtures/page.txt"               # relative to the directory that holds `sites/`
//! contains = ["a sentence that must stay"]
//! absent = ["a line that must go"]
//! # url = "https://example.com/a"             # where the page does not tell its site
//! # title = "…", author = "…", date = "…"     # metadata that must be found
//!
//! # [metadata]                                # CSS selectors, best first, before what else the page says
//! # title = ["h1.headline"]                   # likewise `author` and `date`
//!
//! # rejected = ["learned-rule-id"]            # learned rules that are wrong
//! # [fetch]                                   # see `Fetch`
//! ```
//! Lines are compared whatever their case and white space, to a whole block. An unknown key, a bad selector,
//! pattern, date or host, and a rule without `why` are errors that name file and line.
//!
//! # Which rule decides
//! 1. `content` outranks `boilerplate`: a content rule is an exception, so write it narrow.
//! 2. Among rules of one label the more specific gives the reason: `line`, `pattern`, `selector` (an inner
//!    element before an outer one), `slot`, `outside`.
//! 3. Among equals, the later in the file.

mod json_schema;
pub(crate) mod parse;
mod raw;
mod rules;
mod schema;
mod set;
mod site;
pub(crate) mod source;
#[cfg(test)]
mod tests;

pub use json_schema::{cue_lists_schema, site_file_schema};
pub use rules::SiteRules;
pub use schema::{Check, Fetch, Matcher, Rule, Signature, SiteConfig};
pub use set::SiteConfigs;
pub use site::{is_nameless, site_of};

/// A line as it is compared: in lower case, white space folded.
pub(crate) fn fold_line(line: &str) -> String {
    let mut folded = String::with_capacity(line.len());
    for word in line.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// A line of a site file, whole or by its beginning (` …`), folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    text: String,
    prefix: bool,
}

impl Anchor {
    pub(crate) fn new(line: &str) -> Self {
        let line = line.trim();
        match line.strip_suffix(" …") {
            Some(beginning) => Self { text: fold_line(beginning), prefix: true },
            None => Self { text: fold_line(line), prefix: false },
        }
    }

    /// Whether a folded line is it, or begins with it as whole words.
    pub(crate) fn matches(&self, folded: &str) -> bool {
        match folded.strip_prefix(&*self.text) {
            Some("") => true,
            Some(rest) => self.prefix && !rest.starts_with(char::is_alphanumeric),
            None => false,
        }
    }

    /// The first word, under which it is found.
    pub(crate) fn first_word(&self) -> &str {
        first_word(&self.text)
    }
}

pub(crate) fn first_word(folded: &str) -> &str {
    folded.split(' ').next().unwrap_or_default()
}
