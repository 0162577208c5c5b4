//! Kills a program with SIGKILL at named points while it carries instances over to a new version of their
//! machine: each is old or new, all of it, and is carried over once.
#![cfg(all(feature = "failpoints", unix))]

use serde_json::Value;
use statewright::engine::last_state;
use statewright::store::{Filter, Sqlite, Status, Store, Stored};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const INSTANCES: usize = 12;

/// Around the commit that carries one over, and what it leads to.
const POINTS: [&str; 7] = [
    "engine.before_recovery",
    "engine.before_commit",
    "store.before_write",
    "store.after_write",
    "store.after_commit",
    "engine.after_commit",
    "engine.before_activity",
];

/// The program with a version of the machine; whether it was killed.
fn worker(folder: &Path, version: u32, point: Option<String>) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shape-worker"));
    command.arg(folder).args([version.to_string(), INSTANCES.to_string()]);
    command.envs(point.map(|point| ("POINT", point)));
    let ended = command.output().expect("the worker starts");
    let killed = ended.status.signal() == Some(9);
    assert!(killed || ended.status.success(), "in {}: {ended:?}", folder.display());
    killed
}

/// Looks at all instances: how many are new by now.
fn look(folder: &Path) -> usize {
    let store = Sqlite::open_read_only(folder.join("claims.db")).expect("the file is whole");
    let shapes = store.shapes().expect("the file is whole");
    let all = store.list(&Filter::default()).expect("the file is whole");
    assert_eq!(all.len(), INSTANCES);
    let mut new = 0;
    for one in all {
        let mut stored = store.load(&[one.id]).expect("the file is whole");
        let Some(Stored::Whole(instance)) = stored.pop() else { panic!("{one:?} is damaged") };
        let (_, shape) = shapes.iter().find(|(id, _)| *id == instance.shape).expect("it is known");
        let state = last_state(&instance).expect("it is whole");
        let state: Value = serde_json::from_str(&state).expect("it is whole");
        let records = store.history(one.id, 1, 99).expect("the file is whole");
        let carried = records.iter().filter(|record| record.body.starts_with("{\"migrated\":"));
        let (carried, cents) = (carried.count(), one.key.trim_start_matches("c-"));
        let context = &state["context"];
        if shape.version == 1 {
            assert_eq!((carried, context["cents"].to_string().as_str()), (0, cents), "{one:?}");
            assert_eq!(state["in"][0], "Charging", "{one:?}");
        } else {
            let total = format!("{cents} cents");
            assert_eq!((carried, context["total"].as_str()), (1, Some(&*total)), "{one:?}");
            assert_ne!(state["in"][0], "Charging", "{one:?}");
            new += 1;
        }
        if one.status == Status::Finished {
            let remark = format!("about {cents}");
            assert_eq!(
                (one.state.as_str(), context["remark"].as_str()),
                ("Closed", Some(&*remark))
            );
        }
    }
    new
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for tests can be written");
    folder
}

#[test]
fn an_instance_is_old_or_new_at_any_point() {
    let mut in_the_middle = 0;
    for point in POINTS {
        let mut kills = 0;
        for nth in [1, 2, 5] {
            let folder = folder(&format!("shapes-{point}-{nth}"));
            assert!(!worker(&folder, 1, None));
            assert_eq!(look(&folder), 0);
            for point in [format!("{point}:{nth}"), format!("{point}:1")] {
                kills += u32::from(worker(&folder, 2, Some(point)));
                in_the_middle += u32::from((1..INSTANCES).contains(&look(&folder)));
            }
            assert!(!worker(&folder, 2, None));
            assert_eq!(look(&folder), INSTANCES, "all are new");
            let store = Sqlite::open_read_only(folder.join("claims.db")).expect("it is whole");
            let ended = Filter { status: Some(Status::Finished), ..Filter::default() };
            assert_eq!(store.count(&ended), Ok(INSTANCES as u64), "and have come to their end");
            let _ = std::fs::remove_dir_all(&folder);
        }
        assert!(kills >= 2, "{point}: the program does not come to it");
    }
    println!("{in_the_middle} kills left some old and some new");
}
