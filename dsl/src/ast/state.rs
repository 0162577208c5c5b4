//! States and what they do: reactions, effects, targets.

use super::{Call, Count, Expr, FanOut, Human, Meta, Name, Param, Part, Path, Step};
use crate::span::Span;

/// `initial parallel state Operating { .. }`, or `region Cars { .. }`.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Docs and annotations.
    pub meta: Meta,
    /// `initial`, `final`, `parallel`, `saga`, `loop`, in the order written.
    pub modifiers: Vec<(Modifier, Span)>,
    /// True for `region`.
    pub region: bool,
    /// Its name.
    pub name: Name,
    /// Its data.
    pub params: Vec<Param>,
    /// `max N`, of a loop.
    pub max: Option<Expr>,
    /// `deadline D`, of a loop.
    pub deadline: Option<Expr>,
    /// What stands in the braces; `None` without braces.
    pub items: Option<Vec<StateItem>>,
    /// The part of a saga that it is; `parse` knows of none.
    pub part: Option<Part>,
    /// The head, for messages.
    pub span: Span,
}

/// Words in front of `state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Modifier {
    Initial,
    Final,
    Parallel,
    Saga,
    Loop,
}

/// Something in the braces of a state, a region or a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct StateItem {
    /// Docs and annotations. A nested [`State`] carries its own, and this one is empty.
    pub meta: Meta,
    /// What it is.
    pub kind: StateItemKind,
    /// All of it.
    pub span: Span,
}

/// The kinds of statements in a state.
// The large variant is the usual one, so boxing it would only cost.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq)]
pub enum StateItemKind {
    /// `state ..` or `region ..`
    State(State),
    /// `initial [do ..] -> Target`
    Initial(InitialTransition),
    /// `on Event(..) ..`, `on done(..) ..`, `on error Name(..) ..`
    On(Trigger, Reaction),
    /// `after 30s ..`
    After(Expr, Reaction),
    /// `every 10s ..`
    Every(Expr, Reaction),
    /// `always ..`
    Always(Reaction),
    /// `entry do ..`
    Entry(Vec<Effect>),
    /// `exit do ..`
    Exit(Vec<Effect>),
    /// `defer A, B`
    Defer(Vec<Name>),
    /// `ignore A, B`
    Ignore(Vec<Name>),
    /// `invariant EXPR`
    Invariant(Expr),
    /// `invoke a(x) with p fallback b(x)`: the chain, at least one.
    Invoke(Vec<Call>),
    /// `human approve(..) -> Decision { .. }`
    Human(Human),
    /// `fan_out .. { .. } join ..`
    FanOut(FanOut),
    /// `[pivot] step x: a(..) ..`
    Step(Step),
    /// `concurrent { step .. }`
    Concurrent(Vec<Step>),
    /// `until EXPR [for N]`
    Until(Expr, Option<Count>),
}

/// `initial [do ..] -> Target`: what happens when a composite is entered by default.
#[derive(Clone, Debug, PartialEq)]
pub struct InitialTransition {
    /// Behind `do`.
    pub effects: Vec<Effect>,
    /// A state inside.
    pub target: Target,
    /// All of it.
    pub span: Span,
}

/// What a reaction waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// `done`, `timeout`, `converged` and the like are names here; `resolve` tells them apart.
    pub kind: TriggerKind,
    /// The bindings.
    pub pattern: Option<Pattern>,
    /// All of it.
    pub span: Span,
}

/// The two shapes of triggers.
#[derive(Clone, Debug, PartialEq)]
pub enum TriggerKind {
    /// `Submit`, `done`, `timeout`
    Name(Name),
    /// `error`, `error Declined`
    Error(Option<Name>),
}

/// Names for the payload.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// `(a, _, b)`: by position; `_` takes no name.
    Positional(Vec<Name>, Span),
    /// `{ a, b }`: by field name.
    Fields(Vec<Name>, Span),
}

/// `[if EXPR] [do EFFECTS] ( -> TARGET | abort | { branches } )`
///
/// With a block, `guard` is `None`, `effects` are those before it, and `branches` has one entry a
/// line of the block. Without, `effects` is empty and `branches` has exactly one entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Reaction {
    /// The effects before a choice block.
    pub effects: Vec<Effect>,
    /// True if there is a choice block.
    pub choice: bool,
    /// At least one.
    pub branches: Vec<Branch>,
    /// All of it.
    pub span: Span,
}

/// One outcome of a reaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// `if EXPR`; `None` for `else` and for a reaction without a guard.
    pub guard: Option<Expr>,
    /// Behind `do`.
    pub effects: Vec<Effect>,
    /// Where it goes.
    pub outcome: Outcome,
    /// All of it.
    pub span: Span,
}

/// Where a branch goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// No arrow.
    Stay,
    /// `-> Target`
    Go(Target),
    /// `abort`
    Abort(Span),
}

/// Behind `->`.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Which form.
    pub kind: TargetKind,
    /// All of it, without the arrow.
    pub span: Span,
}

/// The forms of targets.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetKind {
    /// `A(x) & B::C`: one state, or one a region.
    States(Vec<TargetState>),
    /// `reenter S(x)`
    Reenter(TargetState),
    /// `initial(S)`
    Initial(Path),
    /// `history(S)`, `deep_history(S)`
    History {
        /// The composite or parallel state.
        state: Path,
        /// `deep_history`.
        deep: bool,
    },
}

/// A state with values for its data.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetState {
    /// Which state.
    pub path: Path,
    /// Values for its data; `None` without parentheses.
    pub args: Option<Vec<Expr>>,
}

/// One effect with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What it does.
    pub kind: EffectKind,
    /// All of it.
    pub span: Span,
}

/// The forms of effects.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectKind {
    /// `set field = EXPR`
    Set(Name, Expr),
    /// `raise Event(..) [after D]`
    Raise {
        /// The event.
        event: Name,
        /// Its payload.
        args: Vec<Expr>,
        /// `after D`.
        after: Option<Expr>,
    },
    /// `cancel Event`
    Cancel(Name),
    /// `send Machine(key).Event(..)`
    Send {
        /// The machine.
        machine: Name,
        /// Which instance.
        key: Expr,
        /// The event.
        event: Name,
        /// Its payload.
        args: Vec<Expr>,
    },
    /// `emit Output(..)`
    Emit {
        /// The output.
        output: Name,
        /// Its payload.
        args: Vec<Expr>,
    },
    /// `action(..)`
    Action {
        /// The action.
        action: Name,
        /// Its arguments.
        args: Vec<Expr>,
    },
}
