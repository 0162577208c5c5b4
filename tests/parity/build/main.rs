//! Writes Rust for random machines: `PARITY_CHARTS` of them (40), from seed `PARITY_SEED` (0) on.

#[path = "../src/author/mod.rs"]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "shared with the tests")]
mod author;

use statewright_dsl::compile::compile_text;
use statewright_dsl::emit::rust::rust;
use statewright_dsl::lower::lower;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn setting(name: &str, default: u64) -> u64 {
    println!("cargo::rerun-if-env-changed={name}");
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/author");
    let (charts, first) = (setting("PARITY_CHARTS", 40), setting("PARITY_SEED", 0));
    let mut modules = String::new();
    let mut names = String::new();
    let (mut found, mut seed) = (0, first);
    while found < charts {
        let text = author::machine(seed);
        let compilation = compile_text("random.flow", &text);
        if let Some(model) = compilation.machines.first() {
            let chart = lower(model);
            let asks = !chart.declarations.activities.is_empty();
            let asking = if asks { "asking" } else { "silent" };
            let host = if asks || chart.durable { "shared" } else { "own" };
            let code = rust(&[chart], &Default::default());
            let _ = writeln!(modules, "pub mod s{seed} {{ {code} }}");
            let _ = write!(names, "{seed} s{seed} {asking} {host} ");
            found += 1;
        }
        seed += 1;
        assert!(seed - first < 20 * charts + 200, "the compiler refuses most machines");
    }
    let list = format!("machines! {{ {names} }}");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    for (name, text) in [("modules.rs", modules), ("machines.rs", list)] {
        fs::write(Path::new(&out).join(name), text).expect("OUT_DIR can be written");
    }
}
