//! A site file as it is written. The documentation of the keys is that of the JSON Schema.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::schema::{Check, Fetch, Signature};
use crate::verdict::Label;

/// What a person says of one site: how to recognise its pages, which of their blocks are boilerplate or content,
/// where its metadata stand, how to fetch it, and what must hold of saved pages.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "site file", extend("dependentRequired" = { "rule": ["check"] }))]
pub(super) struct RawSite {
    /// The site's name and that of the file without `.toml`: its registrable domain where it has one.
    #[schemars(with = "String", length(min = 1))]
    pub(super) site: Spanned<String>,
    /// Its hosts: `example.com` is that host with or without `www.`, `*.example.com` any host beneath.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) hosts: Vec<Spanned<String>>,
    /// Lines that recognise pages without an address.
    #[schemars(with = "Option<Signature>")]
    pub(super) signature: Option<Spanned<Signature>>,
    /// Where metadata stand, by CSS selectors.
    pub(super) metadata: Option<RawMetadata>,
    /// Rules. Content outranks boilerplate; of one label the more specific decides, then the later.
    #[serde(default)]
    #[schemars(with = "Vec<RawRule>")]
    pub(super) rule: Vec<Spanned<RawRule>>,
    /// What must hold of saved pages; run by `dechrome check`.
    #[serde(default)]
    #[schemars(with = "Vec<Check>")]
    pub(super) check: Vec<Spanned<Check>>,
    /// How to fetch the site.
    #[schemars(with = "Option<Fetch>")]
    pub(super) fetch: Option<Spanned<Fetch>>,
    /// Ids of learned rules that are wrong.
    #[serde(default)]
    pub(super) rejected: Vec<String>,
}

/// Where metadata stand, by CSS selectors, best first: the first that finds a value gives it, before whatever else the
/// page says. An element's value is its `content` or `datetime`, else its text.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "metadata")]
pub(super) struct RawMetadata {
    /// Where the headline stands.
    #[schemars(with = "Vec<String>")]
    pub(super) title: Vec<Spanned<String>>,
    /// Where the authors stand; all elements that a selector finds are authors.
    #[schemars(with = "Vec<String>")]
    pub(super) author: Vec<Spanned<String>>,
    /// Where the day of publication stands.
    #[schemars(with = "Vec<String>")]
    pub(super) date: Vec<Spanned<String>>,
}

/// A rule: what its blocks are, why, and exactly one of `selector`, `line`, `pattern`, `slot`, `outside`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "rule", extend("oneOf" = [
    { "required": ["selector"] }, { "required": ["line"] }, { "required": ["pattern"] }, { "required": ["slot"] },
    { "required": ["outside"] },
]))]
pub(super) struct RawRule {
    /// The rule's name in reasons, unique in the file.
    #[schemars(with = "String", length(min = 1))]
    pub(super) id: Spanned<String>,
    /// Why the rule is there, for whoever reads it next.
    #[schemars(with = "String", length(min = 1))]
    pub(super) why: Spanned<String>,
    /// What its blocks are.
    pub(super) label: Label,
    /// A CSS selector: elements with all that is beneath them.
    #[schemars(with = "Option<String>")]
    pub(super) selector: Option<Spanned<String>>,
    /// A whole block, whatever its case and white space.
    #[schemars(with = "Option<String>")]
    pub(super) line: Option<Spanned<String>>,
    /// A regular expression (RE2 syntax), searched in a block's text.
    #[schemars(with = "Option<String>")]
    pub(super) pattern: Option<Spanned<String>>,
    /// Blocks from a line up to another.
    #[schemars(with = "Option<RawSlot>")]
    pub(super) slot: Option<Spanned<RawSlot>>,
    /// A CSS selector: all that is not in its elements, on pages that have one.
    #[schemars(with = "Option<String>")]
    pub(super) outside: Option<Spanned<String>>,
    /// First day of the captures it holds for, such as `2024-03-23`.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub(super) valid_from: Option<Spanned<Datetime>>,
    /// Last day of the captures it holds for.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub(super) valid_until: Option<Spanned<Datetime>>,
}

/// Blocks from a line up to another, wherever the page opens and closes it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "slot")]
pub(super) struct RawSlot {
    /// The first block: a whole line, or with a trailing ` …` its beginning.
    #[schemars(length(min = 1))]
    pub(super) open: String,
    /// The block after the last, likewise, or `end` for the page's end. A slot that is not closed matches nothing.
    #[schemars(length(min = 1))]
    pub(super) close: String,
}
