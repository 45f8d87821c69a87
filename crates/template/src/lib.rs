//! Labels a page's blocks with reasons, and learns what recurs on a site.

mod config;
mod cues;
mod embedded;
mod error;
pub mod features;
mod template;
mod verdict;

pub use config::{Check, Fetch, Matcher, Rule, Signature, SiteConfig, SiteConfigs, SiteRules, site_of};
pub use cues::{CueHits, CueList, CueMode, Cues, MAX_WITHIN, is_breadcrumb};
pub use error::{ConfigError, ConfigProblem};
pub use template::{SiteStats, Template};
pub use verdict::{Label, Reason, Verdict};
