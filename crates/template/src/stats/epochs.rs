//! Layout epochs: when a site is redesigned, what its pages no longer have tells nothing of what is on them now.
//!
//! Two dated snapshots of each of a number of papers, a year or more apart, had 22 % of the characters of their boilerplate
//! in common as text and 1.5 % as text at a place; counting absence over both lowered what was removed of flat pages
//! from 54 % to 42 %. So text counts from all epochs, and its absence, places and slots from the page's own.

use std::collections::BTreeSet;
use std::ops::Range;

use ahash::AHashMap;

use super::evidence::can_be_anchor;
use super::sketch::Sketch;

/// Documents that an epoch has at least. Should a fifth of forty documents differ for another cause, all of one time are
/// so by chance once in thirty million times; three of twenty are, once in five hundred.
const MIN_DOCUMENTS: usize = 5;

/// Marks that must be common on either side of a redesign, for a few to tell nothing.
const MIN_MARKS: usize = 6;

/// Share of the documents of one time from which a mark is common then, and below which it is gone.
const COMMON: f32 = 0.5;
pub(super) const GONE: f32 = 0.1;

/// Share of the common marks of the time before that are gone after, and the other way around, that is a redesign.
const REDESIGN: f32 = 0.6;

/// Days at which a redesign is looked for, evenly spread where there are more.
const MAX_DAYS: usize = 32;

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
        let mut starts = vec![i32::MIN];
        dated.split(&dated.documents, &mut starts);
        starts.sort_unstable();
        let mut epochs = Self::starting(starts);
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
        let own: BTreeSet<u64> = places(sketch).into_iter().chain(lines(sketch)).collect();
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
struct Dated {
    documents: Vec<Document>,
    /// The marks that are counted; places come first, then lines.
    marks: Vec<u64>,
    places: usize,
}

/// A document as its marks, and its section.
struct Document {
    day: i32,
    section: usize,
    marks: Vec<usize>,
}

/// Documents that hold each mark, and how many there are.
struct Counts {
    holders: Vec<u32>,
    documents: u32,
}

impl Counts {
    fn of<'a>(marks: usize, documents: impl Iterator<Item = &'a Document>) -> Self {
        let mut counts = Self { holders: vec![0; marks], documents: 0 };
        for document in documents {
            counts.documents += 1;
            document.marks.iter().for_each(|&mark| counts.holders[mark] += 1);
        }
        counts
    }

    fn share(&self, mark: usize) -> f32 {
        self.holders[mark] as f32 / self.documents.max(1) as f32
    }

    /// Whether a mark is common here and gone there.
    fn loses(&self, mark: usize, there: &Self) -> bool {
        self.share(mark) >= COMMON && there.share(mark) < GONE
    }
}

impl Dated {
    fn of(sketches: &[&Sketch]) -> Self {
        let mut dated: Vec<(i32, &Sketch)> =
            sketches.iter().filter_map(|&sketch| Some((sketch.day?, sketch))).collect();
        dated.sort_by_key(|&(day, _)| day);
        let is_one_time = dated.first().map(|first| first.0) == dated.last().map(|last| last.0);
        if dated.len() < 2 * MIN_DOCUMENTS || is_one_time {
            dated.clear();
        }
        let held: Vec<(Vec<u64>, Vec<u64>)> = dated.iter().map(|(_, sketch)| (places(sketch), lines(sketch))).collect();
        let places = common(held.iter().map(|(places, _)| places));
        let lines = common(held.iter().map(|(_, lines)| lines));
        let index = |marks: &[u64], first: usize| -> AHashMap<u64, usize> {
            marks.iter().enumerate().map(|(place, &mark)| (mark, first + place)).collect()
        };
        let (place_of, line_of) = (index(&places, 0), index(&lines, places.len()));
        let mut sections = AHashMap::new();
        let documents = dated.iter().zip(&held).map(|(&(day, sketch), (places, lines))| {
            let known = places.iter().filter_map(|mark| place_of.get(mark));
            let marks = known.chain(lines.iter().filter_map(|mark| line_of.get(mark))).copied().collect();
            let next = sections.len();
            Document { day, section: *sections.entry(sketch.section.as_deref()).or_insert(next), marks }
        });
        Self { documents: documents.collect(), places: places.len(), marks: [places, lines].concat() }
    }

    /// Adds the first day of each epoch but the first among these documents.
    fn split(&self, documents: &[Document], starts: &mut Vec<i32>) {
        let days: Vec<usize> = (MIN_DOCUMENTS..(documents.len() + 1).saturating_sub(MIN_DOCUMENTS))
            .filter(|&at| documents[at - 1].day < documents[at].day)
            .collect();
        let step = days.len().div_ceil(MAX_DAYS).max(1);
        let Some(coarse) = self.greatest(documents, days.iter().copied().step_by(step)) else { return };
        let near = days.iter().position(|&at| at == coarse).unwrap_or_default();
        let around = days[near.saturating_sub(step)..days.len().min(near + step)].iter().copied();
        let at = self.greatest(documents, around).unwrap_or(coarse);
        starts.push(documents[at].day);
        self.split(&documents[..at], starts);
        self.split(&documents[at..], starts);
    }

    /// Where the documents before and after differ most, among the places where they differ as after a redesign.
    fn greatest(&self, documents: &[Document], places: impl Iterator<Item = usize>) -> Option<usize> {
        let change = |at: usize| Some((self.change(&documents[..at], &documents[at..])?, at));
        places.filter_map(change).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, at)| at)
    }

    /// How much documents differ from later ones, if as after a redesign. Compared are documents of the sections that
    /// both have: a crawl that goes section by section is no redesign.
    fn change(&self, before: &[Document], after: &[Document]) -> Option<f64> {
        let sections = |documents: &[Document]| -> BTreeSet<usize> { documents.iter().map(|d| d.section).collect() };
        let shared = &sections(before) & &sections(after);
        let count = |documents: &[Document]| {
            Counts::of(self.marks.len(), documents.iter().filter(|document| shared.contains(&document.section)))
        };
        let (before, after) = (count(before), count(after));
        if (before.documents.min(after.documents) as usize) < MIN_DOCUMENTS {
            return None;
        }
        let lost =
            |marks: Range<usize>| share_lost(&before, &after, marks.clone()).min(share_lost(&after, &before, marks));
        if lost(0..self.places).max(lost(self.places..self.marks.len())) < REDESIGN {
            return None;
        }
        Some((0..self.marks.len()).map(|mark| f64::from((before.share(mark) - after.share(mark)).abs())).sum())
    }

    /// By epoch, the marks that are common in it and gone in another.
    fn marks_of_epochs(&self, epochs: &Epochs) -> Vec<BTreeSet<u64>> {
        let of_epoch = |epoch| self.documents.iter().filter(move |document| epochs.of_day(Some(document.day)) == epoch);
        let counts: Vec<Counts> =
            (0..epochs.len()).map(|epoch| Counts::of(self.marks.len(), of_epoch(epoch))).collect();
        let is_own = |own: &Counts, mark: usize| counts.iter().any(|other| own.loses(mark, other));
        let own = |own: &Counts| {
            (0..self.marks.len()).filter(|&mark| is_own(own, mark)).map(|mark| self.marks[mark]).collect()
        };
        counts.iter().map(own).collect()
    }
}

/// Share of the marks common in one time that are gone in another; 0 where they are few.
fn share_lost(here: &Counts, there: &Counts, marks: Range<usize>) -> f32 {
    let common: Vec<usize> = marks.filter(|&mark| here.share(mark) >= COMMON).collect();
    let lost = common.iter().filter(|&&mark| here.loses(mark, there)).count();
    if common.len() < MIN_MARKS { 0.0 } else { lost as f32 / common.len() as f32 }
}

/// Those that enough documents hold to be common in an epoch, ascending.
fn common<'a>(held: impl Iterator<Item = &'a Vec<u64>>) -> Vec<u64> {
    let mut holders: AHashMap<u64, usize> = AHashMap::new();
    held.flatten().for_each(|&mark| *holders.entry(mark).or_default() += 1);
    let least = (COMMON * MIN_DOCUMENTS as f32).ceil() as usize;
    let common: BTreeSet<u64> =
        holders.into_iter().filter(|&(_, count)| count >= least).map(|(mark, _)| mark).collect();
    common.into_iter().collect()
}

/// How a document's places are written.
fn places(sketch: &Sketch) -> Vec<u64> {
    distinct(sketch.blocks.iter().map(|block| block.path))
}

/// Its lines that may be the layout's.
fn lines(sketch: &Sketch) -> Vec<u64> {
    distinct(sketch.blocks.iter().filter(|block| can_be_anchor(block)).map(|block| block.key))
}

fn distinct(marks: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut marks: Vec<u64> = marks.collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}
