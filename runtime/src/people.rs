//! People: what they are asked is kept with the invocation, and their answers are replies.

use crate::activity::Invocation;
use crate::chart::Chart;
use crate::core::Core;
use crate::definition::Question;
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::time::Duration;

/// Who a task is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignee {
    /// Anybody who has this role.
    Role(String),
    /// This person.
    User(String),
}

impl std::fmt::Display for Assignee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Role(name) => write!(f, "role {name}"),
            Self::User(name) => write!(f, "user {name}"),
        }
    }
}

/// What a person is told who was asked, and what has become of it since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What it is about, in one line.
    pub title: String,
    /// Who it is for; changed by an escalation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned: Option<Assignee>,
    /// When the question was asked, in the machine's time.
    pub opened: Duration,
    /// When the machine stops waiting, if it ever does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Duration>,
    /// How many reminders there were.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reminded: u32,
    /// How often it went to somebody else.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub escalated: u32,
    /// Who has said that they answer it. An escalation takes that back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A question to a person that has not been answered, of a machine in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Open<Request> {
    /// The number of the invocation.
    pub id: u64,
    /// What is asked.
    pub question: &'static Question,
    /// What the person is shown.
    pub request: Request,
    /// What the person is told.
    pub asked: Asked,
}

/// Why an answer was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// Nobody waits for it: it was answered before, or the state was left.
    #[error("nobody waits for this answer any more")]
    Closed,
    /// The answer is of another type.
    #[error("the answer to `{name}` is a `{answer}`")]
    WrongType {
        /// What is asked.
        name: &'static str,
        /// The type of the answer.
        answer: &'static str,
    },
    /// The step that the answer caused has failed; the machine goes on waiting for another answer.
    #[error(transparent)]
    Step(#[from] crate::error::StepError),
    /// The machine was stopped.
    #[error("the machine has been stopped")]
    Stopped,
}

impl<C: Chart> Core<C> {
    /// Asks a person. `timeout` is the timer that ends the wait, which has been set already.
    pub fn ask_person(
        &mut self,
        invoke: u16,
        request: C::Request,
        title: String,
        assigned: Option<Assignee>,
        timeout: Option<u16>,
    ) {
        self.invoke(invoke, request);
        let opened = self.now;
        if let Some(last) = self.invocations.last_mut() {
            last.asked = Some(Box::new(Asked {
                title,
                assigned,
                opened,
                due: None,
                reminded: 0,
                escalated: 0,
                claimed_by: None,
            }));
        }
        if let Some(timeout) = timeout {
            self.wait_until(invoke, timeout);
        }
    }

    /// Says that a timer, which has been set, ends the wait for whoever an `invoke` has asked.
    pub fn wait_until(&mut self, invoke: u16, timeout: u16) {
        let due = self.timers.deadline_of(timeout);
        if let Some(asked) = self.asked(invoke) {
            asked.due = due;
        }
    }

    /// What people have been asked behind this number is asked so much later: a timer that was overdue
    /// has led there, and nobody could have answered before. All timers of its state begin then.
    #[cfg(feature = "engine")]
    pub(crate) fn ask_later(&mut self, since: u64, by: Duration) {
        if by.is_zero() {
            return;
        }
        for open in self.invocations.iter_mut().filter(|open| open.id > since) {
            let question = C::question(open.invoke);
            let Some((asked, question)) = open.asked.as_deref_mut().zip(question) else { continue };
            self.timers.postpone(&question.timers, by);
            asked.opened = asked.opened.saturating_add(by);
            asked.due = asked.due.map(|due| due.saturating_add(by));
        }
    }

    /// What people were asked and have not answered, the oldest first.
    pub(crate) fn open(&self) -> impl Iterator<Item = (&Invocation<C::Request>, &Asked)> {
        self.invocations.iter().filter_map(|open| Some((open, open.asked.as_deref()?)))
    }

    /// The reply that an answer is, which is taken out of its `Option`.
    pub(crate) fn reply_of(&self, id: u64, answer: &mut dyn Any) -> Result<C::Reply, AnswerError> {
        let open = self.open().find(|(open, _)| open.id == id).map(|(open, _)| open.invoke);
        let invoke = open.ok_or(AnswerError::Closed)?;
        let Question { name, answer: ty, .. } = C::question(invoke).ok_or(AnswerError::Closed)?;
        C::answered(invoke, answer).ok_or(AnswerError::WrongType { name, answer: ty })
    }

    fn asked(&mut self, invoke: u16) -> Option<&mut Asked> {
        let mut all = self.invocations.iter_mut();
        all.find(|asked| asked.invoke == invoke)?.asked.as_deref_mut()
    }

    /// Reminds whoever an `invoke` has asked.
    pub fn remind(&mut self, invoke: u16) {
        if let Some(asked) = self.asked(invoke) {
            asked.reminded = asked.reminded.saturating_add(1);
        }
    }

    /// Gives what an `invoke` asks to somebody else.
    pub fn escalate(&mut self, invoke: u16, to: Assignee) {
        if let Some(asked) = self.asked(invoke) {
            asked.assigned = Some(to);
            asked.claimed_by = None;
            asked.escalated = asked.escalated.saturating_add(1);
        }
    }
}

/// A duration as the language writes it: in one unit if that is short, as `90s`, else in several.
pub fn shown(time: Duration) -> String {
    const UNITS: [(&str, u128); 5] =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
    let millis = time.as_millis();
    let exact = |(_, size): &&(&str, u128)| {
        millis.is_multiple_of(*size) && (1..100).contains(&(millis / size))
    };
    if let Some((unit, size)) = UNITS.iter().find(exact) {
        return format!("{}{unit}", millis / size);
    }
    let mut rest = millis;
    let mut text = String::new();
    for (unit, size) in UNITS {
        if rest >= size {
            text.push_str(&format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_shown_as_the_language_writes_them() {
        for (millis, text) in [
            (0, "0s"),
            (1, "1ms"),
            (90_000, "90s"),
            (150_000, "2m30s"),
            (129_600_000, "36h"),
            (93_784_005, "1d2h3m4s5ms"),
        ] {
            assert_eq!(shown(Duration::from_millis(millis)), text);
        }
    }
}
