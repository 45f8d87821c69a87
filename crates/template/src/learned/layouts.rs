//! The layouts that a site has had, and which of them a rule is of.

use super::schema::{EarlierCounts, EarlierLayout, LearnedRule, LearnedTemplate, Place};
use crate::stats::{SiteEvidence, date_of, day_of};

/// A site's layouts, oldest first.
#[derive(Debug, Default)]
pub(super) struct Layouts {
    /// The first day of each but the oldest.
    pub(super) starts: Vec<i32>,
    /// Documents of each.
    pub(super) documents: Vec<u32>,
}

impl Layouts {
    pub(super) fn of_evidence(evidence: &SiteEvidence) -> Self {
        Self { starts: evidence.layout_starts(), documents: evidence.layout_documents() }
    }

    pub(super) fn of_template(template: &LearnedTemplate) -> Self {
        let learned = &template.learned;
        let mut documents: Vec<u32> = learned.earlier.iter().map(|layout| layout.documents).collect();
        documents.push(learned.documents.saturating_sub(documents.iter().sum()));
        Self {
            starts: learned.earlier.iter().filter_map(|layout| day_of(&layout.until)).map(|day| day + 1).collect(),
            documents,
        }
    }

    pub(super) fn last(&self) -> usize {
        self.documents.len().saturating_sub(1)
    }

    /// The first day of a layout; `None` of the oldest.
    pub(super) fn from(&self, layout: usize) -> Option<String> {
        date_of(*self.starts.get(layout.checked_sub(1)?)?)
    }

    /// The last day of a layout; `None` of the one that still is.
    pub(super) fn until(&self, layout: usize) -> Option<String> {
        date_of(self.starts.get(layout)? - 1)
    }

    /// The layout that ends with this day.
    pub(super) fn ending(&self, until: &str) -> Option<usize> {
        (0..self.last()).find(|&layout| self.until(layout).as_deref() == Some(until))
    }

    /// The layouts before the last one.
    pub(super) fn earlier(&self, evidence: &SiteEvidence) -> Vec<EarlierLayout> {
        let layout = |layout: usize| {
            let (above, below) = (evidence.content_beside(layout, 0).0, evidence.content_beside(layout, 0).1);
            Some(EarlierLayout { until: self.until(layout)?, documents: self.documents[layout], above, below })
        };
        (0..self.last()).filter_map(layout).collect()
    }

    /// Writes into a rule of which layouts it is, given how many documents of each show it.
    pub(super) fn date(&self, rule: &mut LearnedRule, shown: &[u32], evidence: &SiteEvidence) {
        let (first, last) = evidence.layouts_of(shown);
        rule.valid_from = self.from(first);
        rule.valid_until = self.until(last);
        let key = rule.line_key();
        let counts = |layout: usize| {
            let place = key.map(|key| evidence.place_in(layout, key)).unwrap_or_default();
            Some(EarlierCounts { until: self.until(layout)?, documents: shown[layout], place })
        };
        rule.earlier = (0..last).filter(|&layout| shown[layout] > 0).filter_map(counts).collect();
    }

    /// The last layout of a rule.
    pub(super) fn last_of(&self, rule: &LearnedRule) -> usize {
        rule.valid_until.as_deref().and_then(|until| self.ending(until)).unwrap_or(self.last())
    }
}

impl SiteEvidence {
    /// Where a line stands in a layout.
    pub(super) fn place_in(&self, layout: usize, key: u64) -> Place {
        let (after, before) = self.content_beside(layout, key);
        Place { after, before }
    }
}
