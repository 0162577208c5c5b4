//! What an instance makes of an answer, a claim or a release.

use super::changes::Answered;
use super::row::{Closed, TaskId};
use crate::engine::error::EngineError;
use crate::engine::kind::Input;
use crate::engine::resident::{Committing, Resident};
use crate::step::Dispatch;
use crate::store::{InboxKind, Millis};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::any::Any;

/// An answer.
pub(in crate::engine) enum Given {
    /// An `Option` of its type, which is taken.
    Typed(Box<dyn Any + Send>),
    Json(String),
}

/// What somebody wants with a task.
pub(in crate::engine) enum TaskWants {
    Answer { given: Given, by: Option<String> },
    Claim(String),
    Release(String),
}

/// The same in a message of another program.
#[derive(Deserialize)]
struct Left<'j> {
    task: u64,
    #[serde(borrow, default, deserialize_with = "given")]
    answer: Option<&'j RawValue>,
    by: Option<String>,
}

/// An answer that is there, be it `null`: that is one too where nothing can be answered.
fn given<'j, D: Deserializer<'j>>(from: D) -> Result<Option<&'j RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

impl TaskWants {
    /// What a message wants, and of which invocation.
    pub(in crate::engine) fn read(kind: InboxKind, json: &str) -> Result<(u64, Self), EngineError> {
        let undecodable = |why: &str| EngineError::Undecodable(format!("no wish of a task: {why}"));
        let left: Left<'_> =
            serde_json::from_str(json).map_err(|error| undecodable(&error.to_string()))?;
        let by = || left.by.clone().ok_or_else(|| undecodable("it does not say who"));
        let wants = match kind {
            InboxKind::Claim => Self::Claim(by()?),
            InboxKind::Release => Self::Release(by()?),
            _ => {
                let answer = left.answer.ok_or_else(|| undecodable("there is no answer"))?;
                Self::Answer { given: Given::Json(answer.get().to_owned()), by: left.by }
            }
        };
        Ok((left.task, wants))
    }
}

/// Does it, as a step.
pub(in crate::engine) fn take(
    resident: &mut Resident,
    invocation: u64,
    wants: TaskWants,
    now: Millis,
    to: &mut Committing,
) -> Result<Dispatch, EngineError> {
    let task = TaskId { instance: resident.id, invocation };
    let Some(claimed) = resident.live.claimed(invocation) else {
        let answered = to.answered.iter().find(|answered| answered.invocation == invocation);
        let how = answered.map(|a| Closed::Answered { answer: a.answer.clone(), by: a.by.clone() });
        return Err(EngineError::TaskClosed { task, how });
    };
    let refused = |by: String| Err(EngineError::TaskClaimed { task, by });
    let step = match (wants, claimed) {
        (TaskWants::Claim(by) | TaskWants::Answer { by: Some(by), .. }, _)
            if by.trim().is_empty() =>
        {
            return Err(EngineError::Unnamed(task));
        }
        (TaskWants::Answer { by, .. }, Some(claimed)) if by.as_ref() != Some(&claimed) => {
            return refused(claimed);
        }
        (TaskWants::Claim(who), Some(claimed)) if who == claimed => return Ok(Dispatch::Handled),
        (TaskWants::Claim(who) | TaskWants::Release(who), Some(claimed)) if who != claimed => {
            return refused(claimed);
        }
        (TaskWants::Release(_), None) => return Ok(Dispatch::Handled),
        (TaskWants::Answer { given, by }, _) => {
            let (reply, answer) = resident.live.answered(invocation, given)?;
            to.answered.push(Answered { invocation, answer, by: by.clone() });
            let input = Input::Reply { id: invocation, reply, is_affordable: None, by };
            match resident.take(now, input) {
                Ok(step) => step,
                Err(error) => {
                    to.answered.pop();
                    return Err(error);
                }
            }
        }
        (TaskWants::Claim(who), _) => resident.live.claim(now, invocation, Some(&who))?,
        (TaskWants::Release(_), Some(_)) => resident.live.claim(now, invocation, None)?,
    };
    Ok(step.map_or(Dispatch::Ignored, |step| resident.record(step, now, to)))
}
