//! Why a step fails.

use crate::span::Span;

/// Why a step failed, and where. The instance is as it was before.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{kind}")]
pub struct Fault {
    /// What went wrong.
    pub kind: FaultKind,
    /// The expression, effect or invariant.
    pub span: Span,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FaultKind {
    /// The result does not fit its type.
    #[error("overflow")]
    Overflow,
    /// `/ 0` or `% 0`.
    #[error("division by zero")]
    DivisionByZero,
    /// A time beyond the end of time, or a period of zero.
    #[error("duration out of range: too long, or a period of zero")]
    DurationOutOfRange,
    /// A loop of `always`, raised events or completions that does not end.
    #[error("no end after {} microsteps", super::MICROSTEP_LIMIT)]
    MicrostepLimit,
    /// Timers without delay that set each other without end.
    #[error("more than {} timers at one time", super::MICROSTEP_LIMIT)]
    TimerLimit,
    /// Activities that end at once and are asked for again without end.
    #[error("more than {} ends of activities at one time", super::MICROSTEP_LIMIT)]
    ReplyLimit,
    /// An invariant does not hold after the step.
    #[error("invariant violated: {0}")]
    Invariant(String),
    /// An activity has ended with an error that no state catches: what the error is called and says.
    #[error("nothing catches the error {0}")]
    Uncaught(String),
    /// A value that should be there is not.
    #[error("a value that should be set is not")]
    Unset,
    /// A guard or fn that nobody answers for.
    #[error("nobody says what `{0}` gives")]
    Unanswered(String),
    /// An error as the end of what cannot fail: people answer, or do not.
    #[error("the reply is not one to this activity")]
    WrongReply,
    /// A value that only Rust knows, or one of another type than declared.
    #[error("this value is not known outside of Rust")]
    Unknown,
}

impl FaultKind {
    /// The fault at a place.
    pub fn at(self, span: Span) -> Fault {
        Fault { kind: self, span }
    }
}
