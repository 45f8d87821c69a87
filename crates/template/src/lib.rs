//! Labels a page's blocks with reasons, and learns what recurs on a site.

mod assessment;
mod config;
mod cues;
mod embedded;
mod error;
pub mod features;
mod garbage;
mod learned;
pub mod model;
mod review;
mod revise;
mod stats;
mod template;
mod verdict;

pub use assessment::{Evidence, Term};
pub use config::{Check, Fetch, Matcher, Rule, Signature, SiteConfig, SiteConfigs, SiteRules, is_nameless, site_of};
pub use cues::{CueHits, CueList, CueMode, Cues, MAX_WITHIN, is_breadcrumb};
pub use error::{ConfigError, ConfigProblem, StatsError};
pub use learned::{
    Decision, LayoutCounts, Learned, LearnedRule, LearnedTemplate, Place, RuleChange, RuleEvidence, RuleIndex,
    RuleStatus, TEMPLATE_SCHEMA, TemplateStatus, TextShares, decide, diff,
};
pub use stats::{
    BlockEvidence, EvidenceBySite, Gathering, Recurring, RecurringKind, SiteEvidence, SiteStats, StatsStore,
};
pub use template::Template;
pub use verdict::{Label, Reason, Verdict};
