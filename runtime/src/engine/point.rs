//! Named points at which tests make the process end: before and after everything that cannot be taken
//! back. Those of the disk are in the store.

/// Nothing, but in tests of crashes.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub(super) fn point(_: &str) {}

/// Does what a test has set for this point.
#[cfg(feature = "failpoints")]
pub(super) fn point(name: &str) {
    fail::fail_point!(name);
}
