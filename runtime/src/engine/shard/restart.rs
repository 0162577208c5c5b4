//! A shard goes on from the store when it has panicked where nothing else catches it: when a value is
//! dropped, say, or by whoever listens to metrics.
//!
//! What is in memory may be half changed, so all of it goes. What was handed over to the store is
//! waited for, and answered as it comes out; what was about to be is answered with the panic; what
//! waited for its turn waits on. Then all instances are read anew that were in memory, and the one at
//! which it happened is parked.

use super::mail::Track;
use super::{OnItsWay, PAUSE, Place, Shard};
use crate::engine::error::EngineError;
use crate::engine::guard::guarded;
use crate::engine::message::{Address, Job, Message};
use crate::engine::meters;
use crate::engine::resident::{Committing, Resident};
use crate::store::{InstanceId, LetterId, Outcome, StoreError};
use std::collections::{HashMap, HashSet, VecDeque};
use tokio::time::Instant;

/// What is known of before.
#[derive(Default)]
pub(super) struct Restart {
    /// What instances have on their way into the store.
    pub(super) committing: HashMap<InstanceId, (Address, Box<Committing>)>,
    /// The instances that were in memory, and what waited for them.
    waiting: Vec<(Address, VecDeque<Job>)>,
    /// What has come since.
    since: Vec<Message>,
    /// A shard that panics again and again does so no oftener than this.
    pub(super) not_before: Option<Instant>,
}

impl Shard {
    pub(super) fn begin_again(&mut self, panic: &str) {
        let at = self.at_work.take();
        let resident = at.as_ref().and_then(|(id, _)| self.residents.get(id));
        let new = at.as_ref().and_then(|(_, address)| address.clone());
        let address = resident.map(|(address, _)| address).or(new.as_ref());
        let (machine, key) = address.map(|address| self.shared.names(address)).unwrap_or_default();
        let shard = self.number;
        tracing::error!(
            shard,
            machine,
            key,
            panic,
            "a shard has panicked, and goes on from the store"
        );
        meters::shard_panicked();
        self.poisoned.extend(at.map(|(id, _)| (id, panic.to_owned())));
        let mut restart = self.restart.take().unwrap_or_default();
        restart.waiting.extend(new.map(|address| (address, VecDeque::new())));
        let error = EngineError::Panicked(panic.to_owned());
        self.lose_letters(&error);
        self.lose_instances(&mut restart, &error);
        // What the store was asked for may have been lost with what was being done.
        let addresses = restart.waiting.iter().map(|(address, _)| address.clone());
        addresses.collect::<Vec<_>>().into_iter().for_each(|address| self.owed(address));
        self.deadlines.clear();
        self.ready.clear();
        self.idle.clear();
        self.wanted.clear();
        self.batch.clear();
        let is_again = self.restarted.is_some_and(|last| last.elapsed() < PAUSE);
        restart.not_before = is_again.then(|| Instant::now() + PAUSE);
        self.restarted = Some(Instant::now());
        self.restart = Some(restart);
        self.go_on();
    }

    /// What other programs have left, and other instances have sent, comes again if it is not on its
    /// way into the store.
    fn lose_letters(&mut self, error: &EngineError) {
        let on_its_way = self.batches.values().flat_map(|batch| &batch.left);
        let on_its_way: HashSet<i64> = on_its_way.copied().collect();
        let lost = self.left.keys().copied().filter(|id| !on_its_way.contains(id));
        lost.collect::<Vec<_>>().into_iter().for_each(|id| self.not_taken(id));
        let gone = |(_, track): &(usize, Track)| match track {
            Track::Gone(id) => Some(*id),
            _ => None,
        };
        let on_their_way = self.batches.values().flat_map(|batch| &batch.letters);
        let on_their_way: HashSet<LetterId> = on_their_way.filter_map(gone).collect();
        let lost = self.here.extract_if(|id, _| !on_their_way.contains(id));
        let lost: Vec<Address> = lost.map(|(_, address)| address).collect();
        lost.into_iter().for_each(|address| self.owed(address));
        for (_, track) in std::mem::take(&mut self.ordered) {
            if let Track::Answer(id, reply) = track {
                self.answer_letter(id, reply, Err(&StoreError::Failed(error.to_string())));
            }
        }
    }

    fn lose_instances(&mut self, restart: &mut Restart, error: &EngineError) {
        let instances = |batch: &OnItsWay| batch.instances.clone();
        let on_its_way: HashSet<InstanceId> = self.batches.values().flat_map(instances).collect();
        let not = |(id, _): &mut (InstanceId, _)| !on_its_way.contains(id);
        for (_, answer) in self.given_up.extract_if(.., not) {
            let _ = answer.send(Err(error.clone()));
        }
        let mut residents: Vec<_> = std::mem::take(&mut self.residents).into_values().collect();
        residents.sort_by_key(|(_, resident)| resident.id);
        for (address, mut resident) in residents {
            match resident.committing.take() {
                Some(committing) if on_its_way.contains(&resident.id) => {
                    restart.committing.insert(resident.id, (address.clone(), committing));
                }
                Some(committing) => committing.refuse(error),
                None => {}
            }
            restart.waiting.push((address, let_go(resident)));
        }
        for (address, place) in std::mem::take(&mut self.places) {
            if let Place::Loading(jobs) = place {
                restart.waiting.push((address, staying(jobs)));
            }
        }
    }

    /// Keeps for later what comes while the shard waits for the store; gives what does not.
    pub(super) fn put_off(&mut self, message: Message) -> Option<Message> {
        let Some(restart) = &mut self.restart else { return Some(message) };
        match message {
            Message::Committed(..) | Message::Stop(_) => return Some(message),
            // It was asked for before, and is asked for again.
            Message::Loaded(..) => {}
            message => restart.since.push(message),
        }
        None
    }

    /// Goes on as soon as nothing is on its way into the store any more.
    pub(super) fn go_on(&mut self) {
        let is_early =
            |restart: &mut Restart| restart.not_before.is_none_or(|at| at <= Instant::now());
        if !self.batches.is_empty() {
            return;
        }
        let Some(restart) = self.restart.take_if(is_early) else { return };
        for (address, jobs) in restart.waiting {
            match self.stopping {
                Some(_) => {
                    jobs.into_iter().for_each(|job| self.refuse(job, &EngineError::Stopped));
                }
                None => self.want(address, jobs),
            }
        }
        restart.since.into_iter().for_each(|message| self.take(message));
    }

    /// Answers what was handed over before the shard has panicked.
    pub(super) fn answer_orphan(
        &mut self,
        address: &Address,
        committing: Box<Committing>,
        outcome: Outcome,
    ) {
        for (answer, dispatch) in committing.answers {
            let _ = answer.send(match outcome {
                Outcome::Duplicate => {
                    let (machine, key) = self.shared.names(address);
                    Err(EngineError::Duplicate { machine, key })
                }
                Outcome::Done | Outcome::NotDead => Ok(dispatch),
            });
        }
        if !committing.task_news.is_empty() {
            self.shared.task_news.send_modify(|count| *count += 1);
        }
    }
}

/// Drops an instance; gives what waited for it.
fn let_go(mut resident: Resident) -> VecDeque<Job> {
    // What runs is dropped, and started again.
    resident.running.clear();
    let mut jobs = staying(std::mem::take(&mut resident.queue));
    jobs.extend(std::mem::take(&mut resident.watchers).into_iter().map(Job::Look));
    if let Err(panic) = guarded(|| drop(resident)) {
        tracing::error!(panic, "an instance has panicked when it was dropped");
    }
    jobs
}

/// What waits on: letters and messages of other programs come again.
fn staying(mut jobs: VecDeque<Job>) -> VecDeque<Job> {
    jobs.retain(|job| !matches!(job, Job::Letter(_) | Job::Left(_)));
    jobs
}
