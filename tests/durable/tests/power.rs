//! The power is cut, or the system refuses to write: what was told as durable is there, nothing was done
//! too early, and it goes on from there.
//!
//! `CUTS=1000 cargo test -p statewright-durable-tests --release --test power` is the full setting, for
//! each world. A run that fails leaves its folder.
#![cfg(target_os = "linux")]

use statewright_durable_tests::bookings::Bookings;
use statewright_durable_tests::kills::{Program, look_at};
use statewright_durable_tests::letters::Letters;
use statewright_durable_tests::petitions::Petitions;
use statewright_durable_tests::polls::Polls;
use statewright_durable_tests::power::{Cuts, files};
use statewright_durable_tests::subjects::Subjects;
use statewright_durable_tests::trace;
use statewright_durable_tests::world::{Plan, World};
use std::path::{Path, PathBuf};

const WORKER: Program =
    Program { exe: env!("CARGO_BIN_EXE_worker"), folder: env!("CARGO_TARGET_TMPDIR") };

const CUTS: Cuts = Cuts { program: WORKER, times: 24, is_relaxed: false };

fn plan(size: u64, rounds: u64) -> Plan {
    Plan { size, rounds, seed: 3, is_healthy: false }
}

#[test]
fn nothing_that_was_told_is_lost_with_the_power() {
    if trace::is_here() {
        let seen = CUTS.of::<Subjects>(plan(40, 30));
        assert!(seen["steps"] > 0, "{seen}");
    }
}

#[test]
fn no_saga_is_left_half_done() {
    if trace::is_here() {
        let seen = CUTS.of::<Bookings>(plan(60, 1));
        assert!(seen["booked"] > 0 && seen["taken back"] > 0, "{seen}");
    }
}

#[test]
fn letters_people_and_branches_are_what_they_were() {
    if trace::is_here() {
        let seen = Cuts { times: 12, ..CUTS }.of::<Letters>(plan(6, 8));
        assert!(seen["in the middle"] > 0, "{seen}");
        let seen = Cuts { times: 12, ..CUTS }.of::<Petitions>(plan(30, 2));
        assert!(seen["answered"] > 0, "{seen}");
        let seen = Cuts { times: 12, ..CUTS }.of::<Polls>(plan(30, 1));
        assert!(seen["in the middle"] > 0, "{seen}");
    }
}

/// That shows that the cuts above would find a commit that is not synced, too.
#[test]
fn a_relaxed_store_may_lose_what_was_told() {
    if trace::is_here() {
        let relaxed = Cuts { times: 8, is_relaxed: true, ..CUTS };
        assert!(relaxed.broken::<Bookings>(plan(30, 1)) > 0, "it is not relaxed");
    }
}

#[test]
fn each_refusal_of_the_system_has_its_error() {
    if !trace::is_here() {
        return;
    }
    let told = [
        ("ENOSPC", "pwrite64", "Full("),
        ("EDQUOT", "pwrite64", "Full("),
        ("EROFS", "pwrite64", "ReadOnly("),
        ("EIO", "pwrite64", "Failed("),
        ("EIO", "fsync", "Failed("),
    ];
    for (error, call, told) in told {
        let from = format!("inject={call}:error={error}:when=25+");
        let always = format!("inject=write:error={error}");
        let (folder, said) = refused::<Subjects>(plan(20, 30), &["-e", &from, "-e", &always]);
        assert!(said.contains(told), "{error} of {call}: {said}");
        goes_on::<Subjects>(&folder, plan(20, 30));
    }
}

#[test]
fn what_is_refused_for_a_while_goes_on_by_itself() {
    if !trace::is_here() {
        return;
    }
    // When all have been started, so that clients only wait.
    for (call, times) in [("pwrite64", "200..204"), ("fsync", "20..22")] {
        let now_and_then = format!("inject={call}:error=EIO:when={times}");
        let (folder, said) = refused::<Bookings>(plan(30, 1), &["-e", &now_and_then]);
        assert_eq!(said, "", "{call}");
        let seen = look_at::<Bookings>(&folder, plan(30, 1), true);
        assert!(seen["repeated"] > 0, "nothing was refused: {seen}");
        let _ = std::fs::remove_dir_all(&folder);
    }
}

/// Has the system refuse calls that write to the store. Gives what the program says at its end.
fn refused<W: World>(plan: Plan, refusals: &[&str]) -> (PathBuf, String) {
    let folder = WORKER.folder(&format!("{}-refused", W::NAME));
    let [_, log, _, _] = files(&folder);
    let trial = folder.join("instances.db-trial");
    let command = WORKER.command::<W>(&folder, plan, 16);
    let nowhere = Path::new("/dev/null");
    let mut command = trace::traced(&command, &[log, trial], nowhere, refusals);
    let ended = command.output().expect("the worker starts");
    (folder, String::from_utf8_lossy(&ended.stderr).into_owned())
}

/// What is left is as promised, and comes to its end.
fn goes_on<W: World>(folder: &Path, plan: Plan) {
    look_at::<W>(folder, plan, false);
    let ended = WORKER.command::<W>(folder, plan, 1).status().expect("the worker starts");
    assert!(ended.success(), "the worker has failed in {}", folder.display());
    look_at::<W>(folder, plan, true);
    let _ = std::fs::remove_dir_all(folder);
}
