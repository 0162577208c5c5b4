//! A running machine as data.

use super::activity::Invocation;
use super::fan_out::Fan;
use super::value::Value;
use crate::chart::{Chart, FanOutId, HistoryId, TimerId};
use crate::model::{ContextDecl, EventId, StateId, StateKind};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// A running machine: everything that a step reads and changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Instance {
    /// The active states, in document order.
    pub active: BTreeSet<StateId>,
    /// The context, field by field; `None` where nothing is set yet.
    pub context: Vec<Option<Value>>,
    /// The data of states; kept when a state is left, for its history.
    pub data: BTreeMap<StateId, Vec<Value>>,
    /// What was active inside remembered states when they were last left.
    pub histories: BTreeMap<HistoryId, BTreeSet<StateId>>,
    /// When the states that are asked for it were last entered.
    pub entered: BTreeMap<StateId, Duration>,
    /// Raised events and completions.
    pub queue: VecDeque<Internal>,
    /// Events put off, first in front.
    pub deferred: Vec<Occurrence>,
    /// What is due later, in the order it was set.
    pub timers: Vec<Pending>,
    /// Activities that were asked for and have not ended, the oldest first.
    pub invocations: Vec<Invocation>,
    /// Fan-outs whose joins are not decided; their branches that run are among the invocations.
    pub fans: Vec<Fan>,
    /// How many were asked for so far.
    pub visits: u64,
    /// The machine's time.
    pub now: Duration,
    /// The configuration has changed since deferred events were last tried.
    pub changed: bool,
    /// The final state of the machine has been entered.
    pub finished: bool,
}

/// An event that happens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Occurrence {
    /// Which.
    pub event: EventId,
    /// Its payload, in declared order.
    pub payload: Vec<Value>,
}

/// What waits in the internal queue.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Internal {
    /// A raised event, or a deferred one that is tried again.
    Event(Occurrence),
    /// A state is complete.
    Done(StateId),
    /// A fan-out was decided when it began, under this number: it has failed with a name and a
    /// message, or succeeded.
    Joined(FanOutId, u64, Option<(String, String)>),
}

/// A timer or a delayed event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pending {
    /// When it is due.
    pub deadline: Duration,
    /// What then happens.
    pub due: Due,
}

/// What happens at a deadline.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Due {
    /// `after` and `every`; with its period if it repeats.
    Timer(TimerId, Option<Duration>),
    /// `raise .. after`
    Event(Occurrence),
}

impl Instance {
    /// Nothing is active yet.
    pub fn new(chart: &Chart, now: Duration) -> Self {
        let fields = match &chart.declarations.context {
            ContextDecl::Declared(fields) => fields.len(),
            ContextDecl::External(_) => 0,
        };
        Self {
            active: BTreeSet::new(),
            context: vec![None; fields],
            data: BTreeMap::new(),
            histories: BTreeMap::new(),
            entered: BTreeMap::new(),
            queue: VecDeque::new(),
            deferred: Vec::new(),
            timers: Vec::new(),
            invocations: Vec::new(),
            fans: Vec::new(),
            visits: 0,
            now,
            changed: false,
            finished: false,
        }
    }

    /// True if a state is active.
    pub fn is_active(&self, state: StateId) -> bool {
        self.active.contains(&state)
    }

    /// The innermost active states, in document order.
    pub fn leaves<'a>(&'a self, chart: &'a Chart) -> impl Iterator<Item = StateId> + 'a {
        self.active.iter().copied().filter(|state| chart.state(*state).kind.is_leaf())
    }

    /// The paths of the innermost active states, in document order.
    pub fn paths(&self, chart: &Chart) -> Vec<String> {
        self.leaves(chart).map(|state| chart.state(state).path.clone()).collect()
    }

    /// True if the child of the state, or of each of its regions, is final.
    pub(super) fn is_complete(&self, chart: &Chart, state: StateId) -> bool {
        let shape = chart.state(state);
        let mut children = shape.children.iter();
        match shape.kind {
            StateKind::Parallel => children.all(|region| self.is_complete(chart, *region)),
            _ => children.any(|child| {
                chart.state(*child).kind == StateKind::Final && self.is_active(*child)
            }),
        }
    }

    /// The place in [`Instance::timers`] of what is due first, up to `until`. Equal deadlines are
    /// due in the order they were set.
    pub fn due(&self, until: Duration) -> Option<usize> {
        let due = self.timers.iter().enumerate().filter(|(_, p)| p.deadline <= until);
        due.min_by_key(|(at, p)| (p.deadline, *at)).map(|(at, _)| at)
    }
}
