//! Statecharts, declared once, checked, drawn and run.
//!
//! The compiler makes a module for each machine; its `Machine` is a [`Machine`] of this crate with
//! the tables and the straight-line code of that chart. A machine is a plain value: an event goes
//! in through [`Machine::dispatch`], time through [`Machine::advance`], and nothing runs by itself.

mod arithmetic;
mod chart;
mod clock;
mod core;
mod definition;
mod error;
mod machine;
mod regions;
mod snapshot;
mod step;
mod timers;

pub use clock::{Clock, ManualClock, SystemClock};
pub use definition::{Definition, EventDefinition, Kind, StateDefinition, TransitionDefinition};
pub use error::{Place, RestoreError, StepError};
pub use machine::Machine;
pub use snapshot::{DueSnapshot, Snapshot, TimerSnapshot};
pub use step::{Dispatch, MICROSTEP_LIMIT};

/// What generated code needs. No promise is made about it.
#[doc(hidden)]
pub mod __private {
    pub use crate::arithmetic::{add, div, mul, neg, rem, scale, share, sub};
    pub use crate::chart::{Chart, Enter, Flat, NONE, Run, Shape, Step, code};
    pub use crate::core::Core;
    pub use crate::definition::{
        Definition, EventDefinition, Kind, StateDefinition, TransitionDefinition,
    };
    pub use crate::error::{Place, StepError};
    pub use crate::machine::Machine;
    pub use crate::regions::{PlanShape, Regions, Selected, react_regions, remembered};
    pub use crate::snapshot::Snapshot;
    pub use crate::step::{Cause, Dispatch, Scratch, direct, react_flat, recorded};
    pub use serde;
    pub use std::clone::Clone;
    pub use std::cmp::{Eq, PartialEq};
    pub use std::collections::BTreeMap;
    pub use std::convert::From;
    pub use std::default::Default;
    pub use std::fmt::Debug;
    pub use std::hash::Hash;
    pub use std::marker::Copy;
    pub use std::option::Option;
    pub use std::result::Result;
    pub use std::string::String;
    pub use std::time::Duration;
    pub use std::vec::Vec;

    /// A value that is surely there: data of an active state, or a `late` field, which the compiler
    /// has proved to be set before it is read.
    #[inline]
    pub fn there<T>(value: &Option<T>) -> &T {
        value.as_ref().expect("the compiler has proved that the value is set before it is read")
    }
}
