//! Prints machines: as Rust and as diagrams. Emitters take checked input and cannot fail.

mod dot;
mod drawing;
mod mermaid;
mod text;

pub use dot::dot;
pub use mermaid::mermaid;
