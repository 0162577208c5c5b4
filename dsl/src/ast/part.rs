//! What a state stands for that nobody has written.

use super::Name;

/// The part of a saga that a state is.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Which part.
    pub role: Role,
    /// The step that it does or takes back; of a group its first.
    pub step: Option<Name>,
    /// How what is made names the state: no text can name it so, and none hides it. A saga itself
    /// has only the name that was written.
    pub key: Option<Name>,
    /// A step with `@readonly`: it leaves nothing behind.
    pub readonly: bool,
}

impl Part {
    /// What a name begins with that no text can have.
    pub const MARK: char = '~';
}

/// The parts of a saga.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// All of it.
    Saga,
    /// Does a step that can be taken back, or needs not to be.
    Step {
        /// A step of the saga is the pivot, and comes later.
        before_pivot: bool,
    },
    /// Does the step behind which nothing is taken back.
    Pivot,
    /// Does a step behind the pivot.
    Later,
    /// Does several steps side by side.
    Group,
    /// The region of one of them, and the end of that.
    Branch,
    /// Takes a step back.
    Undo,
    /// Chooses which step of a group is taken back next.
    UndoGroup,
    /// All steps are done.
    Done,
    /// All that was done is taken back.
    Compensated,
    /// Something could not be taken back, or nobody knows if it should be.
    Failed,
}

impl Role {
    /// True for what is on the way back.
    pub fn is_backward(self) -> bool {
        matches!(self, Self::Undo | Self::UndoGroup | Self::Compensated | Self::Failed)
    }

    /// True for what does a step.
    pub fn is_step(self) -> bool {
        matches!(self, Self::Step { .. } | Self::Pivot | Self::Later)
    }
}
