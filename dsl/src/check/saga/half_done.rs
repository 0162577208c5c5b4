//! W0609: what leads out of a saga takes it back first.
//!
//! A saga goes back if a step fails, and by `abort`. A reaction that leads elsewhere, of the saga itself,
//! of a state around it or of another region, leaves what was done as it is. It is doubted where it can
//! be taken while a step with a compensation is done, or may be, as far as guards and handlers further
//! inside tell. Behind the pivot nothing is taken back anyway, and a saga to which `deep_history` may lead
//! from there goes on.

use super::{Act, acts};
use crate::ast::Role;
use crate::check::facts::Facts;
use crate::check::guards::{Cases, Terms};
use crate::check::stirred::Stirred;
use crate::check::together::Together;
use crate::check::{ends, entry, shared, words};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Branch, EventId, Expr, Name, Reaction, StateId, StateKind, Target, Trigger};
use std::collections::{BTreeMap, BTreeSet};

/// What of a saga can be taken back, and when there is something to take back.
#[derive(Default)]
struct Open<'m> {
    /// The stages with their steps that have a compensation, in order.
    steps: Vec<(StateId, &'m Name)>,
    /// The states up to the pivot and on the way back, with the last stage of which something may be done.
    moments: Vec<(StateId, StateId)>,
}

/// A branch that leads out, and the last stage of which something stays done.
struct Exit<'m> {
    reaction: &'m Reaction,
    branch: &'m Branch,
    last: StateId,
}

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    let sagas = sagas(facts);
    if sagas.is_empty() {
        return;
    }
    let stirred = Stirred::new(facts);
    let mut exits = Exits { facts, stirred: &stirred, together: Together::new(facts, &stirred) };
    // The states of a saga have copies of what it says, each of which leads to the same report.
    let mut found: BTreeMap<_, Exit> = BTreeMap::new();
    for reaction in facts.model.reactions.iter().filter(|r| facts.is_active(r.source)) {
        for (at, branch) in reaction.branches.iter().enumerate() {
            let domain = entry::domain(&facts.tree, reaction.source, &branch.target);
            for (saga, open) in &sagas {
                if !leaves(facts, reaction.source, &domain, *saga) {
                    continue;
                }
                let is_taken =
                    |(active, _): &&(StateId, StateId)| exits.may_be_taken(reaction, at, *active);
                let taken = open.moments.iter().filter(is_taken).map(|(_, stage)| *stage);
                let Some(last) = taken.max().filter(|_| !goes_on(facts, reaction, *saga)) else {
                    continue;
                };
                let key = (branch.span.order(), *saga);
                let exit = found.entry(key).or_insert(Exit { reaction, branch, last });
                exit.last = exit.last.max(last);
            }
        }
    }
    for ((_, saga), exit) in found {
        d.push(report(facts, &stirred, (saga, &sagas[&saga]), &exit));
    }
}

fn sagas<'m>(facts: &Facts<'m>) -> BTreeMap<StateId, Open<'m>> {
    let acts = acts(facts);
    let key = |act: &Act<'m>| (act.saga, act.step.text.as_str());
    let undone: BTreeSet<_> = acts.iter().filter(|act| act.role == Role::Undo).map(key).collect();
    // Steps side by side are one stage.
    let stage = |act: &Act| facts.tree.child_towards(act.saga, act.state).unwrap_or(act.state);
    let steps = || acts.iter().filter(|act| act.role.is_step());
    let stages: BTreeMap<_, _> = steps().map(|act| (key(act), stage(act))).collect();
    let mut sagas: BTreeMap<StateId, Open> = BTreeMap::new();
    for step in steps().filter(|step| undone.contains(&key(step))) {
        sagas.entry(step.saga).or_default().steps.push((stage(step), step.step));
    }
    for act in acts.iter().filter(|act| act.role != Role::Later && facts.is_active(act.state)) {
        let (Some(open), Some(last)) = (sagas.get_mut(&act.saga), stages.get(&key(act))) else {
            continue;
        };
        if open.steps.first().is_some_and(|(first, _)| first <= last) {
            open.moments.push((act.state, *last));
        }
    }
    sagas
}

/// True if a branch leaves a saga that is active, given what stays active.
fn leaves(facts: &Facts, source: StateId, domain: &[StateId], saga: StateId) -> bool {
    let tree = &facts.tree;
    domain.iter().any(|stays| {
        let way = tree.child_towards(*stays, source);
        let left = way.filter(|_| tree.kind(*stays) != StateKind::Parallel);
        *stays != saga && tree.contains(left.unwrap_or(*stays), saga)
    })
}

/// True if what was left may come back as it was.
fn goes_on(facts: &Facts, reaction: &Reaction, saga: StateId) -> bool {
    let behind = facts.graph.behind(&facts.tree, std::iter::once(reaction));
    let branches = behind.iter().flat_map(|id| facts.reactions(*id)).flat_map(|r| &r.branches);
    branches.into_iter().any(|branch| match branch.target {
        Target::History { state, deep: true, .. } => facts.tree.contains(state, saga),
        _ => false,
    })
}

struct Exits<'f, 'm> {
    facts: &'f Facts<'m>,
    stirred: &'f Stirred,
    together: Together<'f, 'm>,
}

impl<'m> Exits<'_, 'm> {
    /// True if a branch of a reaction can be taken while a state is active.
    fn may_be_taken(&mut self, reaction: &'m Reaction, at: usize, active: StateId) -> bool {
        self.may_happen(reaction, active)
            && conditions(self.facts, self.stirred, reaction, at, active)
                .is_some_and(|asked| may_hold(self.facts, &[active, reaction.source], &asked))
    }

    /// True if what a reaction waits for can happen while a state is active.
    fn may_happen(&mut self, reaction: &'m Reaction, active: StateId) -> bool {
        let (model, tree) = (self.facts.model, &self.facts.tree);
        match reaction.trigger {
            // A state that is complete has nothing active in it but its ends.
            Trigger::Done if tree.contains(reaction.source, active) => false,
            Trigger::Error(_) => {
                let uncaught = |(id, kind): &(StateId, _)| {
                    ends::catcher(model, tree, (*id, *kind), reaction).is_none()
                };
                let errors: Vec<_> = ends::errors(model, tree, reaction).filter(uncaught).collect();
                errors.into_iter().any(|(id, _)| self.are_together(active, id, None))
            }
            Trigger::Event(event) => self.are_together(active, reaction.source, Some(event)),
            _ => self.are_together(active, reaction.source, None),
        }
    }

    /// True if a state is active with another, which is around it or in another region; and has its turn
    /// there on an event.
    fn are_together(&mut self, active: StateId, other: StateId, event: Option<EventId>) -> bool {
        let tree = &self.facts.tree;
        if tree.contains(other, active) {
            return true;
        }
        let around = tree.ancestors(active).find(|outer| tree.contains(*outer, other));
        let parallel = around.filter(|outer| tree.kind(*outer) == StateKind::Parallel);
        let Some(parallel) = parallel else { return false };
        let region = |state| tree.child_towards(parallel, state);
        let (Some(own), Some(others)) = (region(active), region(other)) else { return false };
        self.together.any([own, others], |together, [a, b]| {
            let is_other = match event {
                Some(event) => together.has_its_turn(event, b, other),
                None => tree.contains(other, b),
            };
            tree.contains(active, a) && is_other
        })
    }
}

/// The guards that have to hold, and not to hold, for a branch to be taken while a state is active;
/// `None` if something is always taken before.
fn conditions(
    facts: &Facts,
    stirred: &Stirred,
    reaction: &Reaction,
    at: usize,
    active: StateId,
) -> Option<Vec<(Expr, bool)>> {
    let mut asked = Vec::new();
    if let Trigger::Event(event) = reaction.trigger {
        let tree = &facts.tree;
        for inner in tree.ancestors(active).take_while(|s| !tree.contains(*s, reaction.source)) {
            let is_passed = is_passed(facts, stirred, event, inner, reaction.source);
            let own = Trigger::Event(event);
            let handler = facts.reactions(inner).find(|handler| handler.trigger == own);
            for (handler, branch) in
                handler.into_iter().flat_map(|h| h.branches.iter().map(move |branch| (h, branch)))
            {
                // Of two that leave the same, the inner one is taken, else the first in the file.
                let wins = tree.contains(reaction.source, inner) || inner < reaction.source;
                if !is_passed || (branch.target != Target::Stay && wins) {
                    asked.push((shared::expr(branch.guard.as_ref()?, handler), false));
                }
            }
            let state = tree.state(inner);
            let mut silent = state.ignore.iter().chain(&state.defer);
            if !is_passed && silent.any(|(other, _)| *other == event) {
                return None;
            }
        }
    }
    if !reaction.effects.is_empty() {
        // They are done before the guards of the reaction are read, and may change what was asked before.
        asked.clear();
    }
    for branch in &reaction.branches[..at] {
        asked.push((shared::expr(branch.guard.as_ref()?, reaction), false));
    }
    let own = reaction.branches[at].guard.as_ref();
    asked.extend(own.map(|guard| (shared::expr(guard, reaction), true)));
    Some(asked)
}

/// True if an event comes to a state whatever another one does with it: from a region that says nothing
/// of it.
fn is_passed(
    facts: &Facts,
    stirred: &Stirred,
    event: EventId,
    inner: StateId,
    outer: StateId,
) -> bool {
    let tree = &facts.tree;
    if !tree.contains(outer, inner) {
        return true;
    }
    let around = tree.ancestors(inner).skip(1).take_while(|state| tree.contains(outer, *state));
    let mut regions = around
        .filter(|state| tree.kind(*state) == StateKind::Parallel)
        .flat_map(|state| &tree.state(state).children)
        .filter(|region| !tree.contains(**region, inner));
    regions.any(|region| !stirred.by(event, *region) && !stirred.inside(tree, event, *region))
}

/// True if guards can be as they are asked to be, all at once.
fn may_hold(facts: &Facts, active: &[StateId], asked: &[(Expr, bool)]) -> bool {
    let mut terms = Terms::new(facts, active);
    let mut all = Cases::all();
    for (guard, holds) in asked {
        // What is too much to look at is taken to be possible.
        let own = terms.cases(guard, *holds);
        all = own.and_then(|own| terms.both(&all, &own)).unwrap_or(all);
    }
    !all.is_empty()
}

fn report(
    facts: &Facts,
    stirred: &Stirred,
    (saga, open): (StateId, &Open),
    exit: &Exit,
) -> Diagnostic {
    let (name, reaction) = (facts.tree.name(saga), exit.reaction);
    let done = open.steps.iter().take_while(|(stage, _)| *stage <= exit.last);
    let done: Vec<String> = done.map(|(_, step)| step.text.clone()).collect();
    let place = if reaction.choice { exit.branch.span } else { reaction.span };
    let is_own = facts.tree.contains(saga, reaction.source);
    let way_out = match reaction.trigger {
        _ if is_own => "write `abort` here".to_owned(),
        Trigger::Event(event) => {
            let event_name = &facts.model.declarations.events[event.index()].name.text;
            if stirred.inside(&facts.tree, event, saga) {
                format!(
                    "write `if !in({name})` here: `{name}` says what it does on `{event_name}` itself"
                )
            } else {
                format!("write `on {event_name} abort` in `{name}`")
            }
        }
        Trigger::After(_) | Trigger::Every(_) | Trigger::Always => {
            format!("put this into `{name}`, with `abort`")
        }
        _ => format!("let it raise an event on which `{name}` says `abort`"),
    };
    let are = words::are(done.len());
    Diagnostic::new(Code::HalfDone, place, format!("`{name}` may be left half done here"))
        .at(format!("{} may be done, and {are} not taken back", words::list(&done)))
        .label(facts.tree.state(saga).span, "goes back if a step fails, and by `abort`")
        .help(format!("{way_out}, and lead out from `on compensated`"))
}
