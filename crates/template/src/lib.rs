//! Labels a page's blocks with reasons, and learns what recurs on a site.

mod assessment;
mod characters;
mod config;
mod cues;
mod embedded;
mod error;
pub mod features;
mod filter;
mod first_look;
mod garbage;
mod judgement;
mod learned;
pub mod model;
mod numbering;
mod pointer;
mod problem;
mod reading;
mod review;
mod revise;
mod stats;
mod structured;
mod template;
mod verdict;

pub use assessment::{Evidence, Term};
pub use config::{
    Check, Fetch, Matcher, Rule, Signature, SiteConfig, SiteConfigs, SiteRules, cue_lists_schema, is_nameless,
    site_file_schema, site_of,
};
pub use cues::{CueHits, CueList, CueMode, Cues, MAX_WITHIN, is_breadcrumb};
pub use error::{ConfigError, ConfigProblem, StatsError};
pub use first_look::FirstLook;
pub use judgement::{Explanation, Judgement};
pub use learned::{
    Decision, EarlierCounts, EarlierLayout, LayoutCounts, LayoutStatus, Learned, LearnedRule, LearnedTemplate, Place,
    RuleChange, RuleEvidence, RuleIndex, RuleStatus, Shape, TEMPLATE_SCHEMA, TemplateStatus, TextShares, decide, diff,
};
pub use model::Favor;
pub use problem::Problem;
pub use stats::{
    BlockEvidence, EvidenceBySite, Gathering, Recurring, RecurringKind, SiteEvidence, SiteStats, Spread, StatsStore,
};
pub use template::Template;
pub use verdict::{Label, Reason, Verdict};
