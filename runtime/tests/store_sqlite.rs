//! The store in a file does what stores do.
#![cfg(all(feature = "conformance", feature = "sqlite"))]

use statewright::store::{Sqlite, conformance};
use std::fs;
use std::path::PathBuf;

#[test]
fn it_does_what_stores_do() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("store_sqlite");
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    conformance::check(|name| {
        let path = folder.join(name);
        Box::new(move || Box::new(Sqlite::open(&path).expect("it can be opened")))
    });
}
