//! Inputs as their users see them.
#![allow(clippy::unwrap_used)] // helpers of tests, which the lint does not take for tests

mod archives;
mod damage;
mod files;
mod json_lines;
mod properties;
mod support;
