//! The Rust that is written for the machines in `generated`, so that a change of the emitter shows
//! in review. `BLESS=1` writes it anew.

use statewright_dsl::{compile, emit, lower};
use std::fs;
use std::path::{Path, PathBuf};

fn flows() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated");
    let entries = fs::read_dir(folder).expect("the folder is in the repository");
    let mut flows: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "flow"))
        .collect();
    flows.sort();
    flows
}

fn rust(flow: &Path) -> String {
    let text = fs::read_to_string(flow).expect("the file can be read");
    let done = compile::compile_text("generated.flow", &text);
    assert!(done.diagnostics.is_empty(), "{}: {:?}", flow.display(), done.diagnostics);
    let charts: Vec<_> = done.machines.iter().map(lower::lower).collect();
    let options = emit::rust::RustOptions { sources: Some(&done.sources), ..Default::default() };
    let file = syn::parse2(emit::rust::rust(&charts, &options)).expect("it is Rust");
    prettyplease::unparse(&file)
}

#[test]
fn machines_become_the_rust_that_they_became() {
    for flow in flows() {
        let (golden, written) = (flow.with_extension("rs"), rust(&flow));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&golden, &written).expect("the folder can be written");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        let differs = written.lines().zip(expected.lines()).position(|(a, b)| a != b);
        assert!(written == expected, "{} differs from line {differs:?} on", golden.display());
    }
}
