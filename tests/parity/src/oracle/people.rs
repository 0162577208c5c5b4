//! People: what they are told when they are asked, and what timers make of it.

use super::picture::millis;
use super::values::{Value, plain};
use super::{Asks, Due, Failure, Oracle};
use serde_json::{Map, Value as Json, json};
use statewright_dsl::model::{Assignee, StateId, Task, TaskTimeout, TitlePart};

/// What somebody was told who was asked, and what has become of it since.
#[derive(Clone, Debug)]
pub(super) struct Told {
    title: String,
    assigned: Option<Json>,
    opened: i64,
    due: Option<i64>,
    reminded: u32,
    escalated: u32,
}

impl Oracle<'_> {
    /// Entry: all that is said is read now.
    pub(super) fn tell(
        &mut self,
        id: StateId,
        number: u64,
        name: &str,
        task: &Task,
    ) -> Result<(), Failure> {
        let mut title = String::new();
        for part in &task.title {
            match part {
                TitlePart::Text(text) => title.push_str(text),
                TitlePart::Value(value) => match self.value(value, id, &[])? {
                    Value::Text(text) => title.push_str(&text),
                    other => title.push_str(&plain(&other).to_string()),
                },
            }
        }
        if task.title.is_empty() {
            title = name.replace('_', " ");
        }
        let assigned = task.assigned.as_ref().map(|to| self.assignee(id, to)).transpose()?;
        // The last one that was set is that of this visit.
        let due = self.now.timers.iter().rev().find_map(|(at, due)| match (due, task.timeout) {
            (Due::After(timer), TaskTimeout::After(timeout)) if *timer == timeout => Some(*at),
            _ => None,
        });
        let opened = self.now.now;
        let told = Told { title, assigned, opened, due, reminded: 0, escalated: 0 };
        self.now.told.insert(number, told);
        Ok(())
    }

    fn assignee(&self, id: StateId, to: &Assignee) -> Result<Json, Failure> {
        let name = plain(&self.value(&to.name, id, &[])?);
        Ok(if to.role { json!({ "role": name }) } else { json!({ "user": name }) })
    }

    /// What the state has asked and nobody has answered.
    fn told_by(&mut self, id: StateId) -> Option<&mut Told> {
        let mut running = self.now.running.iter();
        let of = running.find(|of| of.state == id && of.asks == Asks::Invoke)?;
        self.now.told.get_mut(&of.number)
    }

    pub(super) fn remind(&mut self, id: StateId) {
        if let Some(told) = self.told_by(id) {
            told.reminded += 1;
        }
    }

    /// It goes to somebody else.
    pub(super) fn escalate(&mut self, id: StateId, to: &Assignee) -> Result<(), Failure> {
        let to = self.assignee(id, to)?;
        if let Some(told) = self.told_by(id) {
            told.assigned = Some(to);
            told.escalated += 1;
        }
        Ok(())
    }

    /// What is to be seen of it.
    pub(super) fn told(&self, number: u64) -> Option<Json> {
        let Told { title, assigned, opened, due, reminded, escalated } =
            self.now.told.get(&number)?;
        let mut all = Map::from_iter([("opened".to_owned(), millis(*opened))]);
        all.extend(due.map(|due| ("due".to_owned(), millis(due))));
        Some(asked(all, title, assigned.clone(), (*reminded, *escalated)))
    }
}

/// What a person was told, in the words of a snapshot, beside what is there already.
pub(crate) fn asked(
    mut all: Map<String, Json>,
    title: &str,
    assigned: Option<Json>,
    (reminded, escalated): (u32, u32),
) -> Json {
    all.insert("title".into(), title.into());
    all.extend(assigned.map(|to| ("assigned".to_owned(), to)));
    for (name, count) in [("reminded", reminded), ("escalated", escalated)] {
        all.extend((count > 0).then(|| (name.to_owned(), count.into())));
    }
    all.into()
}
