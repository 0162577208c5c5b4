//! Golden tests of the tables of states and events: `matrix/NAME.flow`, and beside it each form.
//! `BLESS=1` writes them anew.

#![cfg(feature = "tools")]
#![allow(clippy::unwrap_used)]

use statewright_dsl::compile::compile_text;
use statewright_dsl::matrix::{Matrix, Verb, csv, markdown, matrix, text};
use std::path::{Path, PathBuf};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix").join(name)
}

fn tables(name: &str) -> Vec<Matrix> {
    let flow = std::fs::read_to_string(path(name).with_extension("flow")).unwrap();
    let compilation = compile_text(name, &flow);
    assert!(!compilation.machines.is_empty(), "{:?}", compilation.diagnostics);
    compilation.machines.iter().map(matrix).collect()
}

#[track_caller]
fn golden(name: &str, ending: &str, found: &str) {
    let path = path(name).with_extension(ending);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&path).unwrap_or_default(), "{}", path.display());
}

#[test]
fn tables_look_as_they_did() {
    for name in ["everything", "several", "activities", "chains", "people"] {
        let tables = tables(name);
        golden(name, "txt", &text(&tables));
        golden(name, "md", &markdown(&tables));
        golden(name, "csv", &csv(&tables));
    }
}

#[test]
fn every_state_and_every_event_has_its_place() {
    for table in
        ["everything", "several", "activities", "chains", "people"].into_iter().flat_map(tables)
    {
        assert!(table.rows.iter().all(|row| row.cells.len() == table.events.len()));
        assert!(table.rows.iter().all(|row| row.ends.len() == table.ends.len()));
    }
    let door = &tables("everything")[0];
    let states: Vec<&str> = door.rows.iter().map(|row| row.state.as_str()).collect();
    let paths = ["Room.Light.On", "Room.Heat.Cold", "Cellar.Bottom", "Gone"];
    assert!(paths.iter().all(|path| states.contains(path)), "{states:?}");
    assert_eq!(tables("several")[1].events, ["Coin", "Push"]);
}

#[test]
fn answers_stop_at_the_first_that_is_sure() {
    let door = &tables("everything")[0];
    let cell = |state: &str, event: &str| {
        let row = door.rows.iter().find(|row| row.state == state).unwrap();
        let column = door.events.iter().position(|name| name == event).unwrap();
        let answers = row.cells[column].iter();
        answers.map(|a| (a.verb, a.from.clone(), a.guarded)).collect::<Vec<_>>()
    };
    assert_eq!(
        cell("Locked", "Alarm"),
        [(Verb::Handled, None, true), (Verb::Handled, Some("Door".into()), true)]
    );
    assert_eq!(cell("Room.Light.Off", "Alarm"), [(Verb::Handled, None, false)]);
    assert_eq!(cell("Room.Heat.Cold", "Key"), [(Verb::Handled, None, false)]);
    assert_eq!(cell("Room.Light.On", "Later"), [(Verb::Deferred, Some("Room".into()), false)]);
    assert_eq!(cell("Cellar.Bottom", "Later"), [(Verb::Ignored, Some("Cellar".into()), false)]);
    // A machine that is finished reacts to nothing.
    assert_eq!(cell("Gone", "Alarm"), []);
}

#[test]
fn ends_of_activities_have_columns_behind_the_events() {
    let order = &tables("activities")[0];
    assert_eq!(order.ends, ["done", "error Declined", "error Busy", "error Lost", "error"]);
    let cell = |state: &str, end: &str| {
        let row = order.rows.iter().find(|row| row.state == state).unwrap();
        let answers = row.ends[order.ends.iter().position(|name| name == end).unwrap()].as_ref();
        answers.map(|all| all.iter().map(|a| (a.from.clone(), a.guarded)).collect::<Vec<_>>())
    };
    assert_eq!(cell("Charging", "done"), Some(vec![(None, false)]));
    assert_eq!(cell("Charging", "error Declined"), Some(vec![(None, false)]));
    let passed_over = vec![(None, true), (Some("Order".to_owned()), false)];
    assert_eq!(cell("Charging", "error Busy"), Some(passed_over));
    assert_eq!(cell("Charging", "error Lost"), None, "it does not raise that");
    assert_eq!(cell("Waiting", "done"), None, "nothing runs there");
    assert_eq!(cell("Shipping.Sent", "done"), Some(vec![]), "nothing takes the result of `watch`");
    let around = vec![(Some("Shipping".to_owned()), false)];
    assert_eq!(cell("Shipping.Packing", "error Lost"), Some(around));
    assert_eq!(cell("Failed", "error"), None, "the machine is finished");
}
