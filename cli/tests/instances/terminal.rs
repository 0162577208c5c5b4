//! What is shown on a terminal alone: bars of what takes long, and questions.
#![cfg(target_os = "linux")]

use super::shop::{self, Order, QUOTE};
use super::{Store, assert_has};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

/// A terminal of 100 columns.
struct Terminal {
    /// The side of whoever sits at it.
    person: File,
    /// The side of programs.
    programs: File,
}

impl Terminal {
    fn new() -> Self {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&person).unwrap();
        unlockpt(&person).unwrap();
        let size = Winsize { ws_row: 40, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&person, size).unwrap();
        let name = ptsname(&person, Vec::new()).unwrap().into_string().unwrap();
        let programs = File::options().read(true).write(true).open(name).unwrap();
        Self { person: person.into(), programs }
    }

    fn side(&self) -> Stdio {
        self.programs.try_clone().unwrap().into()
    }

    /// What was shown, when nobody writes any more.
    fn shown(self) -> String {
        let Self { mut person, programs } = self;
        drop(programs);
        let (mut all, mut part) = (Vec::new(), [0; 4096]);
        // The end of the last program at it is an error, and no end of a file.
        while let Ok(count @ 1..) = person.read(&mut part) {
            all.extend_from_slice(&part[..count]);
        }
        String::from_utf8_lossy(&all).into_owned()
    }
}

impl Store {
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_statewright"));
        command.args(args).current_dir(&self.folder).env("TERM", "xterm").stdin(Stdio::null());
        command
    }

    /// What is shown on stderr, which is a terminal, and what goes to stdout, which is none.
    #[track_caller]
    fn run_beside(&self, args: &[&str]) -> (String, String) {
        let terminal = Terminal::new();
        let mut command = self.command(args);
        let child = command.stdout(Stdio::piped()).stderr(terminal.side()).spawn().unwrap();
        // The command holds the terminal open as long as it is there.
        drop(command);
        let shown = std::thread::spawn(|| terminal.shown());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{args:?}");
        (shown.join().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    /// What is shown on a terminal that is both, and whether the program was content.
    #[track_caller]
    fn run_at(&self, args: &[&str], typed: &str) -> String {
        let terminal = Terminal::new();
        let mut command = self.command(args);
        command.stdin(terminal.side()).stdout(terminal.side()).stderr(terminal.side());
        let mut child = command.spawn().unwrap();
        drop(command);
        terminal.person.try_clone().unwrap().write_all(typed.as_bytes()).unwrap();
        let shown = std::thread::spawn(|| terminal.shown());
        assert!(child.wait().unwrap().success(), "{args:?}: {}", shown.join().unwrap());
        shown.join().unwrap()
    }
}

/// So many orders that it takes a bar to wait for them.
const MANY: usize = 600;

fn many(test: &str) -> Store {
    let store = Store::new(test);
    let engine = store.engine();
    store.runtime.block_on(async {
        let starts: Vec<_> = (0..MANY)
            .map(|n| {
                let (engine, key) = (engine.clone(), format!("o-{n}"));
                tokio::spawn(async move {
                    engine.start::<Order>(&key, shop::order_start(&key)).await.unwrap();
                })
            })
            .collect();
        for start in starts {
            start.await.unwrap();
        }
    });
    store.stop(engine);
    store.flow("order.flow", shop::FLOW);
    store
}

/// What a bar says at its beginning.
const BAR: &str = "0 of 600";

#[test]
fn what_takes_long_has_a_bar_on_a_terminal() {
    let store = many("bars");
    let replay = ["replay", "orders.db", "--flow", "order.flow"];
    let all: [&[&str]; 4] = [
        &["export", "orders.db"],
        &["export", "orders.db", "-o", "all.jsonl"],
        &["ls", "orders.db", "--limit", "0"],
        &replay,
    ];
    for args in all {
        let (shown, out) = store.run_beside(args);
        assert_has(&shown, BAR);
        assert!(!out.contains(" of 600, "), "{args:?}: a bar is among the lines");
        // Behind it the line is clean again.
        let end = shown.rsplit("left").next().unwrap();
        assert_has(end, "\u{1b}[2K");
    }
    // What is printed there too stands above it, whole.
    let shown = store.run_at(&replay, "");
    assert_has(&shown, BAR);
    for n in [0, 1, MANY / 2, MANY - 1] {
        assert_has(&shown, &format!("Order o-{n}  1 step ok\r\n"));
    }
    assert_has(&shown, "600 instances, 600 steps ok\r\n");
    // Where nobody sits there is none.
    for args in all {
        let (out, err) = store.run(args, 0);
        let wrote = "wrote 600 instances to `all.jsonl`\n";
        assert!(err.is_empty() || err == wrote, "{args:?}: {err}");
        assert!(!out.contains(" of 600, "), "{args:?}");
    }
}

#[test]
fn what_is_soon_done_has_none() {
    let store = Store::new("no-bars");
    let engine = store.engine();
    store.start(&engine, "o-1");
    store.stop(engine);
    store.flow("quote.flow", QUOTE);
    for args in
        [&["export", "orders.db"][..], &["ls", "orders.db"], &["history", "orders.db", "o-1"]]
    {
        let (shown, _) = store.run_beside(args);
        assert_eq!(shown, "", "{args:?}");
    }
}

#[test]
fn a_question_is_asked_until_the_answer_fits() {
    let store = Store::new("asked");
    let engine = store.engine();
    store.inquiry(&engine, "a");
    let agreed = store.run_at(&["answer", "orders.db", "1.1", "--wait", "60s"], "maybe\nTRUE\n");
    assert_has(&agreed, "That is none of the answers.");
    assert_has(&agreed, "`1.1` was answered: true");
    let counted = store.run_at(&["answer", "orders.db", "1.2", "--wait", "60s"], "300\n30\n");
    assert_has(&counted, "the answer is a `u8`, as '1'.");
    assert_has(&counted, "`300` is no `u8`, a whole number from 0 to 255");
    assert_has(&counted, "`1.2` was answered: 30");
    store.stop(engine);
}
