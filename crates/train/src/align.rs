//! Which blocks of a page are content, given its reference text.
//!
//! Blocks and reference are aligned as a chain: each block may lie on a stretch of the reference, in the
//! same order, and the chain that covers most words wins. Short blocks count only where they touch a neighbour.

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
    let places = places(page, &reference);
    let chain = chain(&places, reference.len());
    let chain = without_chance(&places, &chain);
    let mut labels = vec![false; page.blocks.len()];
    let mut taken = vec![false; reference.len()];
    for &at in &chain {
        let place = &places[at];
        labels[place.block] = true;
        taken[place.start..place.end].fill(true);
    }
    add_out_of_order(&places, &mut labels, &mut taken);
    labels
}

fn places(page: &Page, reference: &[u32]) -> Vec<Place> {
    let mut index: AHashMap<&[u32], Vec<usize>> = AHashMap::new();
    for length in 1..=KEY_WORDS {
        for (start, key) in reference.windows(length).enumerate() {
            index.entry(key).or_default().push(start);
        }
    }
    let mut places = Vec::new();
    let mut words = Vec::new();
    for (block, text) in page.blocks.iter().map(|block| block.text.as_str()).enumerate() {
        hash_words(text, &mut words);
        if !words.is_empty() {
            places_of(block, &words, reference, &index, &mut places);
        }
    }
    places
}

fn places_of(
    block: usize,
    words: &[u32],
    reference: &[u32],
    index: &AHashMap<&[u32], Vec<usize>>,
    places: &mut Vec<Place>,
) {
    let length = words.len().min(KEY_WORDS);
    let first = places.len();
    for (offset, key) in words.windows(length).enumerate() {
        for &at in index.get(key).into_iter().flatten().take(MAX_PLACES) {
            let start = at.saturating_sub(offset);
            let end = (start + words.len()).min(reference.len());
            let tried = places[first..].iter().any(|place: &Place| place.start.abs_diff(start) <= 2);
            if tried || places.len() - first >= MAX_PLACES {
                continue;
            }
            let matched = matched(words, &reference[start..(end + words.len() / 4).min(reference.len())]);
            if matched as f32 >= MIN_MATCH * words.len() as f32 {
                places.push(Place { block, start, end, matched });
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
fn without_chance(places: &[Place], chain: &[usize]) -> Vec<usize> {
    let touches = |a: &Place, b: &Place| b.start.abs_diff(a.end) <= TOUCH;
    let is_sure = |position: usize| {
        let place = &places[chain[position]];
        let before = position.checked_sub(1).is_some_and(|p| touches(&places[chain[p]], place));
        let after = chain.get(position + 1).is_some_and(|&next| touches(place, &places[next]));
        place.end - place.start > SHORT || before || after
    };
    (0..chain.len()).filter(|&position| is_sure(position)).map(|position| chain[position]).collect()
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
