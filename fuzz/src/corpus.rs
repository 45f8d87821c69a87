//! Runs a fuzz target's body over its committed corpus and over mutations of it.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Mutated inputs a target. Seeded: the same in every run.
const MUTATIONS: usize = 3_000;

/// Longest mutated input, in bytes: short ones find more in the same time.
const MAX_LENGTH: usize = 4 << 10;

/// Runs `check` over `fixtures/fuzz/<target>`, then over mutations that may put in `words` (separated by
/// `|`). Prints the input
/// on which it panics.
pub fn run(target: &str, words: &str, check: fn(&[u8])) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fuzz").join(target);
    let mut paths: Vec<_> =
        fs::read_dir(&directory).expect("corpus").map(|entry| entry.expect("entry").path()).collect();
    paths.sort();
    let corpus: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).expect("readable")).collect();
    assert!(!corpus.is_empty(), "{} is empty", directory.display());
    for (path, input) in paths.iter().zip(&corpus) {
        checked(&path.display().to_string(), input, check);
    }
    let words: Vec<&str> = words.split('|').collect();
    let mut random = fastrand::Rng::with_seed(target.bytes().map(u64::from).sum());
    for number in 0..MUTATIONS {
        checked(&format!("{target}, mutation {number}"), &mutated(&corpus, &words, &mut random), check);
    }
}

fn checked(name: &str, input: &[u8], check: fn(&[u8])) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| check(input))) {
        let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
        panic!("{name}: {message}: {}", input.escape_ascii());
    }
}

/// Some input after one to eight random edits.
fn mutated(corpus: &[Vec<u8>], words: &[&str], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut input = corpus[random.usize(..corpus.len())].clone();
    input.truncate(MAX_LENGTH);
    for _ in 0..random.usize(1..=8) {
        let at = random.usize(..=input.len());
        let end = at + random.usize(..=(input.len() - at).min(64));
        match random.u8(..6) {
            0 => input.insert(at, random.u8(..)),
            1 if end > at => input[at] ^= 1 << random.u8(..8),
            2 => drop(input.drain(at..end)),
            3 => {
                let copy = input[at..end].to_vec();
                let to = random.usize(..=input.len());
                input.splice(to..to, copy.repeat(random.usize(1..4)));
            }
            4 => {
                let other = &corpus[random.usize(..corpus.len())];
                let from = random.usize(..=other.len());
                let length = random.usize(..=(other.len() - from).min(256));
                input.splice(at..end, other[from..from + length].iter().copied());
            }
            _ => {
                let word = words[random.usize(..words.len())];
                input.splice(at..at, word.bytes());
            }
        }
    }
    input
}
