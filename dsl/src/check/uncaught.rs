//! W0501: an error of an activity is caught, by its name or with all others, in the state that invokes
//! or in one around it.
//!
//! Any activity can end with an error that nobody declares. That alone is not doubted where every
//! declared error is caught; where nothing is caught at all, it is. Steps of sagas are caught on the way
//! back, and those behind the pivot are looked at by E0605. Where no branch of a fan-out can fail it, only its list
//! can, by being longer or shorter than it may be.

use super::constant;
use super::ends;
use super::facts::Facts;
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::failures::{TOO_FEW, TOO_MANY};
use crate::model::{Activity, ErrorDecl, ErrorKind, ExprKind, FanOut, Invoke, JoinKind, StateId};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for id in facts.tree.ids().filter(|id| facts.is_active(*id) && !facts.is_part(*id)) {
        if let Some(fan_out) =
            facts.tree.state(id).fan_out.as_ref().filter(|of| never_fails(facts, of))
        {
            d.extend(of_list(facts, id, fan_out));
            continue;
        }
        for invoke in ends::calls(&facts.tree, id) {
            report(facts, id, invoke).into_iter().for_each(|report| d.push(report));
        }
    }
}

fn report(facts: &Facts, id: StateId, invoke: &Invoke) -> Option<Diagnostic> {
    let declarations = &facts.model.declarations;
    let is_caught = |kind: ErrorKind| {
        let mut around = facts.tree.ancestors(id).flat_map(|state| facts.reactions(state));
        around.any(|reaction| ends::catches(reaction, kind))
    };
    let mut ends = declarations.ends(invoke);
    let heard = declarations.ends_of(facts.tree.state(id));
    ends.retain(|kind| heard.contains(kind));
    let ending = |kind: ErrorKind| ends::ending(facts.model, invoke, kind);
    if ends == [ErrorKind::Unexpected] {
        let name = &ending(ErrorKind::Unexpected).name.text;
        let what = format!("nothing catches an error of `{name}`");
        return (!is_caught(ErrorKind::Unexpected)).then(|| doubt(invoke, what, "(e)"));
    }
    let missed: Vec<(&ErrorDecl, &Activity)> = ends
        .iter()
        .filter(|kind| !is_caught(**kind))
        .filter_map(|kind| match kind {
            ErrorKind::Declared(error) => {
                Some((&declarations.errors[error.index()], ending(*kind)))
            }
            ErrorKind::Unexpected => None,
        })
        .collect();
    let names = |of: &[(&ErrorDecl, &Activity)]| {
        let names: Vec<String> = of.iter().map(|(error, _)| error.name.text.clone()).collect();
        words::list(&names)
    };
    // One that trying again does not mend is for a handler of its own.
    let lasting = missed.iter().find(|(error, _)| !error.transient);
    let handler = lasting.map_or("(e)".to_owned(), |(error, _)| format!(" {}", error.name.text));
    let (_, first) = missed.first()?;
    let of_activity: Vec<_> = missed.chunk_by(|a, b| a.1.name.text == b.1.name.text).collect();
    let what = match of_activity.len() {
        1 => format!("nothing catches {} of `{}`", names(&missed), first.name.text),
        _ => format!("nothing catches {}", names(&missed)),
    };
    let mut report = doubt(invoke, what, &handler);
    for raised in &of_activity {
        let what = if of_activity.len() == 1 { "them".to_owned() } else { names(raised) };
        report = report.label(raised[0].1.name.span, format!("raises {what}"));
    }
    Some(report)
}

/// True if no end of a branch fails a fan-out: what may fail is to begin it.
fn never_fails(facts: &Facts, fan_out: &FanOut) -> bool {
    let mut calls = fan_out.calls.iter();
    fan_out.join.kind == JoinKind::AllSettled && fan_out.join.tolerate.is_none()
        || calls.all(|call| facts.model.declarations.ends(call).is_empty())
}

/// A list that its fan-out cannot begin with, where nothing catches that.
fn of_list(facts: &Facts, id: StateId, fan_out: &FanOut) -> Option<Diagnostic> {
    let over = fan_out.over.as_ref()?;
    let mut around = facts.tree.ancestors(id).flat_map(|state| facts.reactions(state));
    if around.any(|reaction| ends::catches(reaction, ErrorKind::Unexpected)) {
        return None;
    }
    let max = over.max?;
    let is_short = |count: u32| fan_out.join.needed(count) > count;
    let known = constant::default(facts, &over.list).unwrap_or(&over.list);
    let (too_many, too_few) = match &known.kind {
        // One that is too long is E0703.
        ExprKind::List(values) => (false, is_short(values.len() as u32)),
        // If any list is too short, the empty one is.
        _ => (true, is_short(0)),
    };
    let needed = fan_out.join.needed(max);
    let (names, list) = match (too_many, too_few) {
        (true, true) => {
            (format!("`{TOO_MANY}` and `{TOO_FEW}`"), format!("{needed} to {max} values"))
        }
        (true, false) => (format!("`{TOO_MANY}`"), format!("at most {max} values")),
        (false, true) => (format!("`{TOO_FEW}`"), format!("at least {needed} values")),
        (false, false) => return None,
    };
    let what = format!("nothing catches {names} of this fan-out");
    let report = Diagnostic::new(Code::Uncaught, over.list.span, what)
        .at(format!("the step that comes here fails unless the list has {list}"));
    Some(report.help("add `on error(e) -> ..` in this state or around it"))
}

fn doubt(invoke: &Invoke, what: String, handler: &str) -> Diagnostic {
    Diagnostic::new(Code::Uncaught, invoke.span, what)
        .at("the machine goes on waiting here then")
        .help(format!("add `on error{handler} -> ..` in this state or around it"))
}
