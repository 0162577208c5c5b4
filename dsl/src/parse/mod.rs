//! Text to syntax tree, with recovery: always a tree, and every mistake found on the way.
