//! What changed between two templates of a site, by what the rules mean.

use std::collections::BTreeMap;

use serde::Serialize;

use super::schema::{LearnedRule, LearnedTemplate};
use crate::config::Matcher;

/// Change of the share of documents that a reader wants to see; smaller ones come with every new page.
const SHARE_CHANGE: f32 = 0.1;

/// A rule that is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleChange {
    /// The rule's id.
    pub id: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// The rule's kind, now or before it was removed.
    pub kind: &'static str,
    /// The rule as a reader would name it.
    pub rule: String,
    /// Documents that the change affects.
    pub documents: u32,
    /// What changed of it, as `was → is`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub what: Vec<String>,
}

/// The changes from one template of a site to another, those that affect most documents first. A template that is
/// not there has no rules.
pub fn diff(old: Option<&LearnedTemplate>, new: Option<&LearnedTemplate>) -> Vec<RuleChange> {
    let (old, new) = (by_id(old), by_id(new));
    let added = new.iter().filter(|(id, _)| !old.contains_key(*id)).map(|(_, rule)| whole(rule, "added"));
    let removed = old.iter().filter(|(id, _)| !new.contains_key(*id)).map(|(_, rule)| whole(rule, "removed"));
    let both = old.iter().filter_map(|(id, old)| Some((*old, *new.get(id)?)));
    let mut changes: Vec<RuleChange> =
        added.chain(removed).chain(both.filter_map(|(old, new)| changed(old, new))).collect();
    changes.sort_by(|a, b| b.documents.cmp(&a.documents).then_with(|| a.id.cmp(&b.id)));
    changes
}

fn by_id(template: Option<&LearnedTemplate>) -> BTreeMap<&str, &LearnedRule> {
    template.into_iter().flat_map(|template| &template.rules).map(|rule| (rule.id.as_str(), rule)).collect()
}

fn whole(rule: &LearnedRule, change: &'static str) -> RuleChange {
    RuleChange {
        id: rule.id.clone(),
        change,
        kind: rule.kind(),
        rule: shown(&rule.matcher),
        documents: rule.evidence.documents,
        what: Vec::new(),
    }
}

fn changed(old: &LearnedRule, new: &LearnedRule) -> Option<RuleChange> {
    let mut what = Vec::new();
    let mut documents = 0;
    let (was, is) = (old.evidence.share(), new.evidence.share());
    if (was - is).abs() >= SHARE_CHANGE {
        documents = ((was - is).abs() * new.evidence.of as f32).round() as u32;
        what.push(format!(
            "documents {} of {} → {} of {}",
            old.evidence.documents, old.evidence.of, new.evidence.documents, new.evidence.of
        ));
    }
    let mut differs = |name: &str, was: String, is: String| {
        if was != is {
            documents = old.evidence.documents.max(new.evidence.documents);
            what.push(format!("{name} {was} → {is}"));
        }
    };
    differs("rule", shown(&old.matcher), shown(&new.matcher));
    differs("label", label(old).to_owned(), label(new).to_owned());
    (!what.is_empty()).then(|| RuleChange { documents, what, ..whole(new, "changed") })
}

fn label(rule: &LearnedRule) -> &'static str {
    if rule.is_boilerplate() { "boilerplate" } else { "content" }
}

/// A matcher on one line.
pub(crate) fn shown(matcher: &Matcher) -> String {
    match matcher {
        Matcher::Line(text) | Matcher::Pattern(text) | Matcher::Selector(text) | Matcher::Outside(text) => text.clone(),
        Matcher::Slot { open, close } => format!("{open} … {}", close.as_deref().unwrap_or("end")),
    }
}
