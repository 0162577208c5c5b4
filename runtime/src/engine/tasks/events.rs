//! What happens with tasks, with a cursor: nothing is missed and nothing comes twice.

use super::row::{Closed, TaskId, how_of};
use crate::engine::Engine;
use crate::engine::error::EngineError;
use crate::store::{Millis, TaskEventRow, TaskNews};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::atomic::Ordering;

/// So many are read in one go.
const READ: usize = 100;

/// Behind what one has read. Keep it, and go on there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskCursor(pub u64);

impl TaskCursor {
    /// Before everything.
    pub const START: Self = Self(0);
}

/// Something that has happened with a task, in one step: several steps of one commit tell each its own. What
/// the task is now, [`Engine::task`] says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskEvent {
    /// Go on behind it with this.
    pub cursor: TaskCursor,
    /// When it was committed: milliseconds since 1970.
    pub at: Millis,
    /// What has happened.
    pub news: TaskNews,
    /// Which task.
    pub task: TaskId,
    /// The machine that asks.
    pub machine: String,
    /// The key of its instance.
    pub key: String,
    /// The name of the human step.
    pub name: String,
    /// How it was closed, if it was.
    pub closed: Option<Closed>,
}

impl From<TaskEventRow> for TaskEvent {
    fn from(row: TaskEventRow) -> Self {
        Self {
            cursor: TaskCursor(row.number),
            at: row.at,
            news: row.news,
            task: TaskId { instance: row.instance, invocation: row.invocation },
            machine: row.machine,
            key: row.key,
            name: row.name,
            closed: (row.news == TaskNews::Closed).then(|| how_of(&row.how)),
        }
    }
}

/// What happens with tasks, one after the other, that comes yet too.
pub struct TaskEvents {
    engine: Engine,
    after: TaskCursor,
    read: VecDeque<TaskEventRow>,
}

impl TaskEvents {
    pub(super) fn new(engine: Engine, after: TaskCursor) -> Self {
        Self { engine, after, read: VecDeque::new() }
    }

    /// Behind what one has read.
    pub fn cursor(&self) -> TaskCursor {
        self.after
    }

    /// What happens next; waits until something does. `None` when the engine has been stopped and
    /// there is no more.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn next(&mut self) -> Result<Option<TaskEvent>, EngineError> {
        // What comes while the store is read is not missed.
        let mut news = self.engine.inner.shared.task_news.subscribe();
        loop {
            if let Some(row) = self.read.pop_front() {
                self.after = TaskCursor(row.number);
                return Ok(Some(row.into()));
            }
            news.mark_unchanged();
            let has_stopped = self.engine.inner.stopped.load(Ordering::Acquire);
            let TaskCursor(after) = self.after;
            let rows = self.engine.read(move |store| store.task_events(after, READ)).await?;
            if rows.is_empty() && (has_stopped || news.changed().await.is_err()) {
                return Ok(None);
            }
            self.read.extend(rows);
        }
    }
}
