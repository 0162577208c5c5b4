//! The Statewright compiler, a plain library: `.flow` text becomes a syntax tree, a model, a
//! checked model, a chart, and from there Rust and diagrams.

pub mod ast;
pub mod build;
pub mod chart;
pub mod check;
pub mod code;
pub mod compile;
#[cfg(feature = "tools")]
pub mod cover;
pub mod diagnostic;
pub mod door;
pub mod emit;
#[cfg(feature = "tools")]
pub mod format;
#[cfg(feature = "tools")]
pub mod interpret;
pub mod levels;
pub mod lower;
#[cfg(feature = "tools")]
pub mod matrix;
pub mod model;
pub mod parse;
pub mod render;
pub mod resolve;
#[cfg(feature = "tools")]
pub mod simulate;
pub mod source;
pub mod span;
pub mod spelling;
pub mod unfold;
#[cfg(feature = "tools")]
pub mod verify;
