//! Learned templates: what was learned of a site as one readable file, `<site>.toml`.
//!
//! ```toml
//! schema = 1
//! site = "example.com"
//!
//! [learned]
//! documents = 40                      # twins counted once
//! first = "2026-09-01"                # days of their capture
//! last = "2026-11-20"
//! stats = "5c0c…"                     # hash of the statistics
//!
//! [[rule]]
//! id = "top-stories-1f2e3d"           # the same in every template of the site
//! kind = "slot"                       # or `line`, `pattern`, `selector`
//! open = "Top Stories"
//! close = "Comments"
//! evidence = { documents = 38, of = 40, days = 12, sections = 3, score = 5.2 }
//! place = { after = 0.020, before = 0.930 }
//! examples = ["A ferry for the islands"]
//! ```
//! A learned rule is evidence with counts, which the model weighs as it weighs what it counts itself; a person's
//! rule is final. Of a site that was redesigned a rule says in which layouts it holds (`valid_from`, `valid_until`) and what it
//! was in those before (`earlier`); a page is judged by the layout of its day. The file is written anew from the statistics at will, the same bytes from the same statistics.

mod apply;
mod build;
mod diff;
mod edit;
mod layouts;
mod name;
mod parse;
mod reject;
mod schema;
mod status;
mod write;

pub use apply::RuleIndex;
pub use diff::{RuleChange, diff};
pub use edit::{Decision, decide};
pub use schema::{
    EarlierCounts, EarlierLayout, LayoutCounts, Learned, LearnedRule, LearnedTemplate, Place, RuleEvidence,
    TEMPLATE_SCHEMA, TextShares,
};
pub use status::{LayoutStatus, RuleStatus, Shape, TemplateStatus};

#[cfg(test)]
mod tests;
