//! The bodies of the fuzz targets: each takes any bytes and panics where an invariant does not hold.
//!
//! `crates/*/tests/fuzz.rs` include these same files, and run them as ordinary tests over `fixtures/fuzz` and
//! over mutations of it (`corpus.rs`), so that no nightly compiler is needed to pass them.

pub mod fetch;
pub mod page;
pub mod template;
