//! What a site file holds.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::rules::SiteRules;
use crate::verdict::Label;

/// A site file, read and checked.
#[derive(Debug, Clone)]
pub struct SiteConfig {
    /// The site's name: its registrable domain where it has one.
    pub site: String,
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// How many of the lines must stand on a page.
    #[serde(default = "default_min")]
    pub min: usize,
    /// Whole lines, or with a trailing ` …` their beginnings.
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
}

/// What must hold of a saved page once it is cleaned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The page, relative to the directory that holds `sites/`.
    pub page: String,
    /// Passages that must be left.
    #[serde(default)]
    pub contains: Vec<String>,
    /// Passages that must be gone.
    #[serde(default)]
    pub absent: Vec<String>,
}

/// How to fetch a site: the `[fetch]` table.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
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
    pub delay_seconds: Option<f64>,
    /// Most links between a start page and a page.
    pub depth: Option<u16>,
    /// Most pages fetched in a run.
    pub max_pages: Option<u64>,
    /// Header fields sent to the site's own hosts only.
    pub headers: BTreeMap<String, String>,
}
