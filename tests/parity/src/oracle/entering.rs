//! Entering states, and effects.

use super::sagas::Course;
use super::values::{Value, number, plain};
use super::{Due, Failure, Internal, Oracle};
use crate::interpreted::{said, sent};
use serde_json::json;
use statewright_dsl::model::{
    Effect, EffectKind, Expr, Initial, ReactionId, StateId, StateKind, Trigger,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is entered: states, with the values for their data that are read on entry (none if the data
/// is there already), and the states whose `initial` has its effects.
#[derive(Default)]
pub(super) struct Entry<'m> {
    pub(super) states: BTreeMap<StateId, Vec<&'m Expr>>,
    pub(super) initial: BTreeMap<StateId, &'m Initial>,
    /// The sagas among them that go on where they were when they were left.
    pub(super) restored: BTreeMap<StateId, Course>,
    /// Sagas that go on, and stay active.
    pub(super) going_on: BTreeSet<StateId>,
}

impl<'m> Oracle<'m> {
    pub(super) fn enter(&mut self, entry: Entry<'m>) -> Result<(), Failure> {
        let all: BTreeSet<StateId> = entry
            .states
            .keys()
            .chain(entry.initial.keys())
            .chain(&entry.going_on)
            .copied()
            .collect();
        for id in all {
            if entry.going_on.contains(&id) {
                self.ask_for_steps(id)?;
            }
            if let Some(data) = entry.states.get(&id) {
                match entry.restored.get(&id) {
                    Some(course) => self.now.courses.insert(id, course.clone()),
                    None => self.now.courses.remove(&id),
                };
                self.enter_one(id, data)?;
            }
            if let Some(initial) = entry.initial.get(&id) {
                self.effects(&initial.effects, id, &[])?;
            }
        }
        Ok(())
    }

    pub(super) fn enter_one(&mut self, id: StateId, data: &[&Expr]) -> Result<(), Failure> {
        let state = self.state(id);
        let around = state.parent.unwrap_or(StateId::ROOT);
        if !data.is_empty() {
            let values: Result<Vec<Value>, Failure> =
                data.iter().map(|value| self.value(value, around, &[])).collect();
            self.now.data.insert(id, values?);
            self.begins_anew(id);
        }
        self.now.active.insert(id);
        self.now.entered.insert(id, self.now.now);
        self.effects(&state.entry, id, &[])?;
        self.start_timers(id)?;
        self.ask(id)?;
        if state.kind == StateKind::Final {
            self.complete(around);
        }
        Ok(())
    }

    pub(super) fn start_timers(&mut self, id: StateId) -> Result<(), Failure> {
        for reaction in &self.state(id).reactions {
            match &self.model().reactions[reaction.index()].trigger {
                Trigger::After(delay) => {
                    let delay = number(&self.value(delay, id, &[])?);
                    let due = Due::After(*reaction);
                    self.now.timers.push((self.now.now + delay, due));
                }
                Trigger::Every(period) => {
                    let period = number(&self.value(period, id, &[])?);
                    let due = Due::Every(*reaction, period);
                    self.now.timers.push((self.now.now + period, due));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A timer by its state, and as which of those of the state it stands there.
    pub(super) fn timer_name(&self, wanted: ReactionId) -> String {
        let source = self.model().reactions[wanted.index()].source;
        let timers = self.state(source).reactions.iter().filter(|id| {
            let trigger = &self.model().reactions[id.index()].trigger;
            matches!(trigger, Trigger::After(_) | Trigger::Every(_))
        });
        let at = timers.take_while(|id| **id != wanted).count();
        format!("{} {at}", self.path(source))
    }

    /// A final state has been entered in `around`.
    pub(super) fn complete(&mut self, around: StateId) {
        if around == StateId::ROOT {
            self.now.finished = true;
            return;
        }
        let mut done = vec![around];
        let outer = self.state(around).parent;
        if self.state(around).kind == StateKind::Region {
            done.extend(outer.filter(|parallel| self.is_done(*parallel)));
        }
        for state in done {
            self.now.queue.push_back(Internal::Done(state));
        }
    }

    pub(super) fn effects(
        &mut self,
        effects: &[Effect],
        owner: StateId,
        bound: &[Value],
    ) -> Result<(), Failure> {
        effects.iter().try_for_each(|effect| self.effect(effect, owner, bound))
    }

    pub(super) fn effect(
        &mut self,
        effect: &Effect,
        owner: StateId,
        bound: &[Value],
    ) -> Result<(), Failure> {
        let values = |args: &[Expr]| -> Result<Vec<Value>, Failure> {
            args.iter().map(|arg| self.value(arg, owner, bound)).collect()
        };
        match &effect.kind {
            EffectKind::Set(field, value) => {
                self.now.context[field.index()] = self.value(value, owner, bound)?;
            }
            EffectKind::SetData(state, at, value) => {
                let value = self.value(value, owner, bound)?;
                let data = self.now.data.get_mut(state).expect("the state is active");
                data[*at as usize] = value;
            }
            EffectKind::Raise(event, args) => {
                let payload = values(args)?;
                self.now.queue.push_back(Internal::Event(*event, payload));
            }
            EffectKind::RaiseAfter(event, args, delay) => {
                let (payload, delay) = (values(args)?, self.value(delay, owner, bound)?);
                let deadline = self.now.now + number(&delay);
                self.now.timers.push((deadline, Due::Raise(*event, payload)));
            }
            EffectKind::Cancel(event) => {
                self.now.timers.retain(|(_, due)| !matches!(due, Due::Raise(e, _) if e == event));
            }
            EffectKind::Emit(_, args) => {
                let n = number(&values(args)?[0]);
                self.now.outputs.push(json!({ "Said": { "n": n } }));
            }
            EffectKind::Action(_, args) => {
                self.calls.push(match &values(args)?[0] {
                    Value::Text(text) => text.clone(),
                    Value::Bool(there) => format!("look {there}"),
                    other => said(&plain(other)),
                });
            }
            EffectKind::Send(message, args) => {
                let values = values(args)?;
                let declared = &self.model().declarations.messages[message.index()];
                self.sent.push(sent(declared, values.iter().map(plain)));
            }
            EffectKind::SetExternal(..) => unreachable!("the context is declared"),
            EffectKind::Remind(state) => self.remind(*state),
            EffectKind::Escalate(state, to) => self.escalate(*state, to)?,
        }
        Ok(())
    }
}
