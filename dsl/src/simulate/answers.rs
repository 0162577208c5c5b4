//! What is known about guards and fns that only exist in Rust.

use crate::chart::Chart;
use crate::interpret::{FaultKind, Host, Value};
use crate::model::{Function, FunctionId};

/// Answers that were given, the last one first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// The name, the arguments or `None` for all, the value.
    list: Vec<(String, Option<Vec<Value>>, Value)>,
}

impl Answers {
    /// From now on the guard or fn gives this: for these arguments, or for all that have no answer of
    /// their own.
    pub fn give(&mut self, chart: &Chart, of: FunctionId, args: Option<Vec<Value>>, value: Value) {
        let name = chart.declarations.functions[of.index()].name.text.clone();
        self.list.retain(|(other, known, _)| *other != name || *known != args);
        self.list.push((name, args, value));
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
