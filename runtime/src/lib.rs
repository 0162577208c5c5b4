//! Statecharts, declared once, checked, drawn and run.
//!
#![cfg_attr(feature = "macros", doc = "```")]
#![cfg_attr(not(feature = "macros"), doc = "```ignore")]
//! statewright::flow! {
//!     /// A door that locks itself.
//!     machine Door {
//!         context { opened: u32 = 0 }
//!         event Push
//!         event Key(code: u32)
//!         guard is_right(code: u32)
//!         action ring()
//!
//!         initial state Locked {
//!             on Key(code) {
//!                 if is_right(code) -> Closed
//!                 else do ring()
//!             }
//!         }
//!         state Closed {
//!             on Push do set opened = opened + 1 -> Open
//!             after 30s -> Locked
//!         }
//!         state Open { after 5s -> Closed }
//!     }
//! }
//! use door::{Actions, Event, Logic, Machine, Start, State};
//! use statewright::Dispatch;
//! use std::time::Duration;
//!
//! /// The host: what the machine asks, and what it can do to the world.
//! #[derive(Default)]
//! struct Bell {
//!     rings: u32,
//! }
//!
//! impl Logic for Bell {
//!     fn is_right(code: u32) -> bool {
//!         code == 1234
//!     }
//! }
//!
//! impl Actions for Bell {
//!     fn ring(&mut self) {
//!         self.rings += 1;
//!     }
//! }
//!
//! let mut door = Machine::new(Bell::default(), Start {})?;
//! assert_eq!(door.dispatch(Event::Key { code: 1 })?, Dispatch::Handled);
//! assert_eq!(door.host().rings, 1);
//! door.dispatch(Event::Key { code: 1234 })?;
//! door.dispatch(Event::Push)?;
//! assert_eq!(door.state(), State::Open);
//! assert_eq!(door.next_deadline(), Some(Duration::from_secs(5)));
//! door.advance(&Duration::from_secs(5))?;
//! assert_eq!(door.state(), State::Closed);
//! assert_eq!(door.context().opened, 1);
//! # Ok::<(), statewright::StepError>(())
//! ```
//!
//! # Doors
//!
//! `include_flow!` takes a `.flow` file, `flow!` the same text in place, and `#[machine]` an
//! annotated enum or module. `statewright build` and a build script write Rust files instead, for
//! programs that want no macros.
//!
//! # What there is of a machine
//!
//! The compiler makes a module for each machine, called like it in snake case. `State` is the
//! configuration as an algebraic data type: exclusive states are variants, regions are fields.
//! `Event`, `Output` and `Context` are what goes in, comes out and is remembered; `Start` has the
//! fields of the context that must be given. `Logic` (guards and functions, without `self`) and
//! `Actions` are the traits that the host implements; a machine that needs neither runs with `()`.
//! `DIAGRAM` is the chart for Mermaid. All types come with serde.
//!
//! Its `Machine` is a [`Machine`] of this crate with the code of that chart. A machine is a plain
//! value: an event goes in through [`Machine::dispatch`], time through [`Machine::advance`], and
//! nothing runs by itself.
//!
//! # Steps
//!
//! An event is taken in one step, with everything that follows from it. A step is all or nothing:
//! one that fails with a [`StepError`] leaves the machine as it was and has called no action. The
//! answer is a [`Dispatch`]; nothing is lost silently.
//!
//! # Time
//!
//! Time is a [`Duration`](std::time::Duration) since an arbitrary zero, and comes from a [`Clock`]:
//! a duration itself, a [`ManualClock`], or the [`SystemClock`]. Timers fire in
//! [`Machine::advance`], in the order of their deadlines, each at its own time.
//!
//! # Saving
//!
//! [`Machine::snapshot`] is the machine as data that serde can write; [`Machine::restore`] goes on
//! from there without entering a state again.
//!
//! # Tokio
//!
//! With the feature `tokio`, `Machine::spawn` puts a machine into a task and gives a handle that can
//! be cloned, held anywhere and sent events; its timers are those of tokio.

mod activity;
mod arithmetic;
mod chart;
mod clock;
mod core;
mod definition;
#[cfg(feature = "engine")]
pub mod engine;
mod error;
mod fan_out;
mod few;
mod machine;
mod migration;
#[cfg(feature = "tokio")]
mod ongoing;
mod people;
mod policy;
mod regions;
mod scenario;
#[cfg(feature = "engine")]
pub mod shape;
mod snapshot;
mod step;
#[cfg(feature = "engine")]
pub mod store;
#[cfg(feature = "tokio")]
mod task;
mod timers;
mod undo;

pub use activity::{Cx, Failure, Invocation, Never, Perform};
pub use clock::{Clock, ManualClock, SystemClock};
pub use definition::{
    Definition, EventDefinition, Kind, Question, StateDefinition, TransitionDefinition,
};
#[cfg(feature = "engine")]
pub use engine::{Cursor, Engine, EngineError};
pub use error::{Place, RestoreError, StepError};
pub use fan_out::Fan;
pub use machine::Machine;
pub use people::{AnswerError, Asked, Assignee, Open};
#[cfg(feature = "tokio")]
pub use policy::Commons;
pub use snapshot::{DueSnapshot, Snapshot, TimerSnapshot};
pub use step::{Dispatch, MICROSTEP_LIMIT};
#[cfg(feature = "tokio")]
pub use task::{Handle, MAILBOX_SIZE, OUTPUTS_KEPT, SendError};
pub use undo::{Back, Taken, Undoing};

#[cfg(feature = "macros")]
pub use statewright_macros::{flow, include_flow, machine, scenarios};

/// What generated code needs. No promise is made about it.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "macros")]
    pub use statewright_macros::known;

    pub use crate::activity::{Cx, Failure, Never, Perform};
    pub use crate::arithmetic::{add, change, div, mul, neg, rem, scale, share, sub};
    pub use crate::chart::{Answer, Chart, Durable, Flat, NONE, Run, Shape, Step, Table, code};
    pub use crate::core::{Core, is_active_in};
    pub use crate::definition::{
        Definition, EventDefinition, Kind, Question, StateDefinition, TransitionDefinition,
    };
    pub use crate::error::{Place, StepError};
    pub use crate::fan_out::{Asked, Fan, FanOut, Join, JoinKind, Share, VoteRule, Votes};
    pub use crate::machine::Machine;
    pub use crate::migration::{Lack, Migration, Values};
    pub use crate::people::{Assignee, shown};
    pub use crate::regions::{
        PlanShape, Regions, Selected, leave, pass, react_regions, remembered,
    };
    pub use crate::scenario::Answers;
    pub use crate::snapshot::Snapshot;
    pub use crate::step::{Cause, Dispatch, Scratch, decided, direct, react_flat, recorded};
    pub use crate::undo::{Part, Role, Undoes};
    /// How hard calls are tried.
    pub mod policy {
        pub use crate::policy::{
            Backoff, Breaker, Bulkhead, Fault, FaultKind, Jitter, Policy, RateLimit, Retry,
            Sharing, Trip,
        };
    }
    pub use serde;
    pub use std::any::Any;
    pub use std::cell::RefCell;
    pub use std::clone::Clone;
    pub use std::cmp::{Eq, PartialEq};
    pub use std::collections::BTreeMap;
    pub use std::convert::From;
    pub use std::default::Default;
    pub use std::error::Error as StdError;
    pub use std::fmt::Debug;
    pub use std::format;
    pub use std::future::Future;
    pub use std::hash::Hash;
    pub use std::marker::{Copy, Send, Sync};
    pub use std::ops::Fn;
    pub use std::option::Option;
    pub use std::result::Result;
    pub use std::string::{String, ToString};
    pub use std::sync::Arc;
    pub use std::time::Duration;
    pub use std::vec::Vec;

    /// What becomes of an event, or an error.
    pub type Reaction = Result<Dispatch, StepError>;
    /// What a leaf chooses, or an error.
    pub type Selection = Result<Selected, StepError>;
    /// Nothing, or an error.
    pub type Done = Result<(), StepError>;

    /// The answer where no transition is taken.
    pub trait Unhandled {
        /// The answer.
        const UNHANDLED: Self;
    }

    impl Unhandled for Dispatch {
        const UNHANDLED: Self = Dispatch::Unhandled;
    }

    impl Unhandled for Selected {
        const UNHANDLED: Self = Selected::Nothing(Dispatch::Unhandled);
    }

    impl Unhandled for () {
        const UNHANDLED: Self = ();
    }

    impl Unhandled for u32 {
        /// Only for choices, which end with `else`.
        const UNHANDLED: Self = 0;
    }

    /// The answer where no transition is taken.
    #[inline]
    pub fn unhandled<T: Unhandled>() -> Result<T, StepError> {
        Ok(T::UNHANDLED)
    }

    /// Values, one behind the other.
    pub fn listed(values: &[&dyn Debug]) -> String {
        values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", ")
    }

    /// The default of state data in a snapshot.
    pub fn none<T>() -> Option<T> {
        None
    }

    /// State data that a snapshot has, be it null.
    pub fn written<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
    where
        D: serde::Deserializer<'de>,
        T: serde::Deserialize<'de>,
    {
        T::deserialize(from).map(Some)
    }

    /// State data that a snapshot leaves out.
    pub fn is_none<T>(value: &Option<T>) -> bool {
        value.is_none()
    }

    /// The cells of a table, two bytes each.
    pub const fn cells16<const BYTES: usize, const CELLS: usize>(
        bytes: &[u8; BYTES],
    ) -> [u16; CELLS] {
        let mut cells = [0; CELLS];
        let mut at = 0;
        while at < CELLS {
            cells[at] = u16::from_le_bytes([bytes[2 * at], bytes[2 * at + 1]]);
            at += 1;
        }
        cells
    }

    /// The cells of a table, four bytes each.
    pub const fn cells32<const BYTES: usize, const CELLS: usize>(
        bytes: &[u8; BYTES],
    ) -> [u32; CELLS] {
        let mut cells = [0; CELLS];
        let mut at = 0;
        while at < CELLS {
            let i = 4 * at;
            let cell = [bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]];
            cells[at] = u32::from_le_bytes(cell);
            at += 1;
        }
        cells
    }

    /// What a test of a scenario sees of a machine, under the name that conditions know.
    #[derive(Debug)]
    pub struct Seen<'m, C> {
        /// The data that all states share.
        pub context: &'m C,
    }

    /// Whether two values are the same, where one of them has its type from the other: `[]`.
    #[inline]
    pub fn same<T: PartialEq>(a: &T, b: &T) -> bool {
        a == b
    }

    /// A value that a scenario writes as a string. Only for tests.
    ///
    /// # Panics
    /// If the type does not understand the string.
    pub fn parse<T: std::str::FromStr>(text: &str) -> T {
        match text.parse() {
            Ok(value) => value,
            Err(_) => panic!("{text:?} is no `{}`", std::any::type_name::<T>()),
        }
    }

    /// The value of an option that is known to be set; an error of the step if it is not.
    #[inline]
    pub fn sure<'a, T>(value: &'a Option<T>, place: &'static Place) -> Result<&'a T, StepError> {
        value.as_ref().ok_or(StepError::Unset(place))
    }

    /// For how many rounds a condition holds now.
    #[inline]
    pub fn streak(holds: bool, before: u32) -> u32 {
        if holds { before.saturating_add(1) } else { 0 }
    }

    /// The list with one item more.
    pub fn append<T>(mut list: Vec<T>, item: T) -> Vec<T> {
        list.push(item);
        list
    }

    /// An error with a name and a message.
    pub fn failure(name: String, message: String) -> Failure {
        Failure { name, message }
    }

    /// Texts, one behind the other.
    pub fn text(parts: &[&str]) -> String {
        parts.concat()
    }

    /// A value that is surely there: data of an active state, or a `late` field, which the compiler
    /// has proved to be set before it is read.
    #[inline]
    pub fn there<T>(value: &Option<T>) -> &T {
        value.as_ref().expect("the compiler has proved that the value is set before it is read")
    }
}
