//! The second door of the Statewright compiler.
