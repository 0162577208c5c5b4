//! Activities: what is asked for, who hears how it ends.

use super::choosing::Chosen;
use super::values::Value;
use super::{Failure, Oracle};
use crate::author::{Ending, UNEXPECTED, WHY};
use statewright_dsl::model::{Activity, Reaction, StateId, Trigger};

impl<'m> Oracle<'m> {
    /// Entry: each is a new one with a number of its own.
    pub(super) fn ask(&mut self, id: StateId) -> Result<(), Failure> {
        let Some(invoke) = &self.state(id).invoke else { return Ok(()) };
        let args: Result<Vec<Value>, Failure> =
            invoke.args.iter().map(|arg| self.value(arg, id, &[])).collect();
        self.now.visits += 1;
        self.now.running.push((self.now.visits, id, args?));
        Ok(())
    }

    /// Exit: nobody waits for it any more.
    pub(super) fn take_back(&mut self, id: StateId) {
        let own = self.now.running.iter().find(|(_, state, _)| *state == id);
        self.revoked.extend(own.map(|(number, ..)| *number));
        self.now.running.retain(|(_, state, _)| *state != id);
    }

    pub(super) fn activity(&self, id: StateId) -> Option<&'m Activity> {
        let invoke = self.state(id).invoke.as_ref()?;
        Some(&self.model.declarations.activities[invoke.activity.index()])
    }

    /// The end of one that runs.
    pub(super) fn ends(&mut self, number: u64, ending: Ending) -> Result<Failure, Failure> {
        let at = self.now.running.iter().position(|(id, ..)| *id == number);
        let (_, state, _) = self.now.running.remove(at.unwrap_or_default());
        if let Ending::Done(n) = ending {
            let result = [Value::Number(n.into())];
            let payload = match self.activity(state).and_then(|a| a.result.as_ref()) {
                Some(_) => &result[..],
                None => &[],
            };
            // Only the state that asked hears of a result.
            return Ok(match self.hears(state, &Trigger::Result, payload)? {
                Some(chosen) => self.handled(chosen)?,
                None => "Unhandled",
            });
        }
        let (name, message, payload) = said(ending);
        let named = self.model.declarations.errors.iter().position(|e| e.name.text == name);
        // What is not raised is like any other error: nobody has said its name.
        let raises = self.activity(state).map(|activity| &activity.raises[..]).unwrap_or_default();
        let named = named.and_then(|at| raises.iter().find(|id| id.index() == at));
        let any = [Value::Text(name.into()), Value::Text(message)];
        for around in self.around(state) {
            if let Some(error) = named
                && let Some(chosen) = self.hears(around, &Trigger::Error(Some(*error)), &payload)?
            {
                return self.handled(chosen);
            }
            if let Some(chosen) = self.hears(around, &Trigger::Error(None), &any)? {
                return self.handled(chosen);
            }
        }
        Err("Uncaught")
    }

    fn handled(&mut self, chosen: Chosen<'m>) -> Result<Failure, Failure> {
        self.take(vec![chosen]).map(|()| "Handled")
    }

    /// The transition of one state for this, if its guards allow it.
    fn hears(
        &self,
        id: StateId,
        trigger: &Trigger,
        payload: &[Value],
    ) -> Result<Option<Chosen<'m>>, Failure> {
        let own = self.state(id).reactions.iter().map(|r| &self.model.reactions[r.index()]);
        let mut own = own.filter(|reaction: &&Reaction| reaction.trigger == *trigger);
        let Some(reaction) = own.next() else { return Ok(None) };
        let bound = match trigger {
            // The name binds the whole error.
            Trigger::Error(None) => vec![Value::Parts(payload.to_vec())],
            _ => self.bound(reaction, payload),
        };
        if !reaction.effects.is_empty() {
            return Ok(Some(Chosen { reaction, bound, branch: None }));
        }
        let branch = self.branch(reaction, &bound)?;
        Ok(branch.map(|branch| Chosen { reaction, bound, branch: Some(branch) }))
    }
}

/// Name, message and parts of an error.
fn said(ending: Ending) -> (&'static str, String, Vec<Value>) {
    let number = |n: u8| Value::Number(n.into());
    match ending {
        Ending::Small(n) => ("Small", n.to_string(), vec![number(n)]),
        Ending::Big(n) => {
            ("Big", format!("{n}, {WHY:?}"), vec![number(n), Value::Text(WHY.into())])
        }
        Ending::Gone => ("Gone", "Gone".into(), Vec::new()),
        Ending::Unexpected | Ending::Done(_) => ("Unexpected", UNEXPECTED.into(), Vec::new()),
    }
}
