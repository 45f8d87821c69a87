//! What recurs on a site, as counts that people can read: what templates are made of.

use std::collections::{BTreeMap, BTreeSet};

use ahash::{AHashMap, AHashSet};

use super::epochs::GONE;
use super::evidence::SiteEvidence;
use super::sketch::Sketch;
use super::tables::Sums;

/// Distinct examples given of one thing.
const MAX_EXAMPLES: usize = 3;

/// What kind of thing recurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecurringKind {
    /// A text, numbers apart.
    Line,
    /// A place of the outline; in flat text, a layout of lines.
    Path,
    /// What stands between an anchor, a line on many documents, and the next anchor.
    Slot,
}

/// Something that stands on several of a site's documents. Twins count as one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Recurring {
    /// What kind of thing it is.
    pub kind: RecurringKind,
    /// A hash that names it among those of its kind on this site: of a line and of a slot's anchor, of its text
    /// with numbers masked.
    pub key: u64,
    /// The line, the path as a CSS selector, or the anchor that opens the slot, as one document has it. Texts are
    /// cut after 100 characters. Empty for layouts of flat text.
    pub text: String,
    /// Other writings of the line, or texts that stand at the path or in the slot: distinct, at most three.
    pub examples: Vec<String>,
    /// The selectors of the places where a line or an anchor stands, most frequent first: at most three. Empty in flat text.
    pub places: Vec<String>,
    /// Documents that have it.
    pub documents: u32,
    /// Documents that could have it: those of its last layout epoch, and of others those that do.
    pub of: u32,
    /// Documents that have it by layout epoch, oldest first. Where the site was never redesigned there is one.
    pub layouts: Vec<u32>,
    /// Distinct days of the documents that have it, where known.
    pub days: u32,
    /// Distinct sections of the documents that have it, where known.
    pub sections: u32,
    /// Characters of it on an average document that has it: of a path or slot, of all the text there.
    pub chars: u32,
    /// Share of these characters that is content by the generic verdict, 0 to 1.
    pub content_share: f32,
    /// Share of these characters in lines that recur, 0 to 1: 1 for lines.
    pub recurring_share: f32,
}

/// What names a thing on its site.
type Named = (RecurringKind, u64);

impl SiteEvidence {
    /// What stands on at least two documents and can be shown: by kind, what is on the most documents first.
    /// A function of the documents alone, not of their order.
    pub fn recurring(&self) -> Vec<Recurring> {
        self.standing_on(2)
    }

    /// The same of what stands on at least so many documents.
    pub(crate) fn standing_on(&self, least: u32) -> Vec<Recurring> {
        // What no document shows that people can read is not counted: most lines that are on two or three documents of a large site, which
        // would take more memory than all documents.
        let readable = self.sketches().filter(|(document, _)| document.readable.is_some());
        let here = readable.flat_map(|(document, epoch)| self.find(document, epoch, least));
        let mut found: AHashMap<Named, Found> =
            here.filter(|(_, here)| here.text.is_some()).map(|(key, _)| (key, Found::default())).collect();
        for (document, epoch) in self.sketches() {
            for (key, here) in self.find(document, epoch, least) {
                if let Some(found) = found.get_mut(&key) {
                    found.add(document, epoch, here);
                }
            }
        }
        let mut all: Vec<Recurring> = found
            .into_iter()
            .filter(|(_, found)| found.sums.documents >= least)
            .map(|((kind, key), found)| self.recurring_of(kind, key, found))
            .collect();
        all.sort_by_key(|recurring| (recurring.kind, std::cmp::Reverse(recurring.documents), recurring.key));
        all
    }

    fn recurring_of(&self, kind: RecurringKind, key: u64, found: Found<'_>) -> Recurring {
        let mut layouts = found.layouts;
        layouts.resize(self.epochs.len(), 0);
        let (_, last) = self.layouts_of(&layouts);
        let mut places: Vec<(&str, u32)> = found.places.into_iter().collect();
        places.sort_by_key(|&(place, count)| (std::cmp::Reverse(count), place));
        Recurring {
            kind,
            key,
            text: found.text.unwrap_or_default().to_owned(),
            examples: found.examples.into_iter().map(str::to_owned).collect(),
            places: places.into_iter().take(MAX_EXAMPLES).map(|(place, _)| place.to_owned()).collect(),
            documents: found.sums.documents,
            of: self.tables[last].count + found.sums.documents - layouts[last],
            layouts,
            days: found.days.len() as u32,
            sections: found.sections.len() as u32,
            chars: (found.sums.chars / u64::from(found.sums.documents.max(1))) as u32,
            content_share: found.sums.content_share().unwrap_or_default(),
            recurring_share: found.sums.recurring_share().unwrap_or_default(),
        }
    }

    /// The first and the last epoch that something is of, by how many documents of each have it: a few do not make it so.
    pub(crate) fn layouts_of(&self, layouts: &[u32]) -> (usize, usize) {
        let share = |epoch: usize| layouts[epoch] as f32 / self.tables[epoch].count.max(1) as f32;
        let most = (0..layouts.len()).max_by(|&a, &b| share(a).total_cmp(&share(b))).unwrap_or_default();
        let is_of = |epoch: &usize| share(*epoch) > GONE;
        ((0..layouts.len()).find(is_of).unwrap_or(most), (0..layouts.len()).rfind(is_of).unwrap_or(most))
    }

    /// What recurs on one document.
    fn find<'a>(&self, document: &'a Sketch, epoch: usize, least: u32) -> BTreeMap<Named, Here<'a>> {
        let names = Names::of(document);
        let mut here: BTreeMap<Named, Here<'a>> = BTreeMap::new();
        let mut anchor = None;
        for (index, block) in document.blocks.iter().enumerate() {
            let recurs = self.recurs(&block) || (least < 2 && block.key != 0);
            let sums = self.sums(&block);
            let text = names.text(index);
            let place = names.place(block.path);
            let mut add = |kind, key, text: Option<&'a str>, example: Option<&'a str>, place: Option<&'a str>| {
                here.entry((kind, key)).or_default().add(sums, text, example, place);
            };
            if recurs {
                add(RecurringKind::Line, block.key, text, text, place);
            }
            if self.path_documents(block.path) >= least {
                add(RecurringKind::Path, block.path, place.or(text.map(|_| "")), text, None);
            }
            if self.is_anchor(epoch, &block) {
                anchor = Some((block.key, text, place));
            } else if let Some((key, heading, place)) = anchor {
                add(RecurringKind::Slot, key, heading, text, place);
            }
        }
        here
    }
}

/// What people can read of one document's blocks.
struct Names<'a> {
    texts: Vec<&'a str>,
    places: AHashMap<u64, &'a str>,
}

impl<'a> Names<'a> {
    fn of(document: &'a Sketch) -> Self {
        let Some(readable) = &document.readable else { return Self { texts: Vec::new(), places: AHashMap::new() } };
        Self { texts: readable.texts().collect(), places: readable.paths().collect() }
    }

    fn text(&self, block: usize) -> Option<&'a str> {
        self.texts.get(block).copied()
    }

    fn place(&self, path: u64) -> Option<&'a str> {
        self.places.get(&path).copied()
    }
}

/// What one document shows of something.
#[derive(Default)]
struct Here<'a> {
    sums: Sums,
    text: Option<&'a str>,
    examples: Vec<&'a str>,
    places: BTreeSet<&'a str>,
}

impl<'a> Here<'a> {
    fn add(&mut self, sums: Sums, text: Option<&'a str>, example: Option<&'a str>, place: Option<&'a str>) {
        self.sums.add(sums);
        self.text = self.text.or(text);
        if let Some(example) = example.filter(|_| self.examples.len() < MAX_EXAMPLES) {
            self.examples.push(example);
        }
        self.places.extend(place);
    }
}

/// What all documents show of something.
#[derive(Default)]
struct Found<'a> {
    sums: Sums,
    /// Number of documents by epoch, up to the last that has any.
    layouts: Vec<u32>,
    days: AHashSet<i32>,
    sections: AHashSet<&'a str>,
    text: Option<&'a str>,
    examples: Vec<&'a str>,
    /// Documents by the place where it stands.
    places: AHashMap<&'a str, u32>,
}

impl<'a> Found<'a> {
    fn add(&mut self, document: &'a Sketch, epoch: usize, here: Here<'a>) {
        self.layouts.resize(self.layouts.len().max(epoch + 1), 0);
        self.layouts[epoch] += 1;
        self.sums.add(here.sums);
        self.sums.documents += 1;
        self.days.extend(document.day);
        self.sections.extend(document.section.as_deref());
        self.text = self.text.or(here.text);
        for example in here.examples {
            let is_new = Some(example) != self.text && !self.examples.contains(&example);
            if is_new && self.examples.len() < MAX_EXAMPLES {
                self.examples.push(example);
            }
        }
        for place in here.places {
            *self.places.entry(place).or_default() += 1;
        }
    }
}
