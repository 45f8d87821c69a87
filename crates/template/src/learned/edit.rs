//! A person's decision on a learned rule, written into the site's own file.

use std::fmt::Write;

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::schema::LearnedRule;
use super::write::Quoted;
use crate::config::{Matcher, SiteConfigs};
use crate::error::{ConfigError, ConfigProblem};
use crate::verdict::Label;

/// What a person says of a learned rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is right: it becomes a rule of the site file.
    Accept,
    /// What it matches is content: a rule of the site file says so.
    Keep,
    /// It is wrong: it is not learned again.
    Reject,
}

/// The site file with a decision in it, which replaces an earlier one on the same rule; its comments and order as they were. `file` names
/// it in errors and ends in `<site>.toml`; `text` is what it holds, if there is one. With `check`, a saved page that shows the rule's text,
/// named from the directory that holds `sites/`, a check is added that the text goes or stays.
///
/// # Errors
/// [`ConfigError::Invalid`] where the file, as it was or as it would be, cannot be used: a site with rules needs a
/// check.
pub fn decide(
    file: &str,
    text: Option<&str>,
    site: &str,
    rule: &LearnedRule,
    decision: Decision,
    check: Option<&str>,
) -> Result<String, ConfigError> {
    let text = text.map_or_else(|| new_file(site), str::to_owned);
    SiteConfigs::default().add(file, &text)?;
    let mut document: DocumentMut = text.parse().map_err(|error| not_editable(file, &error))?;
    let label = match decision {
        Decision::Accept if rule.is_boilerplate() => Some(Label::Boilerplate),
        Decision::Accept | Decision::Keep => Some(Label::Content),
        Decision::Reject => None,
    };
    let earlier = take_check(&mut document, rule);
    if let Some(label) = label {
        unreject(&mut document, &rule.id);
        put_rule(&mut document, rule, label);
        if let Some(page) = check.or(earlier.as_deref()) {
            push(&mut document, "check", check_table(page, rule, label));
        }
    } else {
        retain(&mut document, "rule", |table| !is_rule(table, &rule.id));
        reject(&mut document, &rule.id);
    }
    let edited = document.to_string();
    SiteConfigs::default().add(file, &edited)?;
    Ok(edited)
}

fn not_editable(file: &str, error: &toml_edit::TomlError) -> ConfigError {
    let problem = Box::new(ConfigProblem::Toml { message: error.message().replace('\n', "; ") });
    ConfigError::Invalid { file: file.to_owned(), line: 1, problem }
}

fn new_file(site: &str) -> String {
    let mut text = format!("site = {}\n", Quoted(site));
    if site.contains('.') && !site.contains('/') {
        let _ = writeln!(text, "hosts = [{}, {}]", Quoted(site), Quoted(&format!("*.{site}"))); // cannot fail
    }
    text
}

fn reject(document: &mut DocumentMut, id: &str) {
    let rejected = document.entry("rejected").or_insert_with(|| value(Array::new()));
    let Some(rejected) = rejected.as_array_mut() else { return };
    if rejected.iter().all(|known| known.as_str() != Some(id)) {
        rejected.push(id);
    }
}

fn unreject(document: &mut DocumentMut, id: &str) {
    if let Some(rejected) = document.get_mut("rejected").and_then(Item::as_array_mut) {
        rejected.retain(|known| known.as_str() != Some(id));
    }
}

/// Takes the check away that an earlier decision on the rule added, and returns its page.
fn take_check(document: &mut DocumentMut, rule: &LearnedRule) -> Option<String> {
    // Nothing in a check names its rule; it is the one that says what a decision writes, and no more.
    document.get("rule")?.as_array_of_tables()?.iter().find(|table| is_rule(table, &rule.id))?;
    let passage = passage(rule);
    let mut page = None;
    retain(document, "check", |table| {
        let says = |key| {
            let passages = table.get(key).and_then(Item::as_array);
            passages
                .is_some_and(|passages| passages.len() == 1 && passages.get(0).and_then(Value::as_str) == Some(passage))
        };
        let found = page.is_none() && table.len() == 2 && (says("absent") || says("contains"));
        if found {
            page = table.get("page").and_then(Item::as_str).map(str::to_owned);
        }
        !found
    });
    page
}

fn is_rule(table: &Table, id: &str) -> bool {
    table.get("id").and_then(Item::as_str) == Some(id)
}

/// Keeps some of the tables, and the key only while there are any.
fn retain(document: &mut DocumentMut, key: &str, keep: impl FnMut(&Table) -> bool) {
    let Some(tables) = document.get_mut(key).and_then(Item::as_array_of_tables_mut) else { return };
    tables.retain(keep);
    if tables.is_empty() {
        document.remove(key);
    }
}

/// Puts the rule behind the others, or in the place of an earlier decision's.
fn put_rule(document: &mut DocumentMut, rule: &LearnedRule, label: Label) {
    let rules = document.get_mut("rule").and_then(Item::as_array_of_tables_mut);
    if let Some(table) = rules.and_then(|rules| rules.iter_mut().find(|table| is_rule(table, &rule.id))) {
        table.clear();
        fill(table, rule, label);
    } else {
        let mut table = Table::new();
        table.decor_mut().set_prefix("\n");
        fill(&mut table, rule, label);
        push(document, "rule", table);
    }
}

fn fill(table: &mut Table, rule: &LearnedRule, label: Label) {
    table.insert("id", value(&rule.id));
    table.insert("why", value(why(rule, label)));
    table.insert("label", value(if label == Label::Content { "content" } else { "boilerplate" }));
    match &rule.matcher {
        Matcher::Line(line) => table.insert("line", value(line)),
        Matcher::Pattern(pattern) => table.insert("pattern", value(pattern)),
        Matcher::Selector(selector) => table.insert("selector", value(selector)),
        Matcher::Outside(selector) => table.insert("outside", value(selector)),
        Matcher::Slot { open, close } => {
            let mut slot = InlineTable::new();
            slot.insert("open", open.into());
            slot.insert("close", close.as_deref().unwrap_or("end").into());
            table.insert("slot", value(slot))
        }
    };
}

/// What a check looks for.
fn passage(rule: &LearnedRule) -> &str {
    let text = rule.line().or_else(|| rule.examples.first().map(String::as_str)).unwrap_or_default();
    text.trim_end_matches(" …")
}

fn check_table(page: &str, rule: &LearnedRule, label: Label) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table.insert("page", value(page));
    let passages: Array = std::iter::once(passage(rule)).collect();
    table.insert(if label == Label::Content { "contains" } else { "absent" }, value(passages));
    table
}

fn push(document: &mut DocumentMut, key: &str, table: Table) {
    let tables = document.entry(key).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if let Some(tables) = tables.as_array_of_tables_mut() {
        tables.push(table);
    }
}

/// Why the rule is there: what was counted.
fn why(rule: &LearnedRule, label: Label) -> String {
    let kept = if label == Label::Content && rule.is_boilerplate() {
        "Content, though learned as boilerplate"
    } else {
        "Learned"
    };
    format!("{kept}: {}.", rule.evidence)
}
