//! Activities: what a state asks of the outside, and how that ends.

use super::fault::{Fault, FaultKind};
use super::microstep::{Cause, Run, bound};
use super::record::{Act, Outcome};
use super::value::Value;
use crate::chart::{Chart, InvokeId, Transition};
use crate::model::{ActivityId, ErrorId, ErrorKind, Param, StateId, Ty, Work};

/// An activity that was asked for and has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Invocation {
    /// Its number among all of its machine, from 1: each time that a state is entered it is another.
    pub id: u64,
    /// What asked for it.
    pub invoke: InvokeId,
    /// Which of its calls: 0 is the first, then come the fallbacks.
    pub call: usize,
    /// The arguments of that call, as they were on entry.
    pub args: Vec<Value>,
    /// Those of the fallbacks that are left.
    pub rest: Vec<Vec<Value>>,
}

impl Invocation {
    /// The activity that is asked.
    pub fn activity(&self, chart: &Chart) -> ActivityId {
        let call = &chart.invokes[self.invoke.index()].call;
        match call.work(self.call) {
            Work::Activity(activity) => activity,
            // A function is calculated at once, so nobody waits for one.
            Work::Function(_) => call.activity,
        }
    }
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
    /// The same under a name of its own, as `Timeout`, and its message.
    Failed(String, String),
}

impl Reply {
    /// The name of errors that the machine does not declare.
    pub const UNEXPECTED: &'static str = crate::model::failures::UNEXPECTED;

    /// The error that it is for an activity: one that it does not raise is as good as any other.
    /// `None` of a result.
    pub fn error(&self, chart: &Chart, of: ActivityId) -> Option<ErrorKind> {
        match self {
            Self::Done(_) => None,
            Self::Error(error, _)
                if chart.declarations.activities[of.index()].raises.contains(error) =>
            {
                Some(ErrorKind::Declared(*error))
            }
            Self::Error(..) | Self::Unexpected(_) | Self::Failed(..) => Some(ErrorKind::Unexpected),
        }
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
            Self::Failed(name, message) => Some((name.clone(), message.clone())),
        }
    }
}

impl Run<'_> {
    /// Asks for the activity that a state invokes.
    pub(super) fn invoke(&mut self, state: StateId) -> Result<(), Fault> {
        let Some(invoke) = self.chart.state(state).invoke else { return Ok(()) };
        let call = &self.chart.invokes[invoke.index()].call;
        let args = self.values(&call.args, state, &[])?;
        let fallbacks = call.fallbacks.iter();
        let rest = fallbacks.map(|fallback| self.values(&fallback.args, state, &[]));
        let rest = rest.collect::<Result<Vec<_>, Fault>>()?;
        self.instance.visits += 1;
        let id = self.instance.visits;
        self.acts.push(Act::Invoke(id, invoke, args.clone()));
        if let Some(task) = &call.task {
            self.ask(id, invoke, task)?;
        }
        self.instance.invocations.push(Invocation { id, invoke, call: 0, args, rest });
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
        self.instance.fans.clear();
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
        let invocation = self.instance.invocations.remove(at);
        let invoke = &self.chart.invokes[invocation.invoke.index()];
        let kind = reply.error(self.chart, invocation.activity(self.chart));
        let falls_back =
            |kind| self.chart.declarations.falls_back(&invoke.call, invocation.call, kind);
        if kind.is_some_and(falls_back) {
            return self.fall_back(at, invocation);
        }
        if let Some(fan_out) = invoke.fan_out {
            return self.branch_ended((id, fan_out), reply, kind);
        }
        let Some(kind) = kind else {
            return self.react(Cause::Reply(invoke.result, reply)).map(Some);
        };
        let wrong = || FaultKind::WrongReply.at(invoke.call.span);
        let trigger = invoke.error(kind).ok_or_else(wrong)?;
        let outcome = self.react(Cause::Reply(trigger, reply))?;
        if outcome == Outcome::Unhandled
            && let Some((name, message)) = reply.failure(self.chart)
        {
            let text = if name == message { name } else { format!("{name}: {message}") };
            return Err(FaultKind::Uncaught(text).at(invoke.call.span));
        }
        Ok(Some(outcome))
    }

    /// Asks for the next fallback; a function gives its result at once.
    fn fall_back(
        &mut self,
        at: usize,
        mut invocation: Invocation,
    ) -> Result<Option<Outcome>, Fault> {
        let invoke = &self.chart.invokes[invocation.invoke.index()];
        invocation.call += 1;
        invocation.args = match invocation.rest.is_empty() {
            true => return Err(FaultKind::Unknown.at(invoke.call.span)),
            false => invocation.rest.remove(0),
        };
        let (id, call, args) = (invocation.id, invocation.call, invocation.args.clone());
        self.acts.push(Act::FallBack(id, invocation.invoke, call, args));
        if let Work::Function(function) = invoke.call.work(call) {
            let function = &self.chart.declarations.functions[function.index()];
            let value = self.host.answer(function, &invocation.args);
            let value = value.map_err(|kind| kind.at(invoke.call.span))?;
            let reply = Reply::Done(Some(value));
            return match invoke.fan_out {
                Some(fan_out) => self.branch_ended((id, fan_out), &reply, None),
                None => self.react(Cause::Reply(invoke.result, &reply)).map(Some),
            };
        }
        self.instance.invocations.insert(at, invocation);
        Ok(Some(Outcome::Pending))
    }

    /// The values that a transition binds of a result or an error; of a join that has failed, its own
    /// name and message where any error is caught.
    pub(super) fn reply_bindings(
        &self,
        transition: &Transition,
        reply: Option<&Reply>,
        joined: Option<&(String, String)>,
    ) -> Vec<Value> {
        let is_any = transition.bindings.iter().any(|binding| binding.ty == Ty::Failure);
        match reply {
            Some(Reply::Done(result)) => bound(transition, result.as_slice()),
            Some(Reply::Error(_, values)) if !is_any => bound(transition, values),
            Some(Reply::Error(..) | Reply::Unexpected(_) | Reply::Failed(..)) | None => {
                let own = || reply.and_then(|reply| reply.failure(self.chart));
                let failure = joined.cloned().or_else(own);
                let failure = failure.map(|(name, message)| Value::Failure(name, message));
                bound(transition, failure.as_slice())
            }
        }
    }
}
