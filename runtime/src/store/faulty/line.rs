//! Batches stand in line: they are written in order and answered in order, whatever happens to one.

use super::Fault;
use crate::store::{Commit, Committed, Outcome, Store, StoreError};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// Calls something after a time.
pub type Later = Box<dyn Fn(Duration, Box<dyn FnOnce() + Send>) + Send + Sync>;

type Answer = Result<Vec<Outcome>, StoreError>;

/// The batches that were handed over.
pub(super) struct Line<S> {
    /// Nothing that is to happen later keeps the store from being dropped, and its claim from
    /// ending.
    store: Weak<S>,
    later: Later,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The number of the last batch that was handed over.
    last: u64,
    /// To be written.
    unwritten: VecDeque<(u64, Vec<Commit>, Option<Fault>)>,
    /// Somebody writes, or a late batch holds up the line.
    writing: bool,
    /// To be told, the next first.
    untold: VecDeque<(u64, Committed)>,
    /// What is to be told, when it is its turn.
    answers: BTreeMap<u64, Answer>,
    /// A batch is being handed to the store: what it answers meanwhile is told afterwards, when
    /// nothing of the line holds the store any more.
    handing: bool,
    /// Somebody tells.
    telling: bool,
    dead: bool,
}

impl<S: Store> Line<S> {
    pub(super) fn new(store: &Arc<S>, later: Later) -> Self {
        Self { store: Arc::downgrade(store), later, state: Mutex::default() }
    }

    pub(super) fn is_dead(&self) -> bool {
        self.state().dead
    }

    /// Takes a batch; `plan` says what becomes of the one with this number.
    pub(super) fn stand(
        self: &Arc<Self>,
        batch: Vec<Commit>,
        done: Committed,
        plan: impl FnOnce(u64) -> Option<Fault>,
    ) {
        let mut state = self.state();
        state.last += 1;
        let number = state.last;
        // Also of the dead: who waits for an answer is to wait, and not to learn that it is lost.
        state.untold.push_back((number, done));
        if state.dead {
            return;
        }
        state.unwritten.push_back((number, batch, plan(number)));
        drop(state);
        self.write_all();
    }

    fn write_all(self: &Arc<Self>) {
        loop {
            let mut state = self.state();
            if state.writing || state.dead {
                return;
            }
            let Some((number, batch, fault)) = state.unwritten.pop_front() else { return };
            state.writing = true;
            if let Some(Fault::Late(delay)) = fault {
                state.unwritten.push_front((number, batch, None));
                drop(state);
                return self.after(delay, Self::go_on);
            }
            drop(state);
            self.write(number, batch, fault);
            self.state().writing = false;
        }
    }

    fn go_on(self: &Arc<Self>) {
        self.state().writing = false;
        self.write_all();
    }

    fn write(self: &Arc<Self>, number: u64, batch: Vec<Commit>, fault: Option<Fault>) {
        let line = self.clone();
        let told: Committed = match fault {
            None | Some(Fault::Late(_)) => Box::new(move |answer| line.answer(number, answer)),
            Some(Fault::Refused(error)) => return self.answer(number, Err(error)),
            Some(Fault::Denied(error)) => {
                Box::new(move |answer| line.answer(number, answer.and(Err(error))))
            }
            Some(Fault::ToldLate(delay)) => Box::new(move |answer| {
                line.after(delay, move |line| line.answer(number, answer));
            }),
            Some(Fault::Dead { durable }) => {
                self.die();
                if !durable {
                    return;
                }
                Box::new(|_| ())
            }
        };
        let Some(store) = self.store.upgrade() else { return };
        self.state().handing = true;
        store.commit(batch, told);
        drop(store);
        self.state().handing = false;
        self.tell();
    }

    fn die(&self) {
        let mut state = self.state();
        state.dead = true;
        state.unwritten.clear();
    }

    /// Tells what became of a batch, when those before it have been told.
    fn answer(&self, number: u64, answer: Answer) {
        self.state().answers.insert(number, answer);
        self.tell();
    }

    fn tell(&self) {
        let mut state = self.state();
        if state.telling || state.handing {
            return;
        }
        state.telling = true;
        drop(state);
        while let Some((done, answer)) = self.next_answer() {
            done(answer);
        }
    }

    fn next_answer(&self) -> Option<(Committed, Answer)> {
        let mut state = self.state();
        let next = state.untold.front().map(|(number, _)| *number);
        let answer = next.filter(|_| !state.dead).and_then(|next| state.answers.remove(&next));
        let told = answer.and_then(|answer| Some((state.untold.pop_front()?.1, answer)));
        state.telling = told.is_some();
        told
    }

    fn after(self: &Arc<Self>, delay: Duration, call: impl FnOnce(&Arc<Self>) + Send + 'static) {
        let line = self.clone();
        (self.later)(delay, Box::new(move || call(&line)));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
