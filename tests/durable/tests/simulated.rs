//! Simulated runs: paused time, a store in memory that fails by plan and dies in the middle, clients
//! that send in an order made by chance. What may never be seen stands with each world in `src`.
//!
//! `SIMULATIONS=10000 cargo test -p statewright-durable-tests --release --test simulated` is the
//! full setting, for each world. A seed that fails is printed; `SIMULATION_SEED=17` runs it alone.

use statewright_durable_tests::bookings::Bookings;
use statewright_durable_tests::drafts::Drafts;
use statewright_durable_tests::errands::Errands;
use statewright_durable_tests::letters::Letters;
use statewright_durable_tests::petitions::Petitions;
use statewright_durable_tests::polls::Polls;
use statewright_durable_tests::seen::Seen;
use statewright_durable_tests::simulation::simulations;
use statewright_durable_tests::subjects::Subjects;
use statewright_durable_tests::world::{Plan, World};

/// Simulates a world, and looks whether processes have died at the right moments.
fn simulated<W: World>(size: u64, rounds: u64, seeds: u64, wanted: &[&str]) {
    let seen: Seen = simulations::<W>(Plan { size, rounds, seed: 0, is_healthy: false }, seeds);
    let is_whole = std::env::var_os("SIMULATION_SEED").is_none();
    for what in wanted.iter().filter(|_| is_whole) {
        assert!(seen[what] > 0, "nothing was {what}: {seen}");
    }
}

#[test]
fn nothing_is_lost_or_done_twice() {
    simulated::<Subjects>(5, 8, 100, &["deaths", "repeated"]);
}

#[test]
fn no_saga_is_left_half_done() {
    let wanted = ["deaths", "repeated", "booked", "taken back", "stuck", "undone"];
    simulated::<Bookings>(6, 1, 40, &wanted);
}

#[test]
fn letters_are_taken_and_children_end_once() {
    simulated::<Letters>(3, 4, 40, &["deaths", "repeated", "in the middle"]);
}

#[test]
fn what_people_were_told_is_true() {
    let wanted = ["deaths", "claimed", "reminded", "escalated", "answered", "timed out"];
    simulated::<Petitions>(6, 4, 40, &wanted);
}

#[test]
fn no_branch_is_recorded_twice_lost_or_waited_for_in_vain() {
    simulated::<Polls>(3, 1, 40, &["deaths", "repeated", "in the middle", "given up"]);
}

#[test]
fn no_round_is_repeated_or_left_out() {
    simulated::<Drafts>(5, 1, 40, &["deaths", "repeated", "in the middle"]);
}

#[test]
fn attempts_are_neither_forgotten_nor_made_again() {
    simulated::<Errands>(4, 3, 40, &["deaths", "repeated", "in the middle"]);
}
