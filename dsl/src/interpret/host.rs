//! Who answers for guards and functions that only exist in Rust.

use super::fault::FaultKind;
use super::value::Value;
use crate::model::Function;
use std::time::Duration;

/// Answers for guards and fns. Actions need no answer: they are part of what a step gives.
pub trait Host {
    /// What a guard or fn gives for these arguments.
    ///
    /// # Errors
    /// [`FaultKind::Unanswered`] if it is not known.
    fn answer(&mut self, function: &Function, args: &[Value]) -> Result<Value, FaultKind>;

    /// What is read from now on may be something else under the same name: an effect was done, a state with
    /// data was entered, another event is taken.
    fn moved(&mut self) {}

    /// It was asked how long a state has been active, and that is so long.
    fn elapsed(&mut self, _: Duration) {}
}

/// Knows no answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHost;

impl Host for NoHost {
    fn answer(&mut self, function: &Function, _: &[Value]) -> Result<Value, FaultKind> {
        Err(FaultKind::Unanswered(function.name.text.clone()))
    }
}

impl<F: FnMut(&Function, &[Value]) -> Result<Value, FaultKind>> Host for F {
    fn answer(&mut self, function: &Function, args: &[Value]) -> Result<Value, FaultKind> {
        self(function, args)
    }
}
