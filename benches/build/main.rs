//! Writes the larger machines once for every contender, from one description each.

mod deep;
mod wide;

use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=build");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    let write = |name: &str, text: String| {
        fs::write(Path::new(&out).join(name), text).expect("OUT_DIR can be written");
    };
    write("wide_by_hand.rs", wide::by_hand());
    write("wide.flow", wide::flow());
    write("deep_by_hand.rs", deep::by_hand());
    write("deep_by_statig.rs", deep::by_statig());
    write("deep.flow", deep::flow());
    for (name, flow) in [("wide", wide::flow()), ("deep", deep::flow())] {
        write(&format!("{name}.rs"), machine(name, &flow));
    }
    let turnstile = fs::read_to_string("flows/turnstile.flow").expect("the file is in the package");
    write("turnstile.rs", machine("turnstile", &turnstile));
}

fn machine(name: &str, flow: &str) -> String {
    let done = statewright_dsl::compile::compile_text(name, flow);
    assert!(!done.diagnostics.has_errors(), "{name}: {:?}", done.diagnostics);
    let charts: Vec<_> = done.machines.iter().map(statewright_dsl::lower::lower).collect();
    statewright_dsl::emit::rust::rust(&charts, &Default::default()).to_string()
}
