//! The program that measures Statewright: it links another SQLite than this one, so it is built and
//! started by it.

use serde::Deserialize;
use statewright_load::Result;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/Cargo.toml");

/// What cargo says while it builds, as far as it is needed.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
}

/// Builds it, as it is in the working tree, and gives where it is.
pub fn build() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--release", "--locked", "--manifest-path", MANIFEST]);
    command.args(["--message-format", "json-render-diagnostics"]).stderr(Stdio::inherit());
    let output = command.output().map_err(|e| format!("cargo: {e}"))?;
    if !output.status.success() {
        return Err(format!("{MANIFEST} does not build: {}", output.status).into());
    }
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    for line in lines {
        if let Some(executable) = serde_json::from_slice::<Message>(line)?.executable {
            return Ok(executable);
        }
    }
    Err(format!("{MANIFEST} has no program").into())
}
