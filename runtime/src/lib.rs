//! Statecharts, declared once, checked, drawn and run.
