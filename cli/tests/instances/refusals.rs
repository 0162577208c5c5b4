//! What is said when there is no such store or instance.

use super::{Store, assert_has};

/// The commands, on a file and a key.
const ALL: [&[&str]; 7] = [
    &["ls", "FILE"],
    &["show", "FILE", "o-1"],
    &["history", "FILE", "o-1"],
    &["send", "FILE", "o-1", "Ring"],
    &["retry", "FILE", "o-1"],
    &["abandon", "FILE", "o-1"],
    &["export", "FILE"],
];

#[track_caller]
fn refused(store: &Store, file: &str, part: &str) {
    for command in ALL {
        let args: Vec<&str> =
            command.iter().map(|word| if *word == "FILE" { file } else { word }).collect();
        let (out, err) = store.run(&args, 2);
        assert_eq!(out, "");
        assert!(err.starts_with("error: "), "{err}");
        assert_has(&err, part);
    }
}

#[test]
fn what_is_no_store_is_refused() {
    let store = Store::new("no_store");
    refused(&store, "nowhere.db", "cannot open the store `nowhere.db`: No such file");
    refused(&store, ".", "`.` is a folder");
    std::fs::write(store.folder.join("notes.txt"), "Not a store, and long enough.".repeat(9))
        .unwrap();
    refused(&store, "notes.txt", "is no store of statewright\nhelp: a store is the file that");
    std::fs::write(store.folder.join("empty.db"), "").unwrap();
    refused(&store, "empty.db", "is no store of statewright");
    assert_eq!(std::fs::read(store.folder.join("empty.db")).unwrap(), b"", "it is not changed");
}

#[test]
fn a_newer_layout_is_refused_by_name() {
    let store = Store::new("newer");
    let engine = store.engine();
    store.stop(engine);
    let mut bytes = std::fs::read(store.file()).unwrap();
    // `PRAGMA user_version`, as the format of SQLite has it: the layout.
    bytes[60..64].copy_from_slice(&9_u32.to_be_bytes());
    let newer = store.folder.join("newer.db");
    std::fs::write(newer, bytes).unwrap();
    refused(
        &store,
        "newer.db",
        "has layout 9, this program knows layouts up to 4: run a newer program",
    );
}

#[test]
fn unknown_keys_and_machines_are_told() {
    let store = Store::new("unknown");
    let engine = store.engine();
    store.start(&engine, "order-17");
    store.start(&engine, "order-18");
    store.start(&engine, "o-2");
    store.parcel(&engine, "o-2");
    for command in ["show", "history", "retry", "abandon"] {
        let (_, err) = store.run(&[command, "orders.db", "order-19"], 2);
        let expected = "error: `orders.db` has no instance with key `order-19`\n\
                        help: did you mean `order-17` or `order-18`?\n";
        assert_eq!(err, expected);
    }
    let (_, err) = store.run(&["send", "orders.db", "something else", "Ring"], 2);
    assert_has(&err, "help: `statewright ls orders.db` lists those that are there");
    let (_, err) = store.run(&["show", "orders.db", "o-2"], 2);
    let several = "error: `orders.db` has a `o-2` of several machines, `Order`, `Parcel`; name one with \
                   `--machine`\n";
    assert_eq!(err, several);
    let (_, err) = store.run(&["show", "orders.db", "order-17", "--machine", "Parcel"], 2);
    assert_has(&err, "has no instance of `Parcel` with key `order-17`");
    for command in ["ls", "export"] {
        let (_, err) = store.run(&[command, "orders.db", "--machine", "Ordr"], 2);
        assert_eq!(
            err,
            "error: `orders.db` has no machine `Ordr`; it has `Delivery`, `Inquiry`, `Late`, `Leave`, `Order`, `Parcel`, `Quote`, `Trip`\n"
        );
    }
    store.stop(engine);
}

#[test]
fn wrong_usage_is_told() {
    let store = Store::new("usage");
    let engine = store.engine();
    store.start(&engine, "o-1");
    let (_, err) = store.run(&["ls", "orders.db", "--format", "sarif"], 2);
    assert_has(&err, "`--format sarif` is for errors and warnings");
    store.run(&["ls", "orders.db", "--format", "text"], 0);
    let (_, err) = store.run(&["ls", "orders.db", "--since", "yesterday"], 2);
    assert_has(&err, "`yesterday` is no time");
    let (_, err) = store.run(&["send", "orders.db", "o-1", "Ring", "--wait", "soon"], 2);
    assert_has(&err, "`soon` is no time; `5s`, `500ms` and `2m 30s` are");
    for file in ["orders.db", "./orders.db", "orders.db-wal"] {
        let (_, err) = store.run(&["export", "orders.db", "-o", file], 2);
        assert_has(&err, "belongs to the store itself");
    }
    assert_eq!(store.json(&["ls", "orders.db", "--format", "json"], 0).len(), 1);
    store.stop(engine);
}

#[test]
fn what_is_mistaken_is_told() {
    let store = Store::new("mistaken");
    let engine = store.engine();
    store.start(&engine, "o-1");
    let is_store = "error: `orders.db` is no `.flow` file but a store\nhelp: `statewright ls orders.db` \
                    lists what is in it\n";
    for command in ["check", "verify", "simulate", "test", "build", "diagram", "fmt", "matrix"] {
        assert_eq!(store.run(&[command, "orders.db"], 2).1, is_store, "{command}");
    }
    assert_eq!(store.run(&["compat", "orders.db", "orders.db"], 2).1, is_store);
    let long = "k".repeat(5_000);
    for (args, says) in [
        (
            &["ls", "orders.db", "--state", "Drafd"][..],
            "no machine in `orders.db` has a state `Drafd`\nhelp: did you mean `Draft`?\n",
        ),
        (&["ls", "orders.db", "--limit", "-1"], "`-1` is no whole number"),
        (&["ls", "orders.db", "--limit", "many"], "`many` is no whole number"),
        (&["resend", "orders.db", "first"], "`first` is no whole number"),
        (&["show", "orders.db", "o\n1"], "has no instance with key `o\\n1`\n"),
        (&["show", "orders.db", &long], "kkk..`\nhelp: "),
        (&["send", "orders.db", "o-1", ""], "error: an event has a name\n"),
    ] {
        assert_has(&store.run(args, 2).1, says);
    }
    store.stop(engine);
}

#[test]
fn lists_end_when_nobody_reads_on() {
    let store = Store::new("closed");
    let engine = store.engine();
    store.start(&engine, "o-1");
    store.stop(engine);
    for args in
        [&["ls", "orders.db"][..], &["history", "orders.db", "o-1"], &["export", "orders.db"]]
    {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_statewright"))
            .args(args)
            .current_dir(&store.folder)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), err.as_str()), (Some(0), ""), "{args:?}");
    }
}
