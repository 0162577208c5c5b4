//! Kills a program with SIGKILL at random moments, again and again, and looks after every kill whether a
//! promise was broken. What may never be seen stands with each world in `src`.
//!
//! `CRASHES=1000 cargo test -p statewright-durable-tests --release --test killed` is the full setting, for
//! each world; `CRASH_SEED` makes other moments. A run that fails leaves its folder.

use statewright::store::{Filter, Sqlite, Store};
use statewright_durable_tests::bookings::Bookings;
use statewright_durable_tests::drafts::Drafts;
use statewright_durable_tests::errands::Errands;
use statewright_durable_tests::expeditions::Expeditions;
use statewright_durable_tests::in_use::InUse;
use statewright_durable_tests::kills::{Kills, Program, kill, ledger_in, store_in};
use statewright_durable_tests::ledger::{said, whole_lines};
use statewright_durable_tests::letters::Letters;
use statewright_durable_tests::petitions::Petitions;
use statewright_durable_tests::polls::Polls;
use statewright_durable_tests::subjects::Subjects;
use statewright_durable_tests::world::Plan;
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

const WORKER: Program =
    Program { exe: env!("CARGO_BIN_EXE_worker"), folder: env!("CARGO_TARGET_TMPDIR") };

const KILLS: Kills = Kills { program: WORKER, times: 20, within: 250, heals: false };

fn plan(size: u64, rounds: u64) -> Plan {
    Plan { size, rounds, seed: 0, is_healthy: false }
}

#[test]
fn nothing_is_lost_or_done_twice() {
    Kills { times: 30, within: 400, ..KILLS }.of::<Subjects>(plan(200, 60), &["repeated"]);
}

#[test]
fn no_saga_is_left_half_done() {
    Kills { heals: true, ..KILLS }
        .of::<Bookings>(plan(60, 1), &["repeated", "booked", "taken back"]);
}

#[test]
fn no_saga_in_a_saga_is_left_half_done() {
    Kills { heals: true, ..KILLS }.of::<Expeditions>(
        plan(60, 1),
        &["repeated", "gone", "called off", "broken", "cancelled", "undone"],
    );
}

#[test]
fn letters_are_taken_and_children_end_once() {
    Kills { within: 120, ..KILLS }.of::<Letters>(plan(6, 8), &["in the middle"]);
}

#[test]
fn what_people_were_told_is_true() {
    Kills { times: 24, within: 350, ..KILLS }.of::<Petitions>(
        plan(40, 4),
        &["claimed", "reminded", "escalated", "answered", "timed out"],
    );
}

#[test]
fn no_branch_is_recorded_twice_lost_or_waited_for_in_vain() {
    Kills { times: 12, within: 100, ..KILLS }
        .of::<Polls>(plan(90, 1), &["repeated", "in the middle", "given up"]);
}

#[test]
fn no_branch_of_many_is_asked_again() {
    Kills { times: 6, ..KILLS }.of::<Polls>(plan(1, 100), &["repeated", "in the middle"]);
}

#[test]
fn no_round_is_repeated_or_left_out() {
    Kills { times: 12, within: 100, ..KILLS }
        .of::<Drafts>(plan(120, 1), &["repeated", "in the middle"]);
}

#[test]
fn attempts_are_neither_forgotten_nor_made_again() {
    Kills { times: 12, ..KILLS }.of::<Errands>(plan(40, 4), &["repeated", "in the middle"]);
}

#[test]
fn the_language_in_use_comes_to_its_ends() {
    Kills { within: 120, times: 10, ..KILLS }
        .of::<InUse>(plan(1, 1), &["repeated", "in the middle"]);
}

#[test]
fn ten_thousand_unfinished_instances_go_on() {
    let folder = WORKER.folder("many");
    let mut command = WORKER.command::<Subjects>(&folder, plan(10_000, 1_000_000), 1_000_000);
    let mut child = command.spawn().expect("the worker starts");
    let wanted = || {
        let text = whole_lines(&ledger_in(&folder));
        said(&text, "accepted").filter(|line| line.ends_with(" 1")).count() >= 10_000
    };
    let begin = Instant::now();
    while !wanted() {
        assert!(begin.elapsed() < Duration::from_secs(120), "10,000 instances are not started");
        std::thread::sleep(Duration::from_millis(50));
    }
    kill(&mut child);
    let store = Sqlite::open_read_only(store_in(&folder)).expect("it can be read");
    assert_eq!(store.count(&Filter::default()), Ok(10_000), "all that were accepted are there");
    drop(store);
    let mut command = WORKER.command::<Subjects>(&folder, plan(200, 60), 16);
    let mut again = command.spawn().expect("it starts");
    let mut line = String::new();
    let out = again.stdout.take().expect("it was piped");
    BufReader::new(out).read_line(&mut line).expect("the worker says that it has started");
    kill(&mut again);
    // How long that takes is measured by `benches/many`.
    assert!(line.starts_with("started "), "the worker says {line:?}");
    let _ = std::fs::remove_dir_all(&folder);
}
