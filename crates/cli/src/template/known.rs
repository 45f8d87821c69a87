//! What is known of sites, from pages or from a file of statistics.

use std::collections::BTreeMap;

use dechrome_template::{SiteStats, StatsStore};

use crate::args;
use crate::clean::{Cleaner, Passes};
use crate::input;
use crate::screen::Screen;
use crate::setup::Setup;

/// What is known of sites.
pub(super) enum Known {
    Store(StatsStore),
    Learned(BTreeMap<String, SiteStats>),
}

impl Known {
    /// Opens the statistics, or learns from the inputs. `None` where that was interrupted.
    ///
    /// # Errors
    /// The statistics or an input cannot be read.
    pub(super) fn load(args: args::Known, screen: &Screen) -> anyhow::Result<Option<Self>> {
        if let Some(path) = &args.stats {
            return Ok(Some(Self::Store(StatsStore::open_read_only(path)?)));
        }
        let setup = Setup::load(args.config.as_deref())?;
        let inputs = input::resolve(args.inputs)?;
        let passes = Passes::new(Cleaner::new(setup, &inputs, false), None, screen)?;
        let mut sites: BTreeMap<String, SiteStats> = BTreeMap::new();
        let work = |record| passes.cleaner().read(record).learn(|_, page| SiteStats::of(page));
        passes.each_record(inputs, "learning", work, |learned| {
            if let Some((site, stats)) = learned {
                sites.entry(site).or_default().merge(stats);
            }
            Ok(())
        })?;
        Ok((!passes.interrupted()).then_some(Self::Learned(sites)))
    }

    /// The sites, by name.
    ///
    /// # Errors
    /// The statistics cannot be read.
    pub(super) fn sites(&self) -> anyhow::Result<Vec<String>> {
        match self {
            Self::Store(store) => Ok(store.sites()?.into_iter().map(|(site, _)| site).collect()),
            Self::Learned(sites) => Ok(sites.keys().cloned().collect()),
        }
    }

    /// What is known of a site; nothing where it is none of them.
    ///
    /// # Errors
    /// The statistics cannot be read.
    pub(super) fn site(&self, site: &str) -> anyhow::Result<SiteStats> {
        match self {
            Self::Store(store) => Ok(store.site(site)?),
            Self::Learned(sites) => Ok(sites.get(site).cloned().unwrap_or_default()),
        }
    }
}
