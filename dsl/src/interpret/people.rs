//! People: what they are told when they are asked, and afterwards.

use super::fault::Fault;
use super::microstep::Run;
use super::record::{Act, Assignee};
use super::value::Value;
use crate::ast::duration;
use crate::chart::InvokeId;
use crate::model::{self, Declarations, StateId, Task, TitlePart, TypeDeclKind, Work};

impl Run<'_> {
    /// Tells the person who is asked by a state.
    pub(super) fn ask(&mut self, id: u64, invoke: InvokeId, task: &Task) -> Result<(), Fault> {
        let asked = &self.chart.invokes[invoke.index()];
        let state = asked.state;
        let mut title = match (&task.title[..], asked.call.work(0)) {
            // As a person reads it: `choose_one` is `choose one`.
            ([], Work::Activity(activity)) => {
                let activities = &self.chart.declarations.activities;
                activities[activity.index()].name.text.replace('_', " ")
            }
            _ => String::new(),
        };
        for part in &task.title {
            match part {
                TitlePart::Text(text) => title.push_str(text),
                TitlePart::Value(value) => {
                    let shown = self.value(value, state, &[])?;
                    title.push_str(&shown.shown(&self.chart.declarations));
                }
            }
        }
        let to = task.assigned.as_ref();
        let to = to.map(|to| self.assignee(to, state, &[])).transpose()?;
        self.acts.push(Act::Ask(id, invoke, title, to));
        Ok(())
    }

    pub(super) fn remind(&mut self, state: StateId) -> Result<(), Fault> {
        if let Some((id, invoke)) = self.asked_by(state) {
            self.acts.push(Act::Remind(id, invoke));
        }
        Ok(())
    }

    pub(super) fn escalate(
        &mut self,
        state: StateId,
        to: &model::Assignee,
        bindings: &[Value],
    ) -> Result<(), Fault> {
        let to = self.assignee(to, state, bindings)?;
        if let Some((id, invoke)) = self.asked_by(state) {
            self.acts.push(Act::Escalate(id, invoke, to));
        }
        Ok(())
    }

    /// What a state has asked a person and waits for.
    fn asked_by(&self, state: StateId) -> Option<(u64, InvokeId)> {
        let invoke = self.chart.state(state).invoke?;
        let mut running = self.instance.invocations.iter();
        running.find(|running| running.invoke == invoke).map(|running| (running.id, invoke))
    }

    fn assignee(
        &mut self,
        to: &model::Assignee,
        state: StateId,
        bindings: &[Value],
    ) -> Result<Assignee, Fault> {
        let name = match self.value(&to.name, state, bindings)? {
            Value::String(name) => name,
            other => other.text(&self.chart.declarations),
        };
        Ok(Assignee { role: to.role, name })
    }
}

impl Value {
    /// The value as a title shows it, in generated Rust too.
    fn shown(&self, declarations: &Declarations) -> String {
        match self {
            Self::String(text) | Self::Rust(text) => text.clone(),
            Self::Float(value) => value.0.to_string(),
            Self::Single(value) => value.0.to_string(),
            Self::Duration(millis) => duration(*millis),
            Self::Variant(id, at, _) => match &declarations.types[id.index()].kind {
                TypeDeclKind::Enum(variants) => variants[*at as usize].name.text.clone(),
                TypeDeclKind::Struct(_) => self.text(declarations),
            },
            other => other.text(declarations),
        }
    }
}
