//! Reads a site file and checks what TOML and serde cannot.

use std::ops::Range;
use std::time::Duration;

use dechrome_page::{MetadataField, Selectors};
use regex::{Regex, RegexBuilder};
use std::collections::HashMap;
use toml::Spanned;
use toml::value::Datetime;

use super::raw::{RawMetadata, RawRule, RawSite, RawSlot};
use super::rules::SiteRules;
use super::schema::{Check, Fetch, Matcher, Rule, Signature, SiteConfig};
use super::source::Source;
use crate::error::{ConfigError, ConfigProblem};

/// Largest compiled pattern, in bytes.
const PATTERN_SIZE: usize = 1 << 20;

/// Reads a site file.
pub(super) fn site_config(source: &Source) -> Result<SiteConfig, ConfigError> {
    let raw: RawSite = source.parse()?;
    let file_stem = source.file.rsplit(['/', '\\']).next().and_then(|name| name.strip_suffix(".toml"));
    if file_stem.is_some_and(|stem| stem != raw.site.as_ref()) {
        return Err(source.error(raw.site.span(), ConfigProblem::FileName { site: raw.site.into_inner() }));
    }
    let mut compiled = SiteRules::default();
    let rules = rules(source, &raw.rule, &mut compiled)?;
    if let Some(metadata) = &raw.metadata {
        compiled.set_selectors(with_metadata(source, compiled.selectors().clone(), metadata)?);
    }
    check_checks(source, &raw)?;
    Ok(SiteConfig {
        file: None,
        hosts: hosts(source, &raw.hosts)?,
        signature: raw.signature.map(|signature| checked_signature(source, signature)).transpose()?,
        rules,
        checks: raw.check.into_iter().map(|check| with_line(source, check)).collect(),
        fetch: raw.fetch.map(|fetch| checked_fetch(source, fetch)).transpose()?,
        rejected: raw.rejected,
        compiled,
        site: raw.site.into_inner(),
    })
}

fn rules(source: &Source, raw: &[Spanned<RawRule>], compiled: &mut SiteRules) -> Result<Vec<Rule>, ConfigError> {
    let mut lines: HashMap<&str, usize> = HashMap::default();
    let mut rules = Vec::with_capacity(raw.len());
    let mut selectors = Vec::new();
    for spanned in raw {
        let id = &spanned.as_ref().id;
        not_empty(source, id, "id", "give the rule a name")?;
        if let Some(first) = lines.insert(id.as_ref(), source.line(id.span().start)) {
            let name = id.as_ref().clone();
            return Err(source.error(id.span(), ConfigProblem::Duplicate { what: "rule id", name, first }));
        }
        let rule = rule(source, spanned)?;
        let pattern = spanned.as_ref().pattern.as_ref().map(|pattern| checked_pattern(source, pattern)).transpose()?;
        let raw = spanned.as_ref();
        if let Some(selector) = raw.selector.as_ref().or(raw.outside.as_ref()) {
            let selector_text = selector.as_ref().as_str();
            Selectors::compile([selector_text]).map_err(|error| source.error(selector.span(), error))?;
            selectors.push(selector_text);
        }
        compiled.add(&rule, pattern);
        rules.push(rule);
    }
    // They compiled one by one above, so the error names no line in practice.
    compiled.set_selectors(Selectors::compile(selectors).map_err(|error| source.error(0..0, error))?);
    Ok(rules)
}

fn rule(source: &Source, spanned: &Spanned<RawRule>) -> Result<Rule, ConfigError> {
    let raw = spanned.as_ref();
    not_empty(source, &raw.why, "why", "say why the rule is there")?;
    let mut matchers = [
        raw.selector.as_ref().map(|selector| matcher_text(source, selector, "selector").map(Matcher::Selector)),
        raw.line.as_ref().map(|line| matcher_text(source, line, "line").map(Matcher::Line)),
        raw.pattern.as_ref().map(|pattern| matcher_text(source, pattern, "pattern").map(Matcher::Pattern)),
        raw.slot.as_ref().map(|slot| checked_slot(source, slot)),
        raw.outside.as_ref().map(|selector| matcher_text(source, selector, "outside").map(Matcher::Outside)),
    ]
    .into_iter()
    .flatten()
    .collect::<Result<Vec<_>, _>>()?;
    let (Some(matcher), true) = (matchers.pop(), matchers.is_empty()) else {
        let found = matchers.len() + usize::from(!matchers.is_empty());
        return Err(source.error(raw.id.span(), ConfigProblem::Matchers { id: raw.id.as_ref().clone(), found }));
    };
    let valid_from = date(source, raw.valid_from.as_ref(), "valid_from")?;
    let valid_until = date(source, raw.valid_until.as_ref(), "valid_until")?;
    if let (Some(from), Some(until), Some(place)) = (&valid_from, &valid_until, &raw.valid_until)
        && until < from
    {
        let problem =
            ConfigProblem::Date { key: "valid_until", found: until.clone(), advice: "a day not before `valid_from`" };
        return Err(source.error(place.span(), problem));
    }
    Ok(Rule {
        line: source.line(raw.id.span().start),
        id: raw.id.as_ref().clone(),
        why: raw.why.as_ref().clone(),
        label: raw.label,
        matcher,
        valid_from,
        valid_until,
    })
}

/// The selectors with those of metadata.
fn with_metadata(source: &Source, mut selectors: Selectors, metadata: &RawMetadata) -> Result<Selectors, ConfigError> {
    use MetadataField::{Author, Date, Title};
    for (field, places) in [(Title, &metadata.title), (Author, &metadata.author), (Date, &metadata.date)] {
        for place in places {
            selectors.add_metadata(field, place.as_ref()).map_err(|error| source.error(place.span(), error))?;
        }
    }
    Ok(selectors)
}

fn with_line(source: &Source, check: Spanned<Check>) -> Check {
    let line = source.line(check.span().start);
    Check { line, ..check.into_inner() }
}

fn matcher_text(source: &Source, text: &Spanned<String>, key: &'static str) -> Result<String, ConfigError> {
    not_empty(source, text, key, "it would match everything or nothing")?;
    Ok(text.as_ref().clone())
}

pub(crate) fn not_empty(
    source: &Source,
    text: &Spanned<String>,
    key: &'static str,
    advice: &'static str,
) -> Result<(), ConfigError> {
    require(source, text.span(), !text.as_ref().trim().is_empty(), key, advice)
}

pub(crate) fn require(
    source: &Source,
    at: Range<usize>,
    holds: bool,
    key: &'static str,
    advice: &'static str,
) -> Result<(), ConfigError> {
    if holds { Ok(()) } else { Err(source.error(at, ConfigProblem::Empty { key, advice })) }
}

pub(crate) fn checked_pattern(source: &Source, pattern: &Spanned<String>) -> Result<Regex, ConfigError> {
    RegexBuilder::new(pattern.as_ref()).size_limit(PATTERN_SIZE).build().map_err(|error| {
        source.error(pattern.span(), ConfigProblem::Pattern { pattern: pattern.as_ref().clone(), source: error })
    })
}

fn checked_slot(source: &Source, slot: &Spanned<RawSlot>) -> Result<Matcher, ConfigError> {
    let RawSlot { open, close } = slot.as_ref();
    require(source, slot.span(), has_letter(open), "open", "name the line that opens the slot")?;
    require(source, slot.span(), has_letter(close), "close", "name the line after the slot, or \"end\"")?;
    Ok(Matcher::Slot { open: open.clone(), close: (close != "end").then(|| close.clone()) })
}

fn has_letter(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

pub(crate) fn date(
    source: &Source,
    date: Option<&Spanned<Datetime>>,
    key: &'static str,
) -> Result<Option<String>, ConfigError> {
    let Some(date) = date else { return Ok(None) };
    if let (Some(day), None) = (date.as_ref().date, date.as_ref().time) {
        return Ok(Some(day.to_string()));
    }
    let problem = ConfigProblem::Date { key, found: date.as_ref().to_string(), advice: "a day such as 2024-03-23" };
    Err(source.error(date.span(), problem))
}

fn hosts(source: &Source, hosts: &[Spanned<String>]) -> Result<Vec<String>, ConfigError> {
    hosts
        .iter()
        .map(|host| {
            let name = host.as_ref().strip_prefix("*.").unwrap_or(host.as_ref());
            let plain = |c: char| !c.is_uppercase() && (c.is_alphanumeric() || "-._".contains(c));
            if name.is_empty() || !name.chars().all(plain) || name.starts_with('.') {
                return Err(source.error(host.span(), ConfigProblem::Host { found: host.as_ref().clone() }));
            }
            Ok(host.as_ref().clone())
        })
        .collect()
}

fn checked_signature(source: &Source, spanned: Spanned<Signature>) -> Result<Signature, ConfigError> {
    let at = spanned.span();
    let signature = spanned.into_inner();
    let lines = signature.lines.iter().all(|line| has_letter(line));
    require(source, at.clone(), lines, "lines", "a line of a signature holds a word")?;
    let enough = (1..=signature.lines.len()).contains(&signature.min);
    require(source, at, enough, "min", "give as many lines as `min` asks for, and at least one")?;
    Ok(signature)
}

fn checked_fetch(source: &Source, spanned: Spanned<Fetch>) -> Result<Fetch, ConfigError> {
    let at = spanned.span();
    let fetch = spanned.into_inner();
    let delay = fetch.delay_seconds.is_none_or(|delay| Duration::try_from_secs_f64(delay).is_ok());
    require(source, at, delay, "delay_seconds", "give seconds, 0 or more")?;
    Ok(fetch)
}

/// Every site has a check, and every check checks something.
fn check_checks(source: &Source, raw: &RawSite) -> Result<(), ConfigError> {
    let needed = raw.rule.is_empty() || !raw.check.is_empty();
    require(source, raw.site.span(), needed, "check", "a site with rules has a `[[check]]` on a saved page")?;
    raw.check.iter().try_for_each(|check| {
        require(
            source,
            check.span(),
            check.as_ref().says_something(),
            "contains",
            "give passages that must be left or be `absent`",
        )
    })
}
