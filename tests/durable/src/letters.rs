//! How many of each take part in the crash test of letters.

/// Instances that are sent to.
pub const SINKS: u64 = 2;
/// Instances that send, and are answered.
pub const SOURCES: u64 = 6;
/// What each sends.
pub const ITEMS: u64 = 20;
/// Instances that start others.
pub const PARENTS: u64 = 6;
/// How many each starts, one after the other.
pub const ROUNDS: u64 = 8;
