//! What the services of the sagas have done, and what may never be seen of it.

use serde_json::Value;
use statewright::store::{Filter, Sqlite, Status, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An empty folder for a run.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    folder
}

/// The program, for so many sagas.
pub(crate) fn worker(folder: &Path, instances: u64, seed: u64, is_healthy: bool) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saga-worker"));
    let numbers = [instances, seed, u64::from(is_healthy)].map(|n| n.to_string());
    command.arg(folder).args(numbers).stdout(Stdio::piped());
    command
}

/// What was looked at, so that a run says what it has shown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) booked: u64,
    pub(crate) taken_back: u64,
    pub(crate) stuck: u64,
    /// Attempts at a step that were made again under their key.
    pub(crate) repeated: u64,
    /// Steps that were taken back without anyone knowing if they were done.
    pub(crate) unknown: u64,
    pub(crate) undone: u64,
}

impl Seen {
    pub(crate) fn add(&mut self, other: &Self) {
        self.booked += other.booked;
        self.taken_back += other.taken_back;
        self.stuck += other.stuck;
        self.repeated += other.repeated;
        self.unknown += other.unknown;
        self.undone += other.undone;
    }
}

/// What the ledger says of one saga, step by step, in the order of the lines.
#[derive(Debug, Default)]
struct Trip {
    /// The keys under which a step was called.
    begun: BTreeMap<String, Vec<String>>,
    /// Under which it was done.
    did: BTreeMap<String, BTreeSet<String>>,
    /// Under which something was called to take it back.
    back: BTreeMap<String, BTreeSet<String>>,
    /// Under which it was.
    undid: BTreeMap<String, BTreeSet<String>>,
    unknown: u64,
}

impl Trip {
    /// Takes a line in, and looks whether it may stand where it does.
    fn line(&mut self, words: &[&str], line: &str) {
        let own = |map: &mut BTreeMap<String, BTreeSet<String>>, step: &str, key: &str| {
            map.entry(step.to_owned()).or_default().insert(key.to_owned());
        };
        match words {
            ["begin", _, step, key] => {
                assert!(self.back.is_empty(), "forward after backward: {line}");
                self.begun.entry((*step).to_owned()).or_default().push((*key).to_owned());
            }
            ["did", _, step, key] => own(&mut self.did, step, key),
            ["back", _, step, key, of, known, given] => {
                let did = self.did.get(*step).is_some_and(|keys| keys.contains(*of));
                assert!(*known == "unknown" || did, "not done, but known to be: {line}");
                assert_eq!(*known == "known", *given == "given", "{line}");
                if let Some(begun) = self.begun.get(*step) {
                    assert!(begun.iter().all(|key| key == of), "another key was called: {line}");
                }
                self.unknown += u64::from(*known == "unknown");
                own(&mut self.back, step, key);
            }
            ["undid", _, step, key, _] => own(&mut self.undid, step, key),
            _ => panic!("no such line: {line}"),
        }
    }

    fn has(&self, step: &str) -> bool {
        self.did.contains_key(step)
    }

    /// What holds at every moment.
    fn check(&self, name: &str) {
        for (what, keys) in [("called", &self.back), ("done", &self.did), ("undone", &self.undid)] {
            for (step, keys) in keys {
                assert_eq!(keys.len(), 1, "{name}: {step} was {what} under several keys: {self:?}");
            }
        }
        for (step, keys) in &self.begun {
            let all: BTreeSet<&String> = keys.iter().collect();
            assert_eq!(all.len(), 1, "{name}: {step} was called under several keys: {self:?}");
        }
        let finished = self.has("mail");
        assert!(!finished || self.back.is_empty(), "{name}: finished and taken back: {self:?}");
    }

    /// What holds when the saga has ended.
    fn check_end(&self, name: &str, state: &str, note: &str, seen: &mut Seen) {
        let steps = ["room", "car", "flight"];
        match state {
            "Booked" => {
                seen.booked += 1;
                let all = steps.iter().chain(&["ticket", "mail"]).all(|step| self.has(step));
                assert!(all && self.back.is_empty(), "{name}: not all is done: {self:?}");
            }
            "TakenBack" => {
                seen.taken_back += 1;
                assert!(!self.has("mail"), "{name}: {self:?}");
                assert!(!self.has("ticket"), "{name}: paid and taken back: {self:?}");
                for step in steps.iter().filter(|step| self.has(step)) {
                    assert!(self.undid.contains_key(*step), "{name}: {step} is left: {self:?}");
                }
            }
            "Stuck" => {
                seen.stuck += 1;
                assert!(!self.has("mail"), "{name}: {self:?}");
                if note.contains("it is not known whether `ticket` was done") {
                    assert!(self.back.is_empty(), "{name}: taken back: {self:?}");
                    return;
                }
                assert!(!self.has("ticket"), "{name}: paid and taken back: {self:?}");
                for step in steps.iter().filter(|step| self.has(step)) {
                    let is_told = note.contains(&format!("`{step}` was not taken back"));
                    assert!(
                        is_told || self.undid.contains_key(*step),
                        "{name}: {step} is left, and nobody says so: {note:?} {self:?}"
                    );
                }
            }
            other => panic!("{name} has ended in {other}"),
        }
    }
}

/// Looks at everything. At the end of a run all sagas have ended.
pub(crate) fn check(folder: &Path, is_end: bool, instances: u64) -> Seen {
    let ledger = std::fs::read_to_string(folder.join("ledger")).unwrap_or_default();
    let whole = ledger.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mut trips: BTreeMap<String, Trip> = BTreeMap::new();
    for line in whole.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        trips.entry(words[1].to_owned()).or_default().line(&words, line);
    }
    let mut seen = Seen::default();
    for (name, trip) in &trips {
        trip.check(name);
        seen.repeated += trip.begun.values().map(|keys| keys.len() as u64 - 1).sum::<u64>();
        seen.undone += trip.undid.len() as u64;
        seen.unknown += trip.unknown;
    }
    let path = folder.join("bookings.db");
    let Ok(store) = Sqlite::open_read_only(&path) else {
        assert!(!is_end, "there is no store");
        return seen;
    };
    for instance in store.list(&Filter::default()).expect("the store can be read") {
        if instance.status != Status::Finished {
            assert!(!is_end, "{} has not ended: {instance:?}", instance.key);
            continue;
        }
        let Some(trip) = trips.get(&instance.key) else { panic!("{} did nothing", instance.key) };
        let note = note(&store, instance.id);
        trip.check_end(&instance.key, &instance.state, &note, &mut seen);
    }
    if is_end {
        assert_eq!(seen.booked + seen.taken_back + seen.stuck, instances, "{seen:?}");
    }
    seen
}

/// What a saga has noted of its end.
fn note(store: &Sqlite, instance: u64) -> String {
    let journal = store.history(instance, 0, usize::MAX).expect("the journal can be read");
    let last = journal.last().expect("a saga that has ended has made a step");
    let body: Value = serde_json::from_str(&last.body).expect("a record is JSON");
    body["after"]["context"]["note"].as_str().unwrap_or_default().to_owned()
}
