//! The meaning of a machine, written from `docs/language.md` alone: on the model, with plain sets of
//! states and recursion, without slots, leaves or plans. Slow, and as near to the words as code can
//! be. It knows the expressions that the random machines have.
//!
//! [`choosing`] is the search for transitions and their conflicts, [`targets`] says what they leave
//! and where they lead, [`entering`] enters, [`activities`] says what becomes of their ends, [`sagas`],
//! [`loops`], [`fan_out`], [`people`] and [`children`] what the text says of these; steps and the queue stand here. What was
//! written comes from [`reading`], which takes the trees before anything is lowered.

mod activities;
mod children;
mod choosing;
mod entering;
mod fan_out;
mod loops;
pub(crate) mod people;
mod picture;
mod reading;
mod sagas;
mod targets;
mod values;

pub use reading::Reading;

use crate::author::Input;
use crate::{Driven, Seen};
use choosing::Chosen;
use entering::Entry;
use fan_out::Fan;
use people::Told;
use reading::{Loop, Place};
use sagas::{At, Course};
use serde_json::Value as Json;
use statewright_dsl::model::{
    ContextDecl, EventId, Invariant, Model, Reaction, ReactionId, State, StateId, StateKind,
    Trigger,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use values::Value;

/// The kind of an error.
type Failure = &'static str;

#[derive(Clone, Debug)]
enum Due {
    After(ReactionId),
    Every(ReactionId, i64),
    Raise(EventId, Vec<Value>),
}

#[derive(Clone, Debug)]
enum Internal {
    Event(EventId, Vec<Value>),
    Done(StateId),
    /// All steps of a stage of a saga are done, which ran side by side.
    SideBySide(StateId, usize),
    /// A fan-out was decided when it began, under this number.
    Joined(StateId, u64, Option<(String, String)>),
}

/// An activity that has not ended.
#[derive(Clone, Debug)]
struct Running {
    number: u64,
    /// The state that asked.
    state: StateId,
    /// For what.
    asks: Asks,
    /// How many of the calls have failed.
    failed: usize,
    /// The arguments of all calls.
    args: Vec<Vec<Value>>,
    /// The step that it takes back: its name, the number of its call, and whether it is known to be
    /// done.
    undoes: Option<(String, u64, bool)>,
}

/// What a state asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Asks {
    /// What it invokes.
    Invoke,
    /// A branch of its fan-out.
    Branch(usize),
    /// A step of the saga: stage and step.
    Step(usize, usize),
    /// What takes a step back.
    Undo(usize, usize),
}

/// What a step changes.
#[derive(Clone, Debug, Default)]
struct Memory {
    active: BTreeSet<StateId>,
    context: Vec<Value>,
    data: BTreeMap<StateId, Vec<Value>>,
    left: BTreeMap<StateId, BTreeSet<StateId>>,
    entered: BTreeMap<StateId, i64>,
    queue: VecDeque<Internal>,
    deferred: Vec<(EventId, Vec<Value>)>,
    timers: Vec<(i64, Due)>,
    outputs: Vec<Json>,
    now: i64,
    changed: bool,
    finished: bool,
    running: Vec<Running>,
    visits: u64,
    fans: Vec<Fan>,
    /// What people were told under a number.
    told: BTreeMap<u64, Told>,
    courses: BTreeMap<StateId, Course>,
    /// How far sagas had come inside a state when it was last left.
    left_courses: BTreeMap<StateId, BTreeMap<StateId, Course>>,
    /// For how many rounds each `until` of a loop has held.
    streaks: BTreeMap<StateId, Vec<u64>>,
    /// What `change(x)` saw at the end of the round before.
    before: BTreeMap<Place, i64>,
}

/// A machine, run as the text says.
#[derive(Debug)]
pub struct Oracle<'m> {
    reading: &'m Reading,
    now: Memory,
    calls: Vec<String>,
    /// The numbers of the activities that nobody waits for any more, in order.
    revoked: Vec<u64>,
    started: bool,
    /// What was sent to other machines, in order.
    sent: Vec<Json>,
    /// What was asked for since the last input: the number, and which of its chain.
    asked: Vec<(u64, usize)>,
}

/// The tree.
impl<'m> Oracle<'m> {
    /// Runs a model.
    pub fn new(reading: &'m Reading) -> Self {
        Self {
            reading,
            now: Memory::default(),
            calls: Vec::new(),
            revoked: Vec::new(),
            started: false,
            sent: Vec::new(),
            asked: Vec::new(),
        }
    }

    fn model(&self) -> &'m Model {
        &self.reading.model
    }

    fn state(&self, id: StateId) -> &'m State {
        &self.model().states[id.index()]
    }

    /// The state and all around it, innermost first.
    fn around(&self, id: StateId) -> Vec<StateId> {
        std::iter::successors(Some(id), |id| self.state(*id).parent).collect()
    }

    fn is_inside(&self, inner: StateId, outer: StateId) -> bool {
        let around = std::iter::successors(self.state(inner).parent, |id| self.state(*id).parent);
        around.into_iter().any(|id| id == outer)
    }

    fn is_active(&self, id: StateId) -> bool {
        self.now.active.contains(&id)
    }

    fn active_inside(&self, outer: StateId) -> BTreeSet<StateId> {
        self.now.active.iter().copied().filter(|id| self.is_inside(*id, outer)).collect()
    }

    fn is_done(&self, id: StateId) -> bool {
        let children = &self.state(id).children;
        let is_final = |c: &StateId| self.state(*c).kind == StateKind::Final && self.is_active(*c);
        match self.state(id).kind {
            StateKind::Parallel => children.iter().all(|region| self.is_done(*region)),
            _ => children.iter().any(is_final),
        }
    }
}

/// Steps.
impl<'m> Oracle<'m> {
    /// An event, in the first microstep or a later one.
    fn offer(&mut self, event: EventId, payload: Vec<Value>) -> Result<Failure, Failure> {
        if self.now.finished {
            return Ok("Unhandled");
        }
        let outcome = self.react(&[Trigger::Event(event)], &payload)?;
        if outcome == "Deferred" {
            self.now.deferred.push((event, payload));
        }
        Ok(outcome)
    }

    /// `always`, then deferred events after a change, then the internal queue.
    fn settle(&mut self) -> Result<(), Failure> {
        for _ in 0..1000 + self.now.deferred.len() {
            if self.now.finished {
                self.now.queue.clear();
                self.now.deferred.clear();
                self.now.timers.clear();
                self.now.fans.clear();
                let running = std::mem::take(&mut self.now.running);
                self.revoked.extend(running.into_iter().map(|running| running.number));
                return self.invariants();
            }
            if self.react(&[Trigger::Always], &[])? == "Handled" {
                continue;
            }
            if std::mem::take(&mut self.now.changed) {
                let again = std::mem::take(&mut self.now.deferred).into_iter();
                let again = again.map(|(event, payload)| Internal::Event(event, payload));
                let behind = std::mem::take(&mut self.now.queue);
                self.now.queue = again.chain(behind).collect();
            }
            match self.now.queue.pop_front() {
                None => return self.invariants(),
                Some(Internal::Event(event, payload)) => {
                    self.offer(event, payload)?;
                }
                Some(Internal::Done(state)) => self.done(state)?,
                Some(Internal::SideBySide(state, stage)) => {
                    self.side_by_side_done(state, stage)?;
                }
                Some(Internal::Joined(state, first, failure)) => {
                    self.joined(state, first, failure)?;
                }
            }
        }
        Err("MicrostepLimit")
    }

    fn done(&mut self, state: StateId) -> Result<(), Failure> {
        if !self.is_active(state) {
            return Ok(());
        }
        if let Some(course) = self.now.courses.get(&state) {
            if course.at == At::Done {
                self.gives(state, &[])?;
            }
            return Ok(());
        }
        if !self.is_done(state) {
            return Ok(());
        }
        if let Some(of) = self.reading.loops.get(&state) {
            return self.round_ends(state, of);
        }
        let own = self.state(state).reactions.iter();
        let own = own.map(|id| &self.model().reactions[id.index()]);
        let Some(reaction) = own.clone().find(|r| r.trigger == Trigger::Done) else {
            return Ok(());
        };
        let children = self.state(state).children.iter();
        let last = children
            .into_iter()
            .find(|c| self.state(**c).kind == StateKind::Final && self.is_active(**c));
        let payload = last.and_then(|last| self.now.data.get(last)).cloned().unwrap_or_default();
        let bound = self.bound(reaction, &payload);
        self.single(reaction, bound)
    }

    /// The one transition of a timer or completion, if its guards allow it.
    fn single(&mut self, reaction: &'m Reaction, bound: Vec<Value>) -> Result<(), Failure> {
        if self.is_refused(reaction) {
            return Ok(());
        }
        let choice = !reaction.effects.is_empty();
        let branch = if choice { None } else { self.branch(reaction, &bound)? };
        if !choice && branch.is_none() {
            return Ok(());
        }
        let chosen = Chosen::of(reaction, bound, branch);
        let chosen = if self.aborts(&chosen) { self.abort(chosen) } else { Some(chosen) };
        match chosen {
            Some(chosen) => self.take(vec![chosen]),
            None => Ok(()),
        }
    }

    fn invariants(&self) -> Result<(), Failure> {
        let violated = |invariant: &Invariant| -> Result<bool, Failure> {
            let Invariant { state, expr, .. } = invariant;
            Ok(self.is_active(*state) && !self.holds(Some(expr), *state, &[])?)
        };
        for invariant in &self.model().invariants {
            if violated(invariant)? {
                return Err("Invariant");
            }
        }
        Ok(())
    }

    /// All or nothing.
    fn step(
        &mut self,
        first: impl FnOnce(&mut Self) -> Result<Failure, Failure>,
    ) -> Result<Failure, Failure> {
        let (before, calls) = (self.now.clone(), self.calls.len());
        let (revoked, asked, sent) = (self.revoked.len(), self.asked.len(), self.sent.len());
        let made = first(self).and_then(|outcome| match outcome {
            // Nothing has happened but that another is asked.
            "Pending" => Ok(outcome),
            _ => self.settle().map(|()| outcome),
        });
        if made.is_err() {
            self.now = before;
            self.calls.truncate(calls);
            self.revoked.truncate(revoked);
            self.asked.truncate(asked);
            self.sent.truncate(sent);
        }
        made
    }

    /// The first that is due, in the order of deadlines, then of setting.
    fn fire(&mut self, until: i64) -> Option<Result<Failure, Failure>> {
        let due = self.now.timers.iter().enumerate().filter(|(_, (at, _))| *at <= until);
        let (at, _) = due.min_by_key(|(order, (at, _))| (*at, *order))?;
        Some(self.step(|oracle| {
            let (deadline, due) = oracle.now.timers.remove(at);
            oracle.now.now = deadline;
            let reaction = match due {
                Due::Raise(event, payload) => return oracle.offer(event, payload),
                Due::After(reaction) => reaction,
                Due::Every(reaction, period) => {
                    let due = Due::Every(reaction, period);
                    oracle.now.timers.push((deadline + period, due));
                    reaction
                }
            };
            let is_deadline = |of: &Loop| of.deadline == Some(reaction);
            if oracle.reading.loops.values().any(is_deadline) {
                return oracle.out_of_time(reaction).map(|()| "Handled");
            }
            let reaction = &oracle.model().reactions[reaction.index()];
            oracle.single(reaction, Vec::new()).map(|()| "Handled")
        }))
    }
}

impl Driven for Oracle<'_> {
    fn start(&mut self) -> Seen {
        let made = self.step(|oracle| {
            if let ContextDecl::Declared(fields) = &oracle.model().declarations.context {
                for default in fields.iter().filter_map(|field| field.param.default.as_ref()) {
                    let value = oracle.value(default, StateId::ROOT, &[])?;
                    oracle.now.context.push(value);
                }
            }
            let mut entry = Entry::default();
            oracle.one(StateId::ROOT, &[], &mut entry);
            oracle.enter(entry).map(|()| "Started")
        });
        self.started = made.is_ok();
        self.seen(made.unwrap_or_else(|error| error).into())
    }

    fn send(&mut self, input: Input) -> Seen {
        if !self.started {
            return self.start();
        }
        match input {
            Input::Reply(whom, ending) => {
                let running: Vec<u64> =
                    self.now.running.iter().map(|running| running.number).collect();
                let id = whom.number(&running, self.now.visits);
                // Nobody waits for it: there is no step.
                let made = match running.contains(&id) {
                    true => self.step(|oracle| oracle.ends(id, ending)),
                    false => Ok("Ignored"),
                };
                self.seen(made.unwrap_or_else(|error| error).into())
            }
            Input::Event(event, n) => {
                let payload = if event % 2 == 1 { vec![Value::Number(n.into())] } else { vec![] };
                let made = self.step(|oracle| oracle.offer(EventId(event as u32), payload));
                self.seen(made.unwrap_or_else(|error| error).into())
            }
            Input::Wait(seconds) => {
                let until = self.now.now + seconds as i64 * 1000;
                let mut fired = 0;
                while let Some(made) = self.fire(until) {
                    if let Err(error) = made {
                        return self.seen(error.into());
                    }
                    fired += 1;
                }
                self.now.now = until;
                self.seen(format!("{fired} fired"))
            }
        }
    }
}
