//! Tasks: what people were asked, as rows beside the instances that wait for the answers.

use super::{InstanceId, Millis};

/// A question to a person, as its instance has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskData {
    /// The number of the invocation in its instance.
    pub invocation: u64,
    /// The name of the human step.
    pub name: String,
    /// The role that it is for.
    pub role: Option<String>,
    /// The user that it is for.
    pub user: Option<String>,
    /// Who has said that they answer it.
    pub claimed_by: Option<String>,
    /// When it was asked.
    pub opened: Millis,
    /// When the machine stops waiting.
    pub due: Option<Millis>,
    /// Everything else, JSON.
    pub body: String,
}

/// What becomes of a task in a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskChange {
    /// It is open, and is this.
    Open(TaskNews, TaskData),
    /// The one with this invocation is closed; how, JSON. Nothing if it is not open.
    Closed(u64, String),
    /// All others of the instance than these are closed; how, JSON.
    OnlyOpen(Vec<u64>, String),
}

/// What has happened with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskNews {
    /// Somebody is asked.
    Opened,
    /// They were reminded.
    Reminded,
    /// It went to somebody else.
    Escalated,
    /// Somebody has said that they answer it.
    Claimed,
    /// Nobody has any more.
    Released,
    /// Something else of it is different, as behind a migration.
    Changed,
    /// Nobody waits for an answer any more.
    Closed,
}

/// A task in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRow {
    /// The instance that asks.
    pub instance: InstanceId,
    /// The name of its machine.
    pub machine: String,
    /// Its key.
    pub key: String,
    /// The task.
    pub task: TaskData,
    /// When it was closed and how, JSON.
    pub closed: Option<(Millis, String)>,
}

/// Which open tasks. The default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Of instances of this machine.
    pub machine: Option<String>,
    /// Of the instance with this key.
    pub key: Option<String>,
    /// For this role.
    pub role: Option<String>,
    /// For this user.
    pub user: Option<String>,
    /// Claimed by somebody, or not.
    pub claimed: Option<bool>,
    /// Claimed by this person.
    pub claimed_by: Option<String>,
    /// Due before this time.
    pub due_before: Option<Millis>,
    /// Behind this one: instance and invocation.
    pub after: (InstanceId, u64),
    /// At most so many; 0 means all.
    pub limit: usize,
}

impl TaskFilter {
    /// True if the filter finds an open task, its `after` and `limit` ignored.
    pub(super) fn finds(&self, row: &TaskRow) -> bool {
        let is = |wanted: &Option<String>, found: Option<&String>| {
            wanted.as_ref().is_none_or(|wanted| Some(wanted) == found)
        };
        let task = &row.task;
        row.closed.is_none()
            && is(&self.machine, Some(&row.machine))
            && is(&self.key, Some(&row.key))
            && is(&self.role, task.role.as_ref())
            && is(&self.user, task.user.as_ref())
            && is(&self.claimed_by, task.claimed_by.as_ref())
            && self.claimed.is_none_or(|claimed| claimed == task.claimed_by.is_some())
            && self.due_before.is_none_or(|before| task.due.is_some_and(|due| due < before))
    }
}

/// Something that has happened with a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskEventRow {
    /// Its number; later ones have greater ones.
    pub number: u64,
    /// When it was committed.
    pub at: Millis,
    /// What.
    pub news: TaskNews,
    /// The instance that asks.
    pub instance: InstanceId,
    /// The number of the invocation.
    pub invocation: u64,
    /// The name of the machine.
    pub machine: String,
    /// The key of the instance.
    pub key: String,
    /// The name of the human step.
    pub name: String,
    /// How it was closed, JSON; empty for other news.
    pub how: String,
}
