//! Killing a program with SIGKILL, and starting it again.

use crate::ledger::{Ledger, whole_lines};
use crate::seen::Seen;
use crate::world::{Plan, World, look};
use statewright::store::Sqlite;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A number from the environment.
#[must_use]
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|n| n.parse().ok())
}

/// A small generator of numbers: what is random is only when to kill.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// One below a limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// The program that is killed, and where it works.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The worker.
    pub exe: &'static str,
    /// The folder for temporary files.
    pub folder: &'static str,
}

impl Program {
    /// An empty folder for a run.
    ///
    /// # Panics
    /// It cannot be made.
    #[must_use]
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = Path::new(self.folder).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
        folder
    }

    /// The program for a world. It replays the journal of every so manieth instance when it starts.
    #[must_use]
    pub fn command<W: World>(&self, folder: &Path, plan: Plan, replayed: u64) -> Command {
        let Plan { size, rounds, seed, is_healthy } = plan;
        let numbers = [size, rounds, seed, u64::from(is_healthy), replayed];
        let mut command = Command::new(self.exe);
        command.arg(W::NAME).arg(folder).args(numbers.map(|n| n.to_string()));
        command.stdout(Stdio::piped());
        command
    }
}

/// The file of the store in the folder of a run.
#[must_use]
pub fn store_in(folder: &Path) -> PathBuf {
    folder.join("instances.db")
}

/// The file of the ledger in the folder of a run.
#[must_use]
pub fn ledger_in(folder: &Path) -> PathBuf {
    folder.join("ledger")
}

/// Looks at what a program has left, and notes which calls are over.
///
/// # Panics
/// A promise was broken.
pub fn look_at<W: World>(folder: &Path, plan: Plan, is_end: bool) -> Seen {
    let lines = whole_lines(&ledger_in(folder));
    let store = match Sqlite::open_read_only(store_in(folder)) {
        Ok(store) => store,
        // Killed while the file was being made.
        Err(error) if !is_end => {
            assert!(lines.is_empty(), "{error}, but something was done");
            return Seen::default();
        }
        Err(error) => panic!("{error}"),
    };
    let (seen, over) = look::<W>(plan, &store, &lines, is_end);
    let ledger = Ledger::append(&ledger_in(folder)).expect("the ledger can be written");
    over.iter().for_each(|line| ledger.line(line).expect("the ledger can be written"));
    seen
}

/// When a program is killed.
#[derive(Clone, Copy, Debug)]
struct Moment {
    /// Behind its start, or behind the first line that it adds to the ledger: how long either takes is
    /// another time on each machine.
    is_at_work: bool,
    pause: Duration,
}

/// Kills it when the moment has come, if it has not ended by then. Whether it was killed.
fn is_killed(child: &mut Child, moment: Option<Moment>, folder: &Path) -> bool {
    let written = || std::fs::metadata(ledger_in(folder)).map_or(0, |ledger| ledger.len());
    let (before, mut begun) = (written(), Instant::now());
    let mut waits = moment.is_some_and(|moment| moment.is_at_work);
    loop {
        if let Some(status) = child.try_wait().expect("the worker can be waited for") {
            assert!(status.success(), "the worker has failed in {}", folder.display());
            return false;
        }
        if waits && written() > before {
            (waits, begun) = (false, Instant::now());
        }
        if moment.is_some_and(|moment| !waits && begun.elapsed() >= moment.pause) {
            kill(child);
            return true;
        }
        // Not long, as moments are random; but whoever looks all the time keeps the worker from its work.
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// Kills it.
///
/// # Panics
/// It cannot be killed.
pub fn kill(child: &mut Child) {
    child.kill().expect("the worker can be killed");
    child.wait().expect("the worker can be waited for");
}

/// How a world is killed at random moments.
#[derive(Clone, Copy, Debug)]
pub struct Kills {
    /// Whom.
    pub program: Program,
    /// How often at least, if `CRASHES` does not say.
    pub times: u64,
    /// In the milliseconds up to here; some much earlier, to hit the start and the recovery.
    pub within: u64,
    /// Every other round all services work after the first kills.
    pub heals: bool,
}

/// So many times as often as it should be, a world is killed until the kills have hit what they are for.
const PATIENCE: u64 = 10;

impl Kills {
    /// Kills a world again and again, until it has been killed often enough, the kills have hit all that
    /// is wanted, and it has come to its end; and looks at what is left after each kill. `CRASH_SEED`
    /// makes other moments. A run that fails leaves its folder.
    ///
    /// # Panics
    /// A promise was broken, or what is wanted was not hit in ten times as many kills.
    pub fn of<W: World>(&self, plan: Plan, wanted: &[&str]) {
        let kills = number("CRASHES").unwrap_or(self.times);
        let seed = number("CRASH_SEED").unwrap_or(1);
        let replayed = if kills < 1000 { 16 } else { 1 };
        let mut random = Random::new(seed);
        let (mut killed, mut rounds, mut seen) = (0, 0, Seen::default());
        let missing = |seen: &Seen| wanted.iter().find(|what| seen[what] == 0).copied();
        while killed < kills || missing(&seen).is_some() {
            if let Some(what) = missing(&seen).filter(|_| killed >= PATIENCE * kills) {
                panic!("{}: nothing was {what} in {killed} kills: {seen}", W::NAME);
            }
            let folder = self.program.folder(&format!("{}-{}-{seed}-{rounds}", W::NAME, plan.size));
            // Two rounds at least, as services heal in every other one.
            let last = killed + kills.div_ceil(2);
            rounds += 1;
            for life in 1.. {
                let is_healthy = self.heals && rounds % 2 == 0 && life > 2;
                let plan = Plan { seed: seed + rounds, is_healthy, ..plan };
                let mut command = self.program.command::<W>(&folder, plan, replayed);
                let mut child = command.spawn().expect("the worker starts");
                let spread = 20 + random.below(self.within);
                let pause = Duration::from_millis(5 + random.below(spread));
                // One in four may die before it has done anything.
                let moment = Moment { is_at_work: random.below(4) > 0, pause };
                let was_killed = is_killed(&mut child, (killed < last).then_some(moment), &folder);
                seen.add(&look_at::<W>(&folder, plan, !was_killed));
                if !was_killed {
                    break;
                }
                killed += 1;
            }
            let _ = std::fs::remove_dir_all(&folder);
        }
        println!("{}: {killed} kills in {rounds} rounds: {seen}", W::NAME);
    }
}

/// How a world is killed when it comes to a point.
#[cfg(unix)]
#[derive(Clone, Copy, Debug)]
pub struct Points {
    /// Whom.
    pub program: Program,
    /// All that it comes to.
    pub points: &'static [&'static str],
    /// It is killed when it comes there for these times, or for each up to `POINT_HITS`.
    pub hits: &'static [u64],
    /// It is done once more with services that all work after the first kill.
    pub heals: bool,
}

#[cfg(unix)]
impl Points {
    /// Kills a world when it comes to each point, once more when it comes there again, lets it come to its
    /// end, and looks at what is left after each.
    ///
    /// # Panics
    /// A promise was broken, or a point is none.
    #[must_use]
    pub fn of<W: World>(&self, plan: Plan) -> Seen {
        let hits: Vec<u64> = match number("POINT_HITS") {
            Some(most) => (1..=most).collect(),
            None => self.hits.to_vec(),
        };
        let (mut all, mut seen) = (0, Seen::default());
        for point in self.points {
            let mut kills = 0;
            for nth in &hits {
                for heals in [false, true].into_iter().take(1 + usize::from(self.heals)) {
                    kills += self.killed_at::<W>(plan, (point, *nth), heals, &mut seen);
                }
            }
            assert!(kills >= 2, "{} does not come to {point}", W::NAME);
            println!("{}, {point}: {kills} kills", W::NAME);
            all += kills;
        }
        println!("{}: {all} kills: {seen}", W::NAME);
        seen
    }

    /// Kills it when it comes to a point for the n-th time, and then for the first time.
    fn killed_at<W: World>(
        &self,
        plan: Plan,
        (point, nth): (&str, u64),
        heals: bool,
        seen: &mut Seen,
    ) -> u64 {
        let folder = self.program.folder(&format!("{}-{point}-{nth}-{heals}", W::NAME));
        let first = match point {
            // Nothing is recovered before something was left.
            "engine.before_recovery" => format!("engine.before_activity:{}", nth + 4),
            point => format!("{point}:{nth}"),
        };
        // Instances that are idle leave memory at once, so that they are woken.
        let plan = Plan { seed: 5 * nth, ..plan };
        let mut kills = 0;
        let lives = [(Some(first), false), (Some(format!("{point}:1")), heals), (None, heals)];
        for (at, is_healthy) in lives {
            let plan = Plan { is_healthy, ..plan };
            let killed = self.run::<W>(&folder, plan, at.as_deref());
            kills += u64::from(killed);
            seen.add(&look_at::<W>(&folder, plan, !killed));
        }
        let _ = std::fs::remove_dir_all(&folder);
        kills
    }

    /// Whether the program was killed at the point.
    fn run<W: World>(&self, folder: &Path, plan: Plan, point: Option<&str>) -> bool {
        use std::os::unix::process::ExitStatusExt;
        let mut command = self.program.command::<W>(folder, plan, 4);
        if let Some(point) = point {
            command.env("POINT", point);
        }
        let ended = command.output().expect("the worker starts");
        let killed = ended.status.signal() == Some(9);
        assert!(killed || ended.status.success(), "in {}: {ended:?}", folder.display());
        assert!(!killed || point.is_some(), "somebody else has killed it");
        killed
    }
}
