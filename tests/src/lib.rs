//! Tests that need more than one crate. See `tests/README.md` for the kinds of tests.
