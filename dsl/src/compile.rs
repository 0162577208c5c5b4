//! The whole way from source text to charts, and the one place that reads source files.
