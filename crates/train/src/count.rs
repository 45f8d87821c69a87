//! Counts the vocabulary: in how many pages a word stands in content, and in how many in boilerplate.

use std::collections::BTreeMap;

use dechrome_template::features::{BITS, STEPS, Vocabulary, hash_words, name_slot, text_slot};

use crate::data::Labelled;

/// Pages of doubt: a word seen on this many pages moves half-way to what they say.
const PRIOR_PAGES: f32 = 3.0;

/// Levels of ancestors whose names are counted.
const LEVELS: usize = 12;

/// Words of a block that are counted.
const MAX_WORDS: usize = 40;

/// Mass of content and of boilerplate by slot.
type Mass = BTreeMap<usize, [f32; 2]>;

#[derive(Debug, Default, Clone)]
struct Counts {
    text: Mass,
    names: Mass,
}

/// The counts of all pages, and of each group apart.
#[derive(Debug)]
pub(crate) struct Counted {
    total: Counts,
    groups: BTreeMap<String, Counts>,
}

impl Counted {
    pub(crate) fn of<'a>(pages: impl Iterator<Item = &'a Labelled>) -> Self {
        let mut groups: BTreeMap<String, (Counts, u32)> = BTreeMap::new();
        for page in pages {
            let (counts, number) = groups.entry(page.group.clone()).or_default();
            add_page(page, counts);
            *number += 1;
        }
        let mut total = Counts::default();
        let mut scaled = BTreeMap::new();
        for (group, (mut counts, number)) in groups {
            // A group of n pages speaks as loud as the square root of n groups of one.
            let scale = 1.0 / (number as f32).sqrt();
            for mass in [&mut counts.text, &mut counts.names] {
                mass.values_mut().flatten().for_each(|mass| *mass *= scale);
            }
            add(&mut total.text, &counts.text);
            add(&mut total.names, &counts.names);
            scaled.insert(group, counts);
        }
        Self { total, groups: scaled }
    }

    /// The vocabulary of all groups but these.
    pub(crate) fn vocabulary(&self, left_out: &[&str]) -> Vocabulary {
        let mut left = Counts::default();
        for counts in left_out.iter().filter_map(|group| self.groups.get(*group)) {
            add(&mut left.text, &counts.text);
            add(&mut left.names, &counts.names);
        }
        Vocabulary { text: table(&self.total.text, &left.text), names: table(&self.total.names, &left.names) }
    }
}

fn add(total: &mut Mass, counts: &Mass) {
    for (&slot, mass) in counts {
        let sum = total.entry(slot).or_default();
        sum[0] += mass[0];
        sum[1] += mass[1];
    }
}

fn add_page(page: &Labelled, counts: &mut Counts) {
    let mut text = Mass::new();
    let mut names = Mass::new();
    let mut words = Vec::new();
    for (block, &label) in page.page.blocks.iter().zip(&page.labels) {
        hash_words(&block.text, &mut words);
        let side = usize::from(label);
        let weight = (words.len().max(1) as f32).sqrt();
        let step = words.len().div_ceil(MAX_WORDS).max(1);
        for &word in words.iter().step_by(step) {
            text.entry(text_slot(word)).or_default()[side] += 1.0;
        }
        for (level, node) in page.page.outline.ancestors(block.node).take(LEVELS).enumerate() {
            for &name in page.page.outline.words(node) {
                names.entry(name_slot(name, level)).or_default()[side] += weight;
            }
        }
    }
    add(&mut counts.text, &normalised(text));
    add(&mut counts.names, &normalised(names));
}

/// Each page gives every word it holds a mass of one.
fn normalised(mut mass: Mass) -> Mass {
    for [boilerplate, content] in mass.values_mut() {
        let sum = *boilerplate + *content;
        *boilerplate /= sum;
        *content /= sum;
    }
    mass
}

fn table(total: &Mass, left_out: &Mass) -> Vec<i8> {
    let prior = prior(total);
    let mut table = vec![0; 1 << BITS];
    for (&slot, mass) in total {
        let left = left_out.get(&slot).copied().unwrap_or_default();
        let boilerplate = (mass[0] - left[0]).max(0.0);
        let content = (mass[1] - left[1]).max(0.0);
        let odds = (content + PRIOR_PAGES * prior) / (boilerplate + PRIOR_PAGES * (1.0 - prior));
        let odds = odds.ln() - (prior / (1.0 - prior)).ln();
        table[slot] = (odds * STEPS).round().clamp(-127.0, 127.0) as i8;
    }
    table
}

/// Share of the mass that is content.
fn prior(total: &Mass) -> f32 {
    let sums = total.values().fold([0.0_f32; 2], |sums, mass| [sums[0] + mass[0], sums[1] + mass[1]]);
    (sums[1] / (sums[0] + sums[1]).max(1.0)).clamp(0.01, 0.99)
}
