//! Tasks: what the instances of an engine have asked people. They are listed from the store, and
//! answered, claimed and released by their instances, in steps like any other.
//!
//! * [`changes`]: what a step does to the rows of tasks. [`row`]: what is in them. [`wants`]: what an
//!   instance makes of an answer or a claim. [`events`]: what has happened with tasks.

mod changes;
mod events;
mod row;
mod wants;

pub use events::{TaskCursor, TaskEvent, TaskEvents};
pub use row::{Closed, Task, TaskId};

pub(super) use changes::{Answered, changes};
pub(super) use row::written;
pub(super) use wants::{Given, TaskWants, take};

use super::Engine;
use super::error::EngineError;
use super::exact;
use super::message::{Address, Answer, Job};
use crate::step::Dispatch;
use crate::store::{TaskFilter, TaskRow};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

impl Engine {
    /// Open tasks by machine, key, role, user, claim and time. Instances need not be in memory, and
    /// are not read.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn tasks(&self, filter: TaskFilter) -> Result<Vec<Task>, EngineError> {
        let rows = self.read(move |store| store.tasks(&filter)).await?;
        Ok(rows.iter().map(Task::from).collect())
    }

    /// A task, also one that was closed lately.
    ///
    /// # Errors
    /// There is no such task; the store cannot be read.
    pub async fn task(&self, task: TaskId) -> Result<Task, EngineError> {
        Ok(Task::from(&self.task_row(task).await?))
    }

    /// Answers a task. When this returns, the answer and everything that it led to is on stable
    /// storage. The same answer again changes nothing, and is as good as the first.
    ///
    /// # Errors
    /// The answer is of another type; the task is closed, or claimed by somebody; the step fails. The
    /// machine goes on waiting then, if it did. See [`EngineError`].
    pub async fn answer<T>(&self, task: TaskId, answer: T) -> Result<Dispatch, EngineError>
    where
        T: Serialize + Send + 'static,
    {
        self.give(task, typed(answer)?, None).await
    }

    /// The same by somebody, who has to be the one who has claimed the task if anybody has.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn answer_as<T>(
        &self,
        task: TaskId,
        by: &str,
        answer: T,
    ) -> Result<Dispatch, EngineError>
    where
        T: Serialize + Send + 'static,
    {
        self.give(task, typed(answer)?, Some(by.to_owned())).await
    }

    /// The same for an answer as JSON, `"Approved"`.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn answer_json(
        &self,
        task: TaskId,
        by: Option<&str>,
        answer: &str,
    ) -> Result<Dispatch, EngineError> {
        let value = exact::shown_text(answer)
            .map_err(|error| EngineError::Undecodable(format!("the answer is no JSON: {error}")))?;
        self.give(task, (Given::Json(answer.to_owned()), value), by.map(str::to_owned)).await
    }

    /// Says who answers a task: nobody else can, until it is released or escalated.
    ///
    /// # Errors
    /// The task is closed, or claimed by somebody else; the name is empty.
    pub async fn claim(&self, task: TaskId, who: &str) -> Result<(), EngineError> {
        self.wants(task, TaskWants::Claim(who.to_owned())).await.map(|_| ())
    }

    /// Takes a claim back. Nothing is done if nobody has claimed the task.
    ///
    /// # Errors
    /// The task is closed, or claimed by somebody else.
    pub async fn release(&self, task: TaskId, who: &str) -> Result<(), EngineError> {
        self.wants(task, TaskWants::Release(who.to_owned())).await.map(|_| ())
    }

    /// What happens with tasks behind a cursor, of all machines; [`TaskCursor::START`] for all that is
    /// kept. What is told is durable.
    pub fn task_events(&self, after: TaskCursor) -> TaskEvents {
        TaskEvents::new(self.clone(), after)
    }

    async fn give(
        &self,
        task: TaskId,
        (given, value): (Given, Value),
        by: Option<String>,
    ) -> Result<Dispatch, EngineError> {
        let wants = TaskWants::Answer { given, by: by.clone() };
        match self.wants(task, wants).await {
            Err(EngineError::TaskClosed {
                how: Some(Closed::Answered { answer, by: first }),
                ..
            }) if answer == value && first == by => Ok(Dispatch::Handled),
            said => said,
        }
    }

    async fn wants(&self, task: TaskId, wants: TaskWants) -> Result<Dispatch, EngineError> {
        let row = self.task_row(task).await?;
        if row.closed.is_some() {
            return Err(row::closed(&row));
        }
        let kind = self.inner.shared.by_name.get(row.machine.as_str());
        let kind = kind.ok_or_else(|| EngineError::UnknownMachine(row.machine.clone()))?;
        let address = Address { kind: *kind, key: Arc::from(row.key.as_str()) };
        let (answer, answered) = Answer::awaited();
        self.tell(address, Job::Task { task, wants, answer })?;
        let said = answered.await.map_err(|_| self.unanswered())?;
        match said {
            // It was open when we looked. How it was closed is durable by now.
            Err(
                EngineError::TaskClosed { how: None, .. }
                | EngineError::Finished(_)
                | EngineError::Abandoned(_)
                | EngineError::Cancelled(_),
            ) => Err(row::closed(&self.task_row(task).await?)),
            said => said,
        }
    }

    async fn task_row(&self, task: TaskId) -> Result<TaskRow, EngineError> {
        let TaskId { instance, invocation } = task;
        let found = self.read(move |store| store.task(instance, invocation)).await?;
        found.ok_or(EngineError::UnknownTask(task))
    }
}

/// An answer that is handed on as it is, and as JSON for those who compare it.
fn typed<T: Serialize + Send + 'static>(answer: T) -> Result<(Given, Value), EngineError> {
    let value =
        exact::shown(&answer).map_err(|error| EngineError::Undecodable(error.to_string()))?;
    Ok((Given::Typed(Box::new(Some(answer))), value))
}
