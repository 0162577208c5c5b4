//! Prints machines: as Rust and as diagrams. Emitters take checked input and cannot fail.

mod dot;
mod drawing;
mod mermaid;
pub mod rust;
mod text;

pub use dot::dot;
pub use mermaid::mermaid;
