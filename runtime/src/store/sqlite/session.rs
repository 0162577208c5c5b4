//! Rows of commits, as the writer writes them.

use super::problem::Problem;
use super::statements::Statements;
use super::text::{integer, row_id};
use crate::store::progress::{self, Progress};
use crate::store::{
    Commit, Created, InstanceId, Millis, Outcome, OutputRow, Posted, Record, Rest, Shape, ShapeId,
};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// So many instances are remembered, at least; a few dozen bytes each.
const REMEMBERED: usize = 50_000;

/// The writer's connection and what it remembers of what it wrote.
pub(super) struct Session<'c> {
    pub(super) statements: Statements<'c>,
    /// The last of the commits of this transaction.
    time: Millis,
    /// Numbers of machines.
    machines: HashMap<String, i64>,
    /// Of instances that were written lately, so that most commits need not read.
    progress: HashMap<InstanceId, Progress>,
    /// How many of them there may be before those at rest are forgotten.
    most: usize,
}

impl<'c> Session<'c> {
    pub(super) fn new(connection: &'c Connection) -> Result<Self, Problem> {
        Ok(Self {
            statements: Statements::new(connection)?,
            time: 0,
            machines: HashMap::new(),
            progress: HashMap::new(),
            most: REMEMBERED,
        })
    }

    /// Begins a transaction.
    pub(super) fn begin(&mut self) -> Result<(), Problem> {
        self.time = 0;
        self.statements.begin.execute([])?;
        Ok(())
    }

    /// Ends what was begun, if the claim is still the one with this number. False if it is not.
    pub(super) fn end(&mut self, claim: i64) -> Result<bool, Problem> {
        Ok(self.statements.set_time.execute(params![integer(self.time), claim])? == 1)
    }

    pub(super) fn commit(&mut self) -> Result<(), Problem> {
        self.statements.commit.execute([])?;
        Ok(())
    }

    /// Forgets what may have been rolled back.
    pub(super) fn forget(&mut self) {
        self.machines.clear();
        self.progress.clear();
    }

    pub(super) fn forget_instance(&mut self, instance: InstanceId) {
        self.progress.remove(&instance);
    }

    pub(super) fn apply(&mut self, commit: &Commit) -> Result<Outcome, Problem> {
        self.time = self.time.max(commit.at);
        let id = commit.instance;
        if progress::concerns_instance(commit) {
            let (before, after) = match &commit.created {
                Some(created) => match self.create(commit, created)? {
                    Some(after) => (None, after),
                    None => return Ok(Outcome::Duplicate),
                },
                None => {
                    let before = self.progress(id)?;
                    (Some(before), before.after(commit).map_err(Problem::Refused)?)
                }
            };
            self.write(commit, before, after)?;
            self.remember(id, after);
        }
        for (message, answer) in &commit.taken {
            let row = params![message, answer, integer(commit.at)];
            if self.statements.take_message.execute(row)? != 1 {
                return Err(Problem::Refused(progress::not_waiting(*message)));
            }
        }
        Ok(Outcome::Done)
    }

    fn write(
        &mut self,
        commit: &Commit,
        before: Option<Progress>,
        after: Progress,
    ) -> Result<(), Problem> {
        let id = commit.instance;
        for record in &commit.records {
            self.record(id, record)?;
        }
        for output in &commit.outputs {
            self.output(id, output)?;
        }
        for (message, answer) in &commit.answers {
            let row = params![integer(id), message, integer(commit.at), answer];
            self.statements.insert_answer.execute(row)?;
        }
        if let (Some(rest), Some(_)) = (&commit.rest, before) {
            self.rest(id, rest, &after)?;
        }
        let was_running = before.is_some_and(|before| before.running);
        if after.running && !was_running {
            self.statements.insert_running.execute([integer(id)])?;
        } else if was_running && !after.running {
            self.statements.delete_running.execute([integer(id)])?;
        }
        let due = commit.rest.as_ref().filter(|rest| progress::is_off(rest)).and_then(|r| r.due);
        if let Some(due) = due {
            self.statements.set_timer.execute(params![integer(id), integer(due)])?;
        } else if before.is_some_and(|before| before.timed && !after.timed) {
            self.statements.delete_timer.execute([integer(id)])?;
        }
        Ok(())
    }

    /// Inserts an instance; `None` if its key is taken.
    fn create(&mut self, commit: &Commit, created: &Created) -> Result<Option<Progress>, Problem> {
        let id = commit.instance;
        let machine = self.machine(&created.machine)?;
        let after = match Progress::new(commit.at).after(commit) {
            Ok(after) if progress::is_instance(id) => after,
            _ if self.is_taken(machine, &created.key)? => return Ok(None),
            Ok(_) => return Err(Problem::Refused(progress::taken(id))),
            Err(why) => return Err(Problem::Refused(why)),
        };
        let rest = commit.rest.as_ref();
        let snapshot = rest.and_then(|rest| rest.snapshot.as_ref());
        let shape = match (rest, snapshot) {
            (Some(rest), Some(_)) => rest.shape,
            _ => created.shape,
        };
        let inserted = self.statements.insert_instance.execute(params![
            integer(id),
            machine,
            created.key,
            shape,
            after.status,
            rest.map(|rest| &rest.state),
            integer(rest.map_or(0, |_| after.seq)),
            integer(after.snapshot_seq),
            integer(commit.at),
            integer(rest.map_or(commit.at, |_| after.changed)),
            rest.and_then(|rest| rest.cause.as_ref()),
            snapshot,
        ]);
        match inserted {
            Ok(1..) => Ok(Some(after)),
            Ok(0) => Ok(None),
            Err(_) if self.is_taken(machine, &created.key)? => Ok(None),
            Err(error) if self.progress(id).is_ok() => {
                let why = format!("{}: {error}", progress::taken(id));
                Err(Problem::Refused(why))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn is_taken(&mut self, machine: i64, key: &str) -> Result<bool, Problem> {
        Ok(self.statements.find_key.exists(params![machine, key])?)
    }

    fn record(&mut self, id: InstanceId, record: &Record) -> Result<(), Problem> {
        let Record { seq, at, state, body } = record;
        let row = params![row_id(id, *seq), integer(*at), state, body];
        self.statements.insert_record.execute(row)?;
        Ok(())
    }

    fn output(&mut self, id: InstanceId, output: &OutputRow) -> Result<(), Problem> {
        let OutputRow { number, at, body } = output;
        let row = params![row_id(id, *number), integer(*at), body];
        self.statements.insert_output.execute(row)?;
        Ok(())
    }

    fn rest(&mut self, id: InstanceId, rest: &Rest, after: &Progress) -> Result<(), Problem> {
        let (id, seq, changed) = (integer(id), integer(after.seq), integer(after.changed));
        let Rest { status, state, cause, snapshot, shape, .. } = rest;
        match snapshot {
            Some(snapshot) => self
                .statements
                .rest_with_snapshot
                .execute(params![id, status, state, seq, changed, cause, shape, snapshot])?,
            None => {
                self.statements.rest.execute(params![id, status, state, seq, changed, cause])?
            }
        };
        Ok(())
    }

    /// The number of a machine; it gets one when it is first met.
    fn machine(&mut self, name: &str) -> Result<i64, Problem> {
        if let Some(id) = self.machines.get(name) {
            return Ok(*id);
        }
        self.statements.insert_machine.execute([name])?;
        let id = self.statements.find_machine.query_row([name], |row| row.get(0))?;
        self.machines.insert(name.to_string(), id);
        Ok(id)
    }

    fn progress(&mut self, id: InstanceId) -> Result<Progress, Problem> {
        if let Some(progress) = self.progress.get(&id) {
            return Ok(*progress);
        }
        let found = self.statements.progress(id)?;
        found.ok_or_else(|| Problem::Refused(progress::missing(id)))
    }

    fn remember(&mut self, id: InstanceId, progress: Progress) {
        self.progress.insert(id, progress);
        if self.progress.len() > self.most {
            self.progress.retain(|_, progress| progress.running);
            self.most = REMEMBERED.max(2 * self.progress.len());
        }
    }

    pub(super) fn put_shape(&mut self, shape: &Shape) -> Result<ShapeId, Problem> {
        let machine = self.machine(&shape.machine)?;
        let hash = format!("{:016x}", shape.hash);
        let find = &mut self.statements.find_shape;
        if let Some(id) = find.query_row(params![machine, hash], |row| row.get(0)).optional()? {
            return Ok(id);
        }
        let row = params![machine, integer(shape.version), hash, shape.body];
        Ok(self.statements.insert_shape.insert(row)?)
    }

    pub(super) fn post(&mut self, message: &Posted) -> Result<i64, Problem> {
        super::inbox::insert(&mut self.statements.insert_message, message)
    }
}
