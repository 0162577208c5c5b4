//! Kills a program with SIGKILL at named points: before and after everything that cannot be taken
//! back. It is started again and killed at the same point once more, and then left to come to its
//! end; whether a promise was broken is looked at after each.
//!
//! `POINT_HITS=50 cargo test -p statewright-durable-tests --features failpoints --release --test
//! points` kills at each of the first fifty times.
#![cfg(all(feature = "failpoints", unix))]

use statewright_durable_tests::bookings::Bookings;
use statewright_durable_tests::drafts::Drafts;
use statewright_durable_tests::errands::Errands;
use statewright_durable_tests::expeditions::Expeditions;
use statewright_durable_tests::in_use::InUse;
use statewright_durable_tests::kills::{Points, Program};
use statewright_durable_tests::letters::Letters;
use statewright_durable_tests::polls::Polls;
use statewright_durable_tests::subjects::Subjects;
use statewright_durable_tests::world::Plan;

const WORKER: Program =
    Program { exe: env!("CARGO_BIN_EXE_worker"), folder: env!("CARGO_TARGET_TMPDIR") };

/// The points around everything that is decided and done.
const POINTS: Points = Points {
    program: WORKER,
    points: &[
        "store.before_write",
        "store.after_commit",
        "engine.before_commit",
        "engine.after_commit",
        "engine.before_activity",
        "engine.after_activity",
        "engine.before_recovery",
    ],
    hits: &[3, 21],
    heals: false,
};

fn plan(size: u64, rounds: u64) -> Plan {
    Plan { size, rounds, seed: 0, is_healthy: false }
}

#[test]
fn nothing_is_lost_or_done_twice() {
    let points = Points {
        points: &[
            "store.before_write",
            "store.after_write",
            "store.after_commit",
            "engine.before_commit",
            "engine.after_commit",
            "engine.before_answer",
            "engine.after_answer",
            "engine.before_action",
            "engine.after_action",
            "engine.before_activity",
            "engine.after_activity",
            "engine.before_delivery",
            "engine.before_wake",
            "engine.before_recovery",
        ],
        hits: &[1, 2, 30],
        ..POINTS
    };
    let seen = points.of::<Subjects>(plan(20, 20));
    assert!(seen["repeated"] > 0, "the kills have hit nothing: {seen}");
}

#[test]
fn no_saga_is_left_half_done() {
    let seen = Points { heals: true, ..POINTS }.of::<Bookings>(plan(8, 1));
    assert!(seen["undone"] > 0, "nothing was taken back: {seen}");
}

#[test]
fn no_saga_in_a_saga_is_left_half_done() {
    let seen = Points { heals: true, ..POINTS }.of::<Expeditions>(plan(8, 1));
    assert!(seen["undone"] > 0, "nothing was taken back: {seen}");
}

#[test]
fn letters_are_taken_and_children_end_once() {
    let seen = POINTS.of::<Letters>(plan(3, 4));
    assert!(seen["in the middle"] > 0, "the kills have hit nothing: {seen}");
}

#[test]
fn no_branch_is_recorded_twice_lost_or_waited_for_in_vain() {
    let seen = POINTS.of::<Polls>(plan(4, 1));
    assert!(seen["in the middle"] > 0, "the kills have hit nothing: {seen}");
}

#[test]
fn no_round_is_repeated_or_left_out() {
    let seen = POINTS.of::<Drafts>(plan(6, 1));
    assert!(seen["in the middle"] > 0, "the kills have hit nothing: {seen}");
}

#[test]
fn attempts_are_neither_forgotten_nor_made_again() {
    let seen = POINTS.of::<Errands>(plan(5, 3));
    assert!(seen["in the middle"] > 0, "the kills have hit nothing: {seen}");
}

#[test]
fn the_language_in_use_comes_to_its_ends() {
    let points = Points {
        points: &["engine.before_commit", "engine.after_commit", "engine.after_activity"],
        hits: &[1, 2, 3, 5, 8, 13, 21],
        ..POINTS
    };
    let seen = points.of::<InUse>(plan(1, 1));
    assert!(seen["in the middle"] > 0, "the kills have hit nothing: {seen}");
}
