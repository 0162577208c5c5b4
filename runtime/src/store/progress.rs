//! What a commit may do to an instance, decided once for all stores.

use super::{Commit, InstanceId, Millis, Rest, Seq, Status};

/// The greatest number of an instance: with the number of a step behind it, it fits an `i64`.
const LAST_INSTANCE: InstanceId = (1 << 31) - 1;
/// The greatest number of a step or an output.
pub(super) const LAST_SEQ: Seq = (1 << 32) - 1;

/// How far an instance is, as far as its next commit depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    /// Its last step.
    pub(super) seq: Seq,
    /// The last step in its snapshot.
    pub(super) snapshot_seq: Seq,
    /// When it made its last step or its status changed.
    pub(super) changed: Millis,
    pub(super) status: Status,
    /// It is not at rest.
    pub(super) running: bool,
    /// It is at rest and due sometime.
    pub(super) timed: bool,
    /// Its last output.
    pub(super) outputs: u64,
}

impl Progress {
    /// Of an instance that is being created.
    pub(super) fn new(at: Millis) -> Self {
        Self {
            seq: 0,
            snapshot_seq: 0,
            changed: at,
            status: Status::Running,
            running: true,
            timed: false,
            outputs: 0,
        }
    }

    /// What it is after a commit; or why that commit cannot follow, which is a bug of the caller.
    pub(super) fn after(mut self, commit: &Commit) -> Result<Self, String> {
        for record in &commit.records {
            if record.seq != self.seq + 1 || record.seq > LAST_SEQ {
                return Err(refused(commit, "step", record.seq, self.seq));
            }
            self.seq = record.seq;
            self.changed = record.at;
        }
        for output in &commit.outputs {
            if output.number != self.outputs + 1 || output.number > LAST_SEQ {
                return Err(refused(commit, "output", output.number, self.outputs));
            }
            self.outputs = output.number;
        }
        if !commit.records.is_empty() {
            (self.running, self.timed) = (true, false);
        }
        match &commit.rest {
            Some(rest) => self.rested(commit, rest),
            None => Ok(self),
        }
    }

    fn rested(mut self, commit: &Commit, rest: &Rest) -> Result<Self, String> {
        if rest.snapshot.is_some() {
            if rest.seq != self.seq {
                return Err(refused(commit, "snapshot of step", rest.seq, self.seq));
            }
            self.snapshot_seq = rest.seq;
        }
        let changed = rest.status != self.status;
        if changed {
            self.changed = self.changed.max(commit.at);
        }
        self.status = rest.status;
        if is_off(rest) {
            (self.running, self.timed) = (false, rest.due.is_some());
        } else if changed {
            (self.running, self.timed) = (true, false);
        }
        Ok(self)
    }
}

/// Whether it takes the instance off the list of those that have something to do.
pub(super) fn is_off(rest: &Rest) -> bool {
    rest.at_rest || rest.status != Status::Running
}

/// Whether it does something to its instance, and does not only take messages.
pub(super) fn concerns_instance(commit: &Commit) -> bool {
    commit.created.is_some()
        || commit.rest.is_some()
        || !commit.records.is_empty()
        || !commit.outputs.is_empty()
        || !commit.answers.is_empty()
        || !commit.tasks.is_empty()
}

/// Whether there can be an instance with this number.
pub(super) fn is_instance(instance: InstanceId) -> bool {
    (1..=LAST_INSTANCE).contains(&instance)
}

/// What is said of a commit to an instance that is not there.
pub(super) fn missing(instance: InstanceId) -> String {
    format!("instance {instance} is not there, but something of it was to be written")
}

/// What is said when a message is taken that does not wait.
pub(super) fn not_waiting(message: i64) -> String {
    format!("message {message} was to be taken from the inbox, but does not wait there")
}

/// What is said when an instance is created under a number that another one has.
pub(super) fn taken(instance: InstanceId) -> String {
    format!("instance {instance} was to be created, but is there, or its number is out of range")
}

fn refused(commit: &Commit, what: &str, number: u64, last: u64) -> String {
    format!(
        "instance {}: {what} {number} was to be written, but the last one in the store is {last}",
        commit.instance
    )
}
