//! Activities: what is asked for, who hears how it ends.

use super::choosing::Chosen;
use super::values::Value;
use super::{Failure, Oracle, Running};
use crate::author::{Ending, UNEXPECTED, WHY};
use statewright_dsl::model::{
    Activity, Declarations, ErrorId, Expr, Fallback, Param, Reaction, StateId, Trigger, Work,
};

impl<'m> Oracle<'m> {
    /// Entry: each is a new one with a number of its own.
    pub(super) fn ask(&mut self, id: StateId) -> Result<(), Failure> {
        let Some(invoke) = &self.state(id).invoke else { return Ok(()) };
        let fallbacks = invoke.fallbacks.iter().map(|fallback| &fallback.args);
        let values = |args: &Vec<Expr>| -> Result<Vec<Value>, Failure> {
            args.iter().map(|arg| self.value(arg, id, &[])).collect()
        };
        // Those of the fallbacks are read now too.
        let args = [&invoke.args].into_iter().chain(fallbacks).map(values);
        let args = args.collect::<Result<_, Failure>>()?;
        self.now.visits += 1;
        self.now.running.push(Running { number: self.now.visits, state: id, failed: 0, args });
        Ok(())
    }

    /// Exit: nobody waits for it any more.
    pub(super) fn take_back(&mut self, id: StateId) {
        let own = self.now.running.iter().find(|running| running.state == id);
        self.revoked.extend(own.map(|running| running.number));
        self.now.running.retain(|running| running.state != id);
    }

    /// What stands at this place of the chain that a state invokes; the first is no fallback.
    fn fallback(&self, id: StateId, at: usize) -> Option<&'m Fallback> {
        let model = self.model;
        model.states[id.index()].invoke.as_ref()?.fallbacks.get(at.checked_sub(1)?)
    }

    /// The activity at this place of the chain, if one stands there.
    fn activity(&self, id: StateId, at: usize) -> Option<&'m Activity> {
        let model = self.model;
        let first = || model.states[id.index()].invoke.as_ref().map(|invoke| invoke.activity);
        let activity = match self.fallback(id, at).map(|fallback| fallback.work) {
            None => first()?,
            Some(Work::Activity(activity)) => activity,
            Some(Work::Function(_)) => return None,
        };
        Some(&model.declarations.activities[activity.index()])
    }

    /// The name and the parameters of what stands at this place of the chain.
    pub(super) fn called(&self, id: StateId, at: usize) -> (&'m str, &'m [Param]) {
        let Declarations { functions, .. } = &self.model.declarations;
        match self.fallback(id, at).map(|fallback| fallback.work) {
            Some(Work::Function(function)) => {
                let function = &functions[function.index()];
                (&function.name.text, &function.params)
            }
            _ => match self.activity(id, at) {
                Some(activity) => (&activity.name.text, &activity.params),
                None => ("", &[]),
            },
        }
    }

    /// The end of one that runs.
    pub(super) fn ends(&mut self, number: u64, ending: Ending) -> Result<Failure, Failure> {
        let at = self.now.running.iter().position(|running| running.number == number);
        let at = at.unwrap_or_default();
        let ended = self.now.running.remove(at);
        let Running { state, failed, .. } = ended;
        let activity = self.activity(state, failed);
        if let Ending::Done(n) = ending {
            let has_result = activity.is_some_and(|activity| activity.result.is_some());
            return self.gives(state, has_result.then(|| Value::Number(n.into())));
        }
        let (name, message, payload) = said(ending);
        let named = self.model.declarations.errors.iter().position(|e| e.name.text == name);
        // What is not raised is like any other error: nobody has said its name.
        let raises = activity.map(|activity| &activity.raises[..]).unwrap_or_default();
        let named = named.and_then(|at| raises.iter().find(|id| id.index() == at));
        if let Some(fallback) = self.fallback(state, failed + 1)
            && self.is_taken_over(named, fallback)
        {
            return self.stands_in(at, ended, fallback.work);
        }
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

    /// A result. Only the state that asked hears of it.
    fn gives(&mut self, state: StateId, result: Option<Value>) -> Result<Failure, Failure> {
        Ok(match self.hears(state, &Trigger::Result, result.as_slice())? {
            Some(chosen) => self.handled(chosen)?,
            None => "Unhandled",
        })
    }

    /// A fallback helps against what trying again would help against, what nobody has thought of, and
    /// what it names.
    fn is_taken_over(&self, error: Option<&ErrorId>, fallback: &Fallback) -> bool {
        let Some(error) = error else { return true };
        self.model.declarations.errors[error.index()].transient || fallback.on.contains(error)
    }

    /// The next of the chain is asked in the place of the one before, under its number; a function
    /// answers at once.
    fn stands_in(&mut self, at: usize, mut ended: Running, work: Work) -> Result<Failure, Failure> {
        ended.failed += 1;
        if let Work::Function(function) = work {
            let function = &self.model.declarations.functions[function.index()];
            let result = self.given(function, &ended.args[ended.failed][0]);
            return self.gives(ended.state, Some(result));
        }
        self.replaced = Some(ended.number);
        self.now.running.insert(at, ended);
        Ok("Pending")
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
