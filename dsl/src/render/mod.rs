//! Diagnostics as people and tools read them.
