//! Calls under policies: machines that make one call each, in memory and on an engine.

#![allow(clippy::unwrap_used)]

#[macro_use]
mod client;

mod alone;
mod permuted;
mod shared;
