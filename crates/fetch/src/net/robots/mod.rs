//! robots.txt as RFC 9309 defines it.
//!
//! Our own reader, because the crates measured either hang on hostile patterns or let through what
//! is forbidden; see `tests` for where Google's suite and the RFC differ.

mod access;
mod parse;
#[cfg(test)]
mod tests;

pub use access::{Access, Decision};

use std::fmt;

use super::pattern::{Pattern, normalise};

/// Bytes of a robots.txt that are read (RFC 9309, 2.5 demands at least 500 KiB).
pub(crate) const MAX_BYTES: usize = 500 << 10;
/// Longest line in bytes; the rest of a longer one is dropped, as Google's parser does (8 x 2,083 - 1).
const MAX_LINE: usize = 16_663;
/// Longest path compared; a longer one is cut.
const MAX_PATH: usize = 64 << 10;

/// A rule of the group that applies to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pattern: Pattern,
    allow: bool,
    text: Box<str>,
    line: u32,
}

/// Why a path is allowed or forbidden: the rule as written and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RuleRef {
    /// The line as written, without comment.
    pub rule: String,
    /// Its number in the file, from 1.
    pub line: u32,
}

impl fmt::Display for RuleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (robots.txt line {})", self.rule, self.line)
    }
}

/// What a robots.txt says to one crawler: its own group, else the group of `*`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Robots {
    /// Longest pattern first, `allow` before `disallow` among equals, so that the first match decides.
    rules: Vec<Rule>,
    /// Seconds between requests that the group asks for.
    pub crawl_delay: Option<f64>,
    /// Addresses of sitemaps that the file names, as written.
    pub sitemaps: Vec<String>,
}

impl Robots {
    /// Reads what a robots.txt says to the crawler with this product token. Never fails.
    ///
    /// # Example
    /// ```
    /// use dechrome_fetch::net::Robots;
    /// let robots = Robots::parse(b"User-agent: *\nDisallow: /private\nCrawl-delay: 2", "dechrome");
    /// assert!(robots.allows("/public"));
    /// assert!(!robots.allows("/private/a"));
    /// assert_eq!(robots.crawl_delay, Some(2.0));
    /// ```
    pub fn parse(bytes: &[u8], agent: &str) -> Self {
        parse::parse(bytes, agent)
    }

    /// Whether a path (with its query) may be fetched.
    pub fn allows(&self, path: &str) -> bool {
        self.deciding(path).is_none_or(|rule| rule.allow)
    }

    /// The rule that forbids a path, if one does.
    pub fn forbids(&self, path: &str) -> Option<RuleRef> {
        self.deciding(path)
            .filter(|rule| !rule.allow)
            .map(|rule| RuleRef { rule: rule.text.to_string(), line: rule.line })
    }

    fn deciding(&self, path: &str) -> Option<&Rule> {
        let cut = &path.as_bytes()[..path.len().min(MAX_PATH)];
        let path = if cut.is_empty() { b"/".to_vec() } else { normalise(cut) };
        if path == b"/robots.txt" {
            return None;
        }
        self.rules.iter().find(|rule| rule.pattern.matches_normalised(&path))
    }
}
