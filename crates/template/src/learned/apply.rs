//! A template as the evidence that pages are judged with.

use std::collections::{BTreeSet, HashMap};

use dechrome_page::{Block, Page};

use super::name::line_key;
use super::schema::{LearnedRule, LearnedTemplate};
use crate::config::Matcher;
use crate::stats::{Layout, LineCounts, PathCounts, SiteEvidence, block_key, place};

impl LearnedTemplate {
    /// The evidence of its rules but for those whose ids a person `rejected`. What no rule is about counts as not seen.
    pub fn evidence(&self, rejected: &[String]) -> SiteEvidence {
        let rejected: BTreeSet<&str> = rejected.iter().map(String::as_str).collect();
        let learned = &self.learned;
        let mut evidence = SiteEvidence::frozen(learned.documents);
        evidence.add_line(0, LineCounts { after: learned.above, before: learned.below, ..LineCounts::default() });
        for layout in &learned.layouts {
            let key = Layout { indent: layout.indent, blank: layout.blank, item: layout.item }.key();
            let counts = PathCounts { documents: layout.documents, recurs: layout.recurs, content: layout.content };
            evidence.add_path(key, counts);
        }
        for rule in self.rules.iter().filter(|rule| !rejected.contains(rule.id.as_str())) {
            rule.add_to(&mut evidence);
        }
        evidence
    }
}

/// The rules of a template by what they are counted by.
#[derive(Debug)]
pub struct RuleIndex<'a> {
    lines: HashMap<u64, &'a LearnedRule>,
    places: HashMap<u64, &'a LearnedRule>,
}

impl LearnedTemplate {
    /// Finds the rules that are about a page's blocks.
    pub fn index(&self) -> RuleIndex<'_> {
        let mut index = RuleIndex { lines: HashMap::new(), places: HashMap::new() };
        for rule in &self.rules {
            match rule.matcher {
                Matcher::Selector(_) => index.places.extend(rule.keys.iter().map(|&key| (key, rule))),
                _ => index.lines.extend(rule.line_key().map(|key| (key, rule))),
            }
        }
        index
    }
}

impl<'a> RuleIndex<'a> {
    /// The rules about a page's block: of its text, and of its place.
    pub fn rules(&self, page: &Page, block: &Block) -> impl Iterator<Item = &'a LearnedRule> {
        let line = block_key(&block.text).and_then(|key| self.lines.get(&key));
        line.into_iter().chain(self.places.get(&place(page, block))).copied()
    }
}

impl LearnedRule {
    fn add_to(&self, evidence: &mut SiteEvidence) {
        let documents = self.evidence.documents;
        if let Matcher::Selector(_) = self.matcher {
            let counts = PathCounts { documents, recurs: self.text.recurs, content: self.text.content };
            self.keys.iter().for_each(|&key| evidence.add_path(key, counts));
        } else if let Some(key) = self.line_key() {
            let place = self.place;
            let counts = LineCounts {
                documents,
                after: place.after,
                before: place.before,
                above: place.above,
                below: place.below,
            };
            evidence.add_line(key, counts);
        }
        for (&documents, lines) in &self.lines {
            for key in lines.iter().filter_map(|line| line_key(line)) {
                evidence.add_line(key, LineCounts { documents, ..LineCounts::default() });
            }
        }
    }
}
