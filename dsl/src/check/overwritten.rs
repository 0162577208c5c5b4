//! W0403, second half: what a step sets is not overwritten in the same microstep before anything
//! reads it.
//!
//! Looked at are the effects of one list, and those of a branch together with what its target does
//! on entry. Other regions may read in between, so entries count only if the branch leaves no
//! region; and what history restores is not known.

use super::entry::{self, Step};
use super::exprs;
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Branch, Effect, Expr, ExprKind, Reaction, StateId, StateKind, Target, Trigger};
use crate::span::Span;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for id in facts.tree.ids() {
        let state = facts.tree.state(id);
        let initial = state.initial.iter().map(|initial| &initial.effects);
        for list in [&state.entry, &state.exit].into_iter().chain(initial) {
            Unread::new(facts, d).effects(list);
        }
    }
    for reaction in &facts.model.reactions {
        Unread::new(facts, d).effects(&reaction.effects);
        for branch in &reaction.branches {
            let mut unread = Unread::new(facts, d);
            unread.effects(&branch.effects);
            unread.entries(reaction, branch);
        }
    }
}

/// A field that was set and not read since.
struct Set<'m> {
    field: ExprKind,
    effect: &'m Effect,
}

/// Goes through effects in the order of execution.
struct Unread<'f, 'm, 'd> {
    facts: &'f Facts<'m>,
    sets: Vec<Set<'m>>,
    /// The state that is entered; what is set on entry stays in doubt, for there are other ways in.
    entered: Option<StateId>,
    d: &'d mut Diagnostics,
}

impl<'f, 'm, 'd> Unread<'f, 'm, 'd> {
    fn new(facts: &'f Facts<'m>, d: &'d mut Diagnostics) -> Self {
        Self { facts, sets: Vec::new(), entered: None, d }
    }

    fn effects(&mut self, effects: &'m [Effect]) {
        for effect in effects {
            effect.exprs().into_iter().for_each(|expr| self.read(expr));
            let Some(field) = exprs::field_set(effect) else { continue };
            if let Some(at) = self.sets.iter().position(|set| set.field == field) {
                let first = self.sets.swap_remove(at);
                let report = self.report(&first, effect.span);
                self.d.push(report);
            }
            if self.entered.is_none() {
                self.sets.push(Set { field, effect });
            }
        }
    }

    fn read(&mut self, expr: &Expr) {
        expr.any(&mut |part| {
            self.sets.retain(|set| set.field != part.kind);
            false
        });
    }

    /// Goes on with what a branch enters.
    fn entries(&mut self, reaction: &Reaction, branch: &'m Branch) {
        let targets = exprs::targets(branch);
        targets.iter().flat_map(|t| &t.args).flatten().for_each(|arg| self.read(arg));
        let tree = &self.facts.tree;
        let domain = entry::domain(tree, reaction.source, &branch.target);
        let in_region = domain
            .iter()
            .flat_map(|stays| tree.ancestors(*stays))
            .any(|outer| tree.kind(outer) == StateKind::Region);
        if branch.target == Target::Stay || in_region {
            return;
        }
        entry::walk(tree, reaction.source, &branch.target, &mut |step| self.step(step));
    }

    fn step(&mut self, step: Step<'m>) {
        let facts = self.facts;
        match step {
            Step::Enter(id, _) => {
                self.entered = Some(id);
                let state = facts.tree.state(id);
                state.data.iter().filter_map(|p| p.default.as_ref()).for_each(|e| self.read(e));
                self.effects(&state.entry);
                for reaction in facts.reactions(id) {
                    if let Trigger::After(delay) | Trigger::Every(delay) = &reaction.trigger {
                        self.read(delay);
                    }
                }
            }
            Step::Default(id) => {
                if let Some(initial) = &facts.tree.state(id).initial {
                    self.effects(&initial.effects);
                    let args = initial.targets.iter().flat_map(|t| &t.args).flatten();
                    args.for_each(|arg| self.read(arg));
                }
                entry::default_entry(&facts.tree, id, &mut |step| self.step(step));
            }
            Step::Restore(_) => self.sets.clear(),
        }
    }

    fn report(&self, first: &Set, second: Span) -> Diagnostic {
        let name = self.facts.field_name(&first.field);
        let again = match self.entered {
            Some(state) => {
                format!("set again on entry of `{}`", self.facts.tree.name(state))
            }
            None => "set again here, in the same step".to_owned(),
        };
        let message = format!("`{name}` is overwritten before anything reads it");
        Diagnostic::new(Code::LostValue, first.effect.span, message)
            .label(second, again)
            .help("remove one of the two, or read the first value before it is gone")
    }
}
