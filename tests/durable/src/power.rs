//! Cutting the power: what was not made durable may be on the disk, or not, or in part.
//!
//! A program runs once, and everything that it asks of the disk is written down. From that the files are
//! made as a cut at any moment may leave them: what was synced is there; of the rest any write may be
//! missing, or be there up to some sector, whatever the order in which they were made.

use crate::kills::{Program, Random, ledger_in, look_at, number, store_in};
use crate::seen::Seen;
use crate::trace::{self, Asked, What};
use crate::world::{Plan, World};
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A disk writes so many bytes or none.
const SECTOR: u64 = 512;

/// How often the power is cut.
#[derive(Clone, Copy, Debug)]
pub struct Cuts {
    /// Whose.
    pub program: Program,
    /// How often, if `CUTS` does not say.
    pub times: u64,
    /// Commits need not be synced.
    pub is_relaxed: bool,
}

/// What a program has asked of its files, and when it was durable.
struct Run {
    asked: Vec<Asked>,
    /// The line behind which each is durable, if it ever was.
    durable: Vec<Option<usize>>,
    lines: usize,
}

impl Cuts {
    /// Has a world live to its end, and looks at what is left if the power is cut at random moments; a few
    /// times it goes on from there to its end.
    ///
    /// # Panics
    /// A promise was broken.
    #[must_use]
    pub fn of<W: World>(&self, plan: Plan) -> Seen {
        let folder = self.program.folder(&format!("{}-power", W::NAME));
        let run = self.traced::<W>(&folder, plan);
        let (times, mut seen) = (number("CUTS").unwrap_or(self.times), Seen::default());
        for nth in 0..times {
            let left = self.left::<W>(&run, nth);
            seen.add(&look_at::<W>(&left, plan, false));
            if nth % 8 == 0 {
                let mut command = self.program.command::<W>(&left, plan, 1);
                let ended = command.status().expect("the worker starts");
                assert!(ended.success(), "the worker has failed in {}", left.display());
                seen.add(&look_at::<W>(&left, plan, true));
            }
            let _ = std::fs::remove_dir_all(&left);
        }
        println!("{}: {times} cuts in {} calls: {seen}", W::NAME, run.asked.len());
        let _ = std::fs::remove_dir_all(&folder);
        seen
    }

    /// How many of the cuts break a promise.
    ///
    /// # Panics
    /// The program fails.
    #[must_use]
    pub fn broken<W: World>(&self, plan: Plan) -> usize {
        let folder = self.program.folder(&format!("{}-power-relaxed", W::NAME));
        let run = self.traced::<W>(&folder, plan);
        let breaks = |nth| {
            let left = self.left::<W>(&run, nth);
            std::panic::catch_unwind(|| look_at::<W>(&left, plan, false)).is_err()
        };
        (0..self.times).filter(|nth| breaks(*nth)).count()
    }

    fn traced<W: World>(&self, folder: &Path, plan: Plan) -> Run {
        let log = folder.join("trace");
        let mut command =
            trace::traced(&self.program.command::<W>(folder, plan, 16), &files(folder), &log, &[]);
        if self.is_relaxed {
            command.env("RELAXED", "1");
        }
        let ended = command.output().expect("the worker starts");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "the worker has failed: {said}");
        let log = std::fs::read_to_string(log).expect("`strace` has written");
        let asked = trace::read(&log);
        let durable = durable(&asked);
        Run { asked, durable, lines: log.lines().count() }
    }

    /// A folder with what is left behind the n-th cut.
    fn left<W: World>(&self, run: &Run, nth: u64) -> PathBuf {
        let folder = self.program.folder(&format!("{}-cut-{nth}", W::NAME));
        let mut random = Random::new(nth + 1);
        let cut = random.below(run.lines as u64) as usize;
        for (path, bytes) in run.left(cut, &mut random) {
            let name = path.file_name().expect("a file has a name");
            std::fs::write(folder.join(name), bytes).expect("the folder can be written");
        }
        folder
    }
}

/// The files that matter: of the store, its log, its journal while it is made, and the ledger.
#[must_use]
pub fn files(folder: &Path) -> [PathBuf; 4] {
    let beside = |ending: &str| {
        let mut name = OsString::from(store_in(folder));
        name.push(ending);
        PathBuf::from(name)
    };
    [store_in(folder), beside("-wal"), beside("-journal"), ledger_in(folder)]
}

/// When each is durable: behind the first sync of its file that begins when it is done.
fn durable(all: &[Asked]) -> Vec<Option<usize>> {
    let mut syncs: HashMap<&Path, Vec<(usize, usize)>> = HashMap::new();
    for asked in all.iter().filter(|asked| asked.what == What::Sync) {
        let ends = asked.done.map(|done| (asked.begun, done));
        syncs.entry(&asked.path).or_default().extend(ends);
    }
    let behind = |asked: &Asked| {
        let syncs = syncs.get(&*asked.path)?;
        let next = syncs.partition_point(|(begun, _)| Some(*begun) < asked.done);
        asked.done.and_then(|_| syncs.get(next)).map(|(_, done)| *done)
    };
    all.iter().map(behind).collect()
}

impl Run {
    /// What may be on the disk if the power is cut before this line.
    fn left(&self, cut: usize, random: &mut Random) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
        // Nothing of it, all of it, or anything of it.
        let luck = random.below(3);
        for (asked, durable) in self.asked.iter().zip(&self.durable) {
            let is_done = asked.done.is_some_and(|done| done < cut);
            let is_durable = durable.is_some_and(|done| done < cut);
            if asked.begun >= cut {
                break;
            }
            let kept = |length: usize, random: &mut Random| match (is_durable, luck) {
                (true, _) | (_, 1) => length,
                (false, 0) => 0,
                (false, _) => match random.below(3) {
                    0 => 0,
                    1 => length,
                    _ => (random.below(length as u64 / SECTOR + 1) * SECTOR) as usize,
                },
            };
            match &asked.what {
                What::Sync => {}
                // The system has what was told to others; that they know it is what counts.
                What::Append(line) if is_done => {
                    files.entry(asked.path.clone()).or_default().extend(line);
                }
                What::Append(_) => {}
                What::Unlink => drop(is_done.then(|| files.remove(&asked.path))),
                What::Truncate(length) => {
                    if kept(1, random) == 1 {
                        let file = files.entry(asked.path.clone()).or_default();
                        file.resize(*length as usize, 0);
                    }
                }
                What::Write(at, data) => {
                    let (at, data) = (*at as usize, &data[..kept(data.len(), random)]);
                    if !data.is_empty() {
                        let file = files.entry(asked.path.clone()).or_default();
                        file.resize(file.len().max(at + data.len()), 0);
                        file[at..at + data.len()].copy_from_slice(data);
                    }
                }
            }
        }
        files
    }
}
