//! An instance in memory, with what waits for it and what runs for it.

use super::answers::Answers;
use super::error::{Cause, EngineError};
use super::family::Ending;
use super::kind::{Live, Payload, Step};
use super::letters::Sending;
use super::message::{Answer, Job, Left, Look, Seen};
use super::tasks::{Answered, changes};
use crate::ongoing::{GivenUp, Ongoing};
use crate::step::Dispatch;
use crate::store::{
    InstanceId, LetterChange, LetterId, Millis, OutputRow, Record, Seq, Status, TaskChange,
    TaskData, TaskNews,
};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// An instance in memory.
pub(super) struct Resident {
    pub(super) id: InstanceId,
    pub(super) key: Arc<str>,
    pub(super) live: Box<dyn Live>,
    /// What was sent to it, first in front.
    pub(super) queue: VecDeque<Job>,
    /// Ends of activities, first in front. They come before what was sent.
    pub(super) replies: VecDeque<(u64, Payload)>,
    /// What is being committed: no step is made until it is durable. Boxed, as most have none.
    pub(super) committing: Option<Box<Committing>>,
    /// The number of its last step.
    pub(super) seq: Seq,
    /// How many outputs it has had.
    pub(super) outputs: u64,
    /// Activities that run for it.
    pub(super) running: HashMap<u64, Ongoing>,
    /// Those that nobody waits for any more.
    pub(super) given_up: GivenUp,
    /// Answers that messages with an id got.
    pub(super) answers: Answers,
    /// Its open tasks, as they are in the store.
    pub(super) tasks: Vec<TaskData>,
    /// Those who wait for a change.
    pub(super) watchers: Vec<Look>,
    /// Since when it has had nothing to do.
    pub(super) idle: Option<Millis>,
    /// It has made steps since it last came to rest.
    pub(super) is_dirty: bool,
    /// When it is due, as its shard knows it.
    pub(super) due: Option<Millis>,
}

/// What an instance did in one go, on its way into the store.
#[derive(Default)]
pub(super) struct Committing {
    pub(super) records: Vec<Record>,
    pub(super) outputs: Vec<OutputRow>,
    /// Who is told when it is durable.
    pub(super) answers: Vec<(Answer, Dispatch)>,
    /// Ids of messages with their answers.
    pub(super) messages: Vec<(String, Dispatch)>,
    /// Messages that other programs have left, with their answers.
    pub(super) left: Vec<(Left, String)>,
    /// What it sends to other instances.
    pub(super) sends: Vec<Sending>,
    /// Letters for which there is no room, and those behind them: they are fetched again.
    pub(super) waiting: Vec<LetterId>,
    /// What happens to letters that it was sent.
    pub(super) letters: Vec<LetterChange>,
    /// Activities to be started.
    pub(super) told: Vec<u64>,
    /// Activities that nobody waits for any more.
    pub(super) revoked: Vec<u64>,
    /// When timers were due whose steps these are.
    pub(super) fired: Vec<Millis>,
    /// It was parked before.
    pub(super) was_parked: bool,
    /// Answers of people that were taken.
    pub(super) answered: Vec<Answered>,
    /// What each step has done to tasks.
    pub(super) tasks: Vec<TaskChange>,
    /// What has become of tasks.
    pub(super) task_news: Vec<TaskNews>,
    /// It was another shape's before.
    pub(super) is_carried: bool,
    /// It begins with this.
    pub(super) is_new: bool,
    /// Those who wait for a change look: more has happened than the end of a branch, which nobody
    /// can see, and for which the data of all branches would be copied.
    pub(super) is_news: bool,
    /// A snapshot goes with it.
    pub(super) end: Option<End>,
}

/// Why a snapshot is written.
pub(super) enum End {
    /// Its final state has been entered, and all is done.
    Finished,
    /// It has nothing to do.
    Idle,
    /// The engine stops, and there is something to do.
    Stopped,
    /// It cannot go on.
    Parked(Cause),
    /// A person has given it up.
    Abandoned,
    /// The instance that has started it does not wait for it any more.
    Cancelled,
    /// A person lets it try again.
    Retried,
    /// It was carried over to the present shape of its machine.
    Migrated,
}

impl End {
    pub(super) fn status(&self) -> Status {
        match self {
            Self::Finished => Status::Finished,
            Self::Idle | Self::Stopped | Self::Retried | Self::Migrated => Status::Running,
            Self::Parked(_) => Status::Parked,
            Self::Abandoned => Status::Abandoned,
            Self::Cancelled => Status::Cancelled,
        }
    }

    /// True if it leaves memory.
    pub(super) fn is_rest(&self) -> bool {
        !matches!(self, Self::Retried | Self::Migrated | Self::Stopped)
    }
}

impl Committing {
    /// True if there is nothing to commit.
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
            && self.left.is_empty()
            && self.letters.is_empty()
            && self.end.is_none()
    }

    /// Tells those who wait that nothing of it is durable.
    pub(super) fn refuse(self, error: &EngineError) {
        for (answer, _) in self.answers {
            let _ = answer.send(Err(error.clone()));
        }
    }
}

impl Resident {
    pub(super) fn new(id: InstanceId, key: Arc<str>, live: Box<dyn Live>) -> Self {
        Self {
            id,
            key,
            tasks: live.tasks(),
            live,
            queue: VecDeque::new(),
            replies: VecDeque::new(),
            committing: None,
            seq: 0,
            outputs: 0,
            running: HashMap::new(),
            given_up: GivenUp::default(),
            answers: Answers::Unknown,
            watchers: Vec::new(),
            idle: None,
            is_dirty: false,
            due: None,
        }
    }

    /// Adds a step to what is going to be committed.
    pub(super) fn record(&mut self, step: Step, at: Millis, to: &mut Committing) -> Dispatch {
        self.seq += 1;
        self.is_dirty = true;
        to.is_news |= step.dispatch != Dispatch::Pending;
        to.sends.extend(step.sends);
        to.fired.extend(step.due);
        for body in step.outputs {
            self.outputs += 1;
            to.outputs.push(OutputRow { number: self.outputs, at, body });
        }
        // What was asked for and is not wanted any more is never started.
        if !step.revoked.is_empty() {
            to.told.retain(|id| !step.revoked.contains(id));
        }
        to.told.extend(step.told);
        to.revoked.extend(step.revoked);
        to.records.push(Record { seq: self.seq, at, state: step.state, body: step.body });
        if step.dispatch != Dispatch::Pending {
            self.step_tasks(to, at);
        }
        step.dispatch
    }

    /// The key of an activity, but for what stands in for it.
    pub(super) fn idempotency_key(&self, invocation: u64) -> String {
        self.key_of()(invocation)
    }

    /// The same of each.
    pub(super) fn key_of(&self) -> impl Fn(u64) -> String + use<> {
        let (machine, key, id) = (self.live.machine(), Arc::clone(&self.key), self.id);
        move |invocation| format!("{machine}/{key}/{id}/{invocation}")
    }

    /// What a step has done to its tasks. Each tells its own news, also where several steps are
    /// committed together: who sends mail on them misses no reminder.
    fn step_tasks(&mut self, to: &mut Committing, at: Millis) {
        let open = self.live.tasks();
        if !open.is_empty() || !self.tasks.is_empty() {
            to.tasks.extend(changes(&self.tasks, &open, &to.answered, (false, false), at));
            self.tasks = open;
        }
    }

    /// What a commit does to its tasks, which is durable with it.
    pub(super) fn change_tasks(&mut self, to: &mut Committing, at: Millis) -> Vec<TaskChange> {
        let is_abandoned = matches!(to.end, Some(End::Abandoned));
        let is_carried = to.is_carried || matches!(to.end, Some(End::Migrated));
        let status = to.end.as_ref().map_or(Status::Running, End::status);
        let goes_on = matches!(status, Status::Running | Status::Parked);
        let open = if goes_on { self.live.tasks() } else { Vec::new() };
        let all = (is_carried, is_abandoned);
        let end = changes(&self.tasks, &open, &to.answered, all, at);
        let mut changes = std::mem::take(&mut to.tasks);
        changes.extend(end);
        to.task_news = changes
            .iter()
            .filter_map(|change| match change {
                TaskChange::Open(news, _) => Some(*news),
                TaskChange::Closed(..) => Some(TaskNews::Closed),
                TaskChange::OnlyOpen(..) => None,
            })
            .collect();
        self.tasks = open;
        changes
    }

    /// What its end tells the instance that has started it, and those that it has started.
    pub(super) fn told(&mut self, end: Option<&End>) -> Vec<Sending> {
        let ending = match end {
            Some(End::Finished) => Some(self.live.ending()),
            Some(End::Abandoned) => Some(Ending::abandoned(&self.key)),
            _ => None,
        };
        let parent = self.live.parent();
        let mut told: Vec<Sending> =
            parent.zip(ending).map(|(parent, ending)| parent.told(ending)).into_iter().collect();
        if matches!(end, Some(End::Abandoned | End::Cancelled)) {
            told.extend(self.live.cancel_children());
        }
        told
    }

    /// True if it would fire a timer, for no other reason than that, before those of others that may
    /// be due earlier: timers are held back that are due after `until`.
    pub(super) fn waits_for_others(&self, now: Millis, until: Millis) -> bool {
        until < now
            && self.queue.is_empty()
            && self.live.deadline().is_some_and(|due| due <= now && due > until)
    }

    /// True if it was cancelled, and what its sagas have done is taken back.
    pub(super) fn is_taken_back(&self) -> bool {
        self.live.is_cancelled() && !self.live.is_in_saga()
    }

    /// True if nothing runs or waits, and its end is not to be written.
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty()
            && !self.live.is_finished()
            && !self.is_taken_back()
            && self.replies.is_empty()
            && self.committing.is_none()
            && self.running.is_empty()
            && self.watchers.is_empty()
            && !self.live.has_calls()
    }

    /// Lets those look who wait for a change.
    pub(super) fn show(&mut self, status: Status) {
        let mut watchers = std::mem::take(&mut self.watchers);
        watchers.retain_mut(|look| !look(Ok(self.seen(status))));
        self.watchers = watchers;
    }

    fn seen(&self, status: Status) -> Seen<'_> {
        Seen { live: &*self.live, id: self.id, seq: self.seq, outputs: self.outputs, status }
    }
}
