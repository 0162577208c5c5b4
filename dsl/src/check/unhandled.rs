//! W0305, where it is asked for: every state says what it does with every event of the machine.
//!
//! It handles it, puts it off or ignores it, itself or around it, or, in a parallel state, beside
//! it in another region whatever that is doing. What nothing in a composite state says anything
//! about is told of the outermost such state alone. States that `always` leaves at once, and final
//! ones, wait for nothing. An event that nothing at all handles is W0304 or W0107.

use super::bits::Bits;
use super::facts::Facts;
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Reaction, StateId, StateKind, Trigger};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let count = facts.model.declarations.events.len();
    if !facts.model.strict || count == 0 {
        return;
    }
    let said = Said::new(facts, count);
    said.missing(facts, StateId::ROOT, Bits::all(count), d);
}

/// Of every state, the events about which something is said.
struct Said {
    /// By the state itself.
    own: Vec<Bits>,
    /// By it or some state inside.
    somewhere: Vec<Bits>,
    /// Whenever it is active, by it or inside.
    always: Vec<Bits>,
    events: usize,
}

impl Said {
    fn new(facts: &Facts, events: usize) -> Self {
        let own: Vec<Bits> = facts.tree.ids().map(|id| own(facts, id, events)).collect();
        let mut said = Self { somewhere: own.clone(), always: own.clone(), own, events };
        // The innermost states have the highest ids.
        for id in facts.tree.ids().collect::<Vec<_>>().into_iter().rev() {
            said.inside(facts, id);
        }
        said
    }

    fn inside(&mut self, facts: &Facts, id: StateId) {
        let is_parallel = facts.tree.kind(id) == StateKind::Parallel;
        let mut whole = match is_parallel || facts.tree.kind(id).is_leaf() {
            true => Bits::none(self.events),
            false => Bits::all(self.events),
        };
        for child in facts.tree.state(id).children.iter().filter(|c| facts.is_active(**c)) {
            let (child, id) = (child.index(), id.index());
            let somewhere = self.somewhere[child].clone();
            self.somewhere[id].add(&somewhere);
            if is_parallel {
                whole.add(&self.always[child]);
            } else {
                whole.keep(&self.always[child]);
            }
        }
        if waits_for_nothing(facts, id) {
            whole = Bits::all(self.events);
        }
        self.always[id.index()].add(&whole);
    }

    /// Tells what is missing in a state and in those inside it.
    fn missing(&self, facts: &Facts, id: StateId, mut missing: Bits, d: &mut Diagnostics) {
        let is_leaf = facts.tree.kind(id).is_leaf();
        missing.remove(&self.own[id.index()]);
        missing.remove(&self.always[id.index()]);
        let is_here = |event: &usize| {
            missing.has(*event) && (is_leaf || !self.somewhere[id.index()].has(*event))
        };
        let here: Vec<usize> = (0..self.events).filter(is_here).collect();
        if !here.is_empty() && id != StateId::ROOT {
            d.push(report(facts, id, &here));
        }
        for child in facts.tree.state(id).children.iter().filter(|c| facts.is_active(**c)) {
            let mut rest = missing.clone();
            // What nothing here speaks of is told; of regions, one that speaks of it has to say more.
            match facts.tree.kind(id) {
                StateKind::Parallel => rest.keep(&self.somewhere[child.index()]),
                _ => rest.keep(&self.somewhere[id.index()]),
            };
            self.missing(facts, *child, rest, d);
        }
    }
}

fn own(facts: &Facts, id: StateId, events: usize) -> Bits {
    let state = facts.tree.state(id);
    let mut own = Bits::none(events);
    for reaction in facts.reactions(id) {
        if let Trigger::Event(event) = reaction.trigger {
            own.insert(event.index());
        }
    }
    for (event, _) in state.defer.iter().chain(&state.ignore) {
        own.insert(event.index());
    }
    own
}

fn waits_for_nothing(facts: &Facts, id: StateId) -> bool {
    let mut always = facts.reactions(id).filter(|r| r.trigger == Trigger::Always);
    facts.tree.kind(id) == StateKind::Final || always.any(Reaction::is_certain)
}

fn report(facts: &Facts, id: StateId, events: &[usize]) -> Diagnostic {
    let name = |event: &usize| facts.model.declarations.events[*event].name.text.clone();
    let names: Vec<String> = events.iter().map(name).collect();
    let message =
        format!("`{}` neither handles nor ignores {}", facts.tree.name(id), words::list(&names));
    let report = Diagnostic::new(Code::Unhandled, facts.tree.state(id).span, message);
    let report = match facts.tree.kind(id).is_leaf() {
        true => report,
        false => report.at("nor does any state in it"),
    };
    report.help(match &names[..] {
        [_, _, _, _, ..] => "handle them, or say that it is meant with `ignore`".to_owned(),
        [one] => format!("handle it, or say that it is meant: `ignore {one}`"),
        few => format!("handle them, or say that it is meant: `ignore {}`", few.join(", ")),
    })
}
