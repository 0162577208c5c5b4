//! What a program has asked of the disk, as `strace` has seen it.
//!
//! ```text
//! 412 pwrite64(9<PATH>, "\x53\x51..", 4096, 0) = 4096
//! 412 fsync(9<PATH> <unfinished ...>
//! 417 write(7<PATH>, "\x62..", 30) = 30
//! 412 <... fsync resumed>) = 0
//! ```

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Calls that change files or make changes durable.
const CALLS: &str = "trace=pwrite64,write,fsync,fdatasync,ftruncate,unlink";
/// No call writes more bytes.
const BYTES: &str = "70000";

/// Something that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The thread that has asked.
    pub thread: u64,
    /// The line in which it begins.
    pub begun: usize,
    /// The line in which it is done; `None` if it never was.
    pub done: Option<usize>,
    /// Of which file.
    pub path: PathBuf,
    /// What.
    pub what: What,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// To write there.
    Write(u64, Vec<u8>),
    /// To write at the end.
    Append(Vec<u8>),
    /// To give the file this length.
    Truncate(u64),
    /// To delete the file.
    Unlink,
    /// To make durable what was written.
    Sync,
}

impl What {
    /// What the system calls it.
    #[must_use]
    pub fn call(&self) -> &'static str {
        match self {
            Self::Write(..) => "pwrite64",
            Self::Append(_) => "write",
            Self::Truncate(_) => "ftruncate",
            Self::Unlink => "unlink",
            Self::Sync => "fsync",
        }
    }
}

/// Whether there is an `strace` that may look at programs.
///
/// # Panics
/// There is none, and this is CI.
#[must_use]
pub fn is_here() -> bool {
    let here = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    let here = here.is_ok_and(|status| status.success());
    assert!(
        here || std::env::var_os("CI").is_none(),
        "`strace` is not installed, or may not trace"
    );
    if !here {
        eprintln!("skipped: `strace` is not installed, or may not trace");
    }
    here
}

/// A command below `strace`, which writes down what becomes of these files, or does with them what else
/// is said.
#[must_use]
pub fn traced(command: &Command, files: &[PathBuf], log: &Path, how: &[&str]) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-y", "-xx", "-s", BYTES, "-e", CALLS, "-o"]).arg(log).args(how);
    for file in files {
        traced.arg("-P").arg(file);
    }
    traced.arg(command.get_program()).args(command.get_args());
    traced
}

/// Everything that was asked, in the order in which it was.
///
/// # Panics
/// A line is not what is expected.
#[must_use]
pub fn read(log: &str) -> Vec<Asked> {
    let (mut all, mut open) = (Vec::new(), HashMap::new());
    for (at, line) in log.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if rest.starts_with("+++") || rest.starts_with("---") {
            continue;
        }
        if let Some((_, rest)) = rest.strip_prefix("<... ").and_then(|r| r.split_once("resumed>")) {
            let asked: usize = open.remove(thread).expect("what is resumed was begun");
            finish(&mut all, asked, at, rest);
            continue;
        }
        let (name, rest) = rest.split_once('(').unwrap_or_else(|| panic!("line {at}: {line:.99}"));
        let thread_number = thread.parse().expect("a thread has a number");
        all.push(Asked { thread: thread_number, ..asked(name, rest, at) });
        let last = all.len() - 1;
        match rest.ends_with("<unfinished ...>") {
            true => drop(open.insert(thread.to_owned(), last)),
            false => finish(&mut all, last, at, rest),
        }
    }
    all
}

fn asked(name: &str, rest: &str, begun: usize) -> Asked {
    let texts: Vec<&str> = rest.split('"').collect();
    let path = match name {
        "unlink" => texts[1],
        _ => rest.split(['<', '>']).nth(1).expect("a call names its file"),
    };
    let path = PathBuf::from(String::from_utf8(bytes(path)).expect("a path is text"));
    let numbers = || texts[2].split([',', ')', ' ']).filter_map(|n| n.parse::<u64>().ok());
    let data = || {
        let data = bytes(texts[1]);
        assert_eq!(numbers().next(), Some(data.len() as u64), "`strace` shows all of it");
        data
    };
    let what = match name {
        "pwrite64" => What::Write(numbers().nth(1).expect("a place"), data()),
        "write" => What::Append(data()),
        "ftruncate" => {
            let length = rest.split([',', ')', ' ']).find_map(|n| n.parse().ok());
            What::Truncate(length.expect("a length"))
        }
        "unlink" => What::Unlink,
        _ => What::Sync,
    };
    Asked { thread: 0, begun, done: None, path, what }
}

/// Notes that it is done. What has failed, or was done in part, is as if it never ended.
fn finish(all: &mut [Asked], asked: usize, at: usize, rest: &str) {
    let result = rest.rsplit_once(" = ").and_then(|(_, result)| result.trim().parse::<u64>().ok());
    let asked = &mut all[asked];
    let whole = match &asked.what {
        What::Write(_, data) | What::Append(data) => Some(data.len() as u64),
        _ => Some(0),
    };
    asked.done = (result == whole).then_some(at);
}

/// The bytes of a text like `\x2f\x74`.
fn bytes(text: &str) -> Vec<u8> {
    let digits = text.split("\\x").skip(1);
    digits.map(|byte| u8::from_str_radix(byte, 16).expect("two digits")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_several_threads_are_read() {
        let log = r#"41 pwrite64(9<\x2f\x61>, "\x01\x02", 2, 4096 <unfinished ...>
42 write(7<\x2f\x62>, "\x0a", 1) = 1
41 <... pwrite64 resumed>) = 2
41 fsync(9<\x2f\x61>) = -1 EIO (Input/output error)
41 ftruncate(9<\x2f\x61>, 512) = 0
41 unlink("\x2f\x61") = 0
41 +++ exited with 0 +++
"#;
        let [a, b] = ["/a", "/b"].map(PathBuf::from);
        let asked = |thread, (begun, done), path: &PathBuf, what| {
            let path = path.clone();
            Asked { thread, begun, done, path, what }
        };
        let expected = [
            asked(41, (0, Some(2)), &a, What::Write(4096, vec![1, 2])),
            asked(42, (1, Some(1)), &b, What::Append(vec![10])),
            asked(41, (3, None), &a, What::Sync),
            asked(41, (4, Some(4)), &a, What::Truncate(512)),
            asked(41, (5, Some(5)), &a, What::Unlink),
        ];
        assert_eq!(read(log), expected);
    }
}
