//! Reads a template file and checks what TOML and serde cannot.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use dechrome_page::Selectors;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::schema::{
    EarlierCounts, Learned, LearnedRule, LearnedTemplate, Place, RuleEvidence, TEMPLATE_SCHEMA, TextShares,
};
use crate::config::source::{Source, read, toml_files};
use crate::config::{Matcher, parse};
use crate::error::{ConfigError, ConfigProblem};
use crate::stats::{KEY_BITS, day_of};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplate {
    schema: Spanned<u32>,
    site: Spanned<String>,
    learned: Spanned<Learned>,
    #[serde(default)]
    rule: Vec<RawRule>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Line,
    Pattern,
    Slot,
    Selector,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: Spanned<String>,
    kind: Kind,
    line: Option<Spanned<String>>,
    pattern: Option<Spanned<String>>,
    open: Option<Spanned<String>>,
    close: Option<Spanned<String>>,
    selector: Option<Spanned<String>>,
    #[serde(default)]
    keys: Vec<Spanned<String>>,
    evidence: RuleEvidence,
    #[serde(default)]
    place: Place,
    #[serde(default)]
    text: TextShares,
    #[serde(default)]
    lines: BTreeMap<Spanned<String>, Vec<String>>,
    #[serde(default)]
    examples: Vec<String>,
    valid_from: Option<Spanned<Datetime>>,
    valid_until: Option<Spanned<Datetime>>,
    #[serde(default)]
    earlier: Vec<EarlierCounts>,
}

impl LearnedTemplate {
    /// Reads a template file. `file` names it in errors; its last part is `<site>.toml`.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`].
    pub fn from_toml(file: &str, text: &str) -> Result<Self, ConfigError> {
        template(&Source { file, text })
    }

    /// The templates of a directory, by site.
    ///
    /// # Errors
    /// [`ConfigError`], with file and line, for the first file that cannot be read or used.
    pub fn load_dir(directory: &Path) -> Result<BTreeMap<String, Self>, ConfigError> {
        let mut templates = BTreeMap::new();
        for path in toml_files(directory)? {
            let template = Self::from_toml(&path.display().to_string(), &read(&path)?)?;
            templates.insert(template.site.clone(), template);
        }
        Ok(templates)
    }
}

fn template(source: &Source) -> Result<LearnedTemplate, ConfigError> {
    let raw: RawTemplate = source.parse()?;
    if *raw.schema.as_ref() != TEMPLATE_SCHEMA {
        let problem = ConfigProblem::Schema { found: *raw.schema.as_ref(), known: TEMPLATE_SCHEMA };
        return Err(source.error(raw.schema.span(), problem));
    }
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for rule in &raw.rule {
        parse::not_empty(source, &rule.id, "id", "give the rule a name")?;
        if let Some(first) = ids.insert(rule.id.as_ref(), source.line(rule.id.span().start)) {
            let name = rule.id.as_ref().clone();
            return Err(source.error(rule.id.span(), ConfigProblem::Duplicate { what: "rule id", name, first }));
        }
    }
    check_layouts(source, &raw.learned)?;
    let rules = raw.rule.iter().map(|raw| rule(source, raw)).collect::<Result<_, _>>()?;
    Ok(LearnedTemplate { site: raw.site.into_inner(), learned: raw.learned.into_inner(), rules })
}

/// Layouts end one after the other.
fn check_layouts(source: &Source, learned: &Spanned<Learned>) -> Result<(), ConfigError> {
    let mut last = None;
    for layout in &learned.as_ref().earlier {
        let day = day_of(&layout.until).filter(|&day| last < Some(day));
        let (key, advice) = ("until", "a day after that of the layout before");
        let problem = || ConfigProblem::Date { key, found: layout.until.clone(), advice };
        last = Some(day.ok_or_else(|| source.error(learned.span(), problem()))?);
    }
    Ok(())
}

fn rule(source: &Source, raw: &RawRule) -> Result<LearnedRule, ConfigError> {
    check_keys(source, raw)?;
    Ok(LearnedRule {
        id: raw.id.as_ref().clone(),
        matcher: matcher(source, raw)?,
        keys: raw.keys.iter().map(|key| checked_key(source, key, raw.kind)).collect::<Result<_, _>>()?,
        evidence: raw.evidence,
        place: raw.place,
        text: raw.text,
        lines: lines(source, raw)?,
        examples: raw.examples.clone(),
        valid_from: parse::date(source, raw.valid_from.as_ref(), "valid_from")?,
        valid_until: parse::date(source, raw.valid_until.as_ref(), "valid_until")?,
        earlier: raw.earlier.clone(),
    })
}

/// A rule has the keys of its kind, and of no other.
fn check_keys(source: &Source, raw: &RawRule) -> Result<(), ConfigError> {
    let keys = [
        ("line", &raw.line, Kind::Line),
        ("pattern", &raw.pattern, Kind::Pattern),
        ("open", &raw.open, Kind::Slot),
        ("close", &raw.close, Kind::Slot),
        ("selector", &raw.selector, Kind::Selector),
    ];
    for (key, value, kind) in keys {
        match value {
            Some(value) if kind != raw.kind => {
                return Err(source.error(value.span(), ConfigProblem::Misplaced { key, id: raw.id.as_ref().clone() }));
            }
            Some(value) => parse::not_empty(source, value, key, "it would match everything or nothing")?,
            None => parse::require(source, raw.id.span(), kind != raw.kind, key, "the rule is of that kind")?,
        }
    }
    let has_example = raw.kind != Kind::Pattern || !raw.examples.is_empty();
    parse::require(source, raw.id.span(), has_example, "examples", "a pattern has one, which is what is compared")
}

fn matcher(source: &Source, raw: &RawRule) -> Result<Matcher, ConfigError> {
    let text = |value: &Option<Spanned<String>>| value.as_ref().map(|value| value.as_ref().clone()).unwrap_or_default();
    if let Some(pattern) = &raw.pattern {
        parse::checked_pattern(source, pattern)?;
    }
    if let Some(selector) = &raw.selector {
        Selectors::compile([selector.as_ref().as_str()]).map_err(|error| source.error(selector.span(), error))?;
    }
    Ok(match raw.kind {
        Kind::Line => Matcher::Line(text(&raw.line)),
        Kind::Pattern => Matcher::Pattern(text(&raw.pattern)),
        Kind::Selector => Matcher::Selector(text(&raw.selector)),
        Kind::Slot => {
            Matcher::Slot { open: text(&raw.open), close: Some(text(&raw.close)).filter(|close| close != "end") }
        }
    })
}

/// The key of a place or of a line. A longer one than lines have could match none: templates from when they had are built anew.
fn checked_key(source: &Source, key: &Spanned<String>, kind: Kind) -> Result<u64, ConfigError> {
    let (bits, advice) = match kind {
        Kind::Selector => (u64::BITS, "16 hexadecimal digits"),
        _ => (KEY_BITS, "12 hexadecimal digits, as the template has if it is built anew"),
    };
    let number = u64::from_str_radix(key.as_ref(), 16).ok();
    number.filter(|number| u64::BITS - number.leading_zeros() <= bits).ok_or_else(|| {
        source.error(key.span(), ConfigProblem::Number { key: "keys", found: key.as_ref().clone(), advice })
    })
}

fn lines(source: &Source, raw: &RawRule) -> Result<BTreeMap<u32, Vec<String>>, ConfigError> {
    let lines = raw.lines.iter().map(|(documents, lines)| {
        let number = documents.as_ref().parse().map_err(|_| {
            let found = documents.as_ref().clone();
            source
                .error(documents.span(), ConfigProblem::Number { key: "lines", found, advice: "a number of documents" })
        })?;
        Ok((number, lines.clone()))
    });
    lines.collect()
}
