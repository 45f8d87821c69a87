//! A template as the evidence that pages are judged with.

use std::collections::{BTreeSet, HashMap};

use dechrome_page::{Block, Page};

use super::layouts::Layouts;
use super::name::line_key;
use super::schema::{LearnedRule, LearnedTemplate, Place};
use crate::config::Matcher;
use crate::stats::{Layout, LineCounts, PathCounts, SiteEvidence, block_key, place};

impl LearnedTemplate {
    /// The evidence of its rules but for those whose ids a person `rejected`. What no rule is about counts as not seen. Of a
    /// page whose day is known it says what holds in the layout of that day, of others what holds in the last.
    pub fn evidence(&self, rejected: &[String]) -> SiteEvidence {
        let rejected: BTreeSet<&str> = rejected.iter().map(String::as_str).collect();
        let learned = &self.learned;
        let layouts = Layouts::of_template(self);
        let mut evidence = SiteEvidence::frozen(&layouts.documents, &layouts.starts);
        let edges = learned.earlier.iter().map(|layout| (layout.above, layout.below));
        for (layout, (above, below)) in edges.chain([(learned.above, learned.below)]).enumerate() {
            evidence.add_line(layout, 0, LineCounts { after: above, before: below, ..LineCounts::default() });
        }
        self.add_line_layouts(&layouts, &mut evidence);
        for rule in self.rules.iter().filter(|rule| !rejected.contains(rule.id.as_str())) {
            rule.add_to(&layouts, &mut evidence);
        }
        evidence
    }

    /// Lines of flat text are laid out in every layout of the site as in its last.
    fn add_line_layouts(&self, layouts: &Layouts, evidence: &mut SiteEvidence) {
        let last = layouts.documents[layouts.last()].max(1);
        for lines in &self.learned.layouts {
            let key = Layout { indent: lines.indent, blank: lines.blank, item: lines.item }.key();
            for (layout, &documents) in layouts.documents.iter().enumerate() {
                let documents = (lines.documents * documents).div_ceil(last);
                let counts = PathCounts { documents, recurs: lines.recurs, content: lines.content };
                evidence.add_path(layout, key, counts);
            }
        }
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
    fn add_to(&self, layouts: &Layouts, evidence: &mut SiteEvidence) {
        let last = layouts.last_of(self);
        let mut documents = self.evidence.documents;
        for earlier in &self.earlier {
            if let Some(layout) = layouts.ending(&earlier.until) {
                documents = documents.saturating_sub(earlier.documents);
                self.add_counts(layout, earlier.documents, &earlier.place, evidence);
            }
        }
        self.add_counts(last, documents, &self.place, evidence);
        for (&documents, lines) in &self.lines {
            for key in lines.iter().filter_map(|line| line_key(line)) {
                evidence.add_line(last, key, LineCounts { documents, ..LineCounts::default() });
            }
        }
    }

    /// What it says of one layout.
    fn add_counts(&self, layout: usize, documents: u32, place: &Place, evidence: &mut SiteEvidence) {
        if let Matcher::Selector(_) = self.matcher {
            let counts = PathCounts { documents, recurs: self.text.recurs, content: self.text.content };
            self.keys.iter().for_each(|&key| evidence.add_path(layout, key, counts));
        } else if let Some(key) = self.line_key() {
            let Place { after, before } = *place;
            evidence.add_line(layout, key, LineCounts { documents, after, before });
        }
    }
}
