//! Places for stores, and other processes that use them.

// Not every test uses all of it.
#![allow(dead_code, unreachable_pub)]

use statewright::store::conformance::commit;
use statewright::store::{
    Commit, Created, InboxKind, InstanceId, Posted, Record, Rest, Sqlite, Status, Store,
};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A folder of its own for a test, empty.
pub fn folder(test: &str) -> PathBuf {
    let name = Path::new(module_path!()).file_name().unwrap_or_default();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name).join(test);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).expect("it can be made");
    folder
}

/// A path beside the file, as SQLite and the store name them.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

pub fn claimed(path: &Path) -> Sqlite {
    let store = Sqlite::open(path).expect("it can be opened");
    store.claim().expect("nobody has it");
    store
}

pub fn done(store: &dyn Store, batch: Vec<Commit>) {
    commit(store, batch).expect("it is done");
}

/// An instance with a step.
pub fn create(instance: InstanceId) -> Commit {
    let created = Created { machine: "Door".into(), key: format!("{instance}"), shape: 1 };
    Commit { created: Some(created), ..step(instance, 1) }
}

pub fn step(instance: InstanceId, seq: u64) -> Commit {
    let record = Record { seq, at: seq, state: "Open".into(), body: "{}".into() };
    Commit { records: vec![record], ..Commit::of(instance, 1) }
}

pub fn rest(instance: InstanceId, seq: u64) -> Commit {
    Commit { rest: Some(resting(seq)), ..Commit::of(instance, 1) }
}

pub fn resting(seq: u64) -> Rest {
    Rest {
        status: Status::Running,
        at_rest: true,
        due: None,
        shape: 1,
        seq,
        state: "Open".into(),
        snapshot: Some("{}".into()),
        cause: None,
    }
}

pub fn message(key: &str) -> Posted {
    Posted {
        machine: "Door".into(),
        key: key.into(),
        kind: InboxKind::Send,
        body: "{}".into(),
        message_id: None,
        at: 1,
    }
}

/// Does something to the file behind the back of the store.
pub fn tamper(path: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(path).expect("it can be opened");
    connection.execute_batch(sql).expect("it is SQL");
}

/// Another process: this program, running only one of its tests, which does something when it finds
/// a path in its environment.
pub struct Other {
    pub process: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    said: Vec<String>,
}

/// Where another process finds the path.
const PATH: &str = "STATEWRIGHT_TEST_STORE";

/// The path, in the other process.
pub fn told_path() -> Option<PathBuf> {
    std::env::var_os(PATH).map(PathBuf::from)
}

/// What the other process does, before it is started.
pub fn other(test: &str, path: &Path) -> Command {
    let program = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(program);
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(PATH, path);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

impl Other {
    pub fn start(test: &str, path: &Path) -> Self {
        Self::of(&mut other(test, path))
    }

    pub fn of(command: &mut Command) -> Self {
        let mut process = command.spawn().expect("this program can be started");
        let output = process.stdout.take().expect("it is piped");
        Self { process, lines: BufReader::new(output).lines(), said: Vec::new() }
    }

    /// The next line that is meant for this process: those begin with `> `.
    pub fn line(&mut self) -> Option<String> {
        let mut lines = self.lines.by_ref().map_while(Result::ok);
        let line = lines.find_map(|line| Some(line.split_once("> ")?.1.to_string()))?;
        self.said.push(line.clone());
        Some(line)
    }

    /// `kill -9`; gives all that it said.
    pub fn kill(mut self) -> Vec<String> {
        self.process.kill().expect("it has not ended");
        self.process.wait().expect("it has been started");
        while self.line().is_some() {}
        self.said
    }

    /// Waits for its end; whether it went well.
    pub fn end(mut self) -> bool {
        drop(self.process.stdin.take());
        while self.line().is_some() {}
        self.process.wait().expect("it has been started").success()
    }
}

/// In the other process: waits until the first one has ended or wants it to.
pub fn wait_for_end() {
    let mut line = String::new();
    drop(std::io::stdin().read_line(&mut line));
}
