//! What a site file holds.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::rules::SiteRules;
use crate::verdict::Label;

/// A site file, read and checked.
#[derive(Debug, Clone)]
pub struct SiteConfig {
    /// The site's name: its registrable domain where it has one.
    pub site: String,
    /// The file it was read from; `None` for those that the library holds, and those given as text.
    pub file: Option<PathBuf>,
    /// Its hosts: `example.com` is that host with or without `www.`, `*.example.com` any host beneath.
    pub hosts: Vec<String>,
    /// What recognises its pages where they have no address.
    pub signature: Option<Signature>,
    /// Its rules, in the file's order.
    pub rules: Vec<Rule>,
    /// What must hold of saved pages.
    pub checks: Vec<Check>,
    /// How to fetch it.
    pub fetch: Option<Fetch>,
    /// Ids of learned rules that a person rejected.
    pub rejected: Vec<String>,
    pub(super) compiled: SiteRules,
}

impl SiteConfig {
    /// The rules, compiled.
    pub fn compiled(&self) -> &SiteRules {
        &self.compiled
    }
}

/// Lines that recognise a site's pages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "signature")]
pub struct Signature {
    /// How many of the lines must stand on a page.
    #[serde(default = "default_min")]
    #[schemars(range(min = 1))]
    pub min: usize,
    /// Whole lines, or with a trailing ` …` their beginnings.
    #[schemars(length(min = 1))]
    pub lines: Vec<String>,
}

/// One line may be quoted elsewhere; two hardly ever are.
fn default_min() -> usize {
    2
}

/// A person's rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name in reasons.
    pub id: String,
    /// Its line in the site file, from 1.
    pub line: usize,
    /// Why it is there.
    pub why: String,
    /// What its blocks are.
    pub label: Label,
    /// Which blocks are its.
    pub matcher: Matcher,
    /// First day of the captures it holds for, `YYYY-MM-DD`.
    pub valid_from: Option<String>,
    /// Last day of the captures it holds for, `YYYY-MM-DD`.
    pub valid_until: Option<String>,
}

/// Which blocks a rule matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matcher {
    /// Blocks in elements that match this CSS selector.
    Selector(String),
    /// Blocks that are this line.
    Line(String),
    /// Blocks in whose text this regular expression is found.
    Pattern(String),
    /// Blocks from a line up to another.
    Slot {
        /// The first block, whole or with a trailing ` …` its beginning.
        open: String,
        /// The block after the last, likewise; `None` for the page's end. A slot that is not closed matches nothing.
        close: Option<String>,
    },
    /// Blocks that are in no element that matches this CSS selector, on pages that have such an element.
    Outside(String),
}

/// What must hold of a saved page once it is cleaned by itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "check", extend("anyOf" = [
    { "required": ["contains"] }, { "required": ["absent"] }, { "required": ["title"] }, { "required": ["author"] },
    { "required": ["date"] },
]))]
pub struct Check {
    /// Its line in the site file, from 1.
    #[serde(skip)]
    #[schemars(skip)]
    pub line: usize,
    /// The page, relative to the directory that holds `sites/`.
    pub page: String,
    /// The page's address; needed where nothing else on the page tells its site.
    pub url: Option<String>,
    /// Passages that must be left.
    #[serde(default)]
    pub contains: Vec<String>,
    /// Passages that must be gone.
    #[serde(default)]
    pub absent: Vec<String>,
    /// The headline that must be found.
    pub title: Option<String>,
    /// The authors that must be found, joined by `; `.
    pub author: Option<String>,
    /// The day of publication that must be found, `YYYY-MM-DD`.
    pub date: Option<String>,
}

impl Check {
    /// Whether it checks something.
    pub(super) fn says_something(&self) -> bool {
        let metadata = [&self.title, &self.author, &self.date];
        !self.contains.is_empty() || !self.absent.is_empty() || metadata.into_iter().any(Option::is_some)
    }
}

/// How to fetch a site: the `[fetch]` table.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "fetch")]
pub struct Fetch {
    /// Addresses of pages to begin at.
    pub start: Vec<String>,
    /// Addresses of sitemaps to read.
    pub sitemaps: Vec<String>,
    /// Addresses of feeds to read.
    pub feeds: Vec<String>,
    /// Path patterns as in robots.txt (`/news/*.html$`): links that match one are followed. Without any, no links
    /// are followed.
    pub allow: Vec<String>,
    /// Path patterns that are not followed, whatever `allow` says.
    pub deny: Vec<String>,
    /// Seconds between requests, where `robots.txt` asks for no more.
    #[schemars(range(min = 0.0))]
    pub delay_seconds: Option<f64>,
    /// Most links between a start page and a page.
    pub depth: Option<u16>,
    /// Most pages fetched in a run.
    pub max_pages: Option<u64>,
    /// Header fields sent to the site's own hosts only.
    pub headers: BTreeMap<String, String>,
}
