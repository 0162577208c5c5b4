//! Prints machines: as Rust and as diagrams. Emitters take checked input and cannot fail.
