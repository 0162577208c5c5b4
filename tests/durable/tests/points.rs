//! Kills a program with SIGKILL at named points: before and after everything that cannot be taken
//! back. It is started again and killed at the same point once more, and then left to come to its
//! end; whether a promise was broken is looked at after each.
//!
//! `POINT_HITS=50 cargo test -p statewright-durable-tests --features failpoints --release --test
//! points` kills at each of the first fifty times.
#![cfg(all(feature = "failpoints", unix))]

mod checks;
mod worker;

use checks::Facts;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use worker::{check, folder, worker};

const INSTANCES: u64 = 20;
const EVENTS: u64 = 20;

/// All points that this program comes to.
const POINTS: [&str; 14] = [
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
];

/// Whether the program was killed at the point, and what was looked at then.
fn run(folder: &Path, point: Option<String>, seed: u64) -> (bool, Facts) {
    let mut command = worker(folder, [INSTANCES, EVENTS, seed, 4]);
    if let Some(point) = &point {
        command.env("POINT", point);
    }
    let ended = command.output().expect("the worker starts");
    let killed = ended.status.signal() == Some(9);
    assert!(killed || ended.status.success(), "in {}: {ended:?}", folder.display());
    assert!(!killed || point.is_some(), "somebody else has killed it");
    (killed, check(folder, !killed, EVENTS))
}

/// Kills it when it comes to a point for the n-th time, and then for the first time.
fn killed_at(point: &str, nth: u64) -> (u64, Facts) {
    let folder = folder(&format!("point-{point}-{nth}"));
    let (mut kills, mut seen) = (0, Facts::default());
    // Nothing is recovered before something was left.
    let first = match point {
        "engine.before_recovery" => format!("engine.before_activity:{}", 5 * nth),
        point => format!("{point}:{nth}"),
    };
    // Instances that are idle leave memory at once, so that they are woken.
    let seed = 5 * nth;
    for point in [Some(first), Some(format!("{point}:1")), None] {
        let (killed, facts) = run(&folder, point, seed);
        kills += u64::from(killed);
        seen.add(&facts);
    }
    assert_eq!(check(&folder, true, EVENTS).finished, INSTANCES, "in {}", folder.display());
    let _ = std::fs::remove_dir_all(&folder);
    (kills, seen)
}

#[test]
fn nothing_is_lost_or_done_twice_at_any_point() {
    let hits: Vec<u64> = match std::env::var("POINT_HITS").ok().and_then(|n| n.parse().ok()) {
        Some(most) => (1..=most).collect(),
        None => vec![1, 2, 30],
    };
    let (mut all, mut seen) = (0, Facts::default());
    for point in POINTS {
        let mut kills = 0;
        for nth in &hits {
            let (killed, facts) = killed_at(point, *nth);
            kills += killed;
            seen.add(&facts);
        }
        assert!(kills >= 2, "{point}: the program does not come to it");
        println!("{point}: {kills} kills");
        all += kills;
    }
    println!("{all} kills: {seen:?}");
    assert!(seen.repeated > 0, "no attempt was repeated: the kills have hit nothing");
}
