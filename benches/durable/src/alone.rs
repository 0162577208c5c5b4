//! A contender in a process of its own, so that its CPU time is its own and its threads end with
//! it; and the same below `strace`, which counts syncs or makes them slower.

use statewright_load::{Figures, Result};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// System calls that a process may sync with.
const SYNCS: &str = "trace=fsync,fdatasync,sync_file_range,msync,syncfs,sync";

/// One contender with so many clients.
pub struct Process<'a> {
    pub contender: &'a str,
    pub clients: usize,
    /// The program, and what it is told first.
    pub program: &'a [OsString],
    /// Where it may make a folder for its store.
    pub folder: &'a Path,
}

impl Process<'_> {
    /// Measures for so many seconds, with syncs that take so many milliseconds more.
    pub fn for_seconds(&self, seconds: f64, slower: f64) -> Result<Figures> {
        let store = Store::new(self.folder)?;
        let mut command = if slower > 0.0 {
            let mut command = Command::new("strace");
            let delay = format!("inject=fsync,fdatasync:delay_exit={:.0}", slower * 1e3);
            command.args(["-f", "--seccomp-bpf", "-o", "/dev/null", "-e", SYNCS, "-e", &delay]);
            command.arg(&self.program[0]);
            command
        } else {
            Command::new(&self.program[0])
        };
        self.say(&mut command, &store).arg("--seconds").arg(seconds.to_string());
        Ok(serde_json::from_slice(&stdout(&mut command)?)?)
    }

    /// Syncs a step, beyond those of opening the store.
    pub fn syncs(&self) -> Result<f64> {
        let (opening, _) = self.traced(0)?;
        let orders = (2 * self.clients as u64).max(64);
        let (syncs, figures) = self.traced(orders)?;
        Ok(syncs.saturating_sub(opening) as f64 / figures.steps as f64)
    }

    /// Runs so many orders and counts syncs.
    fn traced(&self, orders: u64) -> Result<(u64, Figures)> {
        let store = Store::new(self.folder)?;
        let counts = self.folder.join("syncs");
        let mut command = Command::new("strace");
        command.args(["-f", "--seccomp-bpf", "-c", "-U", "name,calls", "-e", SYNCS, "-o"]);
        command.arg(&counts).arg(&self.program[0]);
        self.say(&mut command, &store).arg("--orders").arg(orders.to_string());
        let figures = serde_json::from_slice(&stdout(&mut command)?)?;
        let text = fs::read_to_string(&counts)?;
        fs::remove_file(&counts)?;
        let total = text.lines().find_map(|line| line.trim().strip_prefix("total"));
        // Without a call there is no table.
        let calls = total.map_or(Ok(0), |calls| calls.trim().parse())?;
        Ok((calls, figures))
    }

    fn say<'a>(&self, command: &'a mut Command, store: &Store) -> &'a mut Command {
        let clients = self.clients.to_string();
        command.args(&self.program[1..]).args([self.contender, "--clients", &clients]);
        // Who logs would be measured with the terminal.
        command.env("RUST_LOG", "off").arg("--store").arg(&store.0)
    }
}

/// What a process printed, if it ended well.
fn stdout(command: &mut Command) -> Result<Vec<u8>> {
    let program = command.get_program().display().to_string();
    let output = command.stderr(Stdio::inherit()).output();
    let Output { status, stdout, .. } = output.map_err(|e| format!("{program}: {e}"))?;
    if !status.success() {
        return Err(format!("{program}: {status}").into());
    }
    Ok(stdout)
}

/// An empty folder that is gone with the value.
struct Store(PathBuf);

impl Store {
    fn new(folder: &Path) -> Result<Self> {
        let store = folder.join("store");
        if store.exists() {
            fs::remove_dir_all(&store)?;
        }
        fs::create_dir_all(&store)?;
        Ok(Self(store))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // The next run removes what is left.
        let _ = fs::remove_dir_all(&self.0);
    }
}
