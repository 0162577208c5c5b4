//! What the store has of instances, and what becomes of it here.

use super::unread::Unread;
use super::{PAUSE, Place, Shard, dispatch, has_message_id};
use crate::engine::advance::{note, refusal, said};
use crate::engine::answers::{Answers, Known};
use crate::engine::edit::retry;
use crate::engine::effects;
use crate::engine::error::{Cause, CauseKind, EngineError};
use crate::engine::kind::Live;
use crate::engine::message::{Address, Job, Left, Loaded, Order, Seen, Wants};
use crate::engine::meters;
use crate::engine::resident::{Committing, End, Resident};
use crate::step::Dispatch;
use crate::store::{Instance, InstanceId, LetterChange, LetterKind, Status, StoreError, Stored};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::time::Instant;

impl Shard {
    pub(super) fn want(&mut self, address: Address, jobs: VecDeque<Job>) {
        self.wanted.push(address.clone());
        self.places.insert(address, Place::Loading(jobs));
    }

    pub(super) fn load_wanted(&mut self) {
        if !self.wanted.is_empty() {
            self.shared.load(self.number, std::mem::take(&mut self.wanted));
        }
    }

    pub(super) fn loaded(&mut self, address: Address, loaded: Result<Option<Loaded>, StoreError>) {
        self.is_here(&address);
        let Some(Place::Loading(_)) = self.places.get(&address) else { return };
        let Some(Place::Loading(jobs)) = self.places.remove(&address) else { return };
        match loaded {
            Ok(Some(loaded)) => self.install(address, loaded, jobs),
            Ok(None) => {
                for job in jobs {
                    self.unknown(&address, job);
                }
            }
            Err(error) => {
                if jobs.is_empty() {
                    self.later.push_back((Instant::now() + PAUSE, address));
                }
                for job in jobs {
                    self.refuse(job, &EngineError::Store(error.clone()));
                }
            }
        }
    }

    /// Something for an instance that does not exist.
    pub(super) fn unknown(&mut self, address: &Address, job: Job) {
        let (machine, key) = self.shared.names(address);
        let error = EngineError::UnknownInstance { machine, key };
        match job {
            Job::Start { .. } => self.to(address.clone(), job),
            job if self.places.contains_key(address) => self.to(address.clone(), job),
            Job::Left(left) => self.answer_left(left.id, said(Err(error))),
            Job::Letter(letter) if letter.kind == LetterKind::Start => {
                self.start_child(address.clone(), letter);
            }
            job => self.refuse(job, &error),
        }
    }

    pub(super) fn install(&mut self, address: Address, loaded: Loaded, mut jobs: VecDeque<Job>) {
        jobs = self.repeated(&loaded.answers, jobs);
        let instance = match loaded.stored {
            Stored::Whole(instance) => *instance,
            Stored::Corrupt { instance, why, .. } => {
                let cause = Cause::new(CauseKind::Undecodable, why);
                let unread = Unread::damaged(instance, loaded.listed);
                return self.unread(&address, unread, cause, jobs);
            }
        };
        if let Some(panic) = self.poisoned.remove(&instance.id)
            && instance.status == Status::Running
        {
            let message = format!("its shard has panicked at it: {panic}");
            let unread = Unread::other(&instance);
            let cause = Cause::new(CauseKind::Panicked, message);
            return self.unread(&address, unread, cause, jobs);
        }
        self.at_work = Some((instance.id, Some(address.clone())));
        match self.shared.bring(&address, &instance) {
            Ok((live, None)) if instance.status == Status::Running => {
                self.settle_in(address, &instance, live, jobs);
            }
            Ok((live, Some(migrated))) if instance.status == Status::Running => {
                self.migrate(address, &instance, live, &migrated, jobs);
            }
            Ok((live, migrated)) => self.show_ended(address, &instance, live, migrated, jobs),
            Err(cause) => self.unread(&address, Unread::other(&instance), cause, jobs),
        }
        self.at_work = None;
    }

    /// Answers messages that an instance which does not go on got before; gives the others.
    pub(super) fn repeated(
        &mut self,
        answers: &[(String, String)],
        jobs: VecDeque<Job>,
    ) -> VecDeque<Job> {
        let before = |id: &str| answers.iter().find(|(known, _)| known == id).map(|(_, said)| said);
        let mut others = VecDeque::new();
        for job in jobs {
            match job {
                Job::Event { message: Some(message), event, answer } => match before(&message) {
                    Some(said) => {
                        let _ = answer.send(Ok(dispatch(said).unwrap_or(Dispatch::Handled)));
                    }
                    None => {
                        let message = Some(message);
                        others.push_back(Job::Event { event, message, answer });
                    }
                },
                Job::Left(Left { id, wants: Wants::Event { message: Some(message), json } }) => {
                    match before(&message) {
                        Some(said) => self.answer_left(id, said.clone()),
                        None => {
                            let wants = Wants::Event { message: Some(message), json };
                            others.push_back(Job::Left(Left { id, wants }));
                        }
                    }
                }
                job => others.push_back(job),
            }
        }
        others
    }

    /// An instance that goes on.
    pub(super) fn settle_in(
        &mut self,
        address: Address,
        instance: &Instance,
        live: Box<dyn Live>,
        jobs: VecDeque<Job>,
    ) {
        let mut resident = Resident::new(instance.id, Arc::clone(&address.key), live);
        let last = instance.records.last();
        resident.seq = last.map_or(instance.seq, |record| record.seq);
        resident.outputs = instance.outputs;
        resident.is_dirty = last.is_some();
        resident.queue = jobs;
        effects::resume(&self.shared, self.number, &address, &mut resident);
        resident.due = resident.live.deadline();
        self.deadlines.extend(resident.due.map(|due| (due, instance.id)));
        self.places.insert(address.clone(), Place::At(instance.id));
        self.residents.insert(instance.id, (address, resident));
        self.ready.push_back(instance.id);
    }

    /// An instance that goes on with another shape of its machine: that it does is durable before
    /// anything else happens with it.
    fn migrate(
        &mut self,
        address: Address,
        instance: &Instance,
        mut live: Box<dyn Live>,
        migrated: &str,
        jobs: VecDeque<Job>,
    ) {
        let kind = &self.shared.kinds[address.kind];
        if let Err(error) = live.settle() {
            let old = self.shared.shapes.get(&instance.shape);
            let cause = kind.cannot_go_on(old, &error.to_string());
            return self.unread(&address, Unread::other(instance), cause, jobs);
        }
        tracing::info!(machine = kind.name(), key = &*address.key, migrated, "carried over");
        meters::migrated(kind.name());
        let mut resident = Resident::new(instance.id, Arc::clone(&address.key), live);
        let last = instance.records.last();
        resident.seq = last.map_or(instance.seq, |record| record.seq);
        (resident.outputs, resident.queue) = (instance.outputs, jobs);
        let mut committing = Committing { end: Some(End::Migrated), ..Committing::default() };
        let now = self.shared.time.millis();
        note(&mut resident, "migrated", migrated, now, &mut committing);
        self.places.insert(address.clone(), Place::At(instance.id));
        self.residents.insert(instance.id, (address, resident));
        self.commit(instance.id, committing);
    }

    /// An instance that has ended, or is parked: it can be looked at, and a parked one retried.
    pub(super) fn show_ended(
        &mut self,
        address: Address,
        instance: &Instance,
        live: Box<dyn Live>,
        migrated: Option<String>,
        jobs: VecDeque<Job>,
    ) {
        let (status, seq) = (instance.status, instance.seq);
        let mut jobs = jobs;
        while let Some(job) = jobs.pop_front() {
            let order = match &job {
                Job::Order { order, .. } => Some(order.clone()),
                Job::Left(left) => match &left.wants {
                    Wants::Order(order) => Some(order.clone()),
                    Wants::Event { .. } | Wants::Task(..) => None,
                },
                Job::Letter(letter) if letter.kind == LetterKind::Cancel => {
                    // A saga is not left half done: it is taken back when a person lets it go on.
                    let parent = live.parent().filter(|_| !live.is_in_saga());
                    parent.is_some_and(|parent| parent.cancels(letter)).then_some(Order::Cancel)
                }
                _ => None,
            };
            if let (Some(order), Status::Parked) = (order, status) {
                return self.revive(address, instance, (live, migrated), (order, job), jobs);
            }
            let error = refusal(status, &address.key, instance.cause.as_deref());
            match job {
                Job::Look(mut look) => {
                    let outputs = instance.outputs;
                    let seen = Seen { live: &*live, id: instance.id, seq, outputs, status };
                    if !look(Ok(seen)) {
                        look(Err(error));
                    }
                }
                Job::Start { answer, .. } => {
                    let (machine, key) = self.shared.names(&address);
                    let _ = answer.send(Err(EngineError::Duplicate { machine, key }));
                }
                Job::Left(left) => self.answer_left(left.id, said(Err(error))),
                job => self.refuse(job, &error),
            }
        }
    }

    /// What a person has decided about a parked instance.
    pub(super) fn revive(
        &mut self,
        address: Address,
        instance: &Instance,
        (live, migrated): (Box<dyn Live>, Option<String>),
        (order, job): (Order, Job),
        jobs: VecDeque<Job>,
    ) {
        let now = self.shared.time.millis();
        let mut resident = Resident::new(instance.id, Arc::clone(&address.key), live);
        (resident.seq, resident.outputs, resident.queue) = (instance.seq, instance.outputs, jobs);
        let mut committing = Committing { was_parked: true, ..Committing::default() };
        let mut settled = Ok(());
        if let Some(migrated) = migrated {
            committing.is_carried = true;
            if matches!(order, Order::Retry(_)) {
                settled = resident.live.settle();
            }
            note(&mut resident, "migrated", &migrated, now, &mut committing);
        }
        let made = settled.and_then(|()| match &order {
            Order::Retry(change) => {
                let kind = &*self.shared.kinds[address.kind];
                let of = (change.as_deref(), instance.cause.as_deref());
                retry(kind, &mut resident, of, now, &mut committing)
            }
            Order::Abandon | Order::Cancel => {
                let word = if order == Order::Cancel { "cancelled" } else { "abandoned" };
                note(&mut resident, word, "true", now, &mut committing);
                Ok(Dispatch::Handled)
            }
        });
        let dispatch = match made {
            Ok(dispatch @ (Dispatch::Handled | Dispatch::Deferred | Dispatch::Pending)) => dispatch,
            refused => return self.stays_parked(address, job, refused, resident.queue),
        };
        committing.end = Some(match order {
            Order::Retry(_) => End::Retried,
            Order::Abandon => End::Abandoned,
            Order::Cancel => End::Cancelled,
        });
        match job {
            Job::Order { answer, .. } => {
                committing.answers.push((answer, dispatch));
            }
            Job::Left(left) => {
                committing.left.push((left, said(Ok(dispatch))));
            }
            Job::Letter(letter) => committing.letters.push(LetterChange::Taken(letter.id)),
            _ => {}
        }
        self.places.insert(address.clone(), Place::At(instance.id));
        self.residents.insert(instance.id, (address, resident));
        self.commit(instance.id, committing);
    }

    /// A person's change came to nothing: the instance is as it was, and is read again for whoever
    /// else wants something of it.
    fn stays_parked(
        &mut self,
        address: Address,
        job: Job,
        refused: Result<Dispatch, EngineError>,
        jobs: VecDeque<Job>,
    ) {
        match job {
            Job::Order { answer, .. } => {
                let _ = answer.send(refused);
            }
            Job::Left(left) => self.answer_left(left.id, said(refused)),
            _ => {}
        }
        if !jobs.is_empty() {
            self.want(address, jobs);
        }
    }

    pub(super) fn answers(
        &mut self,
        id: InstanceId,
        answers: Result<Vec<(String, String)>, StoreError>,
    ) {
        let Some((_, resident)) = self.residents.get_mut(&id) else { return };
        match answers {
            Ok(list) => {
                let list = list.into_iter().filter_map(|(id, said)| Some((id, dispatch(&said)?)));
                let mut known = Known::default();
                known.learn(list, self.shared.time.millis());
                resident.answers = Answers::Known(known);
            }
            Err(error) => {
                resident.answers = Answers::Unknown;
                if resident.queue.front().is_some_and(has_message_id)
                    && let Some(job) = resident.queue.pop_front()
                {
                    self.refuse(job, &EngineError::Store(error));
                }
            }
        }
        self.ready.push_back(id);
    }
}
