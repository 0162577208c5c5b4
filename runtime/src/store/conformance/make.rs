//! Commits for the tests.

use crate::store::{
    Commit, Created, Filter, InboxKind, Instance, InstanceId, Kept, Millis, OutputRow, Posted,
    Record, Rest, Seq, Shape, Status, Store, Stored, Summary,
};

/// The creation of an instance of the machine `Door`.
pub(super) fn create(instance: InstanceId, key: &str, at: Millis) -> Commit {
    create_of("Door", instance, key, at)
}

pub(super) fn create_of(machine: &str, instance: InstanceId, key: &str, at: Millis) -> Commit {
    let created = Created { machine: machine.to_string(), key: key.to_string(), shape: 1 };
    Commit { created: Some(created), ..Commit::of(instance, at) }
}

impl Commit {
    /// With a step into a state.
    pub(super) fn step(mut self, seq: Seq, state: &str) -> Self {
        self.records.push(record(seq, self.at, state));
        self
    }

    /// With steps up to this one.
    pub(super) fn steps(mut self, from: Seq, to: Seq, state: &str) -> Self {
        self.records.extend((from..=to).map(|seq| record(seq, self.at, state)));
        self
    }

    pub(super) fn output(mut self, number: u64) -> Self {
        self.outputs.push(OutputRow { number, at: self.at, body: format!("{{\"out\":{number}}}") });
        self
    }

    pub(super) fn answer(mut self, message: &str, answer: &str) -> Self {
        self.answers.push((message.to_string(), answer.to_string()));
        self
    }

    pub(super) fn take(mut self, message: i64, answer: &str) -> Self {
        self.taken.push((message, answer.to_string()));
        self
    }

    /// Coming to rest after this step.
    pub(super) fn rest(mut self, seq: Seq, state: &str) -> Self {
        self.rest = Some(resting(seq, state));
        self
    }

    /// The same, and due.
    pub(super) fn due(mut self, seq: Seq, state: &str, due: Millis) -> Self {
        self.rest = Some(Rest { due: Some(due), ..resting(seq, state) });
        self
    }

    /// Coming to rest with another status.
    pub(super) fn end(mut self, seq: Seq, state: &str, status: Status) -> Self {
        self.rest = Some(Rest { status, ..resting(seq, state) });
        self
    }

    /// With its rest changed.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Rest)) -> Self {
        if let Some(rest) = &mut self.rest {
            change(rest);
        }
        self
    }
}

pub(super) fn record(seq: Seq, at: Millis, state: &str) -> Record {
    Record { seq, at, state: state.to_string(), body: format!("{{\"step\":{seq}}}") }
}

pub(super) fn resting(seq: Seq, state: &str) -> Rest {
    Rest {
        status: Status::Running,
        at_rest: true,
        due: None,
        shape: 1,
        seq,
        state: state.to_string(),
        snapshot: Some(format!("{{\"after\":{seq}}}")),
        cause: None,
    }
}

pub(super) fn shape(machine: &str, version: u64, hash: u64) -> Shape {
    Shape { machine: machine.to_string(), version, hash, body: format!("{{\"v\":{version}}}") }
}

pub(super) fn message(key: &str, at: Millis) -> Posted {
    Posted {
        machine: "Door".to_string(),
        key: key.to_string(),
        kind: InboxKind::Send,
        body: "\"Push\"".to_string(),
        message_id: Some(format!("id of {key}")),
        at,
    }
}

/// Keeps everything.
pub(super) fn all_kept() -> Kept {
    Kept { journal_since: 0, finished_since: 0, answers_since: 0 }
}

pub(super) fn in_state(state: &str) -> Filter {
    Filter { state: Some(state.to_string()), ..Filter::default() }
}

/// The instance, which must be there and readable.
#[track_caller]
pub(super) fn load(store: &dyn Store, instance: InstanceId) -> Instance {
    match super::ok(store.load(&[instance])).as_slice() {
        [Stored::Whole(found)] => (**found).clone(),
        other => panic!("instance {instance} is not there: {other:?}"),
    }
}

/// The instance in the list of all.
#[track_caller]
pub(super) fn summary(store: &dyn Store, instance: InstanceId) -> Summary {
    let found = super::ok(store.list(&Filter::default())).into_iter().find(|s| s.id == instance);
    found.expect("the instance is in the list")
}

pub(super) fn ids(summaries: &[Summary]) -> Vec<InstanceId> {
    summaries.iter().map(|summary| summary.id).collect()
}
