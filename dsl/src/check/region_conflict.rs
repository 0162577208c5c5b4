//! W0310: of two regions that leave their parallel state on the same event, the first in the file
//! wins, and the other does nothing.
//!
//! Each region may react to an event, but only one can lead out. Which one should not depend on
//! their order.

use super::entry;
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{EventId, StateId, StateKind, Trigger};
use crate::span::Span;

/// A branch that leads out of a parallel state.
struct Exit {
    parallel: StateId,
    event: EventId,
    region: StateId,
    span: Span,
}

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let mut exits = exits(facts);
    exits.sort_by_key(|exit| (exit.parallel, exit.event, exit.region));
    for same in exits.chunk_by(|a, b| (a.parallel, a.event) == (b.parallel, b.event)) {
        let first = &same[0];
        let Some(second) = same.iter().find(|exit| exit.region != first.region) else { continue };
        d.push(report(facts, first, second));
    }
}

fn exits(facts: &Facts) -> Vec<Exit> {
    let mut exits = Vec::new();
    for reaction in facts.model.reactions.iter().filter(|r| facts.is_active(r.source)) {
        let Trigger::Event(event) = reaction.trigger else { continue };
        for branch in &reaction.branches {
            let domain = entry::domain(&facts.tree, reaction.source, &branch.target);
            let Some(stays) = domain.first() else { continue };
            let left = facts
                .tree
                .ancestors(reaction.source)
                .take_while(|outer| !facts.tree.contains(*outer, *stays));
            for parallel in left.filter(|s| facts.tree.kind(*s) == StateKind::Parallel) {
                if let Some(region) = facts.tree.child_towards(parallel, reaction.source) {
                    exits.push(Exit { parallel, event, region, span: branch.span });
                }
            }
        }
    }
    exits
}

fn report(facts: &Facts, first: &Exit, second: &Exit) -> Diagnostic {
    let event = &facts.model.declarations.events[first.event.index()].name.text;
    let name = |id| facts.tree.name(id);
    let message = format!(
        "`{}` and `{}` both leave `{}` on `{event}`, and only one can",
        name(first.region),
        name(second.region),
        name(first.parallel),
    );
    Diagnostic::new(Code::RegionConflict, second.span, message)
        .at("not taken when both could be")
        .label(first.span, "this one wins, since it stands first")
        .help(format!("handle `{event}` in `{}`, around the regions", name(first.parallel)))
}
