//! The power is cut, or the system refuses to write: what was told as durable is there, nothing was done
//! too early, and it goes on from there.
//!
//! `CUTS=1000 cargo test -p statewright-durable-tests --release --test power` is the full setting, for
//! each world. A run that fails leaves its folder.
#![cfg(target_os = "linux")]

use statewright::store::{Sqlite, Store};
use statewright_durable_tests::bookings::Bookings;
use statewright_durable_tests::expeditions::Expeditions;
use statewright_durable_tests::kills::{Program, look_at, store_in};
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
        let seen = Cuts { times: 12, ..CUTS }.of::<Expeditions>(plan(40, 1));
        assert!(seen["gone"] > 0 && seen["called off"] > 0, "{seen}");
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
        let (folder, said) = refused::<Subjects>(plan(20, 30), &["-e", &from, "-e", &always], &[]);
        assert!(said.contains(told), "{error} of {call}: {said}");
        goes_on::<Subjects>(&folder, plan(20, 30));
    }
}

#[test]
fn what_is_refused_for_a_while_goes_on_by_itself() {
    if !trace::is_here() {
        return;
    }
    for (call, times) in [("pwrite64", "200..204"), ("fsync", "20..22")] {
        let now_and_then = format!("inject={call}:error=EIO:when={times}");
        // What clients are refused they try again, as the engine does with what it wants to write itself.
        let also = [("PATIENT", "1")];
        let (folder, said) = refused::<Bookings>(plan(30, 1), &["-e", &now_and_then], &also);
        assert_eq!(said, "", "{call}");
        let seen = look_at::<Bookings>(&folder, plan(30, 1), true);
        assert!(seen["repeated"] > 0, "nothing was refused: {seen}");
        let _ = std::fs::remove_dir_all(&folder);
    }
}

/// What is not brought into the file stays in the log, and nobody has to be told that it is not durable.
#[test]
fn a_checkpoint_that_fails_loses_nothing() {
    if !trace::is_here() {
        return;
    }
    for (error, call) in [("EIO", "fsync"), ("EIO", "pwrite64"), ("ENOSPC", "pwrite64")] {
        let plan = plan(20, 30);
        let folder = WORKER.folder("checkpoint-refused");
        let [file, log, _, _] = files(&folder);
        // Made before anything is refused.
        drop(Sqlite::open(store_in(&folder)).expect("it can be made"));
        let from = format!("inject={call}:error={error}:when=3+");
        let command = WORKER.command::<Subjects>(&folder, plan, 16);
        let nowhere = Path::new("/dev/null");
        let mut command = trace::traced(&command, &[file], nowhere, &["-e", &from]);
        // With a log of ten pages.
        let ended = command.env("LOG", "40000").output().expect("the worker starts");
        assert!(ended.status.success(), "{error} of {call}: {ended:?}");
        let length = std::fs::metadata(&log).map_or(0, |log| log.len());
        assert!(length > 200_000, "{error} of {call}: nothing was refused: {length} bytes");
        look_at::<Subjects>(&folder, plan, true);
        // Once the disk works again, all of it is brought into the file.
        goes_on::<Subjects>(&folder, plan);
    }
}

/// Has the system refuse calls that write to the store. Gives what the program says at its end.
fn refused<W: World>(plan: Plan, refusals: &[&str], also: &[(&str, &str)]) -> (PathBuf, String) {
    let folder = WORKER.folder(&format!("{}-refused", W::NAME));
    let [_, log, _, _] = files(&folder);
    let trial = folder.join("instances.db-trial");
    let command = WORKER.command::<W>(&folder, plan, 16);
    let nowhere = Path::new("/dev/null");
    let mut command = trace::traced(&command, &[log, trial], nowhere, refusals);
    let ended = command.envs(also.iter().copied()).output().expect("the worker starts");
    (folder, String::from_utf8_lossy(&ended.stderr).into_owned())
}

/// What is left is as promised, and comes to its end.
fn goes_on<W: World>(folder: &Path, plan: Plan) {
    look_at::<W>(folder, plan, false);
    let ended = WORKER.command::<W>(folder, plan, 1).status().expect("the worker starts");
    assert!(ended.success(), "the worker has failed in {}", folder.display());
    look_at::<W>(folder, plan, true);
    // Who closes it last brings everything into the file.
    let store = Sqlite::open(store_in(folder)).expect("it can be opened");
    store.claim().expect("nobody runs on it");
    drop(store);
    let [_, log, _, _] = files(folder);
    assert!(!log.exists(), "a log is left in {}", folder.display());
    let _ = std::fs::remove_dir_all(folder);
}
