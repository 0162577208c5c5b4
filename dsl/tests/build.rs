//! The entrance for build scripts.

use statewright_dsl::build::compile_to;
use std::path::Path;

#[test]
fn a_mistake_becomes_an_error_of_the_program_that_includes_the_file() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let flow = directory.join("broken.flow");
    std::fs::write(&flow, "machine Door { event Push on Push => Open }").unwrap();
    let target = compile_to(&flow.to_string_lossy(), directory).unwrap();
    assert_eq!(target, directory.join("broken.rs"));
    let code = std::fs::read_to_string(&target).unwrap();
    assert!(code.contains("compile_error"), "{code}");
    assert!(code.contains("broken.flow:1:35"), "{code}");
    assert!(code.contains("mod door"), "what uses the machine has something to name: {code}");
}

#[test]
fn a_file_knows_machines_of_files_that_it_imports() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let flow = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/doors/files/order.flow");
    let code = std::fs::read_to_string(compile_to(&flow.to_string_lossy(), directory).unwrap());
    let code = code.unwrap();
    assert!(!code.contains("compile_error"), "{code}");
    assert!(code.contains("pub enum ParcelMessage"), "what can be sent: {code}");
    assert!(!code.contains("mod parcel"), "the other file makes its own: {code}");
}
