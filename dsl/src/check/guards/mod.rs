//! When guards hold: all together, one behind the other, or never.
//!
//! A guard becomes [`Cases`] over [`Terms`]: in each case some terms have a value in a set, and all
//! others any. A term is a number, a duration, a plain enum value, a length, how two values compare,
//! or something that is not looked into and holds or not, as a call: the same call has one answer.
//! [`consistent`] says whether the terms of a case can have their values all at once.
//!
//! What is called impossible is, for certain. What is too much to look at is taken to be possible,
//! silently: there are bounds for cases, terms, ranges and steps.

mod cases;
mod consistent;
mod linear;
mod numbers;
mod terms;

pub(super) use cases::Cases;
pub(super) use terms::Terms;
