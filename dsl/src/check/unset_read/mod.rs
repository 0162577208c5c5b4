//! E0402 for the context: a `late` field is set before it is read, on every way.
//!
//! [`flow`] works out which fields are set for sure when a state is entered and while it is active;
//! [`reads`] finds what is read where; [`way`] finds a way on which a field stays unset. One field
//! is one message, at the first place that reads it; the other places are labels.

mod flow;
mod reads;
mod way;

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ContextDecl, Field, FieldId, LateFields, StateId};
use flow::Flow;
use reads::Read;

/// How many other places a message shows.
const OTHER_PLACES: usize = 3;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let ContextDecl::Declared(fields) = &facts.model.declarations.context else { return };
    if !fields.iter().any(|field| field.late) {
        return;
    }
    let flow = Flow::new(facts, fields.len());
    let mut unset = reads::unset(facts, &flow);
    unset.retain(|read| fields[read.field.index()].late);
    unset.sort_by_key(|read| (read.field, read.span.order()));
    for same in unset.chunk_by(|a, b| a.field == b.field) {
        let field = same[0].field;
        d.push(report(facts, &flow, field, &fields[field.index()], same));
    }
}

/// What is known of `late` fields, for each state.
pub(super) fn late_fields(facts: &Facts) -> Vec<LateFields> {
    let mut known = vec![LateFields::default(); facts.model.states.len()];
    let ContextDecl::Declared(fields) = &facts.model.declarations.context else { return known };
    if !fields.iter().any(|field| field.late) {
        return known;
    }
    let flow = Flow::new(facts, fields.len());
    let reads = reads::unset(facts, &Flow::blank(facts, fields.len()));
    for (at, _) in fields.iter().enumerate().filter(|(_, field)| field.late) {
        let reading = reads.iter().filter(|read| read.field.index() == at);
        let before = facts.graph.leading_to(reading.map(|read| read.place.state()));
        let field = FieldId(at as u32);
        let set = |state: &StateId| facts.is_active(*state) && flow.active[state.index()].has(at);
        for state in facts.tree.ids().filter(set) {
            let known = &mut known[state.index()];
            known.set.push(field);
            if before.has(state.index()) {
                known.needed.push(field);
            }
        }
    }
    known
}

fn report(facts: &Facts, flow: &Flow, id: FieldId, field: &Field, reads: &[Read]) -> Diagnostic {
    let name = &field.param.name.text;
    let (first, others) = (&reads[0], &reads[1..]);
    let way = way::to(facts, flow, id, first);
    let message = match &way.names[..] {
        [] | [_] => format!("`{name}` may be read here before it is set"),
        names => format!(
            "`{name}` may be read here before it is set: `{}` does not set it",
            names.join(" -> ")
        ),
    };
    let mut report = Diagnostic::new(Code::UnsetRead, first.span, message)
        .label(field.param.name.span, "has no value at the start");
    if let [only] = &way.names[..] {
        report = report.note(format!("`{only}` is active from the start"));
    }
    if let Some(last) = way.last {
        report = report.label(last, format!("comes here without setting `{name}`"));
    }
    for other in others.iter().take(OTHER_PLACES) {
        report = report.label(other.span, "read here too");
    }
    report.help(if facts.model.used.fields_set.contains(&id) {
        format!("set `{name}` on that way, give it a default, or make it a start value (no `late`)")
    } else {
        format!("nothing sets `{name}`: set it, give it a default, or make it a start value")
    })
}
