//! What can go wrong in a step, and where.

/// A place in the source of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the compiler was given it; empty if it is not known.
    pub file: &'static str,
    /// The line, from 1; 0 if it is not known.
    pub line: u32,
    /// The text of the expression or statement, or of its line.
    pub text: &'static str,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.file.is_empty(), self.line) {
            (_, 0) => write!(f, "`{}`", self.text),
            (true, line) => write!(f, "`{}` (line {line})", self.text),
            (false, line) => write!(f, "`{}` ({}:{line})", self.text, self.file),
        }
    }
}

/// Why a step was not made. The machine is as it was before, and no action of the step was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The result of integer or duration arithmetic does not fit its type.
    #[error("overflow in {0}")]
    Overflow(&'static Place),
    /// An integer or duration was divided by zero.
    #[error("division by zero in {0}")]
    DivisionByZero(&'static Place),
    /// A duration that cannot be waited for: the deadline does not fit, or `every` got zero.
    #[error("no timer can be set to {0}")]
    DurationOutOfRange(&'static Place),
    /// A condition that always has to hold does not hold. Looked at in debug builds.
    #[error("invariant violated: {0}")]
    Invariant(&'static Place),
    /// Eventless transitions, raised events and completions went on without end.
    #[error("more than {0} microsteps in one step")]
    MicrostepLimit(usize),
    /// An activity has ended with an error that no state catches. The machine goes on waiting for it.
    #[error("an activity has failed, and nothing catches its error")]
    Uncaught,
    /// A value that should be set by then is not.
    #[error("{0} should be set, and is not")]
    Unset(&'static Place),
    /// A reply to another activity.
    #[error("the reply is not one to this activity")]
    WrongReply,
    /// Timers without delay set each other without end: time cannot go on.
    #[error("more than {0} timers at one time")]
    TimerLimit(usize),
}

/// Why a snapshot does not fit a machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// It was taken of a machine with another name.
    #[error("the snapshot is of machine `{found}`, not of `{expected}`")]
    Machine {
        /// The machine that should be restored.
        expected: &'static str,
        /// The machine in the snapshot.
        found: String,
    },
    /// It was taken of another version.
    #[error("the snapshot is of version {found}, the machine is of version {expected}")]
    Version {
        /// The version of the machine that should be restored.
        expected: u64,
        /// The version in the snapshot.
        found: u64,
    },
    /// The machine has changed since, under the same version.
    #[error("the snapshot was taken of a machine of another shape")]
    Shape,
    /// It names a state that the machine does not have, or not in this role.
    #[error("the machine has no state `{0}` that could be active so")]
    State(String),
    /// A timer that the machine does not have.
    #[error("the machine has no timer {0}")]
    Timer(u16),
    /// A state is active, or remembered, whose data is missing.
    #[error("the data of an active state is missing")]
    Data,
    /// What it tells of calls that were made does not agree with itself, or with the machine.
    #[error("the snapshot tells of calls that the machine cannot have made")]
    Calls,
}
