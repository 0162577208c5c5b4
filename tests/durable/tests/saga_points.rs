//! Kills a program that runs sagas with SIGKILL at named points of the way forward and of the way back:
//! before and after everything that cannot be taken back. It is started again, killed at the same point
//! once more, and left to come to its end, with services that still fail and with healthy ones.
//!
//! `POINT_HITS=50 cargo test -p statewright-durable-tests --features failpoints --release --test
//! saga_points` kills at each of the first fifty times.
#![cfg(all(feature = "failpoints", unix))]

mod ledger;

use ledger::{Seen, check, folder, worker};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

const INSTANCES: u64 = 8;

/// The points around what a saga decides and does.
const POINTS: [&str; 7] = [
    "store.before_write",
    "store.after_commit",
    "engine.before_commit",
    "engine.after_commit",
    "engine.before_activity",
    "engine.after_activity",
    "engine.before_recovery",
];

/// Whether the program was killed at the point.
fn run(folder: &Path, point: Option<String>, seed: u64, is_healthy: bool) -> bool {
    let mut command = worker(folder, INSTANCES, seed, is_healthy);
    if let Some(point) = &point {
        command.env("POINT", point);
    }
    let ended = command.output().expect("the worker starts");
    let killed = ended.status.signal() == Some(9);
    assert!(killed || ended.status.success(), "in {}: {ended:?}", folder.display());
    assert!(!killed || point.is_some(), "somebody else has killed it");
    check(folder, !killed, INSTANCES);
    killed
}

/// Kills it when it comes to a point for the n-th time, and then for the first time.
fn killed_at(point: &str, nth: u64, heals: bool) -> (u64, Seen) {
    let folder = folder(&format!("saga-point-{point}-{nth}-{heals}"));
    let first = match point {
        // Nothing is recovered before something was left.
        "engine.before_recovery" => format!("engine.before_activity:{nth}"),
        point => format!("{point}:{nth}"),
    };
    let mut kills = u64::from(run(&folder, Some(first), nth, false));
    kills += u64::from(run(&folder, Some(format!("{point}:1")), nth, heals));
    run(&folder, None, nth, heals);
    let seen = check(&folder, true, INSTANCES);
    let _ = std::fs::remove_dir_all(&folder);
    (kills, seen)
}

#[test]
fn no_saga_is_left_half_done_at_any_point() {
    let hits: Vec<u64> = match std::env::var("POINT_HITS").ok().and_then(|n| n.parse().ok()) {
        Some(most) => (1..=most).collect(),
        None => vec![3, 21],
    };
    let (mut all, mut seen) = (0, Seen::default());
    for point in POINTS {
        let mut kills = 0;
        for (nth, heals) in hits.iter().flat_map(|nth| [(*nth, false), (*nth, true)]) {
            let (killed, facts) = killed_at(point, nth, heals);
            kills += killed;
            seen.add(&facts);
        }
        assert!(kills >= 2, "{point}: the program does not come to it");
        println!("{point}: {kills} kills");
        all += kills;
    }
    println!("{all} kills: {seen:?}");
    assert!(seen.undone > 0, "nothing was taken back");
}
