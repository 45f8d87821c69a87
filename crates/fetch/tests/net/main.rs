//! The network half against a server of our own on loopback.

// The helpers of tests may do what tests may.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod discovery;
mod faults;
mod hosts;
mod manners;
mod resume;
mod support;
mod tls;
