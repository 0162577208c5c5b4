//! The tree of states and their reactions.

use super::{
    ActivityId, Effect, ErrorId, EventId, Expr, ExprKind, FanOut, FieldId, FunctionId, Name, Param,
    PolicyId, ReactionId, StateId, Ty,
};
use crate::span::Span;

/// A state, a region, or the machine itself.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// What it is.
    pub kind: StateKind,
    /// The state around it; `None` for the root.
    pub parent: Option<StateId>,
    /// The states in it, in document order.
    pub children: Vec<StateId>,
    /// Its data, available to it and to the states in it.
    pub data: Vec<Param>,
    /// Where default entry goes: of the root, a composite or a region. Valid after `check`.
    pub initial: Option<Initial>,
    /// Every child marked `initial`, and every `initial ->` statement: more than one is E0105.
    pub initials: Vec<Span>,
    /// On entry, in order.
    pub entry: Vec<Effect>,
    /// On exit, in order.
    pub exit: Vec<Effect>,
    /// What runs while it is active.
    pub invoke: Option<Invoke>,
    /// The same with many calls at once; not beside the other.
    pub fan_out: Option<FanOut>,
    /// What it reacts to itself, in document order.
    pub reactions: Vec<ReactionId>,
    /// Events put off while it is active.
    pub defer: Vec<(EventId, Span)>,
    /// Events dropped while it is active.
    pub ignore: Vec<(EventId, Span)>,
    /// `@id("..")`.
    pub id: Option<String>,
    /// `@was("..")`.
    pub was: Vec<String>,
    /// `@outcome(failure)`.
    pub failure: bool,
    /// What is known of `late` fields while it is active. `check` finds it.
    pub late: LateFields,
    /// The part of a saga that it is.
    pub part: Option<crate::ast::Part>,
    /// What makes a loop of it.
    pub rounds: Option<Rounds>,
    /// The head, for messages.
    pub span: Span,
}

impl State {
    /// The calls that it makes: of what it invokes, or the branches of its fan-out.
    pub fn calls(&self) -> impl Iterator<Item = &Invoke> {
        self.invoke.iter().chain(self.fan_out.iter().flat_map(|fan_out| &fan_out.calls))
    }

    /// All of what it starts.
    pub fn starts(&self) -> Option<Span> {
        let invoke = self.invoke.as_ref().map(|invoke| invoke.span);
        invoke.or(self.fan_out.as_ref().map(|fan_out| fan_out.span))
    }
}

/// What is known of `late` fields while a state is active.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LateFields {
    /// Those that are set for sure.
    pub set: Vec<FieldId>,
    /// Those of them that something which can follow reads: no instance can be there without.
    pub needed: Vec<FieldId>,
}

/// `loop state`: what stands in it begins anew when it has come to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Rounds {
    /// `max N`: so many rounds at most.
    pub max: Option<Expr>,
    /// `deadline D`, for all of them.
    pub deadline: Option<Expr>,
    /// Each `until`.
    pub until: Vec<Span>,
    /// What happens between two rounds.
    pub between: ReactionId,
}

/// `invoke activity(..)`: runs while the state is active, and says at its end how it went.
#[derive(Clone, Debug, PartialEq)]
pub struct Invoke {
    /// Which.
    pub activity: ActivityId,
    /// Its arguments, read on entry behind the entry effects.
    pub args: Vec<Expr>,
    /// How hard it is tried.
    pub policy: Option<PolicyId>,
    /// What is tried if that fails, one after the other.
    pub fallbacks: Vec<Fallback>,
    /// What a person is told who is asked; `None` if the host is.
    pub task: Option<Task>,
    /// The first call.
    pub head: Span,
    /// All of it.
    pub span: Span,
}

/// `fallback other(..)`: stands in for what has failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Fallback {
    /// What is done.
    pub work: Work,
    /// Its arguments, read on entry like those of the first.
    pub args: Vec<Expr>,
    /// How hard it is tried.
    pub policy: Option<PolicyId>,
    /// Permanent errors of the one before behind which this is tried too.
    pub on: Vec<ErrorId>,
    /// All of it.
    pub span: Span,
}

/// What carries out a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// An activity, which may fail.
    Activity(ActivityId),
    /// A `fn`, which cannot.
    Function(FunctionId),
}

impl Invoke {
    /// What the call with this number is of: 0 is the first, then come the fallbacks.
    pub fn work(&self, call: usize) -> Work {
        match call.checked_sub(1).and_then(|at| self.fallbacks.get(at)) {
            Some(fallback) => fallback.work,
            None => Work::Activity(self.activity),
        }
    }

    /// How hard the call with this number is tried.
    pub fn policy_of(&self, call: usize) -> Option<PolicyId> {
        match call.checked_sub(1).and_then(|at| self.fallbacks.get(at)) {
            Some(fallback) => fallback.policy,
            None => self.policy,
        }
    }

    /// True if the activity is the first call or a fallback.
    pub fn calls(&self, activity: ActivityId) -> bool {
        let mut calls = (0..=self.fallbacks.len()).map(|call| self.work(call));
        calls.any(|work| work == Work::Activity(activity))
    }

    /// What is read on entry: the arguments of all calls, and what a person is told.
    pub fn all_args(&self) -> impl Iterator<Item = &Expr> {
        let fallbacks = self.fallbacks.iter().flat_map(|fallback| &fallback.args);
        self.args.iter().chain(fallbacks).chain(self.task.iter().flat_map(Task::exprs))
    }
}

/// What a person is told who is asked by `human`.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// `title "Approve {order_id}"`; empty if there is none.
    pub title: Vec<TitlePart>,
    /// `assign role("finance")`
    pub assigned: Option<Assignee>,
    /// What ends the wait.
    pub timeout: TaskTimeout,
}

/// What ends the wait for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskTimeout {
    /// Nothing is said.
    Unset,
    /// `timeout never`
    Never,
    /// `timeout D`: the timer that `on timeout` reacts to.
    After(ReactionId),
}

/// A part of a title.
#[derive(Clone, Debug, PartialEq)]
pub enum TitlePart {
    /// Words.
    Text(String),
    /// A value that can be shown, read on entry.
    Value(Expr),
}

/// Who a task is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignee {
    /// True for `role(..)`, false for `user(..)`.
    pub role: bool,
    /// Which, a `String`.
    pub name: Expr,
}

impl Task {
    /// The values in it.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let shown = self.title.iter().filter_map(|part| match part {
            TitlePart::Value(value) => Some(value),
            TitlePart::Text(_) => None,
        });
        shown.chain(self.assigned.iter().map(|assignee| &assignee.name))
    }
}

/// The kinds of states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// The machine itself: like a composite.
    Root,
    /// No states in it.
    Atomic,
    /// One of its children is active.
    Composite,
    /// All of its children, which are regions, are active.
    Parallel,
    /// A part of a parallel state: one of its children is active.
    Region,
    /// The end of what is around it.
    Final,
}

impl StateKind {
    /// True if exactly one child is active while it is.
    pub fn is_exclusive(self) -> bool {
        matches!(self, Self::Root | Self::Composite | Self::Region)
    }

    /// True if nothing stands inside.
    pub fn is_leaf(self) -> bool {
        matches!(self, Self::Atomic | Self::Final)
    }
}

/// What happens on default entry, after the entry effects of the state and before its child's.
#[derive(Clone, Debug, PartialEq)]
pub struct Initial {
    /// Behind `do`; empty for a child that is marked `initial`.
    pub effects: Vec<Effect>,
    /// A child, or states deeper inside (one a region); values for their data.
    pub targets: Vec<TargetState>,
    /// The statement, or the marked child's head.
    pub span: Span,
}

/// What a state does when something happens.
#[derive(Clone, Debug, PartialEq)]
pub struct Reaction {
    /// The state it stands in.
    pub source: StateId,
    /// What it waits for.
    pub trigger: Trigger,
    /// True if it has a pattern, even one that binds nothing: `on done(_)`.
    pub pattern: bool,
    /// The names that the pattern binds, in payload order. `_` and fields that no name binds are
    /// not here.
    pub bindings: Vec<Binding>,
    /// Effects before a choice, which run before its guards are read.
    pub effects: Vec<Effect>,
    /// True if it is a choice block.
    pub choice: bool,
    /// At least one, tried in order.
    pub branches: Vec<Branch>,
    /// All of it.
    pub span: Span,
    /// The words up to the end of the trigger, for messages.
    pub head: Span,
}

impl Reaction {
    /// True if one branch or another is taken whenever it is tried: one of them has no guard.
    pub fn is_certain(&self) -> bool {
        self.branches.iter().any(Branch::always_holds)
    }
}

/// A name for a part of the payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// The name.
    pub name: Name,
    /// Which part of the payload.
    pub field: BindingField,
    /// Its type.
    pub ty: Ty,
}

/// Where a binding takes its value from.
#[derive(Clone, Debug, PartialEq)]
pub enum BindingField {
    /// Index into the payload of a declared event or error, or into the data of the final state; 0
    /// for a result, and for an error of any kind as a whole.
    Declared(u32),
    /// Position in a tuple variant of an external event: index, number of names in the pattern.
    Position(u32, u32),
    /// Field of a struct variant of an external event.
    Named(Name),
}

/// What a reaction waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// An external or raised event.
    Event(EventId),
    /// `always`
    Always,
    /// `after D`: once, this long after entry. `D` is a constant, or read on entry.
    After(Expr),
    /// `every D`
    Every(Expr),
    /// `on done`: the state it stands in is complete.
    Done,
    /// `on done` where the state invokes something: that has a result.
    Result,
    /// `on error`: what is invoked in the state, or in one inside it, has ended with this error, or
    /// with any.
    Error(Option<ErrorId>),
}

/// One outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// `None` always matches.
    pub guard: Option<Expr>,
    /// In order.
    pub effects: Vec<Effect>,
    /// Where it goes.
    pub target: Target,
    /// All of it.
    pub span: Span,
}

impl Branch {
    /// True if its guard always lets through: there is none, or it is `true`.
    pub fn always_holds(&self) -> bool {
        self.guard.as_ref().is_none_or(|guard| guard.kind == ExprKind::Bool(true))
    }
}

/// Where a branch goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Nowhere: no exit, no entry.
    Stay,
    /// One state, or one a region.
    States(Vec<TargetState>),
    /// Leave and enter the state, which is the source or around it.
    Reenter(TargetState),
    /// Leave what is inside the state, which is the source or around it; then its initial.
    Initial(StateId, Span),
    /// What was active in the state when it was last left; its initial if it never was.
    History {
        /// Composite, parallel or region.
        state: StateId,
        /// All the way down, or one level and then initials.
        deep: bool,
        /// The target.
        span: Span,
    },
}

/// A state to enter, with values for its data.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetState {
    /// Which.
    pub state: StateId,
    /// Values for its data in declared order; `None` takes the defaults.
    pub args: Option<Vec<Expr>>,
    /// Where it is named.
    pub span: Span,
}
