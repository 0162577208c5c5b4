//! A file that is not there, and no file at all.

statewright::include_flow!("ui/flows/missing.flow");
statewright::include_flow!(missing);

fn main() {}
