//! Scenarios without a host, with an option that is none, of a file that is not there, of no file.

statewright::scenarios!("ui/flows/door.flow");
statewright::scenarios!("ui/flows/door.flow", host = (), hots = ());
statewright::scenarios!("ui/flows/missing.flow", host = ());
statewright::scenarios!(host = ());

fn main() {}
