//! Layout epochs: when a site is redesigned, what its pages no longer have tells nothing of what is on them now.
//!
//! Two dated snapshots of each of a number of papers, a year or more apart, had 22 % of the characters of their boilerplate
//! in common as text and 1.5 % as text at a place; counting absence over both lowered what was removed of flat pages
//! from 54 % to 42 %. So text counts from all epochs, and its absence, places and slots from the page's own.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;

use ahash::AHashMap;

use super::evidence::can_be_anchor;
use super::holders::held_by;
use super::sketch::Sketch;

/// Documents that are compared on either side of a day: at most, and at least. Should a fifth of forty documents differ for
/// another cause, all of one time are so by chance once in thirty million times; three of twenty are, once in five hundred.
/// A layout that did not last for about eight documents is not seen.
const WINDOW: usize = 10;
const MIN_DOCUMENTS: usize = 5;

/// Marks that must be common on either side of a redesign, for a few to tell nothing.
const MIN_MARKS: usize = 6;

/// Days on either side from which lines tell as well: a paper's teasers of the day are on all its pages for some days, and on
/// three of 33 sites .59 to .71 of the common lines went with them.
const MIN_DAYS: usize = 4;

/// Share of the documents of one time from which a mark is common then, and up to which it is gone.
const COMMON: f32 = 0.5;
pub(super) const GONE: f32 = 0.1;

/// Share of the common marks of the time before that are gone after, and the other way around, that is a redesign. Of the
/// places of 33 sites without one it was .25 at most, all documents before and after any day compared.
const REDESIGN: f32 = 0.6;

/// The layout epochs of a site's documents.
#[derive(Debug)]
pub(super) struct Epochs {
    /// The first day of each epoch, ascending; of the first one, of all time.
    starts: Vec<i32>,
    /// Marks by which each epoch is known: common then, and gone in the one before or after.
    marks: Vec<BTreeSet<u64>>,
}

impl Default for Epochs {
    fn default() -> Self {
        Self::starting(vec![i32::MIN])
    }
}

impl Epochs {
    /// The epochs of documents in any order. Where there was no redesign it is one, which takes next to no time to find out.
    pub(super) fn of(documents: &[&Sketch]) -> Self {
        let dated = Dated::of(documents);
        let mut epochs = Self::starting([i32::MIN].into_iter().chain(dated.redesigns()).collect());
        if epochs.len() > 1 {
            epochs.marks = dated.marks_of_epochs(&epochs);
        }
        epochs
    }

    /// Epochs by their first days, ascending, known by nothing else.
    pub(super) fn starting(starts: Vec<i32>) -> Self {
        Self { marks: vec![BTreeSet::new(); starts.len()], starts }
    }

    /// Number of epochs, at least one.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The first day of an epoch; `None` of the first one.
    pub(super) fn start(&self, epoch: usize) -> Option<i32> {
        self.starts.get(epoch).copied().filter(|_| epoch > 0)
    }

    /// The epoch whose marks a document has most of: also of pages without a date, and of old pages that were captured
    /// late. Where they do not tell, its day does, and without a day it is of the last epoch.
    pub(super) fn of_sketch(&self, sketch: &Sketch) -> usize {
        let by_day = self.of_day(sketch.day);
        if self.len() == 1 {
            return by_day;
        }
        let own: BTreeSet<u64> = places(sketch).chain(lines(sketch)).collect();
        let share = |epoch: usize| {
            let marks = &self.marks[epoch];
            marks.intersection(&own).count() as f32 / marks.len().max(1) as f32
        };
        let rank = |&a: &usize, &b: &usize| share(a).total_cmp(&share(b)).then((a == by_day).cmp(&(b == by_day)));
        (0..self.len()).max_by(rank).unwrap_or(by_day)
    }

    /// The epoch of a day, without one the last.
    fn of_day(&self, day: Option<i32>) -> usize {
        let begun = day.map_or(self.len(), |day| self.starts.partition_point(|&start| start <= day));
        begun.saturating_sub(1)
    }
}

/// Documents of known days, by ascending day.
struct Dated<'a> {
    documents: Vec<Document<'a>>,
    /// The marks that are counted; places come first, then lines.
    marks: Vec<u64>,
    places: usize,
    /// The number of each mark that is a place, and of each that is a line.
    place_of: AHashMap<u64, u32>,
    line_of: AHashMap<u64, u32>,
    /// Where each section begins and ends.
    sections: Vec<(usize, usize)>,
}

/// A document and its section.
struct Document<'a> {
    day: i32,
    section: usize,
    sketch: &'a Sketch,
    /// The numbers of its marks, once they are asked for: of most documents of a large site, which stand at no change of the day, nobody
    /// does.
    marks: OnceCell<Box<[u32]>>,
}

impl<'a> Dated<'a> {
    fn of(sketches: &[&'a Sketch]) -> Self {
        let mut dated: Vec<(i32, &Sketch)> =
            sketches.iter().filter_map(|&sketch| Some((sketch.day?, sketch))).collect();
        dated.sort_by_key(|&(day, _)| day);
        let is_one_time = dated.first().map(|first| first.0) == dated.last().map(|last| last.0);
        if dated.len() < 2 * MIN_DOCUMENTS || is_one_time {
            dated.clear();
        }
        let sketches: Vec<&Sketch> = dated.iter().map(|&(_, sketch)| sketch).collect();
        let (common_places, common_lines) = (common(&sketches, places), common(&sketches, lines));
        let index = |marks: &[u64], first: usize| marks.iter().copied().zip(first as u32..).collect();
        let (place_of, line_of) = (index(&common_places, 0), index(&common_lines, common_places.len()));
        let mut numbers = AHashMap::new();
        let mut sections: Vec<(usize, usize)> = Vec::new();
        let mut documents = Vec::with_capacity(dated.len());
        for (at, &(day, sketch)) in dated.iter().enumerate() {
            let section = *numbers.entry(sketch.section.as_deref()).or_insert(sections.len());
            sections.resize(sections.len().max(section + 1), (at, at));
            sections[section].1 = at;
            documents.push(Document { day, section, sketch, marks: OnceCell::new() });
        }
        let (places, marks) = (common_places.len(), [common_places, common_lines].concat());
        Self { documents, marks, places, place_of, line_of, sections }
    }

    /// The numbers of a document's marks, each once.
    fn marks_of(&self, sketch: &Sketch) -> Vec<u32> {
        let known_places = places(sketch).filter_map(|mark| self.place_of.get(&mark));
        let known_lines = lines(sketch).filter_map(|mark| self.line_of.get(&mark));
        let mut marks: Vec<u32> = known_places.chain(known_lines).copied().collect();
        marks.sort_unstable();
        marks.dedup();
        marks
    }

    /// The documents on one side of a day.
    fn window<'d>(&self, documents: impl Iterator<Item = &'d Document<'a>>) -> Option<Window>
    where
        'a: 'd,
    {
        let documents: Vec<&Document> = documents.collect();
        if documents.len() < MIN_DOCUMENTS {
            return None;
        }
        let mut halves = [Counts::new(self.marks.len()), Counts::new(self.marks.len())];
        for (place, document) in documents.iter().enumerate() {
            let marks = document.marks.get_or_init(|| self.marks_of(document.sketch).into());
            halves[usize::from(2 * place >= documents.len())].add(marks);
        }
        let days: BTreeSet<i32> = documents.iter().map(|document| document.day).collect();
        Some(Window { halves, days: days.len() })
    }

    /// The days on which a layout begins, ascending: where the documents before and after differ most.
    fn redesigns(&self) -> Vec<i32> {
        let days = 1..self.documents.len();
        let days = days.filter(|&at| self.documents[at - 1].day < self.documents[at].day);
        let mut found: Vec<(f32, usize)> = days.filter_map(|at| Some((self.change(at)?, at))).collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut starts: Vec<usize> = Vec::new();
        for (_, at) in found {
            if starts.iter().all(|start| start.abs_diff(at) >= MIN_DOCUMENTS) {
                starts.push(at);
            }
        }
        starts.sort_unstable();
        starts.into_iter().map(|at| self.documents[at].day).collect()
    }

    /// How much the documents around a place differ, if as after a redesign. Compared are documents of the sections that
    /// stand on both sides: a crawl that goes section by section is no redesign.
    fn change(&self, at: usize) -> Option<f32> {
        let is_shared = |document: &&Document| {
            let (first, last) = self.sections[document.section];
            first < at && at <= last
        };
        let before = self.documents[..at].iter().rev().filter(is_shared).take(WINDOW);
        let after = self.documents[at..].iter().filter(is_shared).take(WINDOW);
        let (before, after) = (self.window(before)?, self.window(after)?);
        let lost = |marks: Range<usize>| before.lost(marks.clone(), &after).min(after.lost(marks, &before));
        let places = lost(0..self.places);
        let tells = before.days.min(after.days) >= MIN_DAYS;
        let lines = if tells { lost(self.places..self.marks.len()) } else { 0.0 };
        let differences = || (0..self.marks.len()).map(|mark| (before.share(mark) - after.share(mark)).abs()).sum();
        (places.max(lines) >= REDESIGN).then(differences)
    }

    /// By epoch, the marks that are common in it and gone in another.
    fn marks_of_epochs(&self, epochs: &Epochs) -> Vec<BTreeSet<u64>> {
        let mut counts = vec![Counts::new(self.marks.len()); epochs.len()];
        for document in &self.documents {
            counts[epochs.of_day(Some(document.day))].add(&self.marks_of(document.sketch));
        }
        let is_own = |own: &Counts, mark: usize| {
            own.share(mark) >= COMMON && counts.iter().any(|other| other.share(mark) <= GONE)
        };
        let marks = |own: &Counts| {
            (0..self.marks.len()).filter(|&mark| is_own(own, mark)).map(|mark| self.marks[mark]).collect()
        };
        counts.iter().map(marks).collect()
    }
}

/// Documents that hold each mark, and how many there are.
#[derive(Clone)]
struct Counts {
    holders: Vec<u32>,
    documents: u32,
}

impl Counts {
    fn new(marks: usize) -> Self {
        Self { holders: vec![0; marks], documents: 0 }
    }

    /// Adds a document of these marks.
    fn add(&mut self, marks: &[u32]) {
        self.documents += 1;
        for &mark in marks {
            self.holders[mark as usize] += 1;
        }
    }

    fn share(&self, mark: usize) -> f32 {
        self.holders[mark] as f32 / self.documents.max(1) as f32
    }
}

/// The documents on one side of a day, in two halves: what is common in one of them alone comes and goes.
struct Window {
    halves: [Counts; 2],
    days: usize,
}

impl Window {
    fn share(&self, mark: usize) -> f32 {
        let [early, late] = &self.halves;
        (early.holders[mark] + late.holders[mark]) as f32 / (early.documents + late.documents) as f32
    }

    /// Share of the marks common here that are gone there; 0 where they are few.
    fn lost(&self, marks: Range<usize>, there: &Self) -> f32 {
        let is_common = |&mark: &usize| self.halves.iter().all(|half| half.share(mark) >= COMMON);
        let common: Vec<usize> = marks.filter(is_common).collect();
        let lost = common.iter().filter(|&&mark| there.share(mark) <= GONE).count();
        if common.len() < MIN_MARKS { 0.0 } else { lost as f32 / common.len() as f32 }
    }
}

/// Those that enough documents hold to be common in an epoch, ascending.
fn common<'a, M: Iterator<Item = u64>>(documents: &[&'a Sketch], marks: impl Fn(&'a Sketch) -> M) -> Vec<u64> {
    let least = (COMMON * MIN_DOCUMENTS as f32).ceil() as u32;
    let mut common: Vec<u64> = held_by(least, documents, marks).into_keys().collect();
    common.sort_unstable();
    common
}

/// How a document's places are written.
fn places(sketch: &Sketch) -> impl Iterator<Item = u64> {
    sketch.blocks.paths()
}

/// Its lines that may be the layout's.
fn lines(sketch: &Sketch) -> impl Iterator<Item = u64> {
    sketch.blocks.iter().filter(can_be_anchor).map(|block| block.key)
}

#[cfg(test)]
mod tests;
