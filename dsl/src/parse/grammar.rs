//! The parser that is made from `flow.pest`; the tests of `statewright-grammar` keep it up to date.

#![allow(dead_code, missing_docs, unreachable_pub, unused_qualifications, clippy::all)]

include!("grammar.in");
