//! Loading instances, many at once. One that is damaged does not keep others from being read.

use super::problem::{Problem, is_damage};
use super::read::record;
use super::text::{integer, number, optional_lossy, row_ids, unsigned};
use crate::store::{Instance, InstanceId, Record, Seq, Stored};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

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
    let mut loader = Loader::new(connection)?;
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
    records: CachedStatement<'c>,
    names: CachedStatement<'c>,
}

impl<'c> Loader<'c> {
    fn new(connection: &'c Connection) -> Result<Self, Problem> {
        Ok(Self {
            instance: connection.prepare_cached(
                "SELECT (SELECT name FROM machines WHERE id = i.machine), i.key, i.status, i.shape,
                    i.snapshot_seq, i.snapshot, i.cause, i.seq,
                    (SELECT max(id) FROM outputs WHERE id BETWEEN ?2 AND ?3)
                 FROM instances i WHERE i.id = ?1",
            )?,
            records: connection.prepare_cached(
                "SELECT id, at, state, record FROM journal
                 WHERE id > ?1 AND id <= ?2 ORDER BY id",
            )?,
            names: connection.prepare_cached(
                "SELECT (SELECT name FROM machines WHERE id = i.machine), i.key
                 FROM instances i WHERE i.id = ?1",
            )?,
        })
    }

    fn load(&mut self, id: InstanceId) -> Result<Option<Instance>, Fault> {
        let (first, last) = row_ids(id);
        let row = params![integer(id), first, last];
        let found = self.instance.query_row(row, |row| read(id, row)).optional()?;
        let Some((mut instance, seq)) = found else { return Ok(None) };
        instance.records = self.records(&instance, last)?;
        let there = instance.records.last().map_or(instance.seq, |record| record.seq);
        match there < seq {
            true => Err(Fault::Instance(format!("step {} is not in the journal", there + 1))),
            false => Ok(Some(instance)),
        }
    }

    fn records(&mut self, instance: &Instance, last: i64) -> Result<Vec<Record>, Fault> {
        let behind = row_ids(instance.id).0 + integer(instance.seq);
        let mut rows = self.records.query([behind, last])?;
        let mut records = Vec::new();
        let mut seq: Seq = instance.seq;
        while let Some(row) = rows.next()? {
            seq += 1;
            let record = record(row)
                .map_err(|error| Fault::Instance(format!("step {seq} of the journal: {error}")))?;
            if record.seq != seq {
                return Err(Fault::Instance(format!("step {seq} is not in the journal")));
            }
            records.push(record);
        }
        Ok(records)
    }

    fn damaged(&mut self, instance: InstanceId, why: String) -> Stored {
        let names = self.names.query_row([integer(instance)], |row| {
            Ok((optional_lossy(row, 0)?, optional_lossy(row, 1)?))
        });
        let (machine, key) = names.unwrap_or_default();
        Stored::Corrupt { instance, machine, key, why }
    }
}

/// The instance without its steps, and the number of the last step that it is known to have.
fn read(id: InstanceId, row: &Row<'_>) -> rusqlite::Result<(Instance, Seq)> {
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
        outputs: row.get::<_, Option<i64>>(8)?.map_or(0, number),
    };
    Ok((instance, unsigned(row, 7)?))
}
