//! W0502: an error that an activity raises, and that is not `transient`, is caught by its name, or by a
//! handler that asks for the name.
//!
//! A step of a saga has a way back, whatever the error is called. Errors go outwards from the state that invokes. Looked for is the first handler that catches this
//! one for sure, and everything that is tried before it. One that nothing catches is W0501.

use super::ends;
use super::exprs;
use super::facts::Facts;
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    ErrorId, ErrorKind, Expr, ExprKind, FieldRef, Invoke, Reaction, StateId, Trigger, Ty,
};

/// How many places a message shows.
const SHOWN: usize = 3;

/// An error that comes to a handler of all errors.
struct Arrival<'m> {
    catcher: &'m Reaction,
    error: ErrorId,
    invoke: &'m Invoke,
}

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let mut arrivals = Vec::new();
    for id in facts.tree.ids().filter(|id| facts.is_active(*id) && !facts.is_part(*id)) {
        arrive(facts, id, &mut arrivals);
    }
    arrivals.sort_by_key(|arrival| (arrival.catcher.span.order(), arrival.invoke.span.order()));
    for same in arrivals.chunk_by(|a, b| a.catcher.span.order() == b.catcher.span.order()) {
        d.push(report(facts, same));
    }
}

/// The errors of what a state invokes that only a handler of all errors catches.
fn arrive<'m>(facts: &Facts<'m>, id: StateId, arrivals: &mut Vec<Arrival<'m>>) {
    let (declarations, ends) = (&facts.model.declarations, heard(facts, id));
    for (kind, invoke) in ends::calls(&facts.tree, id)
        .flat_map(|invoke| declarations.ends(invoke).into_iter().map(move |kind| (kind, invoke)))
        .filter(|(kind, _)| ends.contains(kind))
    {
        let ErrorKind::Declared(error) = kind else { continue };
        if declarations.errors[error.index()].transient {
            continue;
        }
        if let Some(catcher) = only_catcher(facts, id, error) {
            arrivals.push(Arrival { catcher, error, invoke });
        }
    }
}

/// The errors with which what a state starts can end.
fn heard(facts: &Facts, id: StateId) -> Vec<ErrorKind> {
    facts.model.declarations.ends_of(facts.tree.state(id))
}

/// The first handler of all errors that an error comes to, if none on its way is told which it is.
fn only_catcher<'m>(facts: &Facts<'m>, id: StateId, error: ErrorId) -> Option<&'m Reaction> {
    let mut first = None;
    for state in facts.tree.ancestors(id) {
        let by_name = |r: &Reaction| r.trigger == Trigger::Error(Some(error));
        if facts.reactions(state).any(by_name) {
            return None;
        }
        let all = facts.reactions(state).find(|r| ends::catches(r, ErrorKind::Declared(error)));
        let Some(all) = all else { continue };
        if asks_for_the_name(all) {
            return None;
        }
        first = first.or(Some(all));
        if all.is_certain() {
            break;
        }
    }
    first
}

/// True for a handler that reads `e.name`.
fn asks_for_the_name(reaction: &Reaction) -> bool {
    let is_name = |expr: &Expr| match &expr.kind {
        ExprKind::Field(error, FieldRef::Declared(0)) => error.ty == Ty::Failure,
        _ => false,
    };
    exprs::of_reaction(reaction).into_iter().any(|e| e.any(&mut |part| is_name(part)))
}

/// One message for a handler, whatever comes to it.
fn report(facts: &Facts, same: &[Arrival]) -> Diagnostic {
    let declarations = &facts.model.declarations;
    let name = |arrival: &Arrival| declarations.errors[arrival.error.index()].name.text.clone();
    let mut names: Vec<String> = Vec::new();
    for arrival in same {
        if !names.contains(&name(arrival)) {
            names.push(name(arrival));
        }
    }
    let message =
        format!("{} {} treated like a crash", words::list(&names), words::are(names.len()));
    let mut report = Diagnostic::new(Code::Swallowed, same[0].catcher.head, message)
        .at("catches all errors, also those that nobody knows");
    let ending = |arrival: &Arrival| {
        let kind = ErrorKind::Declared(arrival.error);
        ends::ending(facts.model, arrival.invoke, kind).name.span.order()
    };
    let is_one = |a: &Arrival, b: &Arrival| {
        a.invoke.span.order() == b.invoke.span.order() && ending(a) == ending(b)
    };
    for of_one in same.chunk_by(is_one).take(SHOWN) {
        let names: Vec<String> = of_one.iter().map(name).collect();
        let kind = ErrorKind::Declared(of_one[0].error);
        let activity = &ends::ending(facts.model, of_one[0].invoke, kind).name.text;
        let text = format!("`{activity}` raises {}", words::list(&names));
        report = report.label(of_one[0].invoke.span, text);
    }
    report.help(format!(
        "say beside it what becomes of it, `on error {} -> ..`, or declare it `transient` if trying \
         again may help",
        names[0]
    ))
}
