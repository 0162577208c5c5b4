//! `compat` as a user meets it.
#![cfg(test)]

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const OLD: &str = "\
durable machine Order {
    key id
    context { id: String  cents: u32 = 0  remark: String = \"\" }
    event Pay(cents: u32)
    event Fax
    initial state Open { on Pay(sum) do set cents = sum -> Paid  on Fax -> Faxing }
    state Faxing { after 1d do set remark = \"faxed\" -> Open  on Pay(sum) do set cents = sum -> Paid }
    final state Paid
}
";

fn folder(name: &str, old: &str, new: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("compat-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for tests can be written");
    for (file, text) in [("old.flow", old), ("new.flow", new)] {
        std::fs::write(folder.join(file), text).expect("the folder for tests can be written");
    }
    folder
}

fn compat(folder: &Path, more: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_statewright");
    let mut command = Command::new(program);
    command.current_dir(folder).args(["compat", "old.flow", "new.flow", "--color", "never"]);
    command.args(more).output().expect("the program runs")
}

fn said(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn the_same_machine_is_the_same() {
    let new = OLD.replace("after 1d", "after 2d").replace("event Fax", "event Fax\n    event Stop");
    let (stdout, _, code) = said(&compat(&folder("same", OLD, &new), &[]));
    assert_eq!((stdout.as_str(), code), ("Order, version 1 to 1: the same\n", Some(0)));
}

#[test]
fn a_change_without_a_new_version_is_an_error() {
    let new = OLD.replace("cents: u32", "cents: u64");
    let (stdout, stderr, code) = said(&compat(&folder("missing", OLD, &new), &[]));
    assert!(stdout.contains("compatible: instances go on by themselves"), "{stdout}");
    assert!(stdout.contains("  - context field `cents` was `u32` and is `u64` now\n"), "{stdout}");
    assert!(stderr.contains("flow-E0803"), "{stderr}");
    assert!(stderr.contains("write `machine Order version 2 {`"), "{stderr}");
    assert!(stderr.contains("new.flow:1:"), "{stderr}");
    assert_eq!(code, Some(1));
}

#[test]
fn what_is_compatible_is_said_with_reasons() {
    let new = OLD
        .replace("Order {", "Order version 2 {")
        .replace("cents: u32", "cents: u64")
        .replace("remark: String", "tries: u8 = 3  @was(\"remark\") note: String")
        .replace("set remark", "set note")
        .replace("initial state Open", "state Late\n    @was(\"Open\") initial state Begun")
        .replace("-> Open", "-> Begun");
    let (stdout, _, code) = said(&compat(&folder("compatible", OLD, &new), &[]));
    let expected = "\
Order, version 1 to 2: compatible: instances go on by themselves
  - context field `cents` was `u32` and is `u64` now
  - context field `note` was called `remark`
  - context field `tries` is new, and has a default
  - state `Late` is new
  - state `Begun` was called `Open`
";
    assert_eq!((stdout.as_str(), code), (expected, Some(0)));
}

#[test]
fn what_needs_a_migration_is_said_with_the_way_out() {
    let new = OLD
        .replace("Order {", "Order version 2 {")
        .replace("cents: u32", "cents: String")
        .replace("cents: String = 0", "cents: String = \"\"")
        .replace("  on Fax -> Faxing }\n", " }\n")
        .replace("remark: String = \"\"", "remark: String");
    let from = new.find("    state Faxing").expect("it is there");
    let to = new.find("    final").expect("it is there");
    let new = format!("{}{}", &new[..from], &new[to..]);
    let folder = folder("needs", OLD, &new);
    let (stdout, _, code) = said(&compat(&folder, &[]));
    let expected = "\
Order, version 1 to 2: needs a migration: some instances cannot go on
  ! context field `cents` was `u32` and is `String` now
      `set cents = ..` in `migrate from 1 { .. }` says what it is
  ! state `Faxing` is gone: instances in it are nowhere
      `state Faxing -> ..` in `migrate from 1 { .. }` says where, or `@was(\"Faxing\")` in front of the state that it is now
";
    assert_eq!((stdout.as_str(), code), (expected, Some(0)));
    let (stdout, _, code) = said(&compat(&folder, &["--format", "json"]));
    let json: Json = serde_json::from_str(stdout.lines().last().expect("a line")).expect("JSON");
    assert_eq!((json["verdict"].as_str(), code), (Some("needs_migration"), Some(0)));
    assert_eq!(json["differences"][1]["what"], "state `Faxing`");
}

#[test]
fn files_without_durable_machines_have_nothing_to_compare() {
    let folder = folder("none", OLD, "machine Lamp { initial state On }");
    let (_, stderr, code) = said(&compat(&folder, &[]));
    assert!(stderr.contains("has no durable machine"), "{stderr}");
    assert_eq!(code, Some(2));
}
