//! Code of the program that the engine calls - guards, predicates, what its types do when they are
//! written, read or copied - must hurt nobody but who is concerned.

use super::error::EngineError;
use crate::activity::said;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls it; the text of a panic as an error. Who calls sees to it that nobody meets what it may have
/// left half done.
pub(super) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|panic| said(&*panic))
}

/// The same where it may fail by itself.
pub(super) fn guarded_too<T>(
    call: impl FnOnce() -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    guarded(call).unwrap_or_else(|panic| Err(EngineError::Panicked(panic)))
}
