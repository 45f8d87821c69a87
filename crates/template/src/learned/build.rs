//! Makes a template of a site's statistics.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::layouts::Layouts;
use super::name::{CUT, anchor, line_key, number_pattern, rule_id, selector_id};
use super::schema::{
    LayoutCounts, Learned, LearnedRule, LearnedTemplate, Place, RuleEvidence, TextShares, matcher_line,
};
use crate::config::Matcher;
use crate::features::odds;
use crate::stats::{FEW_DOCUMENTS, Layout, Recurring, RecurringKind, Sighting, SiteEvidence, SiteStats, date_of};

/// Share of content from which the text between two recurring lines is no slot. Made-up slots of flat pages seem more than a fifth
/// content to the generic verdict.
const SLOT_CONTENT: f32 = 0.3;

/// Share of a line's documents in which text must follow for the line to open a slot.
const SLOT_SHARE: f32 = 0.5;

/// Share of the text in recurring lines, and of the text at recurring places, that the rules cover. Of flat text, where
/// every line is a rule, .95 leaves three of four rules and costs .002 of F1, .98 nine of ten and .001; of HTML nothing
/// is lost (34 sets of pages of 17 sites).
const LINES_COVERED: f64 = 0.95;
const SELECTORS_COVERED: f64 = 0.98;

/// Share of the documents that a line must stand on: teasers stand on some, and are not what is learned.
const LINE_SHARE: f32 = 0.1;

/// Share of content in the text beside a line from which the line has a rule, however little it covers: what stands there testifies for
/// new text. Without, templates cost a site over a point of recall in one of 20 halves of flat sites; rules are .6 % more.
const AT_CONTENT: f32 = 0.5;

/// Share of the text that recurs or stands in slots below which a slot in a container is only a line of it. It leaves
/// half the rules of the site with most, and costs nothing.
const SLOT_WEIGHT: f64 = 0.01;

/// Keeps the odds of a share finite: no share is surer than 19 to 1.
const DOUBT: f32 = 0.05;

/// Share of content from which a line that stands on a single document is taken for a line of that document. At .5 a template
/// of two documents testified against their last paragraphs, of which the model alone was not sure.
const OWN_CONTENT: f32 = 0.25;

impl LearnedTemplate {
    /// What the statistics of a site say, without the rules whose ids a person `rejected`. `None` where there is no
    /// document. The same statistics give the same template.
    ///
    /// Of fewer than four documents, lines that stand on one of them count as well, if they look like boilerplate.
    pub fn build(site: &str, stats: &SiteStats, rejected: &[String]) -> Option<Self> {
        let evidence = stats.clone().without_rules(rejected).evidence();
        if evidence.documents() == 0 {
            return None;
        }
        let sightings = evidence.sightings();
        let mut days: Vec<i32> = sightings.iter().filter_map(|sighting| sighting.day).collect();
        days.sort_unstable();
        let layouts = Layouts::of_evidence(&evidence);
        let (above, below) = evidence.content_beside(layouts.last(), 0);
        let earlier = layouts.earlier(&evidence);
        let mut builder = Builder { next: evidence.next_anchors(), evidence, layouts, sightings, ..Builder::default() };
        builder.read();
        Some(Self {
            site: site.to_owned(),
            learned: Learned {
                documents: builder.evidence.documents() as u32,
                first: days.first().copied().and_then(date_of),
                last: days.last().copied().and_then(date_of),
                stats: stats.fingerprint(),
                above,
                below,
                layouts: std::mem::take(&mut builder.line_layouts),
                earlier,
            },
            rules: builder.rules(),
        })
    }
}

/// Places that are written alike.
type Selector = (String, bool);

#[derive(Default)]
struct Builder {
    evidence: SiteEvidence,
    layouts: Layouts,
    sightings: Vec<Sighting>,
    /// The anchor after each, and what each line says.
    next: BTreeMap<u64, u64>,
    texts: BTreeMap<u64, String>,
    lines: Vec<Recurring>,
    slots: BTreeMap<u64, Recurring>,
    selectors: BTreeMap<Selector, Vec<Recurring>>,
    line_layouts: Vec<LayoutCounts>,
}

impl Builder {
    fn read(&mut self) {
        let layouts: BTreeMap<u64, Layout> = Layout::all().map(|layout| (layout.key(), layout)).collect();
        let is_few = (self.evidence.documents() as u32) < FEW_DOCUMENTS;
        for recurring in self.evidence.standing_on(if is_few { 1 } else { 2 }) {
            match recurring.kind {
                RecurringKind::Line if recurring.documents < 2 && recurring.content_share >= OWN_CONTENT => {}
                RecurringKind::Line if (recurring.documents as f32) < LINE_SHARE * recurring.of as f32 => {}
                RecurringKind::Line => {
                    self.texts.insert(recurring.key, recurring.text.clone());
                    self.lines.push(recurring);
                }
                RecurringKind::Slot => drop(self.slots.insert(recurring.key, recurring)),
                RecurringKind::Path => match layouts.get(&recurring.key) {
                    Some(layout) => self.line_layouts.extend(layout_counts(*layout, &recurring)),
                    None if recurring.text.is_empty() => {}
                    None => {
                        let selector = (recurring.text.clone(), is_content(&recurring));
                        self.selectors.entry(selector).or_default().push(recurring);
                    }
                },
            }
        }
        self.line_layouts.sort_by_key(|layout| (layout.indent, layout.blank, layout.item));
    }

    /// The rules, those that match most text first.
    fn rules(&mut self) -> Vec<LearnedRule> {
        let mut selectors: BTreeMap<Selector, (LearnedRule, u64)> = self
            .selectors
            .iter()
            .map(|(selector, paths)| (selector.clone(), self.selector_rule(selector, paths)))
            .collect();
        let mut rules = Vec::new();
        let all: u64 = self.slots.values().chain(&self.lines).map(weight).sum();
        for line in &self.lines {
            let slot = self.slots.get(&line.key);
            let rule = self.line_rule(line);
            let weight = weight(line) + slot.filter(|_| rule.kind() == "slot").map_or(0, weight);
            let container = line.places.first().and_then(|place| selectors.get_mut(&(place.clone(), false)));
            match container {
                Some((container, _)) if is_listed(&rule, container, (weight as f64) < SLOT_WEIGHT * all as f64) => {
                    container.lines.entry(line.documents).or_default().push(line.text.clone());
                }
                _ => rules.push((rule, weight)),
            }
        }
        rules.extend(selectors.into_values());
        rules.sort_by(|a, b| Reverse(a.1).cmp(&Reverse(b.1)).then_with(|| a.0.id.cmp(&b.0.id)));
        keep_covering(&mut rules, SELECTORS_COVERED, |rule| matches!(rule.matcher, Matcher::Selector(_)));
        let light = keep_covering(&mut rules, LINES_COVERED, |rule| !matches!(rule.matcher, Matcher::Selector(_)));
        let closers = self.closers(&rules);
        let is_closer = |rule: &LearnedRule| rule.line_key().is_some_and(|key| closers.contains(&key));
        rules.extend(light.into_iter().filter(|(rule, _)| is_closer(rule) || stands_at_content(rule)));
        let mut rules: Vec<LearnedRule> = rules.into_iter().map(|(rule, _)| rule).collect();
        rules.iter_mut().flat_map(|rule| rule.lines.values_mut()).for_each(|lines| lines.sort());
        rules
    }

    fn line_rule(&self, line: &Recurring) -> LearnedRule {
        let is_whole = line_key(&line.text) == Some(line.key);
        let shown = if is_whole { line.text.clone() } else { format!("{}{CUT}", line.text.trim_end()) };
        let slot = self.slots.get(&line.key).filter(|slot| {
            slot.content_share <= SLOT_CONTENT && slot.documents as f32 >= SLOT_SHARE * line.documents as f32
        });
        let has_number = line.text.chars().any(char::is_numeric);
        let mut examples = line.examples.clone();
        let matcher = match slot {
            Some(slot) => {
                examples.clone_from(&slot.examples);
                Matcher::Slot { open: anchor(&line.text, is_whole), close: self.close(line.key) }
            }
            None if has_number => {
                examples.insert(0, shown);
                Matcher::Pattern(number_pattern(&line.text, !is_whole))
            }
            None => {
                examples.clear(); // other writings of the same words
                Matcher::Line(shown)
            }
        };
        let (_, last) = self.evidence.layouts_of(&line.layouts);
        let score = match slot {
            Some(slot) => log_odds(slot.content_share),
            None => odds(line.documents, line.of, line.chars),
        };
        let written = matcher_line(&matcher, &examples);
        let keys =
            if written.is_some_and(|text| line_key(text) == Some(line.key)) { Vec::new() } else { vec![line.key] };
        let mut rule = LearnedRule {
            id: rule_id(&line.text, line.key),
            matcher,
            keys,
            evidence: counted(line, score),
            place: self.evidence.place_in(last, line.key),
            text: TextShares::default(),
            lines: BTreeMap::new(),
            examples,
            valid_from: None,
            valid_until: None,
            earlier: Vec::new(),
        };
        self.layouts.date(&mut rule, &line.layouts, &self.evidence);
        rule
    }

    /// Rule and weight of the places with one selector.
    fn selector_rule(&self, (selector, is_content): &Selector, paths: &[Recurring]) -> (LearnedRule, u64) {
        let chars: u64 = paths.iter().map(weight).sum();
        let mean = |share: fn(&Recurring) -> f32| {
            let sum: f64 = paths.iter().map(|path| f64::from(share(path)) * weight(path) as f64).sum();
            (sum / chars.max(1) as f64) as f32
        };
        let text = TextShares { recurs: mean(|path| path.recurring_share), content: mean(|path| path.content_share) };
        let most = paths.iter().max_by_key(|path| (path.documents, Reverse(path.key)));
        let score = log_odds(new_content(text.recurs, text.content));
        let keys: Vec<u64> = paths.iter().map(|path| path.key).collect();
        let mut shown = vec![0; self.layouts.documents.len()];
        let is_seen = |sighting: &&Sighting| keys.iter().any(|key| sighting.paths.contains(key));
        self.sightings.iter().filter(is_seen).for_each(|sighting| shown[sighting.epoch] += 1);
        let documents: u32 = shown.iter().sum();
        let (_, last) = self.evidence.layouts_of(&shown);
        let of = self.layouts.documents[last] + documents - shown[last];
        let mut rule = LearnedRule {
            id: selector_id(selector, *is_content),
            matcher: Matcher::Selector(selector.clone()),
            keys,
            evidence: RuleEvidence {
                documents,
                of,
                ..most.map_or(RuleEvidence::default(), |path| counted(path, score))
            },
            place: Place::default(),
            text,
            lines: BTreeMap::new(),
            examples: most.map(|path| path.examples.clone()).unwrap_or_default(),
            valid_from: None,
            valid_until: None,
            earlier: Vec::new(),
        };
        self.layouts.date(&mut rule, &shown, &self.evidence);
        (rule, chars)
    }

    /// The lines that close the slots of these rules. A slot would go on beyond one that has no rule, often into the text.
    fn closers(&self, rules: &[(LearnedRule, u64)]) -> BTreeSet<u64> {
        let slots = rules.iter().filter(|(rule, _)| rule.kind() == "slot");
        slots.filter_map(|(rule, _)| self.next.get(&rule.line_key()?).copied()).collect()
    }

    /// What closes the slot that a line opens.
    fn close(&self, key: u64) -> Option<String> {
        let next = *self.next.get(&key)?;
        let text = self.texts.get(&next)?;
        Some(anchor(text, line_key(text) == Some(next)))
    }
}

/// Keeps the first of the rules of one sort, as many as match this share of what all of them match. The others are given back.
fn keep_covering(
    rules: &mut Vec<(LearnedRule, u64)>,
    share: f64,
    is_mine: impl Fn(&LearnedRule) -> bool,
) -> Vec<(LearnedRule, u64)> {
    let total: u64 = rules.iter().filter(|(rule, _)| is_mine(rule)).map(|(_, weight)| weight).sum();
    let mut covered = 0;
    let is_light = |(rule, weight): &mut (LearnedRule, u64)| {
        let is_light = is_mine(rule) && covered as f64 >= share * total as f64;
        covered += if is_mine(rule) { *weight } else { 0 };
        is_light
    };
    rules.extract_if(.., is_light).collect()
}

/// Whether text beside a line is content, which testifies for what is new there.
fn stands_at_content(rule: &LearnedRule) -> bool {
    let Place { after, before } = rule.place;
    [after, before].into_iter().flatten().any(|share| share >= AT_CONTENT)
}

/// Whether a line can be listed with others under its container: nothing but its count in the container's layout is known
/// of it.
fn is_listed(rule: &LearnedRule, container: &LearnedRule, is_light: bool) -> bool {
    let is_of_layout = rule.earlier.is_empty() && rule.valid_until == container.valid_until;
    rule.keys.is_empty() && is_of_layout && (is_light || !matches!(rule.matcher, Matcher::Slot { .. }))
}

/// What the lines of one layout are on the documents of the site's last layout, if there are any.
fn layout_counts(layout: Layout, path: &Recurring) -> Option<LayoutCounts> {
    let counts = LayoutCounts {
        indent: layout.indent,
        blank: layout.blank,
        item: layout.item,
        documents: path.layouts.last().copied()?,
        recurs: path.recurring_share,
        content: path.content_share,
    };
    (counts.documents > 0).then_some(counts)
}

fn counted(recurring: &Recurring, score: f32) -> RuleEvidence {
    let Recurring { documents, of, days, sections, .. } = *recurring;
    RuleEvidence { documents, of, days, sections, score: (score * 10.0).round() / 10.0 }
}

/// Characters on all documents.
fn weight(recurring: &Recurring) -> u64 {
    u64::from(recurring.documents) * u64::from(recurring.chars)
}

fn is_content(path: &Recurring) -> bool {
    new_content(path.recurring_share, path.content_share) >= 0.5
}

/// Share of the text that looks like content and is new on every page.
fn new_content(recurs: f32, content: f32) -> f32 {
    content * (1.0 - recurs)
}

/// Log-odds of boilerplate, from a share of content.
fn log_odds(content: f32) -> f32 {
    ((1.0 - content + DOUBT) / (content + DOUBT)).ln()
}
