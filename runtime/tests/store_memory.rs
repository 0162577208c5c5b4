//! The store in memory does what stores do.
#![cfg(feature = "conformance")]

use statewright::store::{Memory, conformance};

#[test]
fn it_does_what_stores_do() {
    conformance::check(|_| {
        let disk = Memory::new();
        Box::new(move || Box::new(disk.clone()))
    });
}
