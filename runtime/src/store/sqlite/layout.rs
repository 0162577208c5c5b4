//! The layout of the file: what is in it, and how an older one is brought up.

use super::files::Place;
use super::owner::Claim;
use crate::store::StoreError;
use rusqlite::Connection;
use std::thread;
use std::time::{Duration, Instant};

/// The n-th of them leads from layout n to the next. What is here stays as it is: files have been
/// made with it.
pub(super) const LAYOUTS: &[&str] = &[
    include_str!("layout_1.sql"),
    include_str!("layout_2.sql"),
    include_str!("layout_3.sql"),
    include_str!("layout_4.sql"),
];

/// Marks a file as a store of statewright: `Swrt`.
const APPLICATION: i64 = 0x5377_7274;

/// Two programs may start at once and find the file new. One makes the layout, which takes
/// milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is found in a file.
enum Found {
    /// Nothing yet.
    Empty,
    /// A store of this layout.
    Layout(i64),
}

/// Makes sure that the file has the newest of the layouts, and brings it up to it.
pub(super) fn bring_up(
    connection: &mut Connection,
    place: &Place,
    layouts: &[&str],
) -> Result<(), StoreError> {
    bring_up_within(connection, place, layouts, PATIENCE)
}

fn bring_up_within(
    connection: &mut Connection,
    place: &Place,
    layouts: &[&str],
    patience: Duration,
) -> Result<(), StoreError> {
    let start = Instant::now();
    loop {
        if is_newest(inspect(connection, place)?, place, layouts)? {
            return Ok(());
        }
        match Claim::take(place) {
            Ok(claim) => return change(connection, place, layouts, &claim),
            Err(StoreError::Owned(_)) if start.elapsed() < patience => {
                thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Makes sure that the file has the newest of the layouts, and changes nothing.
pub(super) fn check(
    connection: &Connection,
    place: &Place,
    layouts: &[&str],
) -> Result<(), StoreError> {
    let path = place.shown().to_string();
    match inspect(connection, place)? {
        Found::Empty => Err(StoreError::Foreign(path)),
        Found::Layout(found) => match is_newest(Found::Layout(found), place, layouts)? {
            true => Ok(()),
            false => Err(StoreError::Older { path, found, known: known(layouts) }),
        },
    }
}

fn known(layouts: &[&str]) -> i64 {
    i64::try_from(layouts.len()).unwrap_or(i64::MAX)
}

fn is_newest(found: Found, place: &Place, layouts: &[&str]) -> Result<bool, StoreError> {
    match found {
        Found::Layout(found) if found > known(layouts) => {
            let path = place.shown().to_string();
            Err(StoreError::Newer { path, found, known: known(layouts) })
        }
        Found::Layout(found) => Ok(found == known(layouts)),
        Found::Empty => Ok(false),
    }
}

fn inspect(connection: &Connection, place: &Place) -> Result<Found, StoreError> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let read = || {
        // At one moment: somebody else may be making the file.
        let _snapshot = connection.unchecked_transaction()?;
        Ok((
            number("PRAGMA application_id")?,
            number("PRAGMA user_version")?,
            number("SELECT count(*) FROM sqlite_schema")?,
        ))
    };
    let foreign = || StoreError::Foreign(place.shown().to_string());
    match read() {
        Ok((APPLICATION, layout @ 1.., _)) => Ok(Found::Layout(layout)),
        Ok((0, 0, 0)) => Ok(Found::Empty),
        Ok(_) => Err(foreign()),
        Err(rusqlite::Error::SqliteFailure(code, _))
            if code.code == rusqlite::ErrorCode::NotADatabase =>
        {
            Err(foreign())
        }
        Err(error) => Err(place.told(error)),
    }
}

/// The layouts that are missing, all or none.
fn change(
    connection: &mut Connection,
    place: &Place,
    layouts: &[&str],
    _claim: &Claim,
) -> Result<(), StoreError> {
    // Somebody else may have done it before the claim was free.
    let found = inspect(connection, place)?;
    let from = match found {
        Found::Layout(from) => usize::try_from(from).unwrap_or(0),
        Found::Empty => 0,
    };
    if is_newest(found, place, layouts)? {
        return Ok(());
    }
    let mut change = || {
        let transaction = connection.transaction()?;
        for layout in layouts.iter().skip(from) {
            transaction.execute_batch(layout)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", known(layouts))?;
        transaction.commit()
    };
    change().map_err(|error| place.told(error))
}

#[cfg(test)]
mod tests {
    use super::super::connect::{Access, connect};
    use super::*;

    const FIRST: &str = "CREATE TABLE things (a INTEGER) STRICT";
    const SECOND: &str = "ALTER TABLE things RENAME COLUMN a TO b; INSERT INTO things VALUES (2)";
    const BROKEN: &str = "INSERT INTO things VALUES (3); INSERT INTO nowhere VALUES (4)";

    /// A file with the layouts of an artificial program, and a row.
    fn older(test: &str) -> (Place, Connection) {
        let name = format!("statewright-layout-{test}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        for ending in ["", "-wal", "-shm", "-owner"] {
            let mut name = path.clone().into_os_string();
            name.push(ending);
            drop(std::fs::remove_file(name));
        }
        let place = Place::new(&path).unwrap();
        let mut connection = connect(&place, Access::Create).unwrap();
        bring_up(&mut connection, &place, &[FIRST]).unwrap();
        connection.execute_batch("INSERT INTO things VALUES (1)").unwrap();
        (place, connection)
    }

    const LATER: &[&str] = &[FIRST, SECOND, "CREATE TABLE more (a INTEGER) STRICT"];

    #[test]
    fn an_older_layout_is_brought_up_and_keeps_its_rows() {
        let (place, mut connection) = older("up");
        let read_only = check(&connection, &place, &LATER[..2]);
        assert!(matches!(read_only, Err(StoreError::Older { found: 1, known: 2, .. })));
        bring_up(&mut connection, &place, &LATER[..2]).unwrap();
        check(&connection, &place, &LATER[..2]).unwrap();
        let sum = "SELECT sum(b) FROM things";
        assert_eq!(connection.query_row(sum, [], |row| row.get(0)), Ok(3));
        // Once.
        bring_up(&mut connection, &place, &LATER[..2]).unwrap();
        bring_up(&mut connection, &place, LATER).unwrap();
        assert_eq!(connection.query_row(sum, [], |row| row.get(0)), Ok(3));
        // The older program does not take it for its own then.
        let back = bring_up(&mut connection, &place, &LATER[..1]);
        assert!(matches!(back, Err(StoreError::Newer { found: 3, known: 1, .. })), "{back:?}");
    }

    #[test]
    fn bringing_up_is_all_or_nothing() {
        let (place, mut connection) = older("broken");
        let layouts = [FIRST, SECOND, BROKEN];
        let error = bring_up(&mut connection, &place, &layouts).unwrap_err();
        assert!(error.to_string().contains("nowhere"), "{error}");
        let rows = "SELECT sum(a) FROM things";
        assert_eq!(connection.query_row(rows, [], |row| row.get(0)), Ok(1));
        check(&connection, &place, &LATER[..1]).unwrap();
    }

    #[test]
    fn what_somebody_runs_is_not_brought_up() {
        let (place, mut connection) = older("owned");
        let claim = Claim::take(&place).unwrap();
        let (patience, layouts) = (Duration::from_millis(20), &LATER[..2]);
        let result = bring_up_within(&mut connection, &place, layouts, patience);
        assert!(matches!(result, Err(StoreError::Owned(_))), "{result:?}");
        drop(claim);
        bring_up(&mut connection, &place, layouts).unwrap();
    }
}
