//! Prints machines: as Rust, as diagrams, and what stores remember of them. Emitters take checked input and cannot fail.

mod dot;
mod drawing;
mod mermaid;
pub mod rust;
pub mod shape;
mod text;

pub use dot::dot;
pub use mermaid::mermaid;
