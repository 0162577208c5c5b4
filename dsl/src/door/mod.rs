//! The second door: annotated Rust, and tokens of a macro, on their way to the compiler and back.
//!
//! `#[machine]` is rewritten into `.flow` text ([`annotated`]), [`flow!`](flow()) already is it; both
//! keep a table from the text's offsets to the tokens ([`text`]), so that messages point at what the
//! author wrote. The macro crate only hands over to this module, which tests can call.

pub mod annotated;
mod arguments;
mod expand;
mod flat;
mod functions;
pub(crate) mod generate;
mod grown;
pub mod inline;
mod keep;
mod known;
mod module;
mod names;
mod parts;
mod placement;
mod protocol;
mod refusal;
pub(crate) mod report;
mod rust;
mod scenarios;
mod statement;
mod states;
mod stub;
pub mod text;
mod tokens;
mod types;
mod uses;

pub use expand::{flow, include_flow, known, machine};
pub use scenarios::scenarios;
