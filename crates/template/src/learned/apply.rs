//! A template as the evidence that pages are judged with.

use std::collections::BTreeSet;

use super::name::line_key;
use super::schema::{LearnedRule, LearnedTemplate};
use crate::config::Matcher;
use crate::stats::{Layout, LineCounts, PathCounts, SiteEvidence};

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
