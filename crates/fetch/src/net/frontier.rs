//! Which URLs the crawl knows, each admitted once.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::task::{Purpose, Task};

/// The URLs known so far, as 64-bit hashes: 8 bytes a URL rather than a hundred. At ten million
/// URLs the chance of any two falling together is one in 370,000.
#[derive(Default)]
pub(crate) struct Frontier {
    seen: HashSet<u64>,
    hasher: RandomState,
    next_id: u64,
}

impl Frontier {
    /// A task for a URL that was not known yet, else `None`.
    pub(crate) fn admit(&mut self, url: &str, purpose: Purpose) -> Option<Task> {
        if !self.seen.insert(self.key(url, &purpose)) {
            return None;
        }
        let id = self.next_id;
        self.next_id += 1;
        Some(Task { id, url: url.into(), purpose, depth: 0, chain: Vec::new(), via: None, attempt: 0 })
    }

    /// Takes note of a task of an earlier run.
    pub(crate) fn restore(&mut self, task: &Task) {
        self.seen.insert(self.key(&task.url, &task.purpose));
        self.next_id = self.next_id.max(task.id + 1);
    }

    /// One URL may be wanted both as a page and as a list of pages.
    fn key(&self, url: &str, purpose: &Purpose) -> u64 {
        self.hasher.hash_one((url, *purpose == Purpose::Page))
    }
}
