//! See the crate's issue.
