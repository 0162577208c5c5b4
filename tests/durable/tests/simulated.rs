//! Simulated runs: paused time, tasks that take turns by chance, a store in memory that fails by plan and
//! dies in the middle. What may never be seen stands with each world in `src`.
//!
//! `SIMULATIONS=10000 cargo test -p statewright-durable-tests --release --test simulated` is the
//! full setting, for each world. A seed that fails is printed; `SIMULATION_SEED=17` runs it alone, and prints
//! all that has happened.

use statewright::engine::{Builder, Replay};
use statewright::{Engine, EngineError};
use statewright_durable_tests::bookings::Bookings;
use statewright_durable_tests::drafts::Drafts;
use statewright_durable_tests::errands::Errands;
use statewright_durable_tests::expeditions::Expeditions;
use statewright_durable_tests::ledger::Ledger;
use statewright_durable_tests::letters::Letters;
use statewright_durable_tests::petitions::Petitions;
use statewright_durable_tests::polls::Polls;
use statewright_durable_tests::seen::Seen;
use statewright_durable_tests::simulation::{said, simulate, simulated, simulations};
use statewright_durable_tests::subjects::Subjects;
use statewright_durable_tests::world::{Clients, Left, Plan, World};
use std::collections::BTreeSet;
use std::panic::catch_unwind;

/// Simulates a world, and looks whether processes have died at the right moments.
fn kept<W: World>(size: u64, rounds: u64, seeds: u64, wanted: &[&str]) {
    let seen: Seen = simulations::<W>(Plan { size, rounds, seed: 0, is_healthy: false }, seeds);
    let is_whole = std::env::var_os("SIMULATION_SEED").is_none();
    for what in wanted.iter().filter(|_| is_whole) {
        assert!(seen[what] > 0, "nothing was {what}: {seen}");
    }
}

#[test]
fn nothing_is_lost_or_done_twice() {
    kept::<Subjects>(5, 8, 100, &["deaths", "repeated"]);
}

#[test]
fn no_saga_is_left_half_done() {
    let wanted = ["deaths", "repeated", "booked", "taken back", "stuck", "undone"];
    kept::<Bookings>(6, 1, 40, &wanted);
}

#[test]
fn no_saga_in_a_saga_is_left_half_done() {
    let wanted = ["deaths", "repeated", "gone", "called off", "broken", "cancelled", "undone"];
    kept::<Expeditions>(6, 1, 60, &wanted);
}

#[test]
fn letters_are_taken_and_children_end_once() {
    kept::<Letters>(3, 4, 40, &["deaths", "repeated", "in the middle"]);
}

#[test]
fn what_people_were_told_is_true() {
    let wanted = ["deaths", "claimed", "reminded", "escalated", "answered", "timed out"];
    kept::<Petitions>(6, 4, 40, &wanted);
}

#[test]
fn no_branch_is_recorded_twice_lost_or_waited_for_in_vain() {
    kept::<Polls>(3, 1, 40, &["deaths", "repeated", "in the middle", "given up"]);
}

#[test]
fn no_round_is_repeated_or_left_out() {
    kept::<Drafts>(5, 1, 40, &["deaths", "repeated", "in the middle"]);
}

#[test]
fn attempts_are_neither_forgotten_nor_made_again() {
    kept::<Errands>(4, 3, 40, &["deaths", "repeated", "in the middle"]);
}

/// A seed makes one run, and it makes it again, whatever fails in it.
#[track_caller]
fn made_again<W: World>(size: u64, rounds: u64) {
    for seed in 0..4 {
        let plan = Plan { size, rounds, seed, is_healthy: false };
        let [first, second] = [(); 2].map(|()| simulate::<W>(plan, seed));
        let differ =
            first.trace.lines().zip(second.trace.lines()).find(|(one, other)| one != other);
        assert_eq!(differ, None, "{}: seed {seed} has made two runs", W::NAME);
        assert!(first == second, "{}: one run of seed {seed} goes on", W::NAME);
    }
}

#[test]
fn a_seed_makes_its_run_again() {
    made_again::<Subjects>(5, 8);
    made_again::<Bookings>(6, 1);
    made_again::<Expeditions>(6, 1);
    made_again::<Letters>(3, 4);
    made_again::<Petitions>(6, 4);
    made_again::<Polls>(3, 1);
    made_again::<Drafts>(5, 1);
    made_again::<Errands>(4, 3);
}

/// With the same faults at the same times.
#[test]
fn tasks_take_turns_by_chance() {
    let plan = Plan { size: 5, rounds: 3, seed: 3, is_healthy: false };
    let runs = (0..8).map(|turns| simulate::<Subjects>(plan, turns).trace);
    assert_eq!(
        runs.collect::<BTreeSet<_>>().len(),
        8,
        "tasks run in an order that no seed changes"
    );
}

/// Subjects of which somebody hopes that none is ever asked twice.
struct Hopeful(Subjects);

impl World for Hopeful {
    const NAME: &'static str = "hopeful";

    fn new(plan: Plan, ledger: Ledger) -> Self {
        Self(Subjects::new(plan, ledger))
    }

    fn register(&self, builder: Builder) -> Builder {
        self.0.register(builder)
    }

    async fn live(&self, clients: Clients) -> Result<(), EngineError> {
        self.0.live(clients).await
    }

    async fn replay(engine: &Engine, machine: &str, key: &str) -> Result<Replay, EngineError> {
        Subjects::replay(engine, machine, key).await
    }

    fn look(_: Plan, left: &Left<'_>, _: &mut Seen) {
        let mut begun = BTreeSet::new();
        for line in left.ledger.lines().filter(|line| line.starts_with("begin ")) {
            assert!(begun.insert(line), "asked twice: {line}");
        }
    }
}

#[test]
fn a_seed_that_fails_is_told_and_fails_again() {
    let plan = Plan { size: 5, rounds: 8, seed: 0, is_healthy: false };
    let told = |seeds| {
        let failed = catch_unwind(|| drop(simulated::<Hopeful>(plan, seeds)));
        said(&*failed.expect_err("one is asked twice")).to_owned()
    };
    let first = told(0..100);
    let seed = first.split_once("SIMULATION_SEED=").and_then(|(_, rest)| rest.split_once(' '));
    let seed: u64 = seed.expect("it says which seed").0.parse().expect("a number");
    assert!(first.contains("asked twice: begin Subject/"), "{first}");
    assert_eq!(told(seed..seed + 1), first);
}
