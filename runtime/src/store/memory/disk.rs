//! What is kept.

use super::check::check;
use super::tasks::Tasks;
use crate::store::progress::{Progress, is_off};
use crate::store::{
    Commit, Created, InboxRow, Instance, InstanceId, LetterId, LetterRow, Millis, Outcome,
    OutputRow, Posted, Record, Rest, Seq, Shape, ShapeId, Stored,
};
use std::collections::{BTreeMap, BTreeSet};

/// The data of a store.
pub(super) struct Disk {
    /// The last commit.
    pub(super) time: Millis,
    /// Never goes back, also if the last instance is deleted: what an instance does in the world
    /// goes by its number.
    pub(super) next_instance: InstanceId,
    /// By their numbers less one.
    pub(super) shapes: Vec<Shape>,
    pub(super) instances: BTreeMap<InstanceId, Row>,
    /// By machine and key.
    pub(super) keys: BTreeMap<String, BTreeMap<String, InstanceId>>,
    pub(super) running: BTreeSet<InstanceId>,
    pub(super) due: BTreeSet<(Millis, InstanceId)>,
    pub(super) tasks: Tasks,
    pub(super) inbox: BTreeMap<i64, Left>,
    next_message: i64,
    pub(super) letters: BTreeMap<LetterId, LetterRow>,
    pub(super) next_letter: LetterId,
}

/// An instance.
pub(super) struct Row {
    pub(super) created: Created,
    pub(super) at: Millis,
    /// The shape of the snapshot.
    pub(super) shape: ShapeId,
    pub(super) progress: Progress,
    /// The state when it came to rest, or of its last step.
    pub(super) state: String,
    pub(super) due: Option<Millis>,
    pub(super) snapshot: Option<String>,
    pub(super) cause: Option<String>,
    pub(super) journal: BTreeMap<Seq, Record>,
    pub(super) outputs: Vec<OutputRow>,
    pub(super) answers: BTreeMap<String, (String, Millis)>,
}

/// A message in the inbox.
pub(super) struct Left {
    pub(super) message: Posted,
    /// The answer and its time, once it is taken.
    pub(super) answered: Option<(String, Millis)>,
}

impl Disk {
    pub(super) fn new() -> Self {
        Self {
            time: 0,
            next_instance: 1,
            shapes: Vec::new(),
            instances: BTreeMap::new(),
            keys: BTreeMap::new(),
            running: BTreeSet::new(),
            due: BTreeSet::new(),
            tasks: Tasks::default(),
            inbox: BTreeMap::new(),
            next_message: 1,
            letters: BTreeMap::new(),
            next_letter: 1,
        }
    }

    pub(super) fn commit(&mut self, batch: Vec<Commit>) -> Result<Vec<Outcome>, String> {
        let checked = check(self, &batch)?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for (mut commit, (outcome, progress)) in batch.into_iter().zip(checked) {
            self.time = self.time.max(commit.at);
            outcomes.push(outcome);
            if outcome == Outcome::Done {
                self.take(&commit);
                for change in std::mem::take(&mut commit.letters) {
                    self.change_letter(change, commit.at);
                }
                if let Some(progress) = progress {
                    self.apply(commit, progress);
                }
            }
        }
        Ok(outcomes)
    }

    fn take(&mut self, commit: &Commit) {
        for (message, answer) in &commit.taken {
            if let Some(letter) = self.inbox.get_mut(message) {
                letter.answered = Some((answer.clone(), commit.at));
            }
        }
    }

    fn apply(&mut self, commit: Commit, progress: Progress) {
        let id = commit.instance;
        if let Some(created) = commit.created {
            self.create(id, commit.at, created);
        }
        let Some(row) = self.instances.get_mut(&id) else { return };
        let off = commit.rest.as_ref().is_some_and(is_off);
        if let Some(due) = row.due.take_if(|_| off || !progress.timed) {
            self.due.remove(&(due, id));
        }
        row.progress = progress;
        for record in commit.records {
            row.state.clone_from(&record.state);
            row.journal.insert(record.seq, record);
        }
        row.outputs.extend(commit.outputs);
        for (message, answer) in commit.answers {
            row.answers.entry(message).or_insert((answer, commit.at));
        }
        if let Some(rest) = commit.rest {
            row.rest(rest);
        }
        if let Some(due) = row.due {
            self.due.insert((due, id));
        }
        match progress.running {
            true => self.running.insert(id),
            false => self.running.remove(&id),
        };
        self.change_tasks(id, commit.at, commit.tasks);
    }

    fn create(&mut self, id: InstanceId, at: Millis, created: Created) {
        self.next_instance = self.next_instance.max(id + 1);
        let keys = self.keys.entry(created.machine.clone()).or_default();
        keys.insert(created.key.clone(), id);
        let row = Row {
            at,
            shape: created.shape,
            created,
            progress: Progress::new(at),
            state: String::new(),
            due: None,
            snapshot: None,
            cause: None,
            journal: BTreeMap::new(),
            outputs: Vec::new(),
            answers: BTreeMap::new(),
        };
        self.instances.insert(id, row);
    }

    pub(super) fn find(&self, machine: &str, key: &str) -> Option<InstanceId> {
        self.keys.get(machine)?.get(key).copied()
    }

    pub(super) fn load(&self, id: InstanceId) -> Option<Stored> {
        let row = self.instances.get(&id)?;
        let instance = Instance {
            id,
            machine: row.created.machine.clone(),
            key: row.created.key.clone(),
            status: row.progress.status,
            shape: row.shape,
            seq: row.progress.snapshot_seq,
            snapshot: row.snapshot.clone(),
            cause: row.cause.clone(),
            records: row
                .journal
                .range(row.progress.snapshot_seq + 1..)
                .map(|(_, record)| record.clone())
                .collect(),
            outputs: row.progress.outputs,
        };
        Some(Stored::Whole(Box::new(instance)))
    }

    pub(super) fn put_shape(&mut self, shape: &Shape) -> ShapeId {
        let same = |s: &Shape| s.machine == shape.machine && s.hash == shape.hash;
        let at = self.shapes.iter().position(same).unwrap_or_else(|| {
            self.shapes.push(shape.clone());
            self.shapes.len() - 1
        });
        ShapeId::try_from(at + 1).unwrap_or(ShapeId::MAX)
    }

    pub(super) fn post(&mut self, message: &Posted) -> i64 {
        let id = self.next_message;
        self.next_message += 1;
        self.inbox.insert(id, Left { message: message.clone(), answered: None });
        id
    }

    pub(super) fn is_waiting(&self, message: i64) -> bool {
        self.inbox.get(&message).is_some_and(|letter| letter.answered.is_none())
    }

    pub(super) fn waiting(&self, after: i64, limit: usize) -> Vec<InboxRow> {
        let behind = self.inbox.range(after.saturating_add(1)..);
        let waiting = behind.filter(|(_, letter)| letter.answered.is_none());
        let rows =
            waiting.map(|(id, letter)| InboxRow { id: *id, message: letter.message.clone() });
        rows.take(limit).collect()
    }
}

impl Row {
    /// What comes of it is in the progress already, but for these.
    fn rest(&mut self, rest: Rest) {
        if is_off(&rest) {
            self.due = rest.due;
        }
        self.cause = rest.cause;
        self.state = rest.state;
        if rest.snapshot.is_some() {
            self.snapshot = rest.snapshot;
            self.shape = rest.shape;
        }
    }
}
