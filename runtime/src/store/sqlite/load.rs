//! Loading instances, many at once. One that is damaged does not keep others from being read.

use super::latest::{self, Links};
use super::problem::{Problem, is_damage};
use super::steps::Back;
use super::text::{integer, number, optional_lossy, row_ids, unsigned};
use crate::store::{Instance, InstanceId, Record, Seq, Stored};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};
use std::collections::HashMap;

/// What is wrong with an instance, or with the store.
enum Fault {
    Instance(String),
    Store(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        match is_damage(&error) {
            true => Self::Instance(error.to_string()),
            false => Self::Store(error),
        }
    }
}

pub(super) fn load(
    connection: &Connection,
    instances: &[InstanceId],
) -> Result<Vec<Stored>, Problem> {
    let mut loader = Loader::new(connection, latest::load(connection, instances)?)?;
    let mut found = Vec::with_capacity(instances.len());
    for id in instances {
        match loader.load(*id) {
            Ok(Some(instance)) => found.push(Stored::Whole(Box::new(instance))),
            Ok(None) => {}
            Err(Fault::Instance(why)) => found.push(loader.damaged(*id, why)),
            Err(Fault::Store(error)) => return Err(error.into()),
        }
    }
    Ok(found)
}

struct Loader<'c> {
    instance: CachedStatement<'c>,
    names: CachedStatement<'c>,
    back: Back<'c>,
    /// What those that run have done since they were noted.
    latest: HashMap<InstanceId, Links>,
}

/// Where the steps of an instance end.
struct End {
    /// The last step when it rested.
    seq: Seq,
    /// The last step before those that are the latest: its row, and its number if it is known.
    last: i64,
    last_seq: Option<Seq>,
}

impl<'c> Loader<'c> {
    fn new(
        connection: &'c Connection,
        latest: HashMap<InstanceId, Links>,
    ) -> Result<Self, Problem> {
        Ok(Self {
            instance: connection.prepare_cached(
                "SELECT (SELECT name FROM machines WHERE id = i.machine), i.key, i.status, i.shape,
                    i.snapshot_seq, i.snapshot, i.cause,
                    (SELECT max(id) FROM outputs WHERE id BETWEEN ?2 AND ?3),
                    i.seq, coalesce(r.last, i.last), (SELECT seq FROM journal WHERE id = r.last)
                 FROM instances i LEFT JOIN running r ON r.instance = i.id WHERE i.id = ?1",
            )?,
            names: connection.prepare_cached(
                "SELECT (SELECT name FROM machines WHERE id = i.machine), i.key
                 FROM instances i WHERE i.id = ?1",
            )?,
            back: Back::new(connection)?,
            latest,
        })
    }

    fn load(&mut self, id: InstanceId) -> Result<Option<Instance>, Fault> {
        let (first, last) = row_ids(id);
        let row = params![integer(id), first, last];
        let found = self.instance.query_row(row, |row| read(id, row)).optional()?;
        let Some((mut instance, end)) = found else { return Ok(None) };
        instance.records = self.records(id, instance.seq, &end)?;
        Ok(Some(instance))
    }

    /// The steps behind a snapshot, in order and without gaps.
    fn records(&mut self, id: InstanceId, snapshot: Seq, end: &End) -> Result<Vec<Record>, Fault> {
        let latest = match self.latest.get(&id) {
            Some(Ok(latest)) => latest.as_slice(),
            Some(Err(why)) => return Err(Fault::Instance(why.clone())),
            None => &[],
        };
        let behind = latest.iter().filter(|link| link.record.seq > snapshot);
        let mut records: Vec<Record> = behind.map(|link| link.record.clone()).collect();
        let (mut row, mut seq) = match latest.first() {
            Some(first) => (first.prev, first.record.seq.saturating_sub(1)),
            None => (end.last, end.last_seq.unwrap_or(end.seq)),
        };
        let mut before = Vec::new();
        while seq > snapshot {
            let step = self.back.step(row, id, seq);
            let step = step.map_err(|error| match Fault::from(error) {
                Fault::Instance(why) => {
                    Fault::Instance(format!("step {seq} of the journal: {why}"))
                }
                fault => fault,
            })?;
            let link = step.ok_or_else(|| missing(seq))?;
            before.push(link.record);
            (row, seq) = (link.prev, seq - 1);
        }
        before.reverse();
        before.append(&mut records);
        for (seq, record) in (snapshot + 1..).zip(&before) {
            if record.seq != seq {
                return Err(missing(seq));
            }
        }
        let last = before.last().map_or(snapshot, |record| record.seq);
        match last < end.seq {
            true => Err(missing(last + 1)),
            false => Ok(before),
        }
    }

    fn damaged(&mut self, instance: InstanceId, why: String) -> Stored {
        let names = self.names.query_row([integer(instance)], |row| {
            Ok((optional_lossy(row, 0)?, optional_lossy(row, 1)?))
        });
        let (machine, key) = names.unwrap_or_default();
        Stored::Corrupt { instance, machine, key, why }
    }
}

fn missing(seq: Seq) -> Fault {
    Fault::Instance(format!("step {seq} is not in the journal"))
}

/// The instance without its steps.
fn read(id: InstanceId, row: &Row<'_>) -> rusqlite::Result<(Instance, End)> {
    let instance = Instance {
        id,
        machine: row.get(0)?,
        key: row.get(1)?,
        status: row.get(2)?,
        shape: row.get(3)?,
        seq: unsigned(row, 4)?,
        snapshot: row.get(5)?,
        cause: row.get(6)?,
        records: Vec::new(),
        outputs: row.get::<_, Option<i64>>(7)?.map_or(0, number),
    };
    let last_seq = row.get::<_, Option<i64>>(10)?.map(i64::unsigned_abs);
    Ok((instance, End { seq: unsigned(row, 8)?, last: row.get(9)?, last_seq }))
}
