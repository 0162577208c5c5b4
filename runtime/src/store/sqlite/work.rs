//! What waits for the writer.

use super::problem::Problem;
use super::session::Session;
use crate::store::{Commit, Committed, Outcome, StoreError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::SyncSender;

/// Something to be written.
pub(super) trait Work: Send {
    /// Writes it, into a transaction that is open. This may be done again if another one has made
    /// the transaction fail.
    fn apply(&mut self, session: &mut Session<'_>) -> Result<(), Problem>;

    /// How many wait for it.
    fn waiting(&self) -> usize;

    /// Tells what became of it: once, when it is durable or is not.
    fn tell(self: Box<Self>, result: Result<(), StoreError>);
}

/// A batch of the engine.
pub(super) struct Batch {
    pub(super) commits: Vec<Commit>,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) done: Committed,
}

impl Work for Batch {
    fn apply(&mut self, session: &mut Session<'_>) -> Result<(), Problem> {
        self.outcomes.clear();
        for commit in &self.commits {
            self.outcomes.push(session.apply(commit)?);
        }
        Ok(())
    }

    fn waiting(&self) -> usize {
        self.commits.len()
    }

    fn tell(self: Box<Self>, result: Result<(), StoreError>) {
        let Self { outcomes, done, .. } = *self;
        // A panic in there is reported by its hook; it must not keep others from being told.
        let told = catch_unwind(AssertUnwindSafe(|| done(result.map(|()| outcomes))));
        drop(told);
    }
}

/// Something that its caller waits for.
pub(super) struct Call<T, W> {
    pub(super) write: W,
    pub(super) result: Option<T>,
    pub(super) reply: SyncSender<Result<T, StoreError>>,
}

impl<T, W> Work for Call<T, W>
where
    T: Send,
    W: FnMut(&mut Session<'_>) -> Result<T, Problem> + Send,
{
    fn apply(&mut self, session: &mut Session<'_>) -> Result<(), Problem> {
        self.result = Some((self.write)(session)?);
        Ok(())
    }

    fn waiting(&self) -> usize {
        1
    }

    fn tell(self: Box<Self>, result: Result<(), StoreError>) {
        let Self { result: value, reply, .. } = *self;
        let lost = || StoreError::Failed("the writer has not written it".to_string());
        let told = result.and_then(|()| value.ok_or_else(lost));
        // If nobody waits any more, nobody need be told.
        drop(reply.send(told));
    }
}
