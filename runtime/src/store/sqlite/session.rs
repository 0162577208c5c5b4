//! Rows of commits, as the writer writes them.

use super::journal::Journal;
use super::problem::Problem;
use super::statements::{Known, Statements};
use super::text::{integer, row_id};
use crate::store::progress::{self, Progress};
use crate::store::{
    Commit, Created, InstanceId, Millis, Outcome, OutputRow, Posted, Rest, Shape, ShapeId,
};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// So many instances are remembered, at least; a few dozen bytes each.
const REMEMBERED: usize = 50_000;

/// The writer's connection and what it remembers of what it wrote.
pub(super) struct Session<'c> {
    pub(super) statements: Statements<'c>,
    /// `None` when it may not be what is in the file.
    journal: Option<Journal>,
    /// The last of the commits of this transaction.
    time: Millis,
    /// Numbers of machines.
    machines: HashMap<String, i64>,
    /// Of instances that were written lately, so that most commits need not read.
    known: HashMap<InstanceId, Known>,
    /// How many of them there may be before those at rest are forgotten.
    most: usize,
}

impl<'c> Session<'c> {
    pub(super) fn new(connection: &'c Connection) -> Result<Self, Problem> {
        Ok(Self {
            statements: Statements::new(connection)?,
            journal: Some(Journal::read(connection)?),
            time: 0,
            machines: HashMap::new(),
            known: HashMap::new(),
            most: REMEMBERED,
        })
    }

    /// Begins a transaction.
    pub(super) fn begin(&mut self) -> Result<(), Problem> {
        self.time = 0;
        self.statements.begin.execute([])?;
        if self.journal.is_none() {
            self.journal = Some(Journal::read(self.statements.connection)?);
        }
        Ok(())
    }

    /// Ends what was begun, if the claim is still the one with this number. False if it is not.
    pub(super) fn end(&mut self, claim: i64) -> Result<bool, Problem> {
        let (journal, statements) = journal(&mut self.journal, &mut self.statements)?;
        journal.end_transaction(statements, self.time)?;
        let found: i64 = statements.find_claim.query_row([], |row| row.get(0))?;
        Ok(found == claim)
    }

    pub(super) fn commit(&mut self) -> Result<(), Problem> {
        self.statements.commit.execute([])?;
        Ok(())
    }

    /// Forgets what may have been rolled back.
    pub(super) fn forget(&mut self) {
        self.machines.clear();
        self.known.clear();
        self.journal = None;
    }

    /// Has the time written, as steps are deleted, and the last one may tell it.
    pub(super) fn tell_time(&mut self) -> Result<(), Problem> {
        let (journal, statements) = journal(&mut self.journal, &mut self.statements)?;
        journal.tell_time(statements)
    }

    pub(super) fn forget_instance(&mut self, instance: InstanceId) {
        self.known.remove(&instance);
    }

    pub(super) fn apply(&mut self, commit: &Commit) -> Result<Outcome, Problem> {
        self.time = self.time.max(commit.at);
        if !self.are_dead(&commit.letters)? {
            return Ok(Outcome::NotDead);
        }
        let id = commit.instance;
        if progress::concerns_instance(commit) {
            let (before, after) = match &commit.created {
                Some(created) => match self.create(commit, created)? {
                    Some(after) => (None, after),
                    None => return Ok(Outcome::Duplicate),
                },
                None => {
                    let known = self.known(id)?;
                    (Some(known), known.progress.after(commit).map_err(Problem::Refused)?)
                }
            };
            let last = self.write(commit, before, after)?;
            self.remember(id, Known { progress: after, last });
        }
        for (message, answer) in &commit.taken {
            let row = params![message, answer, integer(commit.at)];
            if self.statements.take_message.execute(row)? != 1 {
                return Err(Problem::Refused(progress::not_waiting(*message)));
            }
        }
        for change in &commit.letters {
            self.change_letter(change, commit.at)?;
        }
        Ok(Outcome::Done)
    }

    /// Gives the row of the last step.
    fn write(
        &mut self,
        commit: &Commit,
        before: Option<Known>,
        after: Progress,
    ) -> Result<i64, Problem> {
        let id = commit.instance;
        let was_running = before.is_some_and(|before| before.progress.running);
        let (journal, statements) = journal(&mut self.journal, &mut self.statements)?;
        let mut last = before.map_or(0, |before| before.last);
        if after.running && !was_running {
            journal.start(statements, id, last)?;
        }
        last = journal.add(statements, id, commit.at, &commit.records, last)?;
        if was_running && !after.running {
            journal.end(statements, id)?;
        }
        for OutputRow { number, at, body } in &commit.outputs {
            let row = params![row_id(id, *number), integer(*at), body];
            statements.insert_output.execute(row)?;
        }
        for (message, answer) in &commit.answers {
            let row = params![integer(id), message, integer(commit.at), answer];
            statements.insert_answer.execute(row)?;
        }
        super::tasks::change(&mut self.statements, id, commit.at, &commit.tasks)?;
        if let (Some(rest), Some(_)) = (&commit.rest, before) {
            self.rest(id, rest, Known { progress: after, last })?;
        }
        let due = commit.rest.as_ref().filter(|rest| progress::is_off(rest)).and_then(|r| r.due);
        if let Some(due) = due {
            self.statements.set_timer.execute(params![integer(id), integer(due)])?;
        } else if before.is_some_and(|before| before.progress.timed && !after.timed) {
            self.statements.delete_timer.execute([integer(id)])?;
        }
        Ok(last)
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
        let steps = commit.records.len();
        let (journal, _) = journal(&mut self.journal, &mut self.statements)?;
        let last = if steps == 0 { 0 } else { journal.last_of(steps) };
        let inserted = self.statements.insert_instance.execute(params![
            integer(id),
            machine,
            created.key,
            shape,
            after.status,
            rest.map(|rest| &rest.state),
            integer(rest.map_or(0, |_| after.seq)),
            rest.map_or(0, |_| last),
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
            Err(error) if self.known(id).is_ok() => {
                let why = format!("{}: {error}", progress::taken(id));
                Err(Problem::Refused(why))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn is_taken(&mut self, machine: i64, key: &str) -> Result<bool, Problem> {
        Ok(self.statements.find_key.exists(params![machine, key])?)
    }

    fn rest(&mut self, id: InstanceId, rest: &Rest, after: Known) -> Result<(), Problem> {
        let Known { progress, last } = after;
        let (id, seq, changed) = (integer(id), integer(progress.seq), integer(progress.changed));
        let Rest { status, state, cause, snapshot, shape, .. } = rest;
        match snapshot {
            Some(snapshot) => self
                .statements
                .rest_with_snapshot
                .execute(params![id, status, state, seq, last, changed, cause, shape, snapshot])?,
            None => {
                let row = params![id, status, state, seq, last, changed, cause];
                self.statements.rest.execute(row)?
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

    fn known(&mut self, id: InstanceId) -> Result<Known, Problem> {
        if let Some(known) = self.known.get(&id) {
            return Ok(*known);
        }
        let found = self.statements.known(id)?;
        let mut known = found.ok_or_else(|| Problem::Refused(progress::missing(id)))?;
        let (journal, _) = journal(&mut self.journal, &mut self.statements)?;
        if let Some((last, seq, at)) = journal.found(id)
            && seq > known.progress.seq
        {
            known.last = last;
            (known.progress.seq, known.progress.changed) = (seq, at);
        }
        Ok(known)
    }

    fn remember(&mut self, id: InstanceId, known: Known) {
        self.known.insert(id, known);
        if self.known.len() > self.most {
            self.known.retain(|_, known| known.progress.running);
            self.most = REMEMBERED.max(2 * self.known.len());
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

/// The journal, which is there while a transaction is open, and what writes it.
fn journal<'s, 'c>(
    journal: &'s mut Option<Journal>,
    statements: &'s mut Statements<'c>,
) -> Result<(&'s mut Journal, &'s mut Statements<'c>), Problem> {
    let closed = || Problem::Refused("no transaction is open".to_string());
    Ok((journal.as_mut().ok_or_else(closed)?, statements))
}
