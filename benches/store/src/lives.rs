//! Whole lives of small instances: created, five steps, at rest.

use crate::measure::{Failed, commit, fresh, repeat};
use crate::steps::{create, record, rest};
use statewright::store::{Commit, InstanceId, Rest, Status};
use std::path::Path;

const STEPS: u64 = 5;

pub(crate) fn run(folder: &Path) -> Result<(), Failed> {
    for batch in crate::BATCHES {
        let store = fresh(&folder.join("lives.db"))?;
        let mut next = 1;
        repeat("lives, a commit each", batch, batch, || {
            let lives = (next..).take(batch).map(life).collect();
            next += batch as u64;
            commit(&store, lives)?;
            Ok(())
        })?;
    }
    for batch in crate::BATCHES {
        let store = fresh(&folder.join("lives.db"))?;
        let mut next = 1;
        repeat("lives, a commit a step", batch, batch, || {
            let ids = next..next + batch as u64;
            next = ids.end;
            for seq in 1..=STEPS {
                commit(&store, ids.clone().map(|id| part(id, seq)).collect())?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn life(id: InstanceId) -> Commit {
    let records = (1..=STEPS).map(record).collect();
    Commit { records, rest: Some(last()), ..create(id) }
}

fn part(id: InstanceId, seq: u64) -> Commit {
    let before = if seq == 1 { create(id) } else { Commit::of(id, seq) };
    let rest = (seq == STEPS).then(last);
    Commit { records: vec![record(seq)], rest, ..before }
}

fn last() -> Rest {
    Rest { status: Status::Finished, ..rest(STEPS, true) }
}
