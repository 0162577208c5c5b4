//! The parser that is made from `flow.pest`; `tests/grammar.rs` keeps it up to date.

#![allow(dead_code, missing_docs, unreachable_pub, unused_qualifications, clippy::all)]

include!("grammar.in");
