//! Doubts a model: one rule a file, each reads the model and writes diagnostics.
