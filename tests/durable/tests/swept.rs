//! A program is killed with SIGKILL at each call by which it writes to its files, syncs them or makes them
//! shorter, before the system does it: at commits, at checkpoints, while the file is made and while the log is
//! read again. What may never be seen stands with each world in `src`.
//!
//! `SWEEP=1 cargo test -p statewright-durable-tests --release --test swept` is the full setting: each call.
#![cfg(target_os = "linux")]

use statewright_durable_tests::expeditions::Expeditions;
use statewright_durable_tests::kills::Program;
use statewright_durable_tests::subjects::Subjects;
use statewright_durable_tests::sweep::Sweep;
use statewright_durable_tests::trace;
use statewright_durable_tests::world::Plan;

const WORKER: Program =
    Program { exe: env!("CARGO_BIN_EXE_worker"), folder: env!("CARGO_TARGET_TMPDIR") };

#[test]
fn nothing_is_lost_or_done_twice() {
    if trace::is_here() {
        let plan = Plan { size: 4, rounds: 6, seed: 3, is_healthy: false };
        let seen = Sweep { program: WORKER, stride: 20 }.of::<Subjects>(plan);
        assert!(seen["kills"] > 20 && seen["repeated"] > 0, "the kills have hit nothing: {seen}");
    }
}

#[test]
fn no_saga_in_a_saga_is_left_half_done() {
    if trace::is_here() {
        let plan = Plan { size: 3, rounds: 1, seed: 3, is_healthy: false };
        let seen = Sweep { program: WORKER, stride: 24 }.of::<Expeditions>(plan);
        assert!(seen["kills"] > 20 && seen["undone"] > 0, "the kills have hit nothing: {seen}");
    }
}
