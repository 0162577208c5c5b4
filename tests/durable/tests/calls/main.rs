//! Calls under policies: machines that make one call each, in memory and on an engine. Time stands still
//! unless nothing else is to be done.

#![allow(clippy::unwrap_used)]

#[macro_use]
mod client;

mod alone;
mod chains;
mod permuted;
mod restarted;
mod shared;
