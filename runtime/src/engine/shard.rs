//! A shard: the task that owns its instances, so that nothing of them is locked.
//!
//! ```text
//!  send, timers, ends of activities --> queue of the instance --> steps --> one batch --> store
//!  answers, actions, activities, watchers <-- durable <-----------------------------------+
//! ```
//! A round takes everything that waits, steps every instance that has something and no commit on its
//! way, and hands one batch over. An instance whose commit is on its way waits; others do not.

mod loading;
mod mail;
mod overdue;
mod restart;
mod time;
mod unread;

use super::advance::{advance, refusal, said};
use super::answers::{Answers, Known};
use super::effects;
use super::error::{Cause, EngineError};
use super::guard::guarded;
use super::kind::{Live, Payload, Step};
use super::message::{Address, Answer, Job, Message, Wants};
use super::meters;
use super::point::point;
use super::resident::{Committing, End, Resident};
use super::room::Later;
use super::shared::Shared;
use crate::clock::millis;
use crate::step::Dispatch;
use crate::store::{
    Commit, Created, InstanceId, LetterChange, LetterId, Millis, Outcome, Rest, Sender, Status,
    StoreError,
};
use mail::{Mail, Track};
use overdue::Overdue;
use restart::Restart;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use unread::Unread;

/// So many messages are taken, and instances make steps, in one round, so that those who wait for an
/// answer get it.
const ROUND: usize = 4_096;

/// How long is waited before something is tried again that the store has refused.
const PAUSE: Duration = Duration::from_millis(500);

/// Where an instance is.
enum Place {
    /// The store has been asked; this waits for it.
    Loading(VecDeque<Job>),
    At(InstanceId),
}

/// A batch that was handed over.
struct OnItsWay {
    since: Instant,
    instances: Vec<InstanceId>,
    /// Messages of other programs that it takes.
    left: Vec<i64>,
    /// What is to be done about letters, each with the place of its commit.
    letters: Vec<(usize, Track)>,
}

pub(super) struct Shard {
    number: usize,
    shared: Arc<Shared>,
    messages: mpsc::UnboundedReceiver<Message>,
    places: HashMap<Address, Place>,
    residents: HashMap<InstanceId, (Address, Resident)>,
    /// When residents are due.
    deadlines: BTreeSet<(Millis, InstanceId)>,
    /// Residents that have something to do, first in front.
    ready: VecDeque<InstanceId>,
    /// What keeps timers back at the start.
    overdue: Option<Overdue>,
    /// Since when residents have nothing to do.
    idle: VecDeque<(Millis, InstanceId)>,
    /// What the store is asked for at the end of the round.
    wanted: Vec<Address>,
    /// What is handed over at the end of the round.
    batch: Vec<Commit>,
    batches: HashMap<u64, OnItsWay>,
    /// Who is told when instances are given up that are not in memory, as they cannot be read.
    given_up: Vec<(InstanceId, Answer)>,
    /// Instances that are to be given up and cannot be read: who has started them is looked for.
    looking: HashMap<Address, (Unread, Cause)>,
    /// Instances that cannot be read and are to be parked, or are not any more; with their machine.
    parking: Vec<(InstanceId, usize, bool)>,
    /// Messages of other programs that are here and not taken yet, and whom they are for.
    left: HashMap<i64, Address>,
    /// The first message of other programs to an instance that is to be delivered again: those behind
    /// it are so too.
    behind: HashMap<Address, i64>,
    /// Letters that are to be fetched.
    mail: BTreeMap<Address, Mail>,
    /// Letters that are here and may still be owed.
    here: HashMap<LetterId, Address>,
    /// What else is to be done about letters when the batch is durable.
    ordered: Vec<(usize, Track)>,
    next_batch: u64,
    /// What is looked at again, and when.
    later: VecDeque<(Instant, Address)>,
    stopping: Option<oneshot::Sender<()>>,
    /// The instance whose code is called, and where it is if it is not in memory yet.
    at_work: Option<(InstanceId, Option<Address>)>,
    /// Instances at which the shard has panicked, and with what.
    poisoned: HashMap<InstanceId, String>,
    /// The shard has panicked, and waits until it can go on from the store.
    restart: Option<Restart>,
    /// When it did so last.
    restarted: Option<Instant>,
    meter: meters::Load,
}

impl Shard {
    pub(super) fn new(
        number: usize,
        shared: Arc<Shared>,
        messages: mpsc::UnboundedReceiver<Message>,
    ) -> Self {
        Self {
            number,
            shared,
            messages,
            places: HashMap::new(),
            residents: HashMap::new(),
            deadlines: BTreeSet::new(),
            ready: VecDeque::new(),
            overdue: Some(Overdue::default()),
            idle: VecDeque::new(),
            wanted: Vec::new(),
            batch: Vec::new(),
            batches: HashMap::new(),
            given_up: Vec::new(),
            looking: HashMap::new(),
            parking: Vec::new(),
            left: HashMap::new(),
            behind: HashMap::new(),
            mail: BTreeMap::new(),
            here: HashMap::new(),
            ordered: Vec::new(),
            next_batch: 0,
            later: VecDeque::new(),
            stopping: None,
            at_work: None,
            poisoned: HashMap::new(),
            restart: None,
            restarted: None,
            meter: meters::Load::new(number),
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            let first = match self.next_wake() {
                Some(at) => tokio::time::timeout_at(at, self.messages.recv()).await.ok(),
                None => Some(self.messages.recv().await),
            };
            if let Some(None) = first {
                return;
            }
            match guarded(|| self.work(first.flatten())) {
                Ok(true) => break,
                Ok(false) => {}
                Err(panic) => self.begin_again(&panic),
            }
        }
        if let Some(stopped) = self.stopping.take() {
            let _ = stopped.send(());
        }
    }

    /// Takes what waits, and does it; true if the shard has ended.
    fn work(&mut self, first: Option<Message>) -> bool {
        first.into_iter().for_each(|message| self.take(message));
        for _ in 1..ROUND {
            let Ok(message) = self.messages.try_recv() else { break };
            self.take(message);
        }
        self.go_on();
        if self.restart.is_some() {
            return false;
        }
        self.round();
        self.stopping.is_some() && self.is_quiet()
    }

    fn round(&mut self) {
        self.look_again();
        self.wake_due();
        self.rest_idle();
        self.step_ready();
        self.ask_mail();
        self.load_wanted();
        self.hand_over();
        let waiting = self.shared.waiting[self.number].load(Ordering::Relaxed);
        self.meter.set(waiting, self.residents.len());
    }

    fn step_ready(&mut self) {
        for _ in 0..ROUND {
            if self.is_gathering() {
                return;
            }
            let Some(id) = self.ready.pop_front() else { return };
            self.at_work = Some((id, None));
            self.step(id);
            self.at_work = None;
        }
    }

    /// When there is something to do if no message comes.
    fn next_wake(&self) -> Option<Instant> {
        if let Some(restart) = &self.restart {
            return restart.not_before;
        }
        if !self.ready.is_empty() && !self.is_gathering() {
            return Some(Instant::now());
        }
        let time = &self.shared.time;
        let until = self.fires_until();
        let due = self.deadlines.first().filter(|(due, _)| *due <= until);
        let due = due.and_then(|(due, _)| time.instant(*due));
        let idle = self.idle.front().map(|(since, _)| since.saturating_add(self.idle_millis()));
        let idle = idle.and_then(|idle| time.instant(idle));
        let later = self.later.front().map(|(at, _)| *at);
        [due, idle, later, self.next_mail()].into_iter().flatten().min()
    }

    /// How long an instance that has nothing to do stays.
    fn idle_millis(&self) -> Millis {
        let settings = &self.shared.settings;
        let is_full = self.residents.len() > settings.resident / settings.shards.max(1);
        if is_full { 0 } else { millis(settings.idle) }
    }

    fn take(&mut self, message: Message) {
        let Some(message) = self.put_off(message) else { return };
        match message {
            Message::To(address, job) => {
                self.shared.waiting[self.number].fetch_sub(1, Ordering::Relaxed);
                if let Job::Left(left) = &job {
                    // What is delivered again, and was not lost, is here already.
                    if self.left.contains_key(&left.id) {
                        return;
                    }
                    self.left.insert(left.id, address.clone());
                }
                self.to(address, job);
            }
            Message::Loaded(address, loaded) => self.loaded(address, loaded),
            Message::Answers(id, answers) => self.answers(id, answers),
            Message::Found(address, found) => self.install(address, found, VecDeque::new()),
            Message::Due(address, due) => self.due(address, due),
            Message::Told(until) => self.told(until),
            Message::Unwatched(address) => self.unwatched(&address),
            Message::Again(from) => self.behind.retain(|_, first| *first < from),
            Message::Committed(batch, result) => self.committed(batch, result),
            Message::Owed(address) => self.owed(address),
            Message::Stray(id, machine) => {
                self.dead(id, &EngineError::UnknownMachine(machine));
            }
            Message::Letters(address, found) => self.letters(address, found),
            Message::Letter(id, found, order, reply) => {
                self.order_letter(id, found, order, reply);
            }
            Message::Relatives(address, found) => self.relatives_found(address, found),
            Message::Ended(id, invocation, reply) => self.ended(id, invocation, reply),
            Message::Stop(stopped) => self.stop(stopped),
        }
    }

    // What comes for an instance.

    fn to(&mut self, address: Address, job: Job) {
        let limit = self.shared.settings.mailbox;
        if self.stopping.is_some() {
            return self.refuse(job, &EngineError::Stopped);
        }
        if let Job::Left(left) = &job
            && self.behind.get(&address).is_some_and(|first| *first < left.id)
        {
            // The order is that in which they were left.
            return self.not_taken(left.id);
        }
        match self.places.get_mut(&address) {
            Some(Place::Loading(jobs)) if jobs.len() < limit => jobs.push_back(job),
            Some(Place::Loading(_)) => self.refuse(job, &EngineError::Overloaded(limit)),
            Some(Place::At(id)) => {
                let id = *id;
                let Some((_, resident)) = self.residents.get_mut(&id) else { return };
                let is_look = matches!(job, Job::Look(_));
                let watchers = if is_look { resident.watchers.len() } else { 0 };
                if resident.queue.len() + watchers < limit {
                    resident.queue.push_back(job);
                    self.ready.push_back(id);
                } else {
                    self.refuse(job, &EngineError::Overloaded(limit));
                }
            }
            None => match job {
                Job::Start { start, answer } => self.start(address, start, answer),
                job => self.want(address, VecDeque::from([job])),
            },
        }
    }

    /// A new instance; that its key is free shows when it is committed.
    fn start(&mut self, address: Address, start: Payload, answer: Answer) {
        let now = self.shared.time.millis();
        match self.shared.kinds[address.kind].begin(start, &address.key, now, None) {
            Err(error) => {
                let _ = answer.send(Err(error));
            }
            Ok((live, step)) => {
                let dispatch = step.dispatch;
                let answers = vec![(answer, dispatch)];
                self.begin(
                    address,
                    (live, step, now),
                    Committing { answers, ..Committing::default() },
                );
            }
        }
    }

    /// A new instance that has made its first step, at the time that it was given.
    fn begin(
        &mut self,
        address: Address,
        (mut live, step, now): (Box<dyn Live>, Step, Millis),
        mut committing: Committing,
    ) {
        live.allow(Later::allowed(&self.shared.settings));
        let id = self.shared.next_instance.fetch_add(1, Ordering::Relaxed);
        let mut resident = Resident::new(id, Arc::clone(&address.key), live);
        resident.answers = Answers::Known(Known::default());
        committing.is_new = true;
        // None of them is durable yet.
        resident.tasks.clear();
        resident.record(step, now, &mut committing);
        self.places.insert(address.clone(), Place::At(id));
        self.residents.insert(id, (address, resident));
        self.commit(id, committing);
    }

    fn ended(&mut self, id: InstanceId, invocation: u64, reply: Payload) {
        let Some((_, resident)) = self.residents.get_mut(&id) else { return };
        if resident.running.contains_key(&invocation) {
            resident.replies.push_back((invocation, reply));
            self.ready.push_back(id);
        } else {
            meters::late_result();
        }
    }

    /// Tells those who wait that something is not done. A message that another program has left stays
    /// in the store if it may be taken later, and is answered otherwise.
    fn refuse(&mut self, job: Job, error: &EngineError) {
        match job {
            Job::Start { answer, .. }
            | Job::Event { answer, .. }
            | Job::Task { answer, .. }
            | Job::Order { answer, .. } => {
                let _ = answer.send(Err(error.clone()));
            }
            Job::Look(mut look) => {
                look(Err(error.clone()));
            }
            Job::Letter(letter) => self.refuse_letter(&letter, error),
            Job::Left(left) => match error {
                EngineError::Stopped => {}
                EngineError::Store(_) | EngineError::Overloaded(_) => self.not_taken(left.id),
                error => self.answer_left(left.id, said(Err(error.clone()))),
            },
        }
    }

    /// Answers a message that another program has left, without a step.
    fn answer_left(&mut self, left: i64, answer: String) {
        let at = self.shared.time.millis();
        self.batch.push(Commit { taken: vec![(left, answer)], ..Commit::of(0, at) });
    }

    /// A message that another program has left is to be delivered again.
    fn not_taken(&mut self, left: i64) {
        if let Some(address) = self.left.remove(&left) {
            let first = self.behind.entry(address).or_insert(left);
            *first = left.min(*first);
        }
        self.shared.keeper.deliver_again(left);
    }

    // Steps and commits.

    fn step(&mut self, id: InstanceId) {
        let until = self.fires_until();
        let now = self.shared.time.millis();
        let Some((address, resident)) = self.residents.get_mut(&id) else { return };
        if resident.committing.is_some() || resident.waits_for_others(now, until) {
            return;
        }
        resident.idle = None;
        if let Answers::Known(known) = &mut resident.answers {
            known.forget(self.shared.keeper.answers_kept_since());
        }
        let kind = &*self.shared.kinds[address.kind];
        let key = &*address.key;
        let span = tracing::debug_span!("steps", machine = kind.name(), key, instance = id);
        let _entered = span.enter();
        let mut committing = advance(kind, resident, now);
        if let (Answers::Unknown, Some(true)) =
            (&resident.answers, resident.queue.front().map(has_message_id))
        {
            resident.answers = Answers::Asked;
            self.shared.ask_answers(self.number, id);
        }
        std::mem::take(&mut committing.waiting).into_iter().for_each(|id| self.waits(id));
        self.commit(id, committing);
    }

    /// Puts what an instance did into the batch; if that is nothing, the instance waits.
    fn commit(&mut self, id: InstanceId, mut committing: Committing) {
        let Some((address, resident)) = self.residents.get_mut(&id) else { return };
        if committing.is_empty() {
            // What was asked again had its answer before.
            for (answer, said) in committing.answers {
                let _ = answer.send(Ok(said));
            }
            // What is tried again was durable before.
            let told = committing.told.into_iter().filter(|_| self.stopping.is_none());
            for told in told {
                effects::perform(&self.shared, self.number, address, resident, told);
            }
            resident.show(Status::Running);
            if !resident.replies.is_empty() {
                self.ready.push_back(id);
            }
            return self.settle(id);
        }
        committing.sends.extend(resident.told(committing.end.as_ref()));
        let kind = &self.shared.kinds[address.kind];
        self.shared.meters[address.kind].steps(committing.records.len());
        let created = committing.is_new.then(|| Created {
            machine: kind.name().to_owned(),
            key: address.key.to_string(),
            shape: kind.shape(),
        });
        let rest = committing.end.as_ref().map(|end| rest(resident, end, kind.shape()));
        if let Some(End::Parked(cause)) = &committing.end {
            self.shared.meters[address.kind].parked();
            tracing::error!(machine = kind.name(), key = &*address.key, %cause, "parked");
        }
        let at = self.shared.time.millis();
        // A task is closed by a step, and not by what time it is when that is committed.
        let stepped = committing.records.last().map_or(at, |record| record.at);
        let mut letters = std::mem::take(&mut committing.letters);
        letters.extend(committing.sends.drain(..).map(|sending| {
            let (machine, key) = (kind.name().to_owned(), address.key.to_string());
            let sender = Sender { machine, key, instance: id };
            LetterChange::Sent(self.shared.sent(sending, sender, at))
        }));
        self.batch.push(Commit {
            instance: id,
            at,
            created,
            records: std::mem::take(&mut committing.records),
            outputs: std::mem::take(&mut committing.outputs),
            answers: committing
                .messages
                .iter()
                .map(|(id, said)| (id.clone(), format!("{said:?}")))
                .collect(),
            tasks: resident.change_tasks(&mut committing, stepped),
            taken: committing.left.iter().map(|(left, said)| (left.id, said.clone())).collect(),
            letters,
            rest,
        });
        resident.committing = Some(Box::new(committing));
    }

    fn hand_over(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let batch = std::mem::take(&mut self.batch);
        let number = self.next_batch;
        self.next_batch += 1;
        let instances = batch.iter().map(|commit| commit.instance).collect();
        let left = batch.iter().flat_map(|commit| &commit.taken).map(|(id, _)| *id).collect();
        let all = batch.iter().enumerate();
        let mut letters = std::mem::take(&mut self.ordered);
        for (at, commit) in all.filter(|(_, commit)| !commit.letters.is_empty()) {
            letters.extend(self.tracks(commit).into_iter().map(|track| (at, track)));
        }
        self.batches.insert(number, OnItsWay { since: Instant::now(), instances, left, letters });
        meters::batch(batch.len());
        let shard = self.shared.shards[self.number].clone();
        let done = Box::new(move |result| {
            point("engine.after_commit");
            // A shard that is gone has nobody left to tell.
            let _ = shard.send(Message::Committed(number, result));
        });
        point("engine.before_commit");
        self.shared.store.commit(batch, done);
    }

    fn committed(&mut self, batch: u64, result: Result<Vec<Outcome>, StoreError>) {
        let Some(OnItsWay { since, instances, left, letters }) = self.batches.remove(&batch) else {
            return;
        };
        meters::commit(since.elapsed());
        // What is forgotten for a failure must be so before anything is put in a queue again.
        self.tracked(letters, result.as_ref().map(Vec::as_slice));
        match result {
            Ok(outcomes) => {
                left.iter().for_each(|id| {
                    self.left.remove(id);
                });
                // All are told before anything is done: what is done may panic.
                for (id, outcome) in instances.iter().zip(&outcomes) {
                    self.answer(*id, *outcome);
                }
                for (id, outcome) in instances.into_iter().zip(outcomes) {
                    self.at_work = Some((id, None));
                    match outcome {
                        Outcome::Done => self.durable(id),
                        Outcome::Duplicate => self.duplicate(id),
                        // Only what persons decide about letters can be so, which was answered.
                        Outcome::NotDead => {}
                    }
                    self.at_work = None;
                }
            }
            Err(error) => {
                // Whether they are taken is for the store to say.
                left.into_iter().for_each(|id| self.not_taken(id));
                instances.into_iter().for_each(|id| self.not_durable(id, &error));
            }
        }
    }

    /// Tells those who wait that what an instance did is durable, or that it is not there.
    fn answer(&mut self, id: InstanceId, outcome: Outcome) {
        let restart = self.restart.as_mut();
        if let Some((address, committing)) = restart.and_then(|r| r.committing.remove(&id)) {
            return self.answer_orphan(&address, committing, outcome);
        }
        let Some((address, resident)) = self.residents.get_mut(&id) else { return };
        let Some(committing) = resident.committing.as_mut() else { return };
        if outcome == Outcome::Done {
            for (answer, dispatch) in committing.answers.drain(..) {
                self.shared.meters[address.kind].answered(answer.waited());
                point("engine.before_answer");
                let _ = answer.send(Ok(dispatch));
                point("engine.after_answer");
            }
        }
    }

    /// What an instance did is durable: now it is done.
    fn durable(&mut self, id: InstanceId) {
        let Some((address, resident)) = self.residents.get_mut(&id) else {
            return self.is_given_up(id, &Ok(()));
        };
        let Some(mut committing) = resident.committing.take() else { return };
        let now = self.shared.time.millis();
        if let Answers::Known(known) = &mut resident.answers {
            known.learn(committing.messages.drain(..), now);
        }
        let meters = &self.shared.meters[address.kind];
        committing.fired.iter().for_each(|due| meters.timer_late(now.saturating_sub(*due)));
        if matches!(committing.end, Some(End::Parked(_))) != committing.was_parked {
            meters.park_changed(!committing.was_parked);
        }
        if !committing.task_news.is_empty() {
            self.shared.meters[address.kind].tasks(&committing.task_news);
            self.shared.task_news.send_modify(|count| *count += 1);
        }
        let revoked = committing.revoked.iter();
        let revoked = revoked.filter_map(|id| Some((*id, resident.running.remove(id)?)));
        resident.given_up.add(revoked);
        match committing.end {
            Some(end) if end.is_rest() => self.leave(id, &end),
            Some(end @ (End::Retried | End::Migrated)) => {
                resident.is_dirty = true;
                // What it was sent has waited for that.
                let waited = matches!(end, End::Retried).then(|| address.clone());
                effects::resume(&self.shared, self.number, address, resident);
                self.ready.push_back(id);
                self.settle(id);
                if let Some(address) = waited {
                    self.owed(address);
                }
            }
            Some(_) => resident.is_dirty = false,
            None => {
                effects::act(resident);
                // What is not started now is started by the next engine.
                let told = committing.told.into_iter().filter(|_| self.stopping.is_none());
                for told in told {
                    effects::perform(&self.shared, self.number, address, resident, told);
                }
                if committing.is_news {
                    resident.show(Status::Running);
                }
                let has_more = !resident.queue.is_empty() || !resident.replies.is_empty();
                if has_more || resident.live.is_finished() || resident.live.is_cancelled() {
                    self.ready.push_back(id);
                }
                self.settle(id);
            }
        }
    }

    /// The instance is not needed in memory any more.
    fn leave(&mut self, id: InstanceId, end: &End) {
        let Some((address, mut resident)) = self.residents.remove(&id) else { return };
        self.places.remove(&address);
        self.forget_due(id, resident.due);
        if let (End::Idle, Some(due)) = (end, resident.live.deadline()) {
            self.shared.keeper.due_at(due);
        }
        resident.show(end.status());
        if end.status() != Status::Running {
            for mut look in std::mem::take(&mut resident.watchers) {
                let cause = match end {
                    End::Parked(cause) => serde_json::to_string(cause).ok(),
                    _ => None,
                };
                look(Err(refusal(end.status(), &address.key, cause.as_deref())));
            }
        }
        if matches!(end, End::Abandoned | End::Cancelled) {
            // What waited for it to go on can be refused now.
            self.owed(address.clone());
        }
        self.reroute(&address, resident);
    }

    /// The key was taken already, by an instance that is not in memory.
    fn duplicate(&mut self, id: InstanceId) {
        let Some((address, mut resident)) = self.residents.remove(&id) else { return };
        self.places.remove(&address);
        let committing = resident.committing.take().unwrap_or_default();
        let (machine, key) = self.shared.names(&address);
        committing.refuse(&EngineError::Duplicate { machine, key });
        self.reroute(&address, resident);
    }

    /// The store has refused: what is in memory is not what is kept, so it goes.
    fn not_durable(&mut self, id: InstanceId, error: &StoreError) {
        let restart = self.restart.as_mut();
        if let Some((_, committing)) = restart.and_then(|r| r.committing.remove(&id)) {
            return committing.refuse(&EngineError::Store(error.clone()));
        }
        let Some((address, mut resident)) = self.residents.remove(&id) else {
            return self.is_given_up(id, &Err(error.clone()));
        };
        let (machine, key) = (self.shared.kinds[address.kind].name(), &*address.key);
        tracing::warn!(machine, key, instance = id, %error, "a commit has failed");
        meters::commit_failed();
        self.places.remove(&address);
        self.forget_due(id, resident.due);
        let committing = resident.committing.take().unwrap_or_default();
        committing.refuse(&EngineError::Store(error.clone()));
        // Also what is new: what the store denies it may have kept. Who waits for it does so until
        // then: were it loaded at once, it would call its activities again and again while the disk
        // is full.
        if self.stopping.is_none() {
            self.later.push_back((Instant::now() + PAUSE, address.clone()));
            self.places.insert(address.clone(), Place::Loading(VecDeque::new()));
        }
        self.reroute(&address, resident);
    }

    /// What waits for an instance that has left memory.
    fn reroute(&mut self, address: &Address, mut resident: Resident) {
        for job in std::mem::take(&mut resident.queue) {
            match job {
                Job::Letter(letter) => self.put_back(letter.id),
                job => self.to(address.clone(), job),
            }
        }
        for look in std::mem::take(&mut resident.watchers) {
            self.to(address.clone(), Job::Look(look));
        }
    }

    // The end.

    fn stop(&mut self, stopped: oneshot::Sender<()>) {
        self.stopping = Some(stopped);
        self.later.clear();
        self.mail.clear();
        self.overdue = None;
        for (id, (_, resident)) in &mut self.residents {
            // What runs is dropped, and started again by the next engine.
            resident.running.clear();
            self.ready.push_back(*id);
        }
        // The order is that of the numbers, so that a simulated run can be made again.
        self.ready.make_contiguous().sort_unstable();
        let loading = self.places.extract_if(|_, place| matches!(place, Place::Loading(_)));
        let loading: Vec<Place> = loading.map(|(_, place)| place).collect();
        for place in loading {
            if let Place::Loading(jobs) = place {
                jobs.into_iter().for_each(|job| self.refuse(job, &EngineError::Stopped));
            }
        }
    }

    /// True if all that was taken is done. Snapshots of what is left are then handed over, once.
    fn is_quiet(&mut self) -> bool {
        if !self.batches.is_empty() || !self.ready.is_empty() || self.restart.is_some() {
            return false;
        }
        let dirty = self.residents.iter().filter(|(_, (_, resident))| resident.is_dirty);
        let mut open: Vec<InstanceId> = dirty.map(|(id, _)| *id).collect();
        open.sort_unstable();
        for id in &open {
            if let Some((_, resident)) = self.residents.get_mut(id) {
                let waits = resident.live.pending().is_empty() && !resident.live.has_calls();
                let end = Some(if waits { End::Idle } else { End::Stopped });
                self.commit(*id, Committing { end, ..Committing::default() });
            }
        }
        self.hand_over();
        open.is_empty()
    }
}

/// An answer as it was kept.
fn dispatch(said: &str) -> Option<Dispatch> {
    serde_json::from_value(serde_json::Value::from(said)).ok()
}

fn has_message_id(job: &Job) -> bool {
    match job {
        Job::Event { message, .. } => message.is_some(),
        Job::Left(left) => matches!(&left.wants, Wants::Event { message: Some(_), .. }),
        _ => false,
    }
}

/// The snapshot that goes with an end.
fn rest(resident: &Resident, end: &End, shape: crate::store::ShapeId) -> Rest {
    let status = end.status();
    let is_running = status == Status::Running;
    Rest {
        status,
        at_rest: end.is_rest(),
        due: resident.live.deadline().filter(|_| is_running && end.is_rest()),
        shape,
        seq: resident.seq,
        state: resident.live.state(),
        snapshot: resident.live.snapshot().ok(),
        cause: match end {
            End::Parked(cause) => serde_json::to_string(cause).ok(),
            _ => None,
        },
    }
}
