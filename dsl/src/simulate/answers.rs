//! What is known about what only exists in Rust: what guards and fns give, how activities end.

use crate::chart::Chart;
use crate::interpret::{FaultKind, Host, Instance, Invocation, Reply, Value};
use crate::model::{Answering, Function, FunctionId};

/// Answers that were given, the last one first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// The name, the arguments or `None` for all, the value.
    list: Vec<(String, Option<Vec<Value>>, Value)>,
    /// The same for activities.
    ends: Vec<(Answering, Option<Vec<Value>>, Reply)>,
}

impl Answers {
    /// From now on the guard or fn gives this: for these arguments, or for all that have no answer of
    /// their own.
    pub fn give(&mut self, chart: &Chart, of: FunctionId, args: Option<Vec<Value>>, value: Value) {
        let name = chart.declarations.functions[of.index()].name.text.clone();
        self.list.retain(|(other, known, _)| *other != name || *known != args);
        self.list.push((name, args, value));
    }

    /// From now on the activity ends so: with these arguments, or with all that have no end of their
    /// own.
    pub fn end(&mut self, of: Answering, args: Option<Vec<Value>>, reply: Reply) {
        self.ends.retain(|(other, known, _)| *other != of || *known != args);
        self.ends.push((of, args, reply));
    }

    /// The first of those that run of which it is known how they end.
    pub fn next_end(&self, chart: &Chart, instance: &Instance) -> Option<(u64, Reply)> {
        instance.invocations.iter().find_map(|running| {
            let all = self.ends.iter().filter(|(of, args, _)| asks(chart, running, *of, args));
            // What says most of the call counts; the newest of these stands last.
            let own = all.max_by_key(|(of, args, _)| (of.step.is_some(), args.is_some()));
            own.map(|(_, _, reply)| (running.id, reply.clone()))
        })
    }

    /// What is known.
    pub fn find(&self, name: &str, args: &[Value]) -> Option<&Value> {
        let own = |wanted: bool| {
            self.list.iter().find(move |(other, known, _)| {
                other == name && known.as_ref().map_or(!wanted, |known| wanted && known == args)
            })
        };
        own(true).or_else(|| own(false)).map(|(_, _, value)| value)
    }
}

/// True if this activity runs, for this step if one is named, with these arguments if any are given.
pub(super) fn asks(
    chart: &Chart,
    running: &Invocation,
    of: Answering,
    args: &Option<Vec<Value>>,
) -> bool {
    let state = chart.invokes[running.invoke.index()].state;
    let same = args.as_ref().is_none_or(|args| *args == running.args);
    running.activity(chart) == of.activity && of.step.is_none_or(|step| step == state) && same
}

/// Answers what is known, and asks for the rest.
pub(super) struct Asking<'a> {
    pub(super) answers: &'a mut Answers,
    pub(super) ask: &'a mut dyn FnMut(&Function, &[Value]) -> Option<Value>,
}

impl Host for Asking<'_> {
    fn answer(&mut self, function: &Function, args: &[Value]) -> Result<Value, FaultKind> {
        let name = &function.name.text;
        if let Some(value) = self.answers.find(name, args) {
            return Ok(value.clone());
        }
        let value = (self.ask)(function, args);
        value.ok_or_else(|| FaultKind::Unanswered(name.clone()))
    }
}
