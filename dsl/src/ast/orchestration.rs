//! What talks to the outside: policies, activity calls, sagas, people, fan-out.

use super::{Expr, Meta, Name, Type};
use crate::span::Span;

/// A number with its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count<T = u64> {
    /// The number.
    pub value: T,
    /// Where it is written.
    pub span: Span,
}

/// `policy gateway { .. }`
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Docs and annotations.
    pub meta: Meta,
    /// Its name.
    pub name: Name,
    /// What it sets, in order, each with its place.
    pub items: Vec<(PolicyItem, Span)>,
    /// All of it.
    pub span: Span,
}

/// One line of a policy.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyItem {
    /// `timeout D`, of each attempt
    Timeout(Expr),
    /// `deadline D`, of all attempts
    Deadline(Expr),
    /// `retry max N ..`
    Retry(Retry),
    /// `retry budget N%`
    RetryBudget(Expr),
    /// `circuit_breaker ..`
    Breaker(Breaker),
    /// `bulkhead N [queue M]`
    Bulkhead {
        /// How many at once.
        max: Count,
        /// How many may wait.
        queue: Option<Count>,
    },
    /// `rate_limit N per D`
    RateLimit {
        /// How many.
        max: Count,
        /// In which time.
        per: Expr,
    },
}

/// `retry max N [backoff ..] [jitter ..] [on ..]`
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// `max N`.
    pub max: Count,
    /// `backoff ..`
    pub backoff: Option<Backoff>,
    /// The place of what stands behind `backoff`.
    pub backoff_span: Option<Span>,
    /// `jitter none|equal|full`
    pub jitter: Option<Name>,
    /// `on transient` or names of errors.
    pub on: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// How the pauses between attempts grow.
#[derive(Clone, Debug, PartialEq)]
pub enum Backoff {
    /// `backoff none`
    None,
    /// `backoff fixed D`
    Fixed(Expr),
    /// `backoff linear|exponential A..B [factor F]`
    Growing {
        /// `exponential`.
        exponential: bool,
        /// The first pause.
        from: Expr,
        /// The longest pause.
        to: Expr,
        /// `factor F`.
        factor: Option<Count<f64>>,
    },
}

/// `circuit_breaker failures N within D open D [probes N]`, `circuit_breaker rate P% of N ..`
#[derive(Clone, Debug, PartialEq)]
pub struct Breaker {
    /// Failures in a row, or the share in percent and of how many calls.
    pub trip: BreakerTrip,
    /// `within D`.
    pub within: Expr,
    /// `open D`.
    pub open: Expr,
    /// `probes N`.
    pub probes: Option<Count>,
}

/// What opens a circuit.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum BreakerTrip {
    Failures(Count),
    Rate { percent: Count, of: Count },
}

/// `charge(x) with gateway`, or `machine Shipping(order_id)`
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// `machine`: a child machine instead of an activity.
    pub machine: bool,
    /// Activity, fn or machine.
    pub name: Name,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// `with policy`.
    pub policy: Option<Name>,
    /// Permanent errors behind which a fallback is tried too: `fallback on Declined ..`.
    pub on: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// `human approve(order_id) -> Decision { .. }`
#[derive(Clone, Debug, PartialEq)]
pub struct Human {
    /// Its name.
    pub name: Name,
    /// What the person is shown.
    pub args: Vec<Expr>,
    /// The type of the answer.
    pub answer: Type,
    /// `assign`, `title` and the like, in order.
    pub items: Vec<HumanItem>,
}

/// One line of a human step.
#[derive(Clone, Debug, PartialEq)]
pub enum HumanItem {
    /// `assign role("finance")`
    Assign(Who),
    /// `title "Approve {order_id}"`
    Title(Vec<TitlePart>, Span),
    /// `remind every 8h`
    Remind(Expr),
    /// `escalate after 24h to role("cfo")`
    Escalate(Expr, Who),
    /// `timeout 3d`, `timeout never`
    Timeout(Expr),
}

/// A part of a title.
#[derive(Clone, Debug, PartialEq)]
pub enum TitlePart {
    /// Words, escapes replaced, `{{` and `}}` as one brace.
    Text(String),
    /// `{order.id}`
    Value(Expr),
    /// Braces with something else in them, or only one of them.
    Malformed(Span),
}

/// `role("finance")`, `user(owner)`
#[derive(Clone, Debug, PartialEq)]
pub struct Who {
    /// True for `role`, false for `user`.
    pub role: bool,
    /// Which.
    pub expr: Expr,
    /// All of it.
    pub span: Span,
}

/// `fan_out [r in list [max N] [concurrency N]] { call .. } join ..`
#[derive(Clone, Debug, PartialEq)]
pub struct FanOut {
    /// `r in list`.
    pub over: Option<(Name, Expr)>,
    /// `max N`.
    pub max: Option<Count>,
    /// `concurrency N`.
    pub concurrency: Option<Count>,
    /// `call name: f(x) with p fallback ..`, at least one.
    pub calls: Vec<NamedCall>,
    /// `join ..`
    pub join: Join,
}

/// `call name: f(x) with p fallback ..`
#[derive(Clone, Debug, PartialEq)]
pub struct NamedCall {
    /// The name of its result.
    pub name: Name,
    /// The chain, at least one.
    pub chain: Vec<Call>,
}

/// `join quorum 2 tolerate 1 into answers failures into reasons vote one.verdict majority into outcome`
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// When it is complete.
    pub kind: JoinKind,
    /// `tolerate N` or `tolerate P%`.
    pub tolerate: Option<Expr>,
    /// `into name`.
    pub into: Option<Name>,
    /// `failures into name`.
    pub failures: Option<Name>,
    /// `vote ..`
    pub vote: Option<Vote>,
    /// All of it.
    pub span: Span,
}

/// When a join is complete.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum JoinKind {
    All,
    AllSettled,
    Any,
    First(Count),
    /// A number or a percentage.
    Quorum(Expr),
}

/// `vote EXPR majority|plurality|unanimous|quorum N|weighted by EXPR into name`
#[derive(Clone, Debug, PartialEq)]
pub struct Vote {
    /// What each branch votes for.
    pub expr: Expr,
    /// How it is counted.
    pub rule: VoteRule,
    /// The name of the outcome.
    pub into: Name,
    /// All of it.
    pub span: Span,
}

/// How votes are counted.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum VoteRule {
    Majority,
    Plurality,
    Unanimous,
    Quorum(Count),
    Weighted(Expr),
}

/// `[pivot] step stock: reserve(..) with p [compensate release(..) with q]`
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Docs and annotations, `@readonly` among them.
    pub meta: Meta,
    /// `pivot`.
    pub pivot: Option<Span>,
    /// The name of its result.
    pub name: Name,
    /// What it does.
    pub call: Call,
    /// How it is undone.
    pub compensate: Option<Call>,
    /// All of it.
    pub span: Span,
}

/// `cache for 5m by (id)`
#[derive(Clone, Debug, PartialEq)]
pub struct Cache {
    /// How long a result is kept.
    pub time: Expr,
    /// The parameters that tell results apart; empty for all of them.
    pub by: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// `coalesce by (id)`
#[derive(Clone, Debug, PartialEq)]
pub struct Coalesce {
    /// The parameters that tell calls apart; empty for all of them.
    pub by: Vec<Name>,
    /// All of it.
    pub span: Span,
}
