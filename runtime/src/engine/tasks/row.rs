//! What is in the row of a task.

use crate::clock::millis;
use crate::definition::Question;
use crate::engine::error::EngineError;
use crate::engine::exact;
use crate::people::{Asked, Assignee};
use crate::store::{InstanceId, Millis, TaskData, TaskRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;

/// A task by its number: that of the instance, and that of the question in it. Written `12.3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId {
    /// The instance that asks.
    pub instance: InstanceId,
    /// The number of the invocation.
    pub invocation: u64,
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.instance, self.invocation)
    }
}

impl FromStr for TaskId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('.').and_then(|(instance, invocation)| {
            Some(Self { instance: instance.parse().ok()?, invocation: invocation.parse().ok()? })
        });
        numbers.ok_or_else(|| format!("`{text}` is no task; it is two numbers, as `12.3`"))
    }
}

impl Serialize for TaskId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A question that an instance has asked a person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Task {
    /// Its number.
    pub id: TaskId,
    /// The machine that asks.
    pub machine: String,
    /// The key of its instance.
    pub key: String,
    /// The name of the human step.
    pub name: String,
    /// What it is about, in one line.
    pub title: String,
    /// What the person is shown, by name.
    pub arguments: Value,
    /// The type of the answer, as the machine writes it.
    pub answer: String,
    /// All answers as JSON, if there are few: of `bool` and of enums without fields.
    pub choices: Vec<Value>,
    /// Who it is for; anybody if that is not said.
    pub assigned: Option<Assignee>,
    /// Who has said that they answer it.
    pub claimed_by: Option<String>,
    /// When it was asked: milliseconds since 1970.
    pub opened: Millis,
    /// When the machine stops waiting.
    pub due: Option<Millis>,
    /// How many reminders there were.
    pub reminded: u32,
    /// How often it went to somebody else.
    pub escalated: u32,
    /// When it was closed, and how.
    pub closed: Option<(Millis, Closed)>,
}

/// How a task was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// By an answer.
    Answered {
        /// The answer.
        answer: Value,
        /// By whom, if that was said.
        by: Option<String>,
    },
    /// The time was up.
    TimedOut,
    /// The machine has gone on without it.
    Left,
    /// The instance was given up.
    Abandoned,
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { answer, by: None } => write!(f, "it was answered: {answer}"),
            Self::Answered { answer, by: Some(by) } => write!(f, "{by} has answered: {answer}"),
            Self::TimedOut => f.write_str("its time was up"),
            Self::Left => f.write_str("the machine has gone on without it"),
            Self::Abandoned => f.write_str("the instance was given up"),
        }
    }
}

/// What only the engine reads.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Body {
    title: String,
    arguments: Value,
    answer: String,
    choices: Vec<Value>,
    reminded: u32,
    escalated: u32,
}

impl From<&TaskRow> for Task {
    fn from(row: &TaskRow) -> Self {
        let task = &row.task;
        let body: Body = serde_json::from_str(&task.body).unwrap_or_default();
        let role = task.role.clone().map(Assignee::Role);
        Self {
            id: id(row),
            machine: row.machine.clone(),
            key: row.key.clone(),
            name: task.name.clone(),
            title: body.title,
            arguments: body.arguments,
            answer: body.answer,
            choices: body.choices,
            assigned: role.or_else(|| task.user.clone().map(Assignee::User)),
            claimed_by: task.claimed_by.clone(),
            opened: task.opened,
            due: task.due,
            reminded: body.reminded,
            escalated: body.escalated,
            closed: row.closed.as_ref().map(|(at, how)| (*at, how_of(how))),
        }
    }
}

fn id(row: &TaskRow) -> TaskId {
    TaskId { instance: row.instance, invocation: row.task.invocation }
}

/// How a task was closed, as it is kept.
pub(super) fn how_of(json: &str) -> Closed {
    serde_json::from_str(json).unwrap_or(Closed::Left)
}

/// What is said to one who is too late.
pub(super) fn closed(row: &TaskRow) -> EngineError {
    let how = row.closed.as_ref().map(|(_, how)| how_of(how));
    EngineError::TaskClosed { task: id(row), how }
}

/// A task as it is kept.
///
/// # Errors
/// One of the user's own types refuses.
pub(in crate::engine) fn written<R: Serialize>(
    invocation: u64,
    question: &Question,
    request: &R,
    asked: &Asked,
) -> serde_json::Result<TaskData> {
    let choices = question.choices.iter().filter_map(|choice| serde_json::from_str(choice).ok());
    // A variant with its fields, or alone.
    let arguments = match exact::shown(request)? {
        Value::Object(request) => request.into_iter().next().map_or(Value::Null, |(_, all)| all),
        _ => Value::Object(serde_json::Map::new()),
    };
    let body = Body {
        title: asked.title.clone(),
        arguments,
        answer: question.answer.to_owned(),
        choices: choices.collect(),
        reminded: asked.reminded,
        escalated: asked.escalated,
    };
    let (role, user) = match asked.assigned.clone() {
        Some(Assignee::Role(role)) => (Some(role), None),
        Some(Assignee::User(user)) => (None, Some(user)),
        None => (None, None),
    };
    Ok(TaskData {
        invocation,
        name: question.name.to_owned(),
        role,
        user,
        claimed_by: asked.claimed_by.clone(),
        opened: millis(asked.opened),
        due: asked.due.map(millis),
        body: serde_json::to_string(&body)?,
    })
}
