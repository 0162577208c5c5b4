//! What `docs/store.md` says of the file is so.
#![cfg(all(feature = "conformance", feature = "sqlite", unix))]

mod places;

use places::{claimed, create, done, folder, rest, step};
use rusqlite::Connection;
use statewright::store::{Rest, Status, Store, TaskChange, TaskData, TaskNews};

const DOCUMENT: &str = include_str!("../../docs/store.md");

/// The statements in it.
fn statements() -> Vec<&'static str> {
    let blocks = DOCUMENT.split("```sql\n").skip(1).filter_map(|block| block.split("```").next());
    let statements = blocks.flat_map(|block| block.split(";\n"));
    statements.map(str::trim).filter(|statement| !statement.is_empty()).collect()
}

fn rows(connection: &Connection, sql: &str) -> Vec<Vec<String>> {
    let mut statement = connection.prepare(sql).expect(sql);
    let columns = statement.column_count();
    let read = |row: &rusqlite::Row<'_>| {
        let text = |column| Ok(format!("{:?}", row.get::<_, rusqlite::types::Value>(column)?));
        (0..columns).map(text).collect()
    };
    let found = statement.query_map([], read).expect(sql);
    found.collect::<Result<_, _>>().expect(sql)
}

#[test]
fn its_statements_do_what_it_says() {
    let path = folder("document").join("store");
    let store = claimed(&path);
    let order = |id: u64, key: &str| {
        let mut commit = create(id);
        let created = commit.created.as_mut().expect("it is created");
        (created.machine, created.key) = ("Order".into(), key.into());
        commit
    };
    done(&store, vec![order(17, "4711"), order(18, "4712"), step(17, 2), rest(17, 2)]);
    let mut next = step(17, 3);
    next.records[0].state = "Shut".into();
    next.records[0].body = "{\"event\":\"Push\"}".into();
    next.tasks = vec![TaskChange::Open(
        TaskNews::Opened,
        TaskData {
            invocation: 1,
            name: "approve".into(),
            role: Some("finance".into()),
            user: None,
            claimed_by: None,
            opened: 3,
            due: None,
            body: "{\"title\":\"Approve 4711\"}".into(),
        },
    )];
    let parked = Rest { status: Status::Parked, due: Some(1), ..places::resting(1) };
    done(&store, vec![next, statewright::store::Commit { rest: Some(parked), ..rest(18, 1) }]);
    drop(store);
    let connection = Connection::open(&path).expect("it can be opened");
    let found: Vec<_> = statements().iter().map(|sql| rows(&connection, sql)).collect();
    let count: Vec<usize> = found.iter().map(Vec::len).collect();
    assert_eq!(count, [2, 2, 1, 4, 3, 0, 3, 1, 0, 1, 0, 0]);
    let overview = &found[0][0];
    assert!(overview.contains(&"Text(\"Shut\")".into()), "{overview:?}");
    assert!(overview.contains(&"Integer(3)".into()), "{overview:?}");
    assert!(found[4][1].contains(&"Text(\"1970-01-01 00:00:00.002\")".into()), "{:?}", found[4]);
    assert!(found[6][2].contains(&"Text(\"Push\")".into()), "{:?}", found[6]);
    assert!(found[9][0].contains(&"Text(\"Approve 4711\")".into()), "{:?}", found[9]);
    // The message that was left by hand.
    let store = claimed(&path);
    let waiting = store.inbox(0, 9).unwrap();
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].message.at > 1_700_000_000_000, "{waiting:?}");
}

#[test]
fn it_names_all_tables_and_columns() {
    let path = folder("named").join("store");
    drop(claimed(&path));
    let connection = Connection::open(&path).expect("it can be opened");
    let named = "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
        WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'";
    let columns = rows(&connection, named);
    assert!(columns.len() > 40);
    for name in columns.into_iter().flatten() {
        let name = name.trim_start_matches("Text(\"").trim_end_matches("\")").to_string();
        assert!(DOCUMENT.contains(&name), "{name}");
    }
    let pragma = |name: &str| rows(&connection, &format!("PRAGMA {name}"))[0][0].clone();
    assert_eq!(pragma("application_id"), "Integer(1400337012)");
    assert_eq!(pragma("user_version"), "Integer(4)");
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
    assert_eq!(pragma("integrity_check"), "Text(\"ok\")");
}
