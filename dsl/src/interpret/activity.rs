//! Activities: what a state asks of the outside, and how that ends.

use super::fault::{Fault, FaultKind};
use super::microstep::{Cause, Run, bound};
use super::record::{Act, Outcome};
use super::value::Value;
use crate::chart::{Chart, Invoke, InvokeId, Transition, TriggerId};
use crate::model::{ErrorId, ErrorKind, Param, StateId, Ty};

/// An activity that was asked for and has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Invocation {
    /// Its number among all of its machine, from 1: each time that a state is entered it is another.
    pub id: u64,
    /// What asked for it.
    pub invoke: InvokeId,
    /// Its arguments, as they were on entry.
    pub args: Vec<Value>,
}

/// How an activity ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    /// With its result, if it gives one.
    Done(Option<Value>),
    /// With a declared error and what it carries.
    Error(ErrorId, Vec<Value>),
    /// With any other error, by its message.
    Unexpected(String),
}

impl Reply {
    /// The name of errors that the machine does not declare.
    pub const UNEXPECTED: &'static str = "Unexpected";

    /// What it triggers. An error that the activity does not raise is as good as any other.
    pub fn trigger(&self, chart: &Chart, invoke: &Invoke) -> TriggerId {
        let wanted = match self {
            Self::Done(_) => return invoke.result,
            Self::Error(error, _) => ErrorKind::Declared(*error),
            Self::Unexpected(_) => ErrorKind::Unexpected,
        };
        let mut kinds = chart.declarations.failures(invoke.activity);
        let at = kinds.position(|kind| kind == wanted).unwrap_or(invoke.errors.len() - 1);
        invoke.errors[at]
    }

    /// Name and message of an error, as `on error(e)` sees it; `None` of a result.
    pub fn failure(&self, chart: &Chart) -> Option<(String, String)> {
        match self {
            Self::Done(_) => None,
            Self::Error(error, values) => {
                let error = &chart.declarations.errors[error.index()];
                let name = error.name.text.clone();
                let message = match (error.params.as_slice(), values.as_slice()) {
                    ([], _) => name.clone(),
                    ([Param { ty: Ty::String, .. }], [Value::String(text)]) => text.clone(),
                    (params, values) => {
                        let values = params.iter().zip(values);
                        let texts = values.map(|(p, v)| v.debug(&p.ty, &chart.declarations));
                        texts.collect::<Vec<_>>().join(", ")
                    }
                };
                Some((name, message))
            }
            Self::Unexpected(message) => Some((Self::UNEXPECTED.to_owned(), message.clone())),
        }
    }
}

impl Run<'_> {
    /// Asks for the activity that a state invokes.
    pub(super) fn invoke(&mut self, state: StateId) -> Result<(), Fault> {
        let Some(invoke) = self.chart.state(state).invoke else { return Ok(()) };
        let args = self.values(&self.chart.invokes[invoke.index()].args, state, &[])?;
        self.instance.visits += 1;
        let id = self.instance.visits;
        self.acts.push(Act::Invoke(id, invoke, args.clone()));
        self.instance.invocations.push(Invocation { id, invoke, args });
        Ok(())
    }

    /// Nobody waits any more for what a state has asked for.
    pub(super) fn revoke(&mut self, state: StateId) {
        let Some(invoke) = self.chart.state(state).invoke else { return };
        let own = self.instance.invocations.iter().position(|running| running.invoke == invoke);
        if let Some(at) = own {
            let Invocation { id, .. } = self.instance.invocations.remove(at);
            self.acts.push(Act::Revoke(id, invoke));
        }
    }

    /// The machine is finished.
    pub(super) fn revoke_all(&mut self) {
        for Invocation { id, invoke, .. } in std::mem::take(&mut self.instance.invocations) {
            self.acts.push(Act::Revoke(id, invoke));
        }
    }

    /// One microstep with the end of an activity; `None` if nobody waits for it. An error that nothing
    /// catches is one of the step.
    pub(super) fn accept(&mut self, id: u64, reply: &Reply) -> Result<Option<Outcome>, Fault> {
        let Some(at) = self.instance.invocations.iter().position(|running| running.id == id) else {
            return Ok(None);
        };
        let Invocation { invoke, .. } = self.instance.invocations.remove(at);
        let invoke = &self.chart.invokes[invoke.index()];
        let outcome = self.react(Cause::Reply(reply.trigger(self.chart, invoke), reply))?;
        if outcome == Outcome::Unhandled
            && let Some((name, message)) = reply.failure(self.chart)
        {
            let text = if name == message { name } else { format!("{name}: {message}") };
            return Err(FaultKind::Uncaught(text).at(invoke.span));
        }
        Ok(Some(outcome))
    }

    /// The values that a transition binds of a result or an error.
    pub(super) fn reply_bindings(&self, transition: &Transition, reply: &Reply) -> Vec<Value> {
        let is_any = transition.bindings.iter().any(|binding| binding.ty == Ty::Failure);
        match reply {
            Reply::Done(result) => bound(transition, result.as_slice()),
            Reply::Error(_, values) if !is_any => bound(transition, values),
            Reply::Error(..) | Reply::Unexpected(_) => {
                let failure = reply.failure(self.chart);
                let failure = failure.map(|(name, message)| Value::Failure(name, message));
                bound(transition, failure.as_slice())
            }
        }
    }
}
