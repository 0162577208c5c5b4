//! `statewright.toml`: which one counts, and what it does.
#![cfg(test)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Doubted once: nothing leads to `Yellow`.
const DOUBT: &str = "\
machine Light {
    event Next
    event Stop
    initial state Red { on Next -> Green }
    state Green { on Next -> Red  on Stop -> Red }
    state Yellow { on Next -> Red }
}
";

/// A folder of one test with `light.flow` in `flows/deep`.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("flows/deep")).unwrap();
    std::fs::write(folder.join("flows/deep/light.flow"), DOUBT).unwrap();
    folder
}

fn set(folder: &Path, path: &str, lints: &str) {
    std::fs::write(folder.join(path).join("statewright.toml"), format!("[lints]\n{lints}\n"))
        .unwrap();
}

/// Runs in a folder and compares the exit code; gives stdout and stderr together.
#[track_caller]
fn run(folder: &Path, args: &[&str], code: i32) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_statewright"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that never reads its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(DOUBT.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{text}");
    text
}

#[track_caller]
fn assert_has(text: &str, part: &str) {
    assert!(text.contains(part), "no {part:?} in\n{text}");
}

const CHECK: [&str; 4] = ["check", "--format", "short", "flows/deep/light.flow"];

#[test]
fn a_level_makes_warnings_errors_or_silence() {
    let folder = folder("settings_levels");
    assert_has(&run(&folder, &CHECK, 0), "warning[flow-W0201]");
    set(&folder, ".", "W0201 = \"deny\"");
    assert_has(&run(&folder, &CHECK, 1), "error[flow-W0201]");
    set(&folder, ".", "all = \"allow\"");
    assert_eq!(run(&folder, &CHECK, 0), "");
    set(&folder, ".", "all = \"allow\"\nflow-w0201 = \"warn\"");
    assert_has(&run(&folder, &CHECK, 0), "warning[flow-W0201]");
}

#[test]
fn what_is_opt_in_is_switched_on() {
    let folder = folder("settings_strict");
    set(&folder, ".", "W0305 = \"warn\"");
    let text = run(&folder, &CHECK, 0);
    assert_has(&text, "warning[flow-W0305]: `Red` neither handles nor ignores `Stop`");
    assert_has(&run(&folder, &[&CHECK[..], &["--deny", "warnings"]].concat(), 1), "W0305");
}

#[test]
fn the_nearest_one_counts_from_wherever_it_is_run() {
    let folder = folder("settings_nearest");
    set(&folder, ".", "W0201 = \"deny\"");
    set(&folder, "flows", "W0201 = \"allow\"");
    assert_eq!(run(&folder, &CHECK, 0), "");
    let deep = folder.join("flows/deep");
    assert_eq!(run(&deep, &["check", "--format", "short", "light.flow"], 0), "");
    assert_eq!(run(&deep, &["check", "--format", "short", "../deep/light.flow"], 0), "");
    // Text from stdin belongs to the current folder.
    assert_eq!(run(&deep, &["check", "--format", "short", "-"], 0), "");
    run(&folder, &["check", "-"], 1);
}

#[test]
fn every_command_that_compiles_reads_it() {
    let folder = folder("settings_commands");
    set(&folder, ".", "W0201 = \"deny\"");
    for command in ["check", "build", "diagram"] {
        let text = run(&folder, &[command, "flows/deep/light.flow"], 1);
        assert_has(&text, "error[flow-W0201]");
    }
}

#[test]
fn what_is_wrong_in_it_ends_with_2_and_its_place() {
    let folder = folder("settings_wrong");
    set(&folder, "flows", "W0201 = \"never\"\nE0102 = \"allow\"");
    let text = run(&folder, &CHECK, 2);
    let file = Path::new("flows").join("statewright.toml");
    let file = file.display();
    assert_has(&text, &format!("error: {file}:2:9: no level is called `never`\nhelp: levels are"));
    assert_has(&text, &format!("error: {file}:3:1: `E0102` is an error and cannot be lowered\n"));
    std::fs::write(folder.join("flows/statewright.toml"), "[lints\n").unwrap();
    assert_has(&run(&folder, &CHECK, 2), "statewright.toml:1:");
}
