//! What is counted of the file.

use metrics::{Histogram, Unit, counter, describe_counter, describe_histogram, histogram};
use std::time::Duration;

/// Says what the names mean, for whoever shows them.
pub(crate) fn describe_sqlite() {
    describe_histogram!(
        "statewright_transaction_works",
        "Batches, and other works, that have shared a transaction of the file"
    );
    describe_histogram!(
        "statewright_transaction_seconds",
        Unit::Seconds,
        "From the beginning of a transaction of the file until all were told"
    );
    describe_histogram!(
        "statewright_sync_seconds",
        Unit::Seconds,
        "How long a transaction took to be on the disk when it was written: its `fsync`"
    );
    describe_counter!(
        "statewright_checkpoint_failures_total",
        "Times that the log beside the file could not be brought into it"
    );
}

/// The log could not be brought into the file.
pub(super) fn not_copied() {
    counter!("statewright_checkpoint_failures_total").increment(1);
}

/// Of the thread that writes.
pub(super) struct Meters {
    works: Histogram,
    seconds: Histogram,
    sync: Histogram,
}

impl Meters {
    pub(super) fn new() -> Self {
        Self {
            works: histogram!("statewright_transaction_works"),
            seconds: histogram!("statewright_transaction_seconds"),
            sync: histogram!("statewright_sync_seconds"),
        }
    }

    pub(super) fn written(&self, works: usize, took: Duration) {
        self.works.record(works as f64);
        self.seconds.record(took.as_secs_f64());
    }

    pub(super) fn synced(&self, took: Duration) {
        self.sync.record(took.as_secs_f64());
    }
}
