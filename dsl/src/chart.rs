//! The chart: a checked machine with its meaning worked out. `lower` makes it; the interpreter, the
//! verifier and the Rust emitter read it. None of them computes an exit or entry set of its own.
//!
//! # Slots and leaves
//!
//! Exactly one child of the root, of an active composite and of an active region is active. The
//! root and every region are a *slot*: the choice that is made there, all the way down to the
//! first state that has no exclusive children. That state is the slot's *leaf*: atomic, final, or
//! parallel (whose regions are further slots). A configuration is one leaf a slot, or none for the
//! slots of parallel states that are not active. Leaves are numbered in document order, so a state
//! is active if the leaf of its slot lies in a range: [`ChartState::leaves`].

use crate::ast::Role;
use crate::model::{
    self, Declarations, Effect, ErrorKind, Expr, FieldId, Invariant, Migration, Name, Param,
    ReactionId, StateId, StateKind, id,
};
use crate::span::Span;
use std::ops::Range;

id! {
    /// Index into [`Chart::slots`]; 0 is the root's.
    SlotId;
    /// Index into [`Chart::leaves`].
    LeafId;
    /// Index into [`Chart::triggers`].
    TriggerId;
    /// Index into [`Chart::timers`].
    TimerId;
    /// Index into [`Chart::transitions`].
    TransitionId;
    /// Index into [`Chart::plans`].
    PlanId;
    /// Index into [`Chart::histories`].
    HistoryId;
    /// Index into [`Chart::invokes`].
    InvokeId;
    /// Index into [`Chart::fan_outs`].
    FanOutId;
}

/// A machine with its meaning worked out. States have the same ids as in the model.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Its name.
    pub name: Name,
    /// Its docs.
    pub docs: Vec<String>,
    /// Its version.
    pub version: u64,
    /// Its instances are kept by a store.
    pub durable: bool,
    /// What tells its instances apart.
    pub key: Option<FieldId>,
    /// Types, context, events, outputs, host functions.
    pub declarations: Declarations,
    /// The states in document order, children behind parents: the states in a state are the ids
    /// directly behind it, [`ChartState::subtree`].
    pub states: Vec<ChartState>,
    /// The root and the regions, in document order.
    pub slots: Vec<Slot>,
    /// The states that can be a slot's leaf, in document order.
    pub leaves: Vec<StateId>,
    /// External events in declared order, then timers, completions, and how invoked activities end.
    pub triggers: Vec<Trigger>,
    /// `after` and `every`, state by state, in a state in document order.
    pub timers: Vec<Timer>,
    /// What states invoke, in document order; of a fan-out one for each call.
    pub invokes: Vec<Invoke>,
    /// The fan-outs of states, in document order.
    pub fan_outs: Vec<FanOut>,
    /// States that a history target names, in document order.
    pub histories: Vec<History>,
    /// Reactions in document order. `TransitionId` and the model's `ReactionId` are the same number.
    pub transitions: Vec<Transition>,
    /// One for each branch of each transition, in that order.
    pub plans: Vec<Plan>,
    /// Entry of the whole machine, the root included.
    pub start: Vec<EntryStep>,
    /// Conditions that hold after every macrostep.
    pub invariants: Vec<Invariant>,
    /// What becomes of instances of old versions, by version.
    pub migrations: Vec<Migration>,
}

/// A state of the chart.
#[derive(Clone, Debug)]
pub struct ChartState {
    /// Its name.
    pub name: Name,
    /// Its names from the outermost state inwards, joined by dots: `Operating.Cars.Go`. Empty for
    /// the root.
    pub path: String,
    /// Its docs.
    pub docs: Vec<String>,
    /// What it is.
    pub kind: StateKind,
    /// The state around it.
    pub parent: Option<StateId>,
    /// The states directly in it.
    pub children: Vec<StateId>,
    /// It and all states in it, as a range of state ids.
    pub subtree: Range<u32>,
    /// The slot in which it is chosen. For the root and for regions: their own.
    pub slot: SlotId,
    /// The leaves of its slot that make it active. For the root and for regions: all of their slot.
    pub leaves: Range<u32>,
    /// The slots inside it: those of the regions in its subtree, itself included if it is one.
    pub slots: Range<u32>,
    /// Its data.
    pub data: Vec<Param>,
    /// On entry.
    pub entry: Vec<Effect>,
    /// On exit.
    pub exit: Vec<Effect>,
    /// Its timers, started on entry after the entry effects, in order; cancelled on exit.
    pub timers: Range<u32>,
    /// What runs while it is active, started on entry behind the timers, cancelled on exit.
    pub invoke: Option<InvokeId>,
    /// The same with many calls at once; not beside the other.
    pub fan_out: Option<FanOutId>,
    /// What it does itself on a trigger, sorted by trigger: at most one transition each, or for an
    /// error one that names it and one for all; behind it at most one defer or ignore.
    pub handlers: Vec<(TriggerId, Handler)>,
    /// Its `always`, in document order.
    pub always: Vec<TransitionId>,
    /// Its `on done`.
    pub on_done: Option<TriggerId>,
    /// Recorded on exit, before the exit effects of any state inside.
    pub history: Option<HistoryId>,
    /// `@outcome(failure)`.
    pub failure: bool,
    /// The part of a saga that it is.
    pub role: Option<Role>,
    /// The step of the saga that this part belongs to.
    pub step: Option<String>,
    /// What is known of `late` fields while it is active.
    pub late: model::LateFields,
    /// `@id`, or the path: the name that persists.
    pub id: String,
    /// `@was`: names it had.
    pub was: Vec<String>,
    /// Where it is declared.
    pub span: Span,
    /// Default entry of what is inside it: for the root, a composite and a region the initial
    /// effects and the states below; for a parallel state its regions. Empty for leaves.
    pub default_entry: Vec<EntryStep>,
}

/// The root or a region.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The root or the region.
    pub state: StateId,
    /// Its leaves.
    pub leaves: Range<u32>,
    /// The slot around it; `None` for the root.
    pub parent: Option<SlotId>,
}

/// Something that can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// An external or raised event.
    Event(crate::model::EventId),
    /// A timer has run out.
    Timer(TimerId),
    /// The state is complete.
    Done(StateId),
    /// What is invoked has a result. Of a fan-out, whose first call stands for all of it: its join
    /// has succeeded.
    Result(InvokeId),
    /// What is invoked has ended with an error. Of a fan-out: its join has failed with it.
    Error(InvokeId, ErrorKind),
}

/// `after` or `every`.
#[derive(Clone, Debug)]
pub struct Timer {
    /// The state it belongs to.
    pub state: StateId,
    /// How long; read on entry.
    pub delay: Expr,
    /// `every`.
    pub repeats: bool,
    /// What it triggers.
    pub trigger: TriggerId,
}

/// What a state invokes.
#[derive(Clone, Debug)]
pub struct Invoke {
    /// The state it belongs to.
    pub state: StateId,
    /// Which activity with which arguments, and what is tried if that fails.
    pub call: model::Invoke,
    /// The timer that is the `timeout` of a human step.
    pub timeout: Option<TimerId>,
    /// What its result triggers.
    pub result: TriggerId,
    /// The errors that it can end with, and what they trigger. Any that is not here is as good as
    /// [`ErrorKind::Unexpected`].
    pub errors: Vec<(ErrorKind, TriggerId)>,
    /// The fan-out whose branches it makes. Result and errors are those of its join then.
    pub fan_out: Option<FanOutId>,
    /// The part of a saga that its state is.
    pub role: Option<Role>,
    /// The step of a saga that it takes back: its name, and what does it.
    pub undoes: Option<(String, InvokeId)>,
}

/// The fan-out of a state.
#[derive(Clone, Debug)]
pub struct FanOut {
    /// The state it belongs to.
    pub state: StateId,
    /// What it is.
    pub fan_out: model::FanOut,
    /// Its calls.
    pub invokes: Range<u32>,
    /// What it triggers when its join has succeeded.
    pub result: TriggerId,
}

impl FanOut {
    /// The call that makes the branch with this number.
    pub fn invoke(&self, branch: usize) -> InvokeId {
        match self.fan_out.over {
            Some(_) => InvokeId(self.invokes.start),
            None => InvokeId(self.invokes.start + branch as u32),
        }
    }
}

impl Invoke {
    /// True for a step of a saga up to the pivot: whether it was done decides where the way back begins.
    pub fn is_step(&self) -> bool {
        self.role.is_some_and(|role| role.is_step() && role != Role::Later)
    }

    /// True if an error that nothing catches is one that a person mends: behind the pivot a saga waits
    /// until it can go on.
    pub fn waits_for_a_person(&self) -> bool {
        self.role == Some(Role::Later)
    }

    /// What an error triggers; `None` if no call ends with an error.
    pub fn error(&self, kind: ErrorKind) -> Option<TriggerId> {
        let of = |wanted| self.errors.iter().find(|(kind, _)| *kind == wanted);
        let found = of(kind).or_else(|| of(ErrorKind::Unexpected)).or(self.errors.last());
        found.map(|(_, trigger)| *trigger)
    }
}

/// A state whose last configuration is remembered.
#[derive(Clone, Debug)]
pub struct History {
    /// Composite, parallel or region.
    pub state: StateId,
}

/// What a state does itself on a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    /// Tries the branches; if no guard holds, the search goes on outside.
    Transition(TransitionId),
    /// Puts the event off; the search ends.
    Defer,
    /// Drops the event; the search ends.
    Ignore,
}

/// A reaction with the plans of its branches.
#[derive(Clone, Debug)]
pub struct Transition {
    /// The state it stands in.
    pub source: StateId,
    /// True for `always`.
    pub eventless: bool,
    /// What it waits for: one trigger, or for `on error` one for each way in which something invoked
    /// can end so. None for `always`, and for an error that nothing ends with.
    pub triggers: Vec<TriggerId>,
    /// The reaction of the model.
    pub reaction: ReactionId,
    /// The names bound by its pattern.
    pub bindings: Vec<crate::model::Binding>,
    /// Effects before a choice: they run when the transition is chosen, before its guards are
    /// read. Only with a choice that has an `else`, so the transition is then taken for sure.
    pub effects: Vec<Effect>,
    /// Tried in order.
    pub branches: Vec<Branch>,
    /// All of it.
    pub span: Span,
}

impl Transition {
    /// False for what waits for an error that nothing ends with: nobody ever chooses it.
    pub fn can_happen(&self) -> bool {
        self.eventless || !self.triggers.is_empty()
    }
}

/// One outcome of a transition.
#[derive(Clone, Debug)]
pub struct Branch {
    /// `None` always matches.
    pub guard: Option<Expr>,
    /// What is done then.
    pub plan: PlanId,
    /// All of it.
    pub span: Span,
}

/// Everything that taking a branch does, in order: exits, effects, entries.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The transition it belongs to.
    pub transition: TransitionId,
    /// The innermost states that stay active and inside which everything is left: one, or several
    /// regions of one parallel state. Empty if nothing is left (a stay).
    pub domain: Vec<StateId>,
    /// What is left: all states of these ranges of ids that are active, the last first. The ranges
    /// are in document order and do not meet.
    pub exit: Vec<Range<u32>>,
    /// Between exit and entry.
    pub effects: Vec<Effect>,
    /// What is entered, in order.
    pub entry: Vec<EntryStep>,
}

impl Plan {
    /// True if two plans leave a common state, so that they cannot both be taken.
    pub fn conflicts(&self, other: &Plan) -> bool {
        self.exit.iter().any(|a| other.exit.iter().any(|b| a.start < b.end && b.start < a.end))
    }
}

/// One step of an entry.
#[derive(Clone, Debug)]
pub enum EntryStep {
    /// Enters the state: sets its data, runs its entry effects, starts its timers.
    Enter {
        /// Which.
        state: StateId,
        /// Values for its data.
        data: EntryData,
    },
    /// The effects of `initial do .. -> ..` of a state that was just entered.
    InitialEffects {
        /// Whose.
        state: StateId,
        /// In order.
        effects: Vec<Effect>,
    },
    /// What was active inside the state when it was last left; [`ChartState::default_entry`] of it
    /// if it never was. The state itself is entered, or stays, by the steps before.
    ///
    /// Deep: the recorded leaves and all states between, in document order. Shallow: of every slot
    /// directly inside the state, the recorded child and then its default entry.
    Restore {
        /// What is remembered.
        history: HistoryId,
        /// All the way down.
        deep: bool,
    },
}

impl EntryStep {
    /// The state that is entered, or inside which something is done or entered.
    pub fn state(&self, chart: &Chart) -> StateId {
        match self {
            Self::Enter { state, .. } | Self::InitialEffects { state, .. } => *state,
            Self::Restore { history, .. } => chart.histories[history.index()].state,
        }
    }
}

/// Where a state that is entered has its data from.
#[derive(Clone, Debug)]
pub enum EntryData {
    /// From the defaults of its declaration, read on entry.
    Defaults,
    /// From the target of the transition, read behind the effects of the transition, before
    /// anything is entered.
    Target(Vec<Expr>),
    /// From the target of an `initial` in the state around it, read on entry.
    Initial(Vec<Expr>),
}

impl EntryData {
    /// What is given, by a target or an `initial`.
    pub fn given(&self) -> &[Expr] {
        match self {
            Self::Defaults => &[],
            Self::Target(values) | Self::Initial(values) => values,
        }
    }
}

impl Chart {
    /// True if a state asks a person.
    pub fn asks_a_person(&self, state: StateId) -> bool {
        let asked =
            self.state(state).invoke.map(|invoke| self.invokes[invoke.index()].call.work(0));
        let Some(model::Work::Activity(activity)) = asked else { return false };
        self.declarations.activities[activity.index()].is_of_person()
    }

    /// The state with this id.
    pub fn state(&self, id: StateId) -> &ChartState {
        &self.states[id.index()]
    }

    /// True if `inner` is `outer` or stands in it.
    pub fn contains(&self, outer: StateId, inner: StateId) -> bool {
        self.state(outer).subtree.contains(&inner.0)
    }

    /// The child of `outer` that is `inner` or holds it; `None` if `inner` does not stand in
    /// `outer`.
    pub fn child_towards(&self, outer: StateId, inner: StateId) -> Option<StateId> {
        if outer == inner || !self.contains(outer, inner) {
            return None;
        }
        let children = &self.state(outer).children;
        let behind = children.partition_point(|child| *child <= inner);
        behind.checked_sub(1).map(|at| children[at])
    }

    /// The state and those around it, innermost first, the root last.
    pub fn ancestors(&self, id: StateId) -> impl Iterator<Item = StateId> + '_ {
        std::iter::successors(Some(id), |s| self.state(*s).parent)
    }

    /// The invoked activity whose end this is.
    pub fn invoked(&self, trigger: TriggerId) -> Option<&Invoke> {
        match self.triggers[trigger.index()] {
            Trigger::Result(invoke) | Trigger::Error(invoke, _) => {
                Some(&self.invokes[invoke.index()])
            }
            _ => None,
        }
    }

    /// What can happen in a leaf on a trigger, innermost state first. A [`Handler::Defer`] or
    /// [`Handler::Ignore`] is the last.
    pub fn candidates(&self, leaf: LeafId, trigger: TriggerId) -> Vec<Handler> {
        let mut found = Vec::new();
        let leaf = self.leaves[leaf.index()];
        // How an activity ends concerns the state that invoked it and those around, no region beside.
        if self.invoked(trigger).is_some_and(|invoke| !self.contains(invoke.state, leaf)) {
            return found;
        }
        for id in self.ancestors(leaf) {
            let handlers = &self.state(id).handlers;
            let first = handlers.partition_point(|(t, _)| *t < trigger);
            for (_, handler) in handlers[first..].iter().take_while(|(t, _)| *t == trigger) {
                found.push(*handler);
                if !matches!(handler, Handler::Transition(_)) {
                    return found;
                }
            }
        }
        found
    }
}
