//! What the compiler writes for each machine: types, tables, and straight-line code for what
//! tables cannot say. The algorithm that puts them together is in `step` and `regions`.

use crate::activity::Failure;
use crate::core::Core;
use crate::definition::{Definition, Question};
use crate::error::StepError;
use crate::fan_out::{FanOf, FanOut};
use crate::migration::{Lack, Migration, Values};
use crate::policy::{Fault, Policy};
use crate::step::{Cause, Dispatch, Scratch};
use crate::undo::{Part, Undoes};
use serde::Deserializer;
use std::any::Any;

/// The number of a state, a leaf or a slot that is none.
pub const NONE: u16 = u16::MAX;

/// The types and tables of one machine. Implemented by generated code only.
pub trait Chart: Sized + 'static {
    /// External events.
    type Event;
    /// What `emit` gives.
    type Output;
    /// What is sent to other machines.
    type Message;
    /// The data that all states share.
    type Context;
    /// What the machine is started with.
    type Start;
    /// The configuration as an algebraic data type.
    type State;
    /// Names all states, also those that are not leaves.
    type In: Copy + Into<u16>;
    /// Data of states, and when they were entered if someone asks.
    type Data: Default;
    /// One leaf for each slot: `[u16; SLOTS]`.
    type Leaves: AsRef<[u16]> + AsMut<[u16]> + Copy;
    /// One configuration for each state that is remembered.
    type Histories: AsRef<[Self::Leaves]> + AsMut<[Self::Leaves]> + Clone;
    /// What the machine asks of the outside.
    type Request;
    /// How that ends.
    type Reply: Clone;
    /// Values of the lists that fan-outs go over, where votes read them.
    type Item: Clone;
    /// What fan-outs give.
    type Joined;
    /// What a microstep is given: nothing, an event, a reply.
    type Given<'g>;
    /// Actions as data, for steps that can fail after their first effect; else `()`.
    type Calls: Default;

    /// No slot has a leaf.
    const NO_LEAVES: Self::Leaves;
    /// Nothing has been left yet.
    const NO_HISTORIES: Self::Histories;
    /// For each state where it stands.
    const SHAPES: &'static [Shape];
    /// For each leaf its state.
    const LEAVES: &'static [u16];
    /// The states that are remembered.
    const REMEMBERED: &'static [u16];
    /// The trigger of the first timer; those of the others follow.
    const FIRST_TIMER: u32;
    /// The number under which eventless transitions stand in the table, if there are any.
    const ALWAYS: Option<u32>;
    /// There are raised events or completions.
    const HAS_QUEUE: bool;
    /// Some state puts events off.
    const HAS_DEFER: bool;
    /// The fan-outs, in document order.
    const FAN_OUTS: &'static [FanOut] = &[];
    /// The steps of sagas that are taken back.
    const UNDOES: &'static [Undoes] = &[];
    /// The `invoke`s of steps of sagas up to the pivot: whether they were done decides where the way
    /// back begins.
    const STEPS: &'static [u16] = &[];
    /// The calls of sagas, where an instance may be cancelled.
    const PARTS: &'static [Part] = &[];
    /// The machine can finish while timers or delayed events are pending.
    const ENDS_TIMERS: bool;
    /// The timers that fire again and again in a time that is written down: number and milliseconds. That
    /// which an instance has in memory may be one of an older program.
    const PERIODS: &'static [(u16, u64)] = &[];

    /// Names and places for tools.
    fn definition() -> &'static Definition;

    /// The context at the start.
    ///
    /// # Errors
    /// A default that cannot be calculated.
    fn begin(start: Self::Start) -> Result<Self::Context, StepError>;

    /// The number of an event, which is its trigger; one without entries if the machine does not
    /// know it.
    fn trigger(event: &Self::Event) -> u32;

    /// The event once more, for putting it back if its step fails. Only asked for events that the
    /// machine itself has delayed.
    fn repeat(_event: &Self::Event) -> Option<Self::Event> {
        None
    }

    /// Nothing is given.
    fn nothing<'g>() -> Self::Given<'g>;

    /// An event is given.
    fn given(event: &Self::Event) -> Self::Given<'_>;

    /// A reply is given, which may be taken.
    fn given_reply(reply: &mut Option<Self::Reply>) -> Self::Given<'_>;

    /// What a fan-out gives is given, which may be taken.
    fn given_joined<'g>(_joined: &'g mut Option<Self::Joined>) -> Self::Given<'g> {
        Self::nothing()
    }

    /// The failure of a fan-out is given, with the reply that decided it, if one has.
    fn given_failed<'g>(
        _reply: &'g mut Option<Self::Reply>,
        _failure: &'g Failure,
    ) -> Self::Given<'g> {
        Self::nothing()
    }

    /// What a reply to a call of an `invoke` leads to; `None` if it is not one to that.
    fn answer(invoke: u16, call: u16, reply: &Self::Reply) -> Option<Answer>;

    /// True if a reply is an error.
    fn is_error(reply: &Self::Reply) -> bool;

    /// The error in a reply, if it is one.
    fn failure(reply: &Self::Reply) -> Option<Failure>;

    /// How hard a call of an `invoke` is tried, if anything is said of it.
    fn policy(_invoke: u16, _call: u16) -> Option<&'static Policy> {
        None
    }

    /// What the error in a reply says of the next attempt. Only asked in machines with policies.
    fn fault(_reply: &Self::Reply) -> Option<Fault> {
        None
    }

    /// What a person is asked by an `invoke`; `None` if the host carries it out.
    fn question(_invoke: u16) -> Option<&'static Question> {
        None
    }

    /// The reply that an answer of a person is, an `Option` of its type that is taken. `None` if it is
    /// of another type.
    fn answered(_invoke: u16, _answer: &mut dyn Any) -> Option<Self::Reply> {
        None
    }

    /// The same for an answer that is read; `None` if no person is asked.
    ///
    /// # Errors
    /// It is of another type.
    fn read_answer<'de, D: Deserializer<'de>>(
        _invoke: u16,
        _answer: D,
    ) -> Result<Option<Self::Reply>, D::Error> {
        Ok(None)
    }

    /// The machine and the key of the instance that a request is for, if it is to start one.
    fn child(_request: &Self::Request) -> Option<(&'static str, String)> {
        None
    }

    /// True if the machine has failed when this final state is entered.
    fn is_failure(_state: u16) -> bool {
        false
    }

    /// The configuration.
    fn state(core: &Core<Self>) -> Self::State;

    /// True if every wanted state that has data has it.
    fn has_data(core: &Core<Self>, is_wanted: impl Fn(u16) -> bool) -> bool;
}

/// What the end of a call leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This trigger.
    End(u32),
    /// Its fallback is asked.
    FallBack,
    /// It is a branch of a fan-out; this trigger, if that is decided by it.
    Branch(u32),
}

/// The numbers of a dispatch table.
///
/// Below the number of leaves they are a leaf: go there, there is nothing else to do. Then come
/// these, then the rows.
pub mod code {
    /// Nothing handles the trigger.
    pub const UNHANDLED: u32 = 0;
    /// It is dropped.
    pub const IGNORED: u32 = 1;
    /// It is put off.
    pub const DEFERRED: u32 = 2;
    /// The first row.
    pub const ROWS: u32 = 3;
}

/// Where a state stands.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The state around it; [`NONE`] for the root.
    pub parent: u16,
    /// The number behind the last state in it.
    pub end: u16,
    /// The slot in which it is chosen.
    pub slot: u16,
    /// The first leaf of the slot that makes it active.
    pub first_leaf: u16,
    /// The number behind the last one.
    pub end_leaf: u16,
    /// What it is.
    pub kind: crate::definition::Kind,
}

/// One macrostep with a host: direct, or recorded if it can fail after its first effect.
pub trait Step<H>: Chart {
    /// Makes the step.
    ///
    /// # Errors
    /// See [`StepError`]; nothing has changed then.
    fn step(
        core: &mut Core<Self>,
        scratch: &mut Scratch<Self>,
        host: &mut H,
        cause: Cause<'_, Self::Event, Self::Reply>,
    ) -> Result<Dispatch, StepError>;
}

/// The straight-line code of a machine. `L` provides guards and functions, `A` takes the actions:
/// the host itself, or the record of calls.
pub trait Run<L, A>: Chart {
    /// Enters the machine.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn start(core: &mut Core<Self>, actions: &mut A) -> Result<(), StepError>;

    /// One microstep, if the trigger enables one.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn react(
        core: &mut Core<Self>,
        actions: &mut A,
        trigger: u32,
        given: Self::Given<'_>,
    ) -> Result<Dispatch, StepError>;

    /// What a function at the end of a chain gives; `None` for an activity.
    fn calculate(_request: &Self::Request) -> Option<Self::Reply> {
        None
    }

    /// What a fan-out that has succeeded gives.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn joined(_core: &Core<Self>, _fan: &FanOf<Self>) -> Result<Self::Joined, StepError> {
        Err(StepError::WrongReply)
    }

    /// Looks at the conditions that always have to hold.
    ///
    /// # Errors
    /// The first that does not.
    fn invariants(_core: &Core<Self>) -> Result<(), StepError> {
        Ok(())
    }
}

/// The dispatch table.
pub trait Table: Chart {
    /// What happens in a leaf on a trigger; see [`code`].
    fn code(leaf: u16, trigger: u32) -> u32;
}

/// A machine without parallel states: one leaf says everything. One that is small has its table as
/// code in [`Run::react`] instead.
pub trait Flat<L, A>: Run<L, A> + Table {
    /// Tries the transitions of a row.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn row(
        core: &mut Core<Self>,
        actions: &mut A,
        row: u32,
        given: Self::Given<'_>,
    ) -> Result<Dispatch, StepError>;
}

/// A machine whose instances are kept by a store.
pub trait Durable<H>: Chart {
    /// Makes a step without doing anything: actions are left in the scratch.
    ///
    /// # Errors
    /// See [`StepError`]; nothing has changed then.
    fn decide(
        core: &mut Core<Self>,
        scratch: &mut Scratch<Self>,
        cause: Cause<'_, Self::Event, Self::Reply>,
    ) -> Result<Dispatch, StepError>;

    /// True if there is any action.
    fn has_calls(calls: &Self::Calls) -> bool;

    /// Calls the first action and takes it off the list, also if it panics.
    fn act(calls: &mut Self::Calls, host: &H);

    /// What tells the instance apart from others, if its machine says what does.
    fn key(context: &Self::Context) -> Option<String>;

    /// The versions from which `migrate` blocks lead, in order.
    const MIGRATIONS: &'static [u64] = &[];

    /// Gives the defaults of the fields of the context.
    ///
    /// # Errors
    /// One that cannot be calculated.
    fn defaults<V: Values>(_values: &mut V) -> Result<(), StepError> {
        Ok(())
    }

    /// Supplies what an instance lacks that another shape of the machine has made.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn supply(_core: &mut Core<Self>, _lack: Lack) -> Result<(), StepError> {
        Ok(())
    }

    /// Does what the `migrate` block from a version says.
    ///
    /// # Errors
    /// What it reads is not there, or a value cannot be calculated.
    fn migrate<M: Migration>(_from: u64, _instance: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}
