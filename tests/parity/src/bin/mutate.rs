//! Shows that the parity tests notice: changes the meaning in one place after the other, as
//! `mutations.txt` says, and runs them each time, in a copy of the repository. None may pass, and each
//! has to compile.
//!
//! `cargo run -p statewright-parity --bin mutate [WORDS]`: only those with these words in their names.
//! Some seconds for most, minutes for what only random machines in Rust notice.

use statewright_parity::mutations;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let copy = root.join("target/mutations/tree");
    copy_tree(&root, &copy)?;
    // It fails of every change.
    fs::remove_file(copy.join("tests/parity/tests/mutations.rs"))?;
    let found = found(&copy)?;
    if found != SURVIVES {
        return Err(format!("without any change: {found}").into());
    }
    let all = mutations::all();
    let chosen = all.iter().filter(|m| words.iter().all(|word| m.name.contains(word.as_str())));
    let (mut count, mut amiss) = (0, 0);
    for mutation in chosen {
        let path = copy.join(&mutation.file);
        let before = fs::read_to_string(&path)?;
        fs::write(&path, mutation.applied(&before)?)?;
        let found = self::found(&copy)?;
        fs::write(&path, before)?;
        println!("{found} {}", mutation.name);
        count += 1;
        amiss += usize::from(found != NOTICED);
    }
    println!("{count} mutations, {amiss} not noticed");
    Ok(if amiss == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn copy_tree(root: &Path, copy: &Path) -> Result<(), Box<dyn Error>> {
    let listed = Command::new("git").current_dir(root).arg("ls-files").output()?;
    for name in String::from_utf8(listed.stdout)?.lines() {
        let (from, to): (PathBuf, PathBuf) = (root.join(name), copy.join(name));
        if from.is_file() {
            fs::create_dir_all(to.parent().unwrap_or(copy))?;
            fs::copy(from, to)?;
        }
    }
    Ok(())
}

const NOTICED: &str = "noticed ";
const SURVIVES: &str = "SURVIVES";
const DOES_NOT_COMPILE: &str = "DOES NOT COMPILE";

/// Tests that need no random machine in Rust: they are soon compiled, and notice most changes.
const SOON: [&str; 6] = ["--test", "fixed", "--test", "small", "--test", "oracle"];

/// What the parity tests say there.
fn found(copy: &Path) -> Result<&'static str, Box<dyn Error>> {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(copy).args(["test", "-q", "-p", "statewright-parity"]).args(arguments);
        command.env("CARGO_TARGET_DIR", copy.join("../target")).env_remove("CARGO_MANIFEST_DIR");
        command.env("RUSTFLAGS", "-A warnings").output()
    };
    for tests in [&SOON[..], &[]] {
        let built = cargo(&[tests, &["--no-run"]].concat())?;
        if !built.status.success() {
            eprint!("{}", String::from_utf8_lossy(&built.stderr));
            return Ok(DOES_NOT_COMPILE);
        }
        if !cargo(tests)?.status.success() {
            return Ok(NOTICED);
        }
    }
    Ok(SURVIVES)
}
