//! The third way in: a build script turns `.flow` files into Rust files that `include!` takes in.
//!
//! ```no_run
//! // build.rs, with `statewright-dsl` among the build-dependencies
//! fn main() -> std::io::Result<()> {
//!     statewright_dsl::build::compile("flows/door.flow")?;
//!     Ok(())
//! }
//! ```
//!
//! ```ignore
//! // lib.rs
//! include!(concat!(env!("OUT_DIR"), "/door.rs"));
//! ```

use crate::compile::{Compilation, FileLoader};
use crate::door::{generate, report};
use crate::render;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use std::io;
use std::path::{Path, PathBuf};

/// Compiles a file into the directory that cargo gives to build scripts, `OUT_DIR`, under the name
/// of the file with `.rs`, and tells cargo to run again when it or what it imports changes.
///
/// The path is relative to the package, where build scripts run. Mistakes in the file do not end the
/// build script: cargo keeps one line of what it says, and editors none. The Rust file has them
/// instead, so they are seen where it is included.
///
/// # Errors
/// Fails if there is no `OUT_DIR` (outside of a build script) or if it cannot be written to.
pub fn compile(path: &str) -> io::Result<PathBuf> {
    let directory = std::env::var_os("OUT_DIR").ok_or_else(|| {
        io::Error::new(io::ErrorKind::NotFound, "OUT_DIR is not set: this is for build scripts")
    })?;
    compile_to(path, Path::new(&directory))
}

/// As [`compile`], into a directory of the caller's choice.
///
/// # Errors
/// Fails if the directory cannot be written to.
pub fn compile_to(path: &str, directory: &Path) -> io::Result<PathBuf> {
    let compilation = crate::compile::compile(&FileLoader, path);
    for line in instructions(&compilation) {
        println!("{line}");
    }
    let stem = Path::new(path).file_stem().unwrap_or("machine".as_ref());
    let target = directory.join(stem).with_extension("rs");
    write_if_changed(&target, &code(&compilation).to_string())?;
    Ok(target)
}

/// What cargo reads: the files to watch, and a line for each warning.
fn instructions(compilation: &Compilation) -> Vec<String> {
    let watched =
        compilation.sources.iter().map(|(_, s)| format!("cargo::rerun-if-changed={}", s.name));
    let said = render::short(&compilation.sources, &compilation.diagnostics);
    let said: Vec<_> = said
        .lines()
        .filter(|l| l.contains(": warning["))
        .map(|l| format!("cargo::warning={l}"))
        .collect();
    watched.chain(said).collect()
}

/// The machines, or what stands in for them and the errors.
fn code(compilation: &Compilation) -> TokenStream {
    let errors =
        compilation.diagnostics.iter().filter(|d| d.severity == crate::diagnostic::Severity::Error);
    let errors = report::at_file(errors, &compilation.sources, Span::call_site());
    let place =
        generate::Place { crate_path: None, spans: &|_| Span::call_site(), outside: Vec::new() };
    let code = generate::modules(compilation, &place);
    quote!(#errors #code)
}

/// A file that stays the same keeps its time, so that cargo compiles nothing again.
fn write_if_changed(target: &Path, text: &str) -> io::Result<()> {
    if std::fs::read(target).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    std::fs::write(target, text)
}
