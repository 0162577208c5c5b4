//! docs/instances.md shows what the program prints. Rewritten with `BLESS=1`.

use super::shop::{self, Charging};
use super::{Store, timeless};
use statewright::Engine;
use statewright::store::Status;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The store of the session: one order is paid, one is being charged, one could not be charged. From
/// then on the bank takes its time.
fn orders(store: &Store) -> Engine {
    let engine = store.engine();
    store.flow("order.flow", shop::FLOW);
    for (key, charging, until) in [
        ("o-1", Charging::Works, Status::Finished),
        ("o-3", Charging::Fails, Status::Parked),
        ("o-2", Charging::Hangs, Status::Running),
    ] {
        store.shop.charging(charging);
        store.submit(&engine, key, until);
    }
    engine
}

/// The store in which a chief is asked for leave.
fn leaves(store: &Store) -> Engine {
    let engine = store.engine_on("leaves.db");
    for (key, days) in [("ann", 5), ("bob", 7)] {
        store.leave(&engine, key, days);
    }
    engine
}

/// What a shell prints on a command line.
fn printed(store: &Store, line: &str) -> String {
    let program = concat!("'", env!("CARGO_BIN_EXE_statewright"), "'");
    let line = line.replacen("statewright", program, 1);
    let output =
        Command::new("sh").args(["-c", &line]).current_dir(&store.folder).output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// The document with what the commands in it print.
fn filled(store: &Store, text: &str) -> String {
    let (mut out, mut is_session) = (String::new(), false);
    for line in text.lines() {
        if line.starts_with("```") {
            is_session = line == "```console";
        }
        match line.strip_prefix("$ ") {
            Some(command) if is_session => {
                // An empty line between an answer and the next command.
                let between = if out.ends_with("```console\n") { "" } else { "\n" };
                out.push_str(&format!("{between}{line}\n{}", printed(store, command)));
            }
            _ if is_session && !line.starts_with("```") => {}
            _ => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

#[cfg(unix)]
#[test]
fn the_document_shows_what_is_printed() {
    let store = Store::new("document");
    let engines = [orders(&store), leaves(&store)];
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/instances.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let filled = filled(&store, &text);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, filled).unwrap();
    } else {
        assert_eq!(timeless(&text), timeless(&filled), "rewrite it with BLESS=1");
    }
    drop(engines);
    store.runtime.shutdown_timeout(Duration::ZERO);
}
