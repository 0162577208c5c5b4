//! Named points at which tests make the process end, or an operation fail.

use crate::store::StoreError;

/// Nothing, but in tests of crashes.
#[cfg(not(feature = "failpoints"))]
pub(super) fn point(_: &str) -> Result<(), StoreError> {
    Ok(())
}

/// Does what a test has set for this point; `return(why)` lets it fail.
#[cfg(feature = "failpoints")]
pub(super) fn point(name: &str) -> Result<(), StoreError> {
    fail::fail_point!(name, |why: Option<String>| {
        Err(StoreError::Failed(format!("{name}: {}", why.unwrap_or_default())))
    });
    Ok(())
}
