//! Reading the end of the journal: what running instances have done since they were noted.
//! See [`journal`](super::journal).

use super::problem::{Problem, is_damage};
use super::steps::{Link, link};
use super::text::{integer, lossy, unsigned};
use crate::store::{InstanceId, Millis, Seq};
use rusqlite::{Connection, Row};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// So many instances are looked for one by one; for more, all rows are read once.
const FEW: usize = 4;

/// The steps of one; why they cannot be read, if they cannot.
pub(super) type Links = Result<Vec<Link>, String>;

/// The last step of an instance.
pub(super) struct Last {
    pub(super) seq: Seq,
    pub(super) at: Millis,
    pub(super) state: String,
}

/// What these instances have done since they were noted, if they run.
pub(super) fn load(
    connection: &Connection,
    instances: &[InstanceId],
) -> Result<HashMap<InstanceId, Links>, Problem> {
    let mut found = HashMap::new();
    if instances.len() <= FEW {
        let mut statement = connection.prepare_cached(
            "SELECT j.id, j.instance, j.seq, j.prev, j.at, j.state, j.record
             FROM running r CROSS JOIN journal j ON j.id >= r.since AND j.instance = r.instance
             WHERE r.instance = ?1 ORDER BY j.id",
        )?;
        for id in instances.iter().collect::<HashSet<_>>() {
            let mut rows = statement.query([integer(*id)])?;
            while let Some(row) = rows.next()? {
                add(&mut found, *id, row)?;
            }
        }
        return Ok(found);
    }
    let wanted: HashSet<InstanceId> = instances.iter().copied().collect();
    let mut statement = connection.prepare_cached(
        "SELECT j.id, j.instance, j.seq, j.prev, j.at, j.state, j.record
         FROM journal j CROSS JOIN running r ON r.instance = j.instance AND r.since <= j.id
         WHERE j.id >= (SELECT min(since) FROM running) ORDER BY j.id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = unsigned(row, 1)?;
        if wanted.contains(&id) {
            add(&mut found, id, row)?;
        }
    }
    Ok(found)
}

fn add(
    found: &mut HashMap<InstanceId, Links>,
    id: InstanceId,
    row: &Row<'_>,
) -> rusqlite::Result<()> {
    let links = found.entry(id).or_insert_with(|| Ok(Vec::new()));
    let Ok(steps) = links else { return Ok(()) };
    match link(row) {
        Ok(step) => steps.push(step),
        Err(error) if is_damage(&error) => {
            let seq = row.get_ref(2)?.as_i64().unwrap_or(0);
            *links = Err(format!("step {seq} of the journal: {error}"));
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// The last steps of all instances that have made one since they were noted.
pub(super) fn last_steps(connection: &Connection) -> Result<HashMap<InstanceId, Last>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT j.instance, j.seq, j.at, j.state
         FROM journal j CROSS JOIN running r ON r.instance = j.instance AND r.since <= j.id
         WHERE j.id >= (SELECT min(since) FROM running) ORDER BY j.id DESC",
    )?;
    let mut rows = statement.query([])?;
    let mut found = HashMap::new();
    while let Some(row) = rows.next()? {
        if let Entry::Vacant(entry) = found.entry(unsigned(row, 0)?) {
            let (seq, at) = (unsigned(row, 1)?, unsigned(row, 2).unwrap_or(0));
            entry.insert(Last { seq, at, state: lossy(row, 3)? });
        }
    }
    Ok(found)
}
