//! Statistics without what a person rejected.

use std::collections::BTreeSet;

use super::name::{id_hash, key_hash, selector_key};
use crate::stats::SiteStats;

impl SiteStats {
    /// The statistics without what the rules with these ids are about: lines of such a text, and whatever stands at such
    /// places, are remembered as if they could not recur. Places are known only where the statistics hold what people can read.
    #[must_use]
    pub fn without_rules(self, rejected: &[String]) -> Self {
        if rejected.is_empty() {
            return self;
        }
        let hashes: BTreeSet<u32> = rejected.iter().filter_map(|id| id_hash(id)).collect();
        let is_rejected = |key: u64| hashes.contains(&key_hash(key));
        let is_rejected_place = |selector: &str| [true, false].iter().any(|&c| is_rejected(selector_key(selector, c)));
        self.without(is_rejected, is_rejected_place)
    }
}
