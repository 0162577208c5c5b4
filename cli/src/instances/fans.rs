//! Fan-outs of an instance: how far each of their branches has come.

use super::whole::Activity;
use super::words::grouped;
use serde_json::{Value, json};
use statewright::engine::{ending_in_words, in_words};
use std::collections::BTreeMap;

/// So many branches that stand alike are shown.
const ALIKE: usize = 20;

/// A fan-out whose join is not decided.
pub(crate) struct Fan {
    /// The number of its first branch.
    first: u64,
    branches: Vec<Branch>,
}

/// How a branch stands.
enum Branch {
    /// It has ended, with this result.
    Done(Value),
    /// It has ended, with this error.
    Failed(Value),
    /// It has not ended: what is asked.
    Running(Value),
    /// It waits for its turn: what will be asked.
    Waiting(Value),
}

/// The words for how branches stand, in the order in which they are counted.
const STANDS: [&str; 4] = ["done", "failed", "running", "waiting"];

impl Fan {
    /// Reads a fan-out as it is kept; its branches that run are among the activities.
    pub(crate) fn of(mut value: Value, running: &[Activity]) -> Self {
        let first = value["first"].as_u64().unwrap_or(0);
        let mut list = |name: &str| match value.get_mut(name).map(Value::take) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        let (ended, mut waiting) = (list("ended"), list("waiting"));
        let running: BTreeMap<u64, &Value> =
            running.iter().map(|activity| (activity.id, &activity.request)).collect();
        let mut branch = |(id, ended): (u64, Value)| match ended {
            // The next one is last.
            Value::Null => match waiting.pop_if(|waits| waits["id"] == id) {
                Some(mut waits) => Branch::Waiting(waits["request"].take()),
                None => Branch::Running(running.get(&id).copied().cloned().unwrap_or_default()),
            },
            reply if is_error(&reply) => Branch::Failed(reply),
            reply => Branch::Done(reply),
        };
        let branches = (first..).zip(ended).map(&mut branch).collect();
        Self { first, branches }
    }

    fn numbered(&self) -> impl Iterator<Item = (u64, &Branch)> {
        (self.first..).zip(&self.branches)
    }

    /// How it stands, then its branches.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut counts = [0_usize; STANDS.len()];
        let mut lines = vec![String::new()];
        for (id, branch) in self.numbered() {
            let count = &mut counts[branch.stands()];
            *count += 1;
            if *count <= ALIKE {
                lines.push(format!("#{id}  {}", branch.in_words()));
            }
        }
        lines[0] = format!(
            "{} branches: {}",
            grouped(self.branches.len() as u64),
            counted(&counts, |count| count)
        );
        let rest = counted(&counts, |count| count.saturating_sub(ALIKE));
        if !rest.is_empty() {
            lines.push(format!("and more: {rest}"));
        }
        lines
    }

    pub(crate) fn json(&self) -> Value {
        let branches = self.numbered().map(|(id, branch)| {
            let status = STANDS[branch.stands()];
            match branch {
                Branch::Done(reply) | Branch::Failed(reply) => {
                    json!({ "id": id, "status": status, "reply": reply })
                }
                Branch::Running(request) | Branch::Waiting(request) => {
                    json!({ "id": id, "status": status, "request": request })
                }
            }
        });
        json!({ "branches": branches.collect::<Vec<_>>() })
    }
}

impl Branch {
    /// Which of [`STANDS`].
    fn stands(&self) -> usize {
        match self {
            Self::Done(_) => 0,
            Self::Failed(_) => 1,
            Self::Running(_) => 2,
            Self::Waiting(_) => 3,
        }
    }

    fn in_words(&self) -> String {
        match self {
            Self::Done(reply) | Self::Failed(reply) => ending_in_words(reply).to_string(),
            Self::Running(request) => format!("{} is running", in_words(request)),
            Self::Waiting(request) => format!("{} is waiting", in_words(request)),
        }
    }
}

/// Whether it is an error that an activity has ended with.
fn is_error(reply: &Value) -> bool {
    let end = reply.as_object().and_then(|reply| reply.values().next());
    end.is_some_and(|end| end.get("Err").is_some())
}

/// `2 done, 1 failed`, of those that there are.
fn counted(counts: &[usize; STANDS.len()], of: impl Fn(usize) -> usize) -> String {
    let counts = counts.iter().map(|count| of(*count)).zip(STANDS);
    let some = counts.filter(|(count, _)| *count > 0);
    some.map(|(count, word)| format!("{} {word}", grouped(count as u64)))
        .collect::<Vec<_>>()
        .join(", ")
}
