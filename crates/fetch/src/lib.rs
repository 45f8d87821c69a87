//! Captures of pages: from files and archives, and politely from the network.
//!
//! ```text
//! paths ── Inputs ──► Record { id, path, position, Outcome::{Page(Capture), Skipped, Failed} }
//! URLs ─── net::Fetcher ──► Capture, archive, log
//! ```
//! One record of an input gives one [`Record`], in input order; nothing is held but the record at hand.

mod inputs;
pub mod net;

pub use inputs::{HeaderFault, InputError, Inputs, MAX_RECORD_BYTES, Outcome, Position, Progress, Record, Skip};
