//! Activities: what is asked for, who hears how it ends.

use super::children::Child;
use super::choosing::Chosen;
use super::sagas::Failed;
use super::values::Value;
use super::{Asks, Failure, Oracle, Running};
use crate::author::{Ending, GIVEN_UP, UNEXPECTED, WHY};
use statewright_dsl::model::{
    Activity, Declarations, ErrorId, Expr, Fallback, Invoke, Param, Reaction, StateId, Trigger,
    Work,
};

/// How an activity has ended.
#[derive(Clone, Debug)]
pub(super) enum End {
    Done(Option<Value>),
    Error(Said),
}

/// An error.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) name: &'static str,
    pub(super) message: String,
    pub(super) payload: Vec<Value>,
    /// The one that it is for the machine; what is not raised is like any other error: nobody has said
    /// its name.
    pub(super) named: Option<ErrorId>,
}

impl<'m> Oracle<'m> {
    /// Entry: each is a new one with a number of its own.
    pub(super) fn ask(&mut self, id: StateId) -> Result<(), Failure> {
        if self.reading.sagas.contains_key(&id) {
            return self.ask_for_steps(id);
        }
        if let Some(of) = &self.state(id).fan_out {
            return self.ask_branches(id, of);
        }
        let Some(invoke) = &self.state(id).invoke else { return Ok(()) };
        let args = self.all_args(id, invoke, &[])?;
        self.now.visits += 1;
        self.now.running.push(Running {
            number: self.now.visits,
            state: id,
            asks: Asks::Invoke,
            failed: 0,
            args,
            undoes: None,
        });
        self.asked.push((self.now.visits, 0));
        if let Some(task) = &invoke.task {
            let (name, _) = self.called(invoke, 0);
            self.tell(id, self.now.visits, name, task)?;
        }
        Ok(())
    }

    /// The arguments of a call and of its fallbacks, which are read now too.
    pub(super) fn all_args(
        &self,
        id: StateId,
        invoke: &Invoke,
        bound: &[Value],
    ) -> Result<Vec<Vec<Value>>, Failure> {
        let fallbacks = invoke.fallbacks.iter().map(|fallback| &fallback.args);
        let values = |args: &Vec<Expr>| -> Result<Vec<Value>, Failure> {
            args.iter().map(|arg| self.value(arg, id, bound)).collect()
        };
        [&invoke.args].into_iter().chain(fallbacks).map(values).collect()
    }

    /// Asks for one thing, without fallbacks.
    pub(super) fn push(&mut self, state: StateId, asks: Asks, args: Vec<Value>) {
        self.now.visits += 1;
        let number = self.now.visits;
        let (args, undoes) = (vec![args], None);
        self.now.running.push(Running { number, state, asks, failed: 0, args, undoes });
        self.asked.push((number, 0));
    }

    /// Exit: nobody waits for it any more.
    pub(super) fn take_back(&mut self, id: StateId) {
        self.now.fans.retain(|fan| fan.state != id);
        let is_own = |running: &&Running| running.state == id;
        let own = self.now.running.iter().filter(is_own).map(|running| running.number);
        let mut own: Vec<u64> = own.collect();
        if self.reading.sagas.contains_key(&id) {
            // Steps side by side stand in states, which are left from behind.
            own.reverse();
        }
        self.revoked.extend(own);
        self.now.running.retain(|running| running.state != id);
    }

    /// The call that something running is of.
    pub(super) fn call(&self, of: &Running) -> &'m Invoke {
        let state = self.state(of.state);
        let calls = state.fan_out.as_ref().map(|of| &of.calls);
        let found = match of.asks {
            Asks::Invoke => state.invoke.as_ref(),
            Asks::Branch(at) => calls.and_then(|calls| calls.get(at).or(calls.first())),
            Asks::Step(..) | Asks::Undo(..) => {
                calls.and_then(|calls| calls.get(self.call_of_step(of.state, of.asks)))
            }
        };
        found.expect("the state asks for something")
    }

    /// What stands at this place of a chain; the first is no fallback.
    fn fallback(call: &'m Invoke, at: usize) -> Option<&'m Fallback> {
        call.fallbacks.get(at.checked_sub(1)?)
    }

    /// The activity at this place of a chain, if one stands there.
    fn activity(&self, call: &'m Invoke, at: usize) -> Option<&'m Activity> {
        let activity = match Self::fallback(call, at).map(|fallback| fallback.work) {
            None => call.activity,
            Some(Work::Activity(activity)) => activity,
            Some(Work::Function(_)) => return None,
        };
        Some(&self.model().declarations.activities[activity.index()])
    }

    /// The name and the parameters of what stands at this place of a chain.
    pub(super) fn called(&self, call: &'m Invoke, at: usize) -> (&'m str, Vec<&'m str>) {
        let names = |params: &'m [Param]| params.iter().map(|param| &*param.name.text).collect();
        if let Some((name, child)) = self.child(call) {
            return (name, child.fields.iter().map(String::as_str).collect());
        }
        let Declarations { functions, .. } = &self.model().declarations;
        match Self::fallback(call, at).map(|fallback| fallback.work) {
            Some(Work::Function(function)) => {
                let function = &functions[function.index()];
                (&function.name.text, names(&function.params))
            }
            _ => match self.activity(call, at) {
                Some(activity) => (&activity.name.text, names(&activity.params)),
                None => ("", Vec::new()),
            },
        }
    }

    /// The end of one that runs.
    pub(super) fn ends(&mut self, number: u64, ending: Ending) -> Result<Failure, Failure> {
        let at = self.now.running.iter().position(|running| running.number == number);
        let at = at.unwrap_or_default();
        let ended = self.now.running.remove(at);
        let call = self.call(&ended);
        let activity = self.activity(call, ended.failed);
        let (is_person, child) = (call.task.is_some(), self.child(call));
        let end = match if is_person { ending.of_person() } else { ending } {
            Ending::Done(n) => {
                let has_result = match child {
                    Some((_, child)) => child.gives,
                    None => activity.is_some_and(|activity| activity.result.is_some()),
                };
                End::Done(has_result.then(|| Value::Number(n.into())))
            }
            _ => {
                let (name, message, payload) = said(ending, child.map(|(_, child)| child));
                let errors = &self.model().declarations.errors;
                let named = errors.iter().position(|error| error.name.text == name);
                let raises = activity.map(|activity| &activity.raises[..]).unwrap_or_default();
                let raises = |id: &ErrorId| match child {
                    Some((_, child)) => child.errors.iter().any(|error| error == name),
                    None => raises.contains(id),
                };
                let named = named.map(|at| ErrorId(at as u32)).filter(raises);
                End::Error(Said { name, message, payload, named })
            }
        };
        if let (End::Error(error), Some(fallback)) = (&end, Self::fallback(call, ended.failed + 1))
            && self.is_taken_over(error.named.as_ref(), fallback)
        {
            return self.stands_in(at, ended, fallback.work);
        }
        self.ended(&ended, end)
    }

    /// Whoever has asked hears of it.
    fn ended(&mut self, of: &Running, end: End) -> Result<Failure, Failure> {
        if let Asks::Branch(branch) = of.asks {
            return self.branch_ends(of.state, branch, end);
        }
        let result = match &end {
            End::Done(result) => Ok(result.clone()),
            End::Error(Said { name, message, named, .. }) => Err(Failed {
                name: (*name).to_owned(),
                message: message.clone(),
                declared: named.is_some(),
            }),
        };
        if let Some(outcome) = self.step_ends(of.state, of.asks, result)? {
            return Ok(outcome);
        }
        match end {
            End::Done(result) => self.gives(of.state, result.as_slice()),
            End::Error(error) => {
                let any = (error.name.to_owned(), error.message.clone());
                self.fails(of.state, error.named, &error.payload, any)
            }
        }
    }

    /// An error: who hears of it, from the state that asked outwards.
    pub(super) fn fails(
        &mut self,
        state: StateId,
        named: Option<ErrorId>,
        payload: &[Value],
        (name, message): (String, String),
    ) -> Result<Failure, Failure> {
        let any = [Value::Text(name), Value::Text(message)];
        for around in self.around(state) {
            if named.is_some()
                && let Some(chosen) = self.hears(around, &Trigger::Error(named), payload)?
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
    pub(super) fn gives(&mut self, state: StateId, result: &[Value]) -> Result<Failure, Failure> {
        Ok(match self.hears(state, &Trigger::Result, result)? {
            Some(chosen) => self.handled(chosen)?,
            None => "Unhandled",
        })
    }

    /// A fallback helps against what trying again would help against, what nobody has thought of, and
    /// what it names.
    fn is_taken_over(&self, error: Option<&ErrorId>, fallback: &Fallback) -> bool {
        let Some(error) = error else { return true };
        self.model().declarations.errors[error.index()].transient || fallback.on.contains(error)
    }

    /// The next of the chain is asked in the place of the one before, under its number; a function
    /// answers at once.
    fn stands_in(&mut self, at: usize, mut ended: Running, work: Work) -> Result<Failure, Failure> {
        ended.failed += 1;
        if let Work::Function(function) = work {
            let function = &self.model().declarations.functions[function.index()];
            let result = self.given(function, &ended.args[ended.failed][0]);
            return self.ended(&ended, End::Done(Some(result)));
        }
        self.asked.push((ended.number, ended.failed));
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
        let ends = self.reading.sagas.get(&id).map(|saga| [saga.compensated, saga.failed]);
        let is_end = |id| ends.is_some_and(|ends| ends.contains(&Some(id)));
        let own = self.state(id).reactions.iter().filter(|id| !is_end(**id));
        let own = own.map(|id| &self.model().reactions[id.index()]);
        let mut own = own.filter(|reaction: &&Reaction| reaction.trigger == *trigger);
        let Some(reaction) = own.next() else { return Ok(None) };
        let bound = match trigger {
            // The name binds the whole error.
            Trigger::Error(None) => vec![Value::Parts(payload.to_vec())],
            // What its steps have given are data of the saga.
            Trigger::Result if ends.is_some() => Vec::new(),
            _ => self.bound(reaction, payload),
        };
        if !reaction.effects.is_empty() {
            return Ok(Some(Chosen::of(reaction, bound, None)));
        }
        let branch = self.branch(reaction, &bound)?;
        Ok(branch.map(|branch| Chosen::of(reaction, bound, Some(branch))))
    }
}

/// Name, message and parts of an error, or of the failure of a child.
fn said(ending: Ending, child: Option<&Child>) -> (&'static str, String, Vec<Value>) {
    let number = |n: u8| Value::Number(n.into());
    let is_of_child = child.is_some();
    let is_declared =
        |name: &str| child.is_none_or(|child| child.errors.iter().any(|declared| declared == name));
    match ending {
        Ending::Big(n) if is_of_child => ("Big", n.to_string(), vec![number(n)]),
        Ending::Unexpected if is_of_child => (GIVEN_UP, UNEXPECTED.into(), Vec::new()),
        Ending::Small(n) if !is_declared("Small") => {
            ("Small", format!("{n}, {n}"), vec![number(n), number(n)])
        }
        Ending::Small(n) => ("Small", n.to_string(), vec![number(n)]),
        Ending::Big(n) => {
            ("Big", format!("{n}, {WHY:?}"), vec![number(n), Value::Text(WHY.into())])
        }
        Ending::Gone => ("Gone", "Gone".into(), Vec::new()),
        Ending::Unexpected | Ending::Done(_) => ("Unexpected", UNEXPECTED.into(), Vec::new()),
    }
}
