//! Syntax trees to models: finds what every name means, and the type of every expression.
