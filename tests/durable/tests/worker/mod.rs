//! The program that is killed, and what it leaves behind.

use crate::checks::{Done, Facts, journals};
use statewright::store::{Sqlite, Store};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An empty folder for a run.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    folder
}

/// The program, for so many instances and events of each; `replayed` says that it replays the
/// journal of every n-th.
pub(crate) fn worker(folder: &Path, [instances, events, seed, replayed]: [u64; 4]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crash-worker"));
    command.arg(folder).args([instances, events, seed, replayed].map(|n| n.to_string()));
    command.stdout(Stdio::piped());
    command
}

/// Looks at everything. At the end of a run nothing may be open any more.
pub(crate) fn check(folder: &Path, is_end: bool, events: u64) -> Facts {
    let path = folder.join("subjects.db");
    let accepted = accepted(folder);
    if !path.exists() {
        return Facts::default();
    }
    let store = match Sqlite::open_read_only(&path) {
        Ok(store) => store,
        // Killed while the file was being made.
        Err(error) if !is_end => {
            assert!(accepted.is_empty(), "{error}, but something was accepted");
            return Facts::default();
        }
        Err(error) => panic!("{error}"),
    };
    let lines = std::fs::read_to_string(folder.join("ledger")).unwrap_or_default();
    let noted = |wanted: &[&str]| -> Vec<String> {
        let lines = lines.lines().filter_map(|line| line.split_once(' '));
        lines.filter(|(what, _)| wanted.contains(what)).map(|(_, key)| key.to_owned()).collect()
    };
    let (attempts, reports) = (noted(&["begin", "undo"]), noted(&["report"]));
    let done = Done { accepted: &accepted, attempts: &attempts, reports: &reports };
    let facts = journals(&store, &done, events);
    if is_end {
        let waiting = store.inbox(0, usize::MAX).expect("the store can be read");
        assert!(waiting.is_empty(), "messages of other programs were not taken: {waiting:?}");
        assert_eq!(store.running(0, 1), Ok(Vec::new()), "nothing is left to do");
    }
    facts
}

/// Accepted events by instance: the number of the last.
fn accepted(folder: &Path) -> BTreeMap<String, u64> {
    let text = std::fs::read_to_string(folder.join("accepted")).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let lines = whole.lines().filter_map(|line| line.split_once(' '));
    lines.map(|(key, n)| (key.to_owned(), n.parse().expect("a number"))).collect()
}
