//! Which blocks of a page are content, given its reference text.
//!
//! Blocks and reference are aligned as a chain: each block may lie on a stretch of the reference, in the
//! same order, and the chain that covers most words wins. Short blocks count only where they touch a neighbour.

use std::ops::Range;

use ahash::AHashMap;
use dechrome_page::Page;
use dechrome_template::features::hash_words;

/// Words in the keys that find a block's places in the reference.
const KEY_WORDS: usize = 3;

/// Places tried for one block.
const MAX_PLACES: usize = 12;

/// Share of a block's words that a place must hold.
const MIN_MATCH: f32 = 0.6;

/// Blocks of at most this many words match by chance and must touch a neighbour of the chain.
const SHORT: usize = 3;

/// How far apart, in words, touching blocks may lie in the reference.
const TOUCH: usize = 2;

#[derive(Debug, Clone, Copy)]
struct Place {
    block: usize,
    start: usize,
    end: usize,
    matched: usize,
}

/// For each block, whether it is content.
pub(crate) fn labels(page: &Page, truth: &str) -> Vec<bool> {
    let mut reference = Vec::new();
    hash_words(truth, &mut reference);
    let words: Vec<Vec<u32>> = page.blocks.iter().map(|block| words_of(&block.text)).collect();
    let finder = Finder::new(&reference);
    let whole = Gap { blocks: 0..words.len(), reference: 0..reference.len() };
    let chain = finder.chain(&words, &whole);
    let chain = without_chance(&with_gaps_filled(chain, &words, &finder));
    let mut labels = vec![false; words.len()];
    let mut taken = vec![false; reference.len()];
    for place in &chain {
        labels[place.block] = true;
        taken[place.start..place.end].fill(true);
    }
    add_out_of_order(&finder.places(&words, &whole), &mut labels, &mut taken);
    labels
}

fn words_of(text: &str) -> Vec<u32> {
    let mut words = Vec::new();
    hash_words(text, &mut words);
    words
}

/// Blocks between two of the chain, and the stretch of the reference that they may lie on.
struct Gap {
    blocks: Range<usize>,
    reference: Range<usize>,
}

/// The chain with what lies between its places: a line of every card ("In stock") has more places in the whole reference than
/// are tried, but few between its card's title and the next one's.
fn with_gaps_filled(chain: Vec<Place>, words: &[Vec<u32>], finder: &Finder<'_>) -> Vec<Place> {
    let mut filled = Vec::with_capacity(chain.len());
    let (mut block, mut start) = (0, 0);
    let end = Place { block: words.len(), start: finder.reference.len(), end: finder.reference.len(), matched: 0 };
    for next in chain.into_iter().chain([end]) {
        if block < next.block && start < next.start {
            filled.extend(finder.chain(words, &Gap { blocks: block..next.block, reference: start..next.start }));
        }
        (block, start) = (next.block + 1, start.max(next.end));
        filled.push(next);
    }
    filled.pop();
    filled
}

/// Finds where blocks may lie in the reference.
struct Finder<'a> {
    reference: &'a [u32],
    /// Where each stretch of at most [`KEY_WORDS`] words starts, ascending.
    index: AHashMap<&'a [u32], Vec<usize>>,
}

impl<'a> Finder<'a> {
    fn new(reference: &'a [u32]) -> Self {
        let mut index: AHashMap<&[u32], Vec<usize>> = AHashMap::new();
        for length in 1..=KEY_WORDS {
            for (start, key) in reference.windows(length).enumerate() {
                index.entry(key).or_default().push(start);
            }
        }
        Self { reference, index }
    }

    fn chain(&self, words: &[Vec<u32>], gap: &Gap) -> Vec<Place> {
        let places = self.places(words, gap);
        chain(&places, self.reference.len()).into_iter().map(|at| places[at]).collect()
    }

    fn places(&self, words: &[Vec<u32>], gap: &Gap) -> Vec<Place> {
        let mut places = Vec::new();
        for block in gap.blocks.clone().filter(|&block| !words[block].is_empty()) {
            self.places_of(block, &words[block], &gap.reference, &mut places);
        }
        places
    }

    fn places_of(&self, block: usize, words: &[u32], within: &Range<usize>, places: &mut Vec<Place>) {
        let first = places.len();
        for (offset, key) in words.windows(words.len().min(KEY_WORDS)).enumerate() {
            let found = self.index.get(key).map_or(&[][..], Vec::as_slice);
            let found = &found[found.partition_point(|&at| at < within.start)..];
            for &at in found.iter().take_while(|&&at| at < within.end).take(MAX_PLACES) {
                let start = at.saturating_sub(offset).max(within.start);
                let end = (start + words.len()).min(within.end);
                let tried = places[first..].iter().any(|place: &Place| place.start.abs_diff(start) <= 2);
                if tried || places.len() - first >= MAX_PLACES {
                    continue;
                }
                let matched = matched(words, &self.reference[start..(end + words.len() / 4).min(within.end)]);
                if matched as f32 >= MIN_MATCH * words.len() as f32 {
                    places.push(Place { block, start, end, matched });
                }
            }
        }
    }
}

/// Words of the block found in the stretch, each at most as often as it stands there.
fn matched(words: &[u32], stretch: &[u32]) -> usize {
    let mut counts: AHashMap<u32, usize> = AHashMap::with_capacity(stretch.len());
    for &word in stretch {
        *counts.entry(word).or_default() += 1;
    }
    let mut matched = 0;
    for word in words {
        if let Some(count) = counts.get_mut(word).filter(|count| **count > 0) {
            *count -= 1;
            matched += 1;
        }
    }
    matched
}

/// The chain of places in order of blocks and of the reference that matches most words.
fn chain(places: &[Place], length: usize) -> Vec<usize> {
    let mut best = Prefix::new(length + 1);
    let mut before: Vec<Option<usize>> = vec![None; places.len()];
    let mut first = 0;
    while first < places.len() {
        let block = places[first].block;
        let last = places[first..].iter().position(|place| place.block != block).map_or(places.len(), |n| first + n);
        let scored: Vec<(usize, usize, Option<usize>)> = (first..last)
            .map(|at| {
                let slack = (places[at].end - places[at].start) / 4;
                let (score, previous) = best.up_to(places[at].start + slack);
                (at, score + places[at].matched, previous)
            })
            .collect();
        for (at, score, previous) in scored {
            before[at] = previous;
            best.put(places[at].end, score, at);
        }
        first = last;
    }
    let (_, last) = best.up_to(length);
    let mut chain: Vec<usize> = std::iter::successors(last, |&at| before[at]).collect();
    chain.reverse();
    chain
}

/// Best score and its place for every prefix of the reference: a Fenwick tree of maxima.
struct Prefix {
    tree: Vec<(usize, Option<usize>)>,
}

impl Prefix {
    fn new(length: usize) -> Self {
        Self { tree: vec![(0, None); length + 1] }
    }

    fn put(&mut self, end: usize, score: usize, place: usize) {
        let mut at = end + 1;
        while at < self.tree.len() {
            if self.tree[at].0 < score {
                self.tree[at] = (score, Some(place));
            }
            at += at & at.wrapping_neg();
        }
    }

    fn up_to(&self, end: usize) -> (usize, Option<usize>) {
        let mut at = (end + 1).min(self.tree.len() - 1);
        let mut best = (0, None);
        while at > 0 {
            if self.tree[at].0 > best.0 {
                best = self.tree[at];
            }
            at -= at & at.wrapping_neg();
        }
        best
    }
}

/// Leaves out the short blocks that touch no neighbour in the chain.
fn without_chance(chain: &[Place]) -> Vec<Place> {
    let touches = |a: &Place, b: &Place| b.start.abs_diff(a.end) <= TOUCH;
    let is_sure = |at: usize| {
        let place = &chain[at];
        let before = at.checked_sub(1).is_some_and(|previous| touches(&chain[previous], place));
        let after = chain.get(at + 1).is_some_and(|next| touches(place, next));
        place.end - place.start > SHORT || before || after
    };
    (0..chain.len()).filter(|&at| is_sure(at)).map(|at| chain[at]).collect()
}

/// Long blocks whose words the chain has not taken: the reference has another order than the page.
fn add_out_of_order(places: &[Place], labels: &mut [bool], taken: &mut [bool]) {
    for place in places {
        let span = place.start..place.end;
        let free = taken[span.clone()].iter().filter(|taken| !**taken).count();
        if !labels[place.block] && span.len() > 2 * SHORT && free * 10 >= span.len() * 7 {
            labels[place.block] = true;
            taken[span].fill(true);
        }
    }
}
