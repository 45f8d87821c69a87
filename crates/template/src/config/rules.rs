//! A site's rules, compiled, and their verdicts on a page.

use std::cmp::Reverse;

use dechrome_page::{Block, Page, Selectors};
use regex::Regex;
use std::collections::HashMap;

use super::schema::{Matcher, Rule};
use super::{Anchor, fold_line};
use crate::verdict::{Label, Reason, Verdict};

/// A site's rules, ready to be applied.
#[derive(Debug, Clone, Default)]
pub struct SiteRules {
    rules: Vec<Compiled>,
    /// Handed to the parser; `selector_rules[i]` is the rule of the `i`-th.
    selectors: Selectors,
    selector_rules: Vec<usize>,
    /// Those of them that match what is outside, as places among the selectors.
    outside: Vec<u16>,
    /// Rules by their folded line.
    lines: HashMap<String, Vec<usize>>,
    patterns: Vec<(usize, Regex)>,
    slots: Vec<(usize, Slot)>,
}

#[derive(Debug, Clone)]
struct Compiled {
    id: String,
    label: Label,
    valid_from: Option<String>,
    valid_until: Option<String>,
}

#[derive(Debug, Clone)]
struct Slot {
    open: Anchor,
    /// `None`: the page's end.
    close: Option<Anchor>,
}

/// How good a match is: content first, then how specific, then the later rule. See the module `config`.
type Rank = (bool, Specificity, usize);

/// How closely a matcher names its block, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Specificity {
    Outside,
    Slot,
    /// By the distance to the element.
    Selector(Reverse<usize>),
    Pattern,
    Line,
}

impl SiteRules {
    /// Adds a rule, with its compiled pattern if it has one.
    pub(super) fn add(&mut self, rule: &Rule, pattern: Option<Regex>) {
        let place = self.rules.len();
        match &rule.matcher {
            Matcher::Selector(_) => self.selector_rules.push(place),
            Matcher::Outside(_) => {
                self.outside.push(self.selector_rules.len() as u16);
                self.selector_rules.push(place);
            }
            Matcher::Line(line) => self.lines.entry(fold_line(line)).or_default().push(place),
            Matcher::Pattern(_) => self.patterns.extend(pattern.map(|pattern| (place, pattern))),
            Matcher::Slot { open, close } => {
                let slot = Slot { open: Anchor::new(open), close: close.as_deref().map(Anchor::new) };
                self.slots.push((place, slot));
            }
        }
        self.rules.push(Compiled {
            id: rule.id.clone(),
            label: rule.label,
            valid_from: rule.valid_from.clone(),
            valid_until: rule.valid_until.clone(),
        });
    }

    /// Sets the selectors of all rules that have one, in the rules' order, and those of metadata.
    pub(super) fn set_selectors(&mut self, selectors: Selectors) {
        self.selectors = selectors;
    }

    /// The selectors to read the site's pages with: see [`Page::read_with`]. Without them, rules with selectors
    /// match nothing.
    pub fn selectors(&self) -> &Selectors {
        &self.selectors
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rules' verdict on each block of a page; `None` where they say nothing.
    pub fn verdicts(&self, page: &Page) -> Vec<Option<Verdict>> {
        if self.is_empty() {
            return vec![None; page.blocks.len()];
        }
        let day = page.captured_at.as_deref().and_then(|at| at.get(..10));
        let live: Vec<bool> = self.rules.iter().map(|rule| rule.holds_on(day)).collect();
        let mut best: Vec<Option<Rank>> = vec![None; page.blocks.len()];
        self.each_match(page, |block, place, specificity| {
            if live[place] {
                let rank = (self.rules[place].label == Label::Content, specificity, place);
                best[block] = best[block].max(Some(rank));
            }
        });
        best.into_iter().map(|rank| rank.map(|(_, _, place)| self.rules[place].verdict())).collect()
    }

    /// Whether each rule, in the file's order, matches a block of a page, whatever other rules say and whenever the
    /// page was captured.
    pub fn matched(&self, page: &Page) -> Vec<bool> {
        let mut matched = vec![false; self.rules.len()];
        self.each_match(page, |_, place, _| matched[place] = true);
        matched
    }

    /// Offers each block's matches: block, rule, how specific.
    fn each_match(&self, page: &Page, mut offer: impl FnMut(usize, usize, Specificity)) {
        let folded: Vec<String> = page.blocks.iter().map(|block| fold_line(&block.text)).collect();
        for (place, slot) in &self.slots {
            for block in slot.blocks(&folded) {
                offer(block, *place, Specificity::Slot);
            }
        }
        for &selector in self.outside.iter().filter(|&&selector| is_marked(page, selector)) {
            for block in 0..page.blocks.len() {
                if !is_inside(page, block, selector) {
                    offer(block, self.selector_rules[usize::from(selector)], Specificity::Outside);
                }
            }
        }
        for (number, (block, folded)) in page.blocks.iter().zip(&folded).enumerate() {
            for (place, specificity) in self.matches(page, block, folded) {
                offer(number, place, specificity);
            }
        }
    }

    /// The rules that match this block by itself or by its place in the outline.
    fn matches(&self, page: &Page, block: &Block, folded: &str) -> Vec<(usize, Specificity)> {
        let lines = self.lines.get(folded).into_iter().flatten().map(|&place| (place, Specificity::Line));
        let patterns = self.patterns.iter().filter(|(_, pattern)| pattern.is_match(&block.text));
        let mut matches: Vec<_> = lines.chain(patterns.map(|&(place, _)| (place, Specificity::Pattern))).collect();
        if !page.outline.marks.is_empty() {
            for (distance, node) in page.outline.ancestors(block.node).enumerate() {
                let marks = page.outline.marks_of(node).filter(|mark| !self.outside.contains(mark));
                let places = marks.filter_map(|mark| self.selector_rules.get(mark as usize));
                matches.extend(places.map(|&place| (place, Specificity::Selector(Reverse(distance)))));
            }
        }
        matches
    }
}

/// Whether the selector matched an element that has a block beneath it.
fn is_marked(page: &Page, selector: u16) -> bool {
    let mut blocks = 0..page.blocks.len();
    page.outline.marks.iter().any(|&(_, mark)| mark == selector) && blocks.any(|block| is_inside(page, block, selector))
}

fn is_inside(page: &Page, block: usize, selector: u16) -> bool {
    let marks = |node| page.outline.marks_of(node).any(|mark| mark == selector);
    page.outline.ancestors(page.blocks[block].node).any(marks)
}

impl Compiled {
    /// Whether it holds for captures of this day; for captures without a date every rule does.
    fn holds_on(&self, day: Option<&str>) -> bool {
        let Some(day) = day else { return true };
        self.valid_from.as_deref().is_none_or(|from| from <= day)
            && self.valid_until.as_deref().is_none_or(|until| day <= until)
    }

    fn verdict(&self) -> Verdict {
        Verdict { label: self.label, reason: Reason::Rule { id: self.id.clone() } }
    }
}

impl Slot {
    /// The blocks in the slot, wherever the page opens and closes it.
    fn blocks(&self, folded: &[String]) -> Vec<usize> {
        let find = |anchor: &Anchor, from: usize| (from..folded.len()).find(|&at| anchor.matches(&folded[at]));
        let mut blocks = Vec::new();
        let mut from = 0;
        while let Some(open) = find(&self.open, from) {
            let end = match &self.close {
                None => folded.len(),
                Some(close) => match find(close, open + 1) {
                    Some(end) => end,
                    None => break,
                },
            };
            blocks.extend(open..end);
            from = end;
        }
        blocks
    }
}
