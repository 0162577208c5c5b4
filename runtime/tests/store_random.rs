//! The store in a file does as the one in memory does, whatever is done to both. `STORES=1000` runs
//! more seeds, `SEED=7` one.
#![cfg(all(feature = "conformance", feature = "sqlite", unix))]

mod places;

use places::{folder, message};
use statewright::store::conformance::commit;
use statewright::store::{
    Commit, Created, Durability, Filter, InstanceId, Kept, Memory, OutputRow, Record, Rest, Seq,
    Shape, Sqlite, Status, Store,
};
use std::path::{Path, PathBuf};

const INSTANCES: u64 = 12;
const STATES: [&str; 4] =
    ["Open", "Shut.A", "Shut.B", "Operating.Cars.Go & Operating.Walkers.Wait"];

/// Both stores, and what is known of the instances in them.
struct Both {
    path: PathBuf,
    memory: Memory,
    sqlite: Sqlite,
    random: u64,
    known: Vec<Known>,
    time: u64,
    /// So many messages with an id were answered.
    answers: u64,
}

#[derive(Clone, Copy, Default)]
struct Known {
    is_there: bool,
    seq: Seq,
    outputs: u64,
}

fn quick(path: &Path) -> Sqlite {
    let store = Sqlite::options().durability(Durability::Relaxed).open(path);
    let store = store.expect("it can be opened");
    store.claim().expect("nobody has it");
    store
}

impl Both {
    fn new(path: &Path, seed: u64) -> Self {
        let memory = Memory::new();
        memory.claim().expect("nobody has it");
        let known = vec![Known::default(); INSTANCES as usize + 1];
        let random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let (path, sqlite) = (path.to_path_buf(), quick(path));
        let both = Self { path, memory, sqlite, random, known, time: 1000, answers: 0 };
        let shape = Shape { machine: "Door".into(), version: 3, hash: 9, body: "{}".into() };
        assert_eq!(both.memory.put_shape(&shape), both.sqlite.put_shape(&shape));
        both
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % bound
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Something that mostly may be done.
    fn commit(&mut self, known: &mut [Known]) -> Commit {
        let id = 1 + self.below(INSTANCES);
        let mut now = known[id as usize];
        self.time += self.below(3);
        let at = self.time - self.below(2);
        let mut commit = Commit { at, ..Commit::of(id, 1) };
        if !now.is_there && self.chance(90) {
            let machine = ["Door", "Lamp"][self.below(2) as usize];
            let key = format!("{}", self.below(INSTANCES + 4));
            commit.created = Some(Created { machine: machine.into(), key, shape: 1 });
            now.is_there = true;
        }
        for _ in 0..self.below(4) {
            now.seq += 1 + u64::from(self.chance(1));
            let state = STATES[self.below(4) as usize].into();
            let body = "x".repeat(self.below(300) as usize * if self.chance(5) { 200 } else { 1 });
            commit.records.push(Record { seq: now.seq, at: at - self.below(2), state, body });
        }
        for _ in 0..self.below(3) {
            now.outputs += 1;
            let body = format!("{at}");
            commit.outputs.push(OutputRow { number: now.outputs, at, body });
        }
        if self.chance(40) {
            self.answers += 1;
            commit.answers.push((format!("m{}", self.answers), format!("{at}")));
        }
        commit.rest = self.chance(30).then(|| self.rest(now.seq));
        known[id as usize] = now;
        commit
    }

    fn rest(&mut self, seq: Seq) -> Rest {
        let status = [Status::Running, Status::Running, Status::Running, Status::Finished];
        let other = [Status::Parked, Status::Abandoned, Status::Finished, Status::Running];
        let status = if self.chance(80) { status } else { other }[self.below(4) as usize];
        Rest {
            status,
            at_rest: self.chance(70),
            due: self.chance(40).then(|| self.below(5000)),
            shape: 1,
            seq,
            state: STATES[self.below(4) as usize].into(),
            snapshot: self.chance(85).then(|| format!("{{\"after\":{seq}}}")),
            cause: self.chance(20).then(|| "\"odd\"".into()),
        }
    }

    /// A batch for both.
    fn write(&mut self) {
        let mut known = self.known.clone();
        let mut batch: Vec<Commit> =
            (0..1 + self.below(6)).map(|_| self.commit(&mut known)).collect();
        if self.chance(20) {
            let letter = message(&self.time.to_string());
            let ids = (self.memory.post(&letter), self.sqlite.post(&letter));
            assert_eq!(ids.0, ids.1);
            batch[0].taken.push((ids.0.expect("it is left"), "taken".into()));
        }
        let results = (commit(&self.memory, batch.clone()), commit(&self.sqlite, batch));
        match &results {
            // What is said in words may differ.
            (Err(_), Err(_)) => {}
            (memory, sqlite) => assert_eq!(memory, sqlite),
        }
        self.learn();
    }

    /// What is really there now.
    fn learn(&mut self) {
        for (id, known) in (0..).zip(&mut self.known).skip(1) {
            *known = match self.memory.load(&[id]).expect("it can be read").pop() {
                Some(statewright::store::Stored::Whole(found)) => Known {
                    is_there: true,
                    seq: found.seq + found.records.len() as u64,
                    outputs: found.outputs,
                },
                _ => Known::default(),
            };
        }
    }

    fn prune(&mut self) {
        let mut since = || if self.chance(50) { 0 } else { self.time - self.below(200) };
        let (journal_since, finished_since, answers_since) = (since(), since(), since());
        let kept = Kept { journal_since, finished_since, answers_since };
        let all = |store: &dyn Store| {
            let rows = std::iter::repeat_with(|| store.prune(&kept, 50).expect("it is pruned"));
            rows.take_while(|rows| *rows > 0).sum::<u64>()
        };
        assert_eq!(all(&self.memory), all(&self.sqlite), "{kept:?}");
        self.learn();
    }

    fn reopen(self) -> Self {
        let Self { path, memory, sqlite, random, known, time, answers } = self;
        drop(sqlite);
        let sqlite = quick(&path);
        Self { path, memory, sqlite, random, known, time, answers }
    }

    /// Everything that can be read.
    fn compare(&mut self) {
        let ids: Vec<InstanceId> = (0..=INSTANCES + 1).rev().collect();
        let from = self.below(6);
        let limit = self.below(8) as usize;
        let filter = Filter {
            machine: self.chance(30).then(|| "Door".into()),
            state: self
                .chance(40)
                .then(|| ["Shut", "Open", "Operating.Cars"][from as usize % 3].into()),
            status: self.chance(30).then(|| [Status::Running, Status::Parked][limit % 2]),
            changed_since: self.chance(20).then(|| self.time - self.below(100)),
            changed_before: self.chance(20).then(|| self.time - self.below(100)),
            after: if self.chance(30) { from } else { 0 },
            limit,
        };
        let read = |store: &dyn Store| {
            let mut told = Vec::new();
            for id in &ids {
                told.push((format!("load {id}"), format!("{:?}", store.load(&[*id]))));
                let history = store.history(*id, from, limit);
                told.push((format!("history {id} {from} {limit}"), format!("{history:?}")));
                let outputs = store.outputs(*id, from, limit);
                told.push((format!("outputs {id} {from} {limit}"), format!("{outputs:?}")));
                told.push((format!("answers {id}"), format!("{:?}", store.answers(*id))));
            }
            let all = (store.load(&ids), store.list(&Filter::default()));
            let found = (store.list(&filter), store.count(&filter));
            let running = (store.running(0, 100), store.running(from, limit));
            let due = (store.due(self.time, limit), store.next_due(), store.due(u64::MAX, 100));
            let numbers = (store.last_time(), store.next_instance(), store.inbox(0, 100));
            told.push(("all".into(), format!("{all:?}")));
            told.push((format!("{filter:?}"), format!("{found:?}")));
            told.push((format!("running {from} {limit}"), format!("{running:?}")));
            told.push((format!("due {} {limit}", self.time), format!("{due:?}")));
            told.push(("numbers".into(), format!("{numbers:?}")));
            told
        };
        for ((what, memory), (_, sqlite)) in read(&self.memory).iter().zip(read(&self.sqlite)) {
            let same = memory.bytes().zip(sqlite.bytes()).take_while(|(a, b)| a == b).count();
            let (from, to) = (same.saturating_sub(300), same + 100);
            let part = |text: &str| text.chars().skip(from).take(to - from).collect::<String>();
            assert!(*memory == sqlite, "{what}\n{}\n{}", part(memory), part(&sqlite));
        }
    }
}

fn run(seed: u64) {
    let path = folder(&format!("random_{seed}")).join("store");
    let mut both = Both::new(&path, seed);
    for _ in 0..120 {
        match both.below(20) {
            0 => both.prune(),
            1 => both = both.reopen(),
            _ => both.write(),
        }
        both.compare();
    }
}

#[test]
fn both_stores_do_the_same() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seeds = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("STORES").unwrap_or(8),
    };
    for seed in seeds {
        println!("SEED={seed}");
        run(seed);
    }
}
