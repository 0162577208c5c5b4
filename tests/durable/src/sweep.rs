//! Killing a program with SIGKILL at each call by which it changes its files or has them synced: of the
//! store, its log, its journal while it is made, and the ledger.
//!
//! `strace` kills it when it asks for the n-th time, before the system does anything: so what is left is
//! what was there behind the call before, and the kills at all calls are those before and behind each.

use crate::kills::{Program, look_at, number};
use crate::power::files;
use crate::seen::Seen;
use crate::trace;
use crate::world::{Plan, World};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The log is brought into the file when it has so many bytes, that a short run sees it often.
const LOG: &str = "40000";

/// How a world is killed at its calls.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    /// Whom.
    pub program: Program,
    /// At each so manieth call, if `SWEEP` does not say.
    pub stride: usize,
}

/// Calls of one kind for one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Calls {
    file: PathBuf,
    call: &'static str,
}

impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        write!(f, "{} of {name}", self.call)
    }
}

impl Sweep {
    /// Kills a world at each call of its first life, and at each of a second one that begins with what a
    /// kill in the middle of the first has left. It comes to its end behind each, and what is left is looked
    /// at behind the kill and at the end.
    ///
    /// # Panics
    /// A promise was broken.
    #[must_use]
    pub fn of<W: World>(&self, plan: Plan) -> Seen {
        let mut seen = Seen::default();
        let empty = self.program.folder(&format!("{}-sweep-empty", W::NAME));
        self.life::<W>(&empty, plan, "first", &mut seen);
        let begun = self.program.folder(&format!("{}-sweep-begun", W::NAME));
        let log = Calls { file: files(&begun)[1].clone(), call: "pwrite64" };
        let was_killed = self.killed::<W>(&begun, plan, (&log, 60));
        assert!(was_killed, "{} has ended before its 60th write", W::NAME);
        look_at::<W>(&begun, plan, false);
        self.life::<W>(&begun, plan, "second", &mut seen);
        println!("{}: {seen}", W::NAME);
        seen
    }

    /// Kills at each call of a life that begins with this folder.
    fn life<W: World>(&self, from: &Path, plan: Plan, nth_life: &str, seen: &mut Seen) {
        let stride = number("SWEEP").map_or(self.stride, |stride| stride.max(1) as usize);
        for (calls, most) in self.calls::<W>(from, plan) {
            let mut kills = 0;
            // Some of each kind, however few there are.
            for nth in (1..=most).step_by(stride.min(most.div_ceil(4))) {
                let folder = self.copy::<W>(from);
                let name = calls.file.file_name().expect("a file has a name");
                let here = Calls { file: folder.join(name), ..calls.clone() };
                let was_killed = self.killed::<W>(&folder, plan, (&here, nth));
                seen.add(&look_at::<W>(&folder, plan, !was_killed));
                if was_killed {
                    kills += 1;
                    // What has failed fails still, or works again.
                    let plan = Plan { is_healthy: kills % 2 == 0, ..plan };
                    let ended = self.command::<W>(&folder, plan).status();
                    let ended = ended.expect("the worker starts");
                    assert!(ended.success(), "the worker has failed in {}", folder.display());
                    seen.add(&look_at::<W>(&folder, plan, true));
                }
                let _ = fs::remove_dir_all(&folder);
            }
            println!("{}, {nth_life} life, {calls}: {kills} kills at {most} calls", W::NAME);
            seen.count("kills", kills);
        }
    }

    /// All calls of a life, and how many of each the thread asks for that asks for most.
    fn calls<W: World>(&self, from: &Path, plan: Plan) -> BTreeMap<Calls, usize> {
        let folder = self.copy::<W>(from);
        let log = folder.join("trace");
        let command = self.command::<W>(&folder, plan);
        let ended = trace::traced(&command, &files(&folder), &log, &[]).env("LOG", LOG).output();
        let ended = ended.expect("the worker starts");
        assert!(ended.status.success(), "the worker has failed: {ended:?}");
        let log = fs::read_to_string(log).expect("`strace` has written");
        let mut threads: BTreeMap<(Calls, u64), usize> = BTreeMap::new();
        for asked in trace::read(&log) {
            let calls = Calls { file: asked.path.clone(), call: asked.what.call() };
            *threads.entry((calls, asked.thread)).or_default() += 1;
        }
        let mut most: BTreeMap<Calls, usize> = BTreeMap::new();
        for ((calls, _), count) in threads {
            let most = most.entry(calls).or_default();
            *most = count.max(*most);
        }
        most
    }

    fn command<W: World>(&self, folder: &Path, plan: Plan) -> Command {
        let mut command = self.program.command::<W>(folder, plan, 16);
        command.env("LOG", LOG);
        command
    }

    /// Has it killed when a thread asks for the n-th time. False if it has come to its end before.
    fn killed<W: World>(&self, folder: &Path, plan: Plan, (calls, nth): (&Calls, usize)) -> bool {
        let trace = format!("trace={}", calls.call);
        let kill = format!("inject={}:signal=KILL:when={nth}", calls.call);
        let mut traced = Command::new("strace");
        traced.args(["-f", "-o", "/dev/null", "-e", &trace, "-e", &kill, "-P"]).arg(&calls.file);
        let command = self.command::<W>(folder, plan);
        traced.arg(command.get_program()).args(command.get_args()).env("LOG", LOG);
        let ended = traced.output().expect("the worker starts");
        // `strace` ends as the program does.
        let was_killed = ended.status.signal() == Some(9);
        assert!(was_killed || ended.status.success(), "in {}: {ended:?}", folder.display());
        was_killed
    }

    /// A folder with what is in another one.
    fn copy<W: World>(&self, from: &Path) -> PathBuf {
        let folder = self.program.folder(&format!("{}-swept", W::NAME));
        for file in fs::read_dir(from).expect("the folder can be read") {
            let file = file.expect("the folder can be read");
            let copied = fs::copy(file.path(), folder.join(file.file_name()));
            copied.expect("the folder for temporary files can be written");
        }
        folder
    }
}
