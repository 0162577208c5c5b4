//! What a step did.

use super::value::Value;
use crate::chart::{InvokeId, PlanId};
use crate::model::{EventId, FieldId, FunctionId, MessageId, OutputId, StateId};
use std::time::Duration;

/// What a step did, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What became of what caused it.
    pub outcome: Outcome,
    /// Everything that happened.
    pub acts: Vec<Act>,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A transition was taken.
    Handled,
    /// It is kept until the configuration has changed.
    Deferred,
    /// A state says that it is to be dropped.
    Ignored,
    /// Nothing handles it here, or no guard was true.
    Unhandled,
    /// An activity has failed, and its fallback was asked for; or it is a branch of a fan-out that
    /// goes on.
    Pending,
}

/// Who a task is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignee {
    /// True for a role, false for a user.
    pub role: bool,
    /// Which.
    pub name: String,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A branch of a transition is taken. Its exits, effects and entries follow, between those of
    /// other transitions of the same microstep.
    Take(PlanId),
    /// A state is left: its exit effects follow.
    Exit(StateId),
    /// A state is entered: its entry effects follow.
    Enter(StateId),
    /// A field of the context was set.
    Set(FieldId, Value),
    /// Data of a state were set.
    SetData(StateId, u32, Value),
    /// An event went into the internal queue.
    Raise(EventId, Vec<Value>),
    /// An event will be raised.
    RaiseAfter(EventId, Vec<Value>, Duration),
    /// What was pending of an event was dropped.
    Cancel(EventId),
    /// An output was emitted.
    Emit(OutputId, Vec<Value>),
    /// An event was sent to another machine: the key, then the payload.
    Send(MessageId, Vec<Value>),
    /// An action was called.
    Call(FunctionId, Vec<Value>),
    /// An activity was asked for, under this number.
    Invoke(u64, InvokeId, Vec<Value>),
    /// The activity that was asked for under this number has failed, and its fallback with these
    /// arguments stands in.
    FallBack(u64, InvokeId, usize, Vec<Value>),
    /// The activity under this number is for a person, who is told this.
    Ask(u64, InvokeId, String, Option<Assignee>),
    /// The person who was asked under this number is reminded.
    Remind(u64, InvokeId),
    /// The task under this number goes to somebody else.
    Escalate(u64, InvokeId, Assignee),
    /// Nobody waits any more for the activity that was asked for under this number.
    Revoke(u64, InvokeId),
}
