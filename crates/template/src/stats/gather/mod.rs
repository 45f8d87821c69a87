//! Statistics of many sites while they are learned, and the evidence of each when it is needed: in bounded memory.

mod spill;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use dechrome_page::Page;

use super::groups::Groups;
use super::{SiteEvidence, SiteStats, StatsStore};
use crate::error::StatsError;
use spill::Spill;

/// Bytes of sketches in memory before they go to a temporary file, and of evidence at a time. 300 blocks a page make
/// it some 50,000 pages.
const BUDGET: usize = 256 << 20;

/// Bytes of sketches in memory before they go to a store that is to last: what a crash may cost.
const BATCH: usize = 8 << 20;

/// Statistics of many sites while they are learned: in memory while they are few, else in a temporary file, or in a store
/// that is to last.
#[derive(Debug)]
pub struct Gathering {
    sites: BTreeMap<String, SiteStats>,
    /// Bytes of the sketches added, at least those there are.
    bytes: usize,
    budget: usize,
    rest: Rest,
}

/// Where what does not fit into memory goes.
#[derive(Debug)]
enum Rest {
    Spill(Option<Spill>),
    Store(StatsStore),
}

impl Default for Gathering {
    fn default() -> Self {
        Self { sites: BTreeMap::new(), bytes: 0, budget: BUDGET, rest: Rest::Spill(None) }
    }
}

impl Gathering {
    /// Statistics that are to be added to a store, batch by batch.
    pub fn into_store(store: StatsStore) -> Self {
        Self { budget: BATCH, rest: Rest::Store(store), ..Self::default() }
    }

    /// The same with another number of bytes in memory.
    #[must_use]
    pub fn with_budget(mut self, bytes: usize) -> Self {
        self.budget = bytes;
        self
    }

    /// Adds what a page of a site has shown.
    ///
    /// # Errors
    /// The store or the temporary file cannot be written.
    pub fn add(&mut self, site: String, stats: SiteStats) -> Result<(), StatsError> {
        self.bytes += stats.bytes();
        self.sites.entry(site).or_default().merge(stats);
        if self.bytes > self.budget {
            self.shrink()?;
        }
        Ok(())
    }

    fn shrink(&mut self) -> Result<(), StatsError> {
        match &mut self.rest {
            Rest::Store(store) => store.learn(self.sites.iter().map(|(site, stats)| (site.as_str(), stats)))?,
            Rest::Spill(spill) => {
                // Much of what was added may have been known, or beyond a site's bounds.
                self.bytes = self.sites.values().map(SiteStats::bytes).sum();
                if self.bytes <= self.budget / 2 {
                    return Ok(());
                }
                let spill = match spill {
                    Some(spill) => spill,
                    None => spill.insert(Spill::new()?),
                };
                spill.append(&self.sites)?;
            }
        }
        self.sites.clear();
        self.bytes = 0;
        Ok(())
    }

    /// Adds the last batch to the store, and gives it back; `None` where there is none.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn finish(mut self) -> Result<Option<StatsStore>, StatsError> {
        if matches!(self.rest, Rest::Store(_)) {
            self.shrink()?;
        }
        Ok(match self.rest {
            Rest::Store(store) => Some(store),
            Rest::Spill(_) => None,
        })
    }

    /// What was gathered, to be applied, with what is known from before.
    pub fn into_evidence(self, known: Option<StatsStore>) -> EvidenceBySite {
        let Self { sites, rest, budget, .. } = self;
        EvidenceBySite { known, rest, sites, cache: Mutex::default(), budget }
    }
}

/// The evidence of many sites, counted when it is first asked for and forgotten when there is too much of it.
#[derive(Debug)]
pub struct EvidenceBySite {
    known: Option<StatsStore>,
    rest: Rest,
    sites: BTreeMap<String, SiteStats>,
    cache: Mutex<Cache>,
    budget: usize,
}

/// What was counted of one site.
#[derive(Debug, Clone)]
enum Counted {
    /// The evidence, if any document can testify.
    Site(Option<Arc<SiteEvidence>>),
    /// Of pages that name no site.
    Groups(Arc<Groups>),
}

/// What was counted of one site, once it was.
type Slot = Arc<Mutex<Option<Counted>>>;

#[derive(Debug, Default)]
struct Cache {
    slots: HashMap<String, Slot>,
    /// The counted ones with their bytes, oldest first.
    counted: VecDeque<(String, usize)>,
    bytes: usize,
}

impl EvidenceBySite {
    /// Only what is known from before.
    pub fn of(known: StatsStore) -> Self {
        Gathering::default().into_evidence(Some(known))
    }

    /// The evidence of a site's documents, without the learned rules that a person `rejected`, which must be the same at every
    /// call; `None` where no document can testify.
    ///
    /// # Errors
    /// A store cannot be read.
    pub fn site(&self, site: &str, rejected: &[String]) -> Result<Option<Arc<SiteEvidence>>, StatsError> {
        let evidence = |stats: SiteStats| Arc::new(stats.without_rules(rejected).evidence());
        let count = || Ok(Counted::Site(self.count(site)?.map(evidence)));
        Ok(match self.counted(site, count)? {
            Counted::Site(evidence) => evidence,
            Counted::Groups(_) => None,
        })
    }

    /// The evidence for a page that names no site, of those documents among others that seem to be of its site. All such
    /// pages were learned under the same name, which must be that of no site.
    ///
    /// # Errors
    /// A store cannot be read.
    pub fn nameless(&self, name: &str, page: &Page) -> Result<Option<Arc<SiteEvidence>>, StatsError> {
        let groups = || Ok(Counted::Groups(Arc::new(Groups::of(&self.count(name)?.unwrap_or_default()))));
        // Some site may have the same name after all: what is counted of it is not what is counted here.
        Ok(match self.counted(&format!("nameless {name}"), groups)? {
            Counted::Site(evidence) => evidence,
            Counted::Groups(groups) => groups.of_page(page),
        })
    }

    /// What was counted of a site, or is now.
    fn counted(&self, site: &str, count: impl FnOnce() -> Result<Counted, StatsError>) -> Result<Counted, StatsError> {
        let slot = {
            let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            match cache.slots.get(site) {
                Some(slot) => slot.clone(),
                None => cache.slots.entry(site.to_owned()).or_default().clone(),
            }
        };
        // Only threads that need this very site wait for it.
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counted) = &*slot {
            return Ok(counted.clone());
        }
        let counted = slot.insert(count()?).clone();
        self.remember(site, counted.bytes());
        Ok(counted)
    }

    /// What is known of a site, if more than the page that asks.
    fn count(&self, site: &str) -> Result<Option<SiteStats>, StatsError> {
        let mut stats = self.sites.get(site).cloned().unwrap_or_default();
        match &self.rest {
            Rest::Spill(Some(spill)) => stats.merge(spill.site(site)?),
            Rest::Store(store) => stats.merge(store.site(site)?),
            Rest::Spill(None) => {}
        }
        // Of a run's own pages one alone is the page itself.
        let mut witnesses = stats.len().saturating_sub(1);
        if let Some(known) = &self.known {
            let known = known.site(site)?;
            witnesses += known.len();
            stats.merge(known);
        }
        Ok((witnesses > 0).then_some(stats))
    }

    /// Notes what was counted, and forgets the oldest beyond the budget.
    fn remember(&self, site: &str, bytes: usize) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = bytes + site.len() + SLOT;
        cache.bytes += bytes;
        cache.counted.push_back((site.to_owned(), bytes));
        while cache.bytes > self.budget && cache.counted.len() > 1 {
            let Some((oldest, bytes)) = cache.counted.pop_front() else { break };
            cache.slots.remove(&oldest);
            cache.bytes -= bytes;
        }
    }
}

impl Counted {
    fn bytes(&self) -> usize {
        match self {
            Self::Site(evidence) => evidence.as_ref().map_or(0, |evidence| evidence.bytes()),
            Self::Groups(groups) => groups.bytes(),
        }
    }
}

/// Bytes of a slot and its places in the cache, about.
const SLOT: usize = 200;

#[cfg(test)]
mod tests;
