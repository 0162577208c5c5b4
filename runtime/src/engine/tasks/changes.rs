//! What a step does to the rows of tasks: the difference between what was before and what is now.

use super::row::Closed;
use crate::store::{Millis, TaskChange, TaskData, TaskNews};
use serde_json::Value;

/// An answer that was taken.
pub(in crate::engine) struct Answered {
    pub(in crate::engine) invocation: u64,
    pub(in crate::engine) answer: Value,
    pub(in crate::engine) by: Option<String>,
}

/// What has changed with a step. `is_carried`: the instance was another machine's before, whose tasks are not
/// known here.
pub(in crate::engine) fn changes(
    before: &[TaskData],
    now: &[TaskData],
    answered: &[Answered],
    (is_carried, is_abandoned): (bool, bool),
    at: Millis,
) -> Vec<TaskChange> {
    let mut changes = Vec::new();
    if is_carried || is_abandoned {
        let open = now.iter().map(|task| task.invocation).collect();
        let how = if is_abandoned { Closed::Abandoned } else { Closed::Left };
        changes.push(TaskChange::OnlyOpen(open, json(&how)));
    } else {
        let is_open = |task: &&TaskData| now.iter().any(|o| o.invocation == task.invocation);
        for task in before.iter().filter(|task| !is_open(task)) {
            let how = json(&how(task, answered, at));
            changes.push(TaskChange::Closed(task.invocation, how));
        }
    }
    for task in now {
        let old = before.iter().find(|old| old.invocation == task.invocation);
        let news = match old {
            Some(old) if old == task && !is_carried => continue,
            Some(old) => news(old, task),
            None if is_carried && task.opened < at => TaskNews::Changed,
            None => TaskNews::Opened,
        };
        changes.push(TaskChange::Open(news, task.clone()));
    }
    changes
}

fn how(task: &TaskData, answered: &[Answered], at: Millis) -> Closed {
    let answer = answered.iter().find(|answered| answered.invocation == task.invocation);
    match answer {
        Some(Answered { answer, by, .. }) => {
            Closed::Answered { answer: answer.clone(), by: by.clone() }
        }
        // Timers come before everything else, so that nothing else can have closed it.
        None if task.due.is_some_and(|due| due <= at) => Closed::TimedOut,
        None => Closed::Left,
    }
}

/// The most important of what is different.
fn news(old: &TaskData, now: &TaskData) -> TaskNews {
    if (&old.role, &old.user) != (&now.role, &now.user) {
        return TaskNews::Escalated;
    }
    match (&old.claimed_by, &now.claimed_by) {
        (before, Some(by)) if before.as_ref() != Some(by) => TaskNews::Claimed,
        (Some(_), None) => TaskNews::Released,
        _ => TaskNews::Reminded,
    }
}

fn json(how: &Closed) -> String {
    // It is made of strings and JSON, which can be written.
    serde_json::to_string(how).unwrap_or_default()
}
