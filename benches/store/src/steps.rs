//! Steps of instances that run, in any order: a commit is one step of one instance.

use crate::measure::{BODY, Failed, commit, fresh, repeat};
use statewright::store::{Commit, Created, InstanceId, Record, Rest, Seq, Status};
use std::path::Path;

/// A snapshot after so many steps.
const SNAPSHOT: Seq = 16;

pub(crate) fn run(folder: &Path, instances: u64) -> Result<(), Failed> {
    for batch in crate::BATCHES {
        let store = fresh(&folder.join("steps.db"))?;
        let mut runs = Runs { seqs: vec![0; usize::try_from(instances)?], random: 88_172_645_463 };
        for chunk in (1..=instances).collect::<Vec<_>>().chunks(1000) {
            commit(&store, chunk.iter().map(|id| create(*id)).collect())?;
        }
        // As they are when they have been running for a while.
        for _ in 0..instances * 8 / 1000 {
            let steps = (0..1000).map(|_| runs.step()).collect();
            commit(&store, steps)?;
        }
        repeat(&format!("steps of {instances} instances"), batch, batch, || {
            let steps = (0..batch).map(|_| runs.step()).collect();
            commit(&store, steps)?;
            Ok(())
        })?;
    }
    Ok(())
}

struct Runs {
    seqs: Vec<Seq>,
    random: u64,
}

impl Runs {
    fn step(&mut self) -> Commit {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let id = 1 + self.random % self.seqs.len() as u64;
        let seq = &mut self.seqs[id as usize - 1];
        *seq += 1;
        let rest = seq.is_multiple_of(SNAPSHOT).then(|| rest(*seq, false));
        Commit { records: vec![record(*seq)], rest, ..Commit::of(id, *seq) }
    }
}

pub(crate) fn create(instance: InstanceId) -> Commit {
    let created =
        Created { machine: "Order".to_string(), key: format!("order-{instance:08}"), shape: 1 };
    Commit { created: Some(created), ..Commit::of(instance, 1) }
}

pub(crate) fn record(seq: Seq) -> Record {
    Record { seq, at: seq, state: "Operating.Cars.Go".to_string(), body: BODY.to_string() }
}

pub(crate) fn rest(seq: Seq, at_rest: bool) -> Rest {
    Rest {
        status: Status::Running,
        at_rest,
        due: None,
        shape: 1,
        seq,
        state: "Operating.Cars.Go".to_string(),
        snapshot: Some(format!("{{\"context\":{BODY},\"timers\":[]}}")),
        cause: None,
    }
}
