//! Limits and times of an engine.

use std::time::Duration;

/// Limits and times. The default is meant for a service of its own.
///
/// What need not be kept any more is looked for a minute after the start, and then as often as the
/// shortest of `journal`, `finished` and `answers` says: every hour at least, every minute at most.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// Instances are spread over so many tasks.
    pub shards: usize,
    /// So many messages wait for one shard before [`Overloaded`](super::EngineError::Overloaded).
    pub waiting: usize,
    /// So many messages wait for one instance.
    pub mailbox: usize,
    /// So many events an instance puts off (`defer`) before `Overloaded`. A step that nobody can be
    /// told of parks it instead.
    pub deferred: usize,
    /// So many delayed events (`raise .. after`) an instance has pending before the same.
    pub delayed: usize,
    /// An instance that had nothing to do for so long leaves memory.
    pub idle: Duration,
    /// So many instances stay in memory; above, those that have nothing to do leave at once. It does
    /// not limit those that have: activities that run, messages that wait, somebody who waits.
    pub resident: usize,
    /// Machines may start each other so many deep.
    pub depth: usize,
    /// How often is looked for messages that other programs have left.
    pub inbox: Duration,
    /// How long steps of instances are kept that are in a snapshot.
    pub journal: Duration,
    /// How long finished, abandoned and cancelled instances are kept; longer if one of them has
    /// answered a message with an id that is still known.
    pub finished: Duration,
    /// How long a repeated message is known.
    pub answers: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        Self {
            shards: 2,
            waiting: 65_536,
            mailbox: 1_024,
            deferred: 1_024,
            delayed: 1_024,
            idle: Duration::from_secs(5),
            resident: 100_000,
            depth: 16,
            inbox: Duration::from_millis(200),
            journal: 30 * DAY,
            finished: 30 * DAY,
            answers: 7 * DAY,
        }
    }
}
