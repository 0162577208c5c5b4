//! W0403, first half: what an event brings is read by some handler of it, and what a pattern takes
//! is read by its handler.
//!
//! An event that nothing handles is W0304 or W0107. A name that starts with `_` says that it is
//! meant.

use super::exprs;
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Binding, BindingField, EventDecl, ExprKind, Joined, Param, Reaction, Trigger};

/// How many places a message shows.
const SHOWN: usize = 3;

/// What a pattern takes, and whether its handler reads it.
struct Taken<'m> {
    reaction: &'m Reaction,
    binding: &'m Binding,
    read: bool,
}

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let mut taken: Vec<Taken> = {
        let reactions = facts.model.reactions.iter();
        reactions.flat_map(|reaction| taken(facts, reaction)).collect()
    };
    if facts.model.declarations.external_events.is_none() {
        for (index, event) in facts.model.declarations.events.iter().enumerate() {
            if handlers(facts, index).next().is_some() {
                unread_params(event, index, &mut taken, d);
            }
        }
    }
    for taken in taken.iter().filter(|t| !t.read && !t.binding.name.text.starts_with('_')) {
        d.push(unread_binding(facts, taken));
    }
}

fn handlers<'m>(facts: &Facts<'m>, event: usize) -> impl Iterator<Item = &'m Reaction> {
    facts.model.reactions.iter().filter(move |r| is_event(r, event))
}

fn is_event(reaction: &Reaction, event: usize) -> bool {
    matches!(reaction.trigger, Trigger::Event(id) if id.index() == event)
}

fn taken<'m>(facts: &Facts, reaction: &'m Reaction) -> Vec<Taken<'m>> {
    let mut read = vec![false; reaction.bindings.len()];
    for expr in exprs::of_reaction(reaction) {
        expr.any(&mut |part| {
            if let ExprKind::Binding(_, index) = part.kind {
                read[index as usize] = true;
            }
            false
        });
    }
    let pairs = reaction.bindings.iter().zip(read);
    let pairs = pairs.filter(|(binding, _)| !is_collected(facts, reaction, binding));
    pairs.map(|(binding, read)| Taken { reaction, binding, read }).collect()
}

/// True for the result of a branch that is in a list of all results too.
fn is_collected(facts: &Facts, reaction: &Reaction, binding: &Binding) -> bool {
    let fan_out = facts.tree.state(reaction.source).fan_out.as_ref();
    let Some(fan_out) = fan_out.filter(|_| reaction.trigger == Trigger::Result) else {
        return false;
    };
    let BindingField::Declared(at) = binding.field else { return false };
    let is_branch = matches!(fan_out.results[at as usize].what, Joined::Branch(_));
    is_branch && fan_out.results.iter().any(|result| result.what == Joined::Answers)
}

/// Says which parts of an event no handler reads, and drops the places that take them.
fn unread_params(event: &EventDecl, index: usize, taken: &mut Vec<Taken>, d: &mut Diagnostics) {
    for (at, param) in event.params.iter().enumerate() {
        let takes = |t: &Taken| {
            is_event(t.reaction, index) && t.binding.field == BindingField::Declared(at as u32)
        };
        if param.name.text.starts_with('_') || taken.iter().any(|t| takes(t) && t.read) {
            continue;
        }
        let places: Vec<_> = taken.iter().filter(|t| takes(t)).map(|t| t.binding).collect();
        d.push(unread_param(event, param, &places));
        taken.retain(|t| !takes(t));
    }
}

fn unread_param(event: &EventDecl, param: &Param, places: &[&Binding]) -> Diagnostic {
    let (name, event) = (&param.name.text, &event.name.text);
    let message = format!("`{name}` of `{event}` is never used");
    let mut report = Diagnostic::new(Code::LostValue, param.name.span, message)
        .at("whoever sends the event gives it, and no handler reads it");
    for place in places.iter().take(SHOWN) {
        report = report.label(place.name.span, "taken here, and not read");
    }
    report.help(format!(
        "read it in a guard or an effect, remove it, or call it `_{name}` to say that it is meant"
    ))
}

fn unread_binding(facts: &Facts, taken: &Taken) -> Diagnostic {
    let name = &taken.binding.name;
    let message = format!("`{}` is taken here and never read", name.text);
    let report = Diagnostic::new(Code::LostValue, name.span, message);
    if facts.tree.state(taken.reaction.source).fan_out.is_some()
        && taken.reaction.trigger == Trigger::Result
    {
        let help = format!("read it in `on done`, leave it out, or call it `_{}`", name.text);
        return report.help(help);
    }
    // By position for sure: a pattern with names has the names of the payload.
    let by_position = match &taken.binding.field {
        BindingField::Position(..) => true,
        BindingField::Named(_) => false,
        BindingField::Declared(index) => match taken.reaction.trigger {
            Trigger::Event(event) => {
                let params = &facts.model.declarations.events[event.index()].params;
                params.get(*index as usize).is_some_and(|param| param.name.text != name.text)
            }
            Trigger::Result => name.text != "result",
            _ => false,
        },
    };
    match by_position {
        true => report.help("read it, or write `_`").fix("write `_`", name.span, "_"),
        false => report.help("read it, or leave it out: `_` in `(..)`, nothing in `{ .. }`"),
    }
}
