//! W0309: on a cycle of `always`, `raise` and completion with guards, something changes what the
//! guards ask for. Else they hold in every round once they have held in one, and the step fails
//! after its last microstep.
//!
//! A way through branches is looked for, as in E0308, along which all guards can hold and all that
//! come before them fail, with the fields as they are. A guard that asks for anything that may
//! change on the way ends the search: a field that is set there, `in(..)`, `elapsed()`, payload,
//! data of a state; so do history, `defer` and `ignore`. There are bounds for the search.

use super::eventless_cycle::raised_by;
use super::exprs;
use super::facts::Facts;
use super::guards::{Cases, Terms};
use super::landing::Landing;
use super::stirred::Stirred;
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Branch, Builtin, EventId, Expr, ExprKind, Reaction, StateId, StateKind, Target, Trigger,
};

/// Longer cycles are not looked for.
const LONGEST: usize = 8;

/// More steps are not made in the search from one branch, and through one machine.
const MOST_STEPS: usize = 400;
const MOST_STEPS_IN_ALL: usize = 100_000;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let mut search = Search { facts, stirred: Stirred::new(facts), left: 0 };
    let mut in_all = MOST_STEPS_IN_ALL;
    let mut told: Vec<&Branch> = Vec::new();
    for reaction in facts.model.reactions.iter().filter(|r| facts.is_active(r.source)) {
        for (at, branch) in reaction.branches.iter().enumerate() {
            let is_told = |b: &Branch| told.iter().any(|t| std::ptr::eq(*t, b));
            let first = Taken { reaction, branch, asks: asked(reaction, at) };
            if is_told(branch) || !first.is_plain() {
                continue;
            }
            let mut way = vec![first];
            let steps = MOST_STEPS.min(in_all);
            search.left = steps;
            let found = search.round(&mut way);
            in_all -= steps - search.left;
            if found && !way.iter().any(|taken| is_told(taken.branch)) {
                told.extend(way.iter().map(|taken| taken.branch));
                d.push(report(facts, &way));
            }
        }
    }
}

/// A branch on the way, and what has to hold or fail for it to be taken.
#[derive(Clone)]
struct Taken<'m> {
    reaction: &'m Reaction,
    branch: &'m Branch,
    asks: Vec<(&'m Expr, bool)>,
}

impl Taken<'_> {
    /// True if nothing that it asks for depends on when it is asked, fields aside.
    fn is_plain(&self) -> bool {
        let changes = |part: &Expr| {
            matches!(
                part.kind,
                ExprKind::In(_)
                    | ExprKind::Builtin(Builtin::Elapsed, _)
                    | ExprKind::Binding(..)
                    | ExprKind::Branch(..)
                    | ExprKind::StateData(..)
                    | ExprKind::External(_, Some(_))
            )
        };
        self.asks.iter().all(|(guard, _)| !guard.any(&mut |part| changes(part)))
    }
}

/// What a branch of a reaction asks for: its guard, and that those before it fail.
fn asked(reaction: &Reaction, at: usize) -> Vec<(&Expr, bool)> {
    let guards = reaction.branches[..=at].iter().enumerate();
    guards.filter_map(|(index, b)| Some((b.guard.as_ref()?, index == at))).collect()
}

struct Search<'f, 'm> {
    facts: &'f Facts<'m>,
    stirred: Stirred,
    left: usize,
}

impl<'m> Search<'_, 'm> {
    /// Goes on until the first branch can be taken again; false if there is no such way.
    fn round(&mut self, way: &mut Vec<Taken<'m>>) -> bool {
        let Some(last) = way.last() else { return false };
        for next in self.next(last.reaction, last.branch) {
            let Some(left) = self.left.checked_sub(1) else { return false };
            self.left = left;
            if !next.is_plain() {
                continue;
            }
            let known = way.iter().position(|taken| std::ptr::eq(taken.branch, next.branch));
            if known == Some(0) {
                // The first was taken with what it asks itself; now also what led back to it.
                let first = std::mem::replace(&mut way[0], next);
                if is_endless(self.facts, way) {
                    return true;
                }
                way[0] = first;
            } else if known.is_none() && way.len() < LONGEST {
                way.push(next);
                if self.round(way) {
                    return true;
                }
                way.pop();
            }
        }
        false
    }

    /// The branches that may be taken directly behind one.
    fn next(&self, reaction: &'m Reaction, branch: &'m Branch) -> Vec<Taken<'m>> {
        let landing = Landing::of(self.facts, reaction, branch);
        if !landing.certain || !raised_by(landing.chances).is_empty() {
            return Vec::new();
        }
        let raised = raised_by(landing.effects);
        let mut next = Vec::new();
        for leaf in landing.leaves {
            self.follow(leaf, &raised, &mut next);
        }
        next
    }

    fn follow(&self, leaf: StateId, raised: &[EventId], next: &mut Vec<Taken<'m>>) {
        let (facts, tree) = (self.facts, &self.facts.tree);
        let is_always = |s: StateId| facts.reactions(s).any(|r| r.trigger == Trigger::Always);
        // A state inside comes first, and whether it is active is not known.
        if tree.inside(leaf).skip(1).any(is_always) {
            return;
        }
        let mut before = Vec::new();
        let around = tree.ancestors(leaf).flat_map(|s| facts.reactions(s));
        let always = around.filter(|r| r.trigger == Trigger::Always);
        if !try_each(always, &mut before, next) {
            return;
        }
        let Some(event) =
            raised.iter().find(|e| tree.ancestors(leaf).any(|s| self.stirred.by(**e, s)))
        else {
            let state = tree.state(leaf);
            if let Some(around) = state.parent.filter(|_| state.kind == StateKind::Final) {
                let done = facts.reactions(around).filter(|r| r.trigger == Trigger::Done);
                try_each(done, &mut before, next);
            }
            return;
        };
        if self.stirred.inside(tree, *event, leaf) {
            return;
        }
        for state in tree.ancestors(leaf).filter(|s| self.stirred.by(*event, *s)) {
            let own = Trigger::Event(*event);
            let mut handlers = facts.reactions(state).filter(|r| r.trigger == own).peekable();
            if handlers.peek().is_none() || !try_each(handlers, &mut before, next) {
                return;
            }
        }
    }
}

/// Adds the branches of reactions that are tried one behind the other; false if one of them is
/// taken for sure.
fn try_each<'m>(
    reactions: impl Iterator<Item = &'m Reaction>,
    before: &mut Vec<(&'m Expr, bool)>,
    next: &mut Vec<Taken<'m>>,
) -> bool {
    for reaction in reactions {
        for branch in &reaction.branches {
            let own = branch.guard.as_ref().map(|guard| (guard, true));
            let asks = before.iter().copied().chain(own).collect();
            next.push(Taken { reaction, branch, asks });
            match &branch.guard {
                Some(guard) => before.push((guard, false)),
                None => return false,
            }
        }
    }
    true
}

/// True if the way asks for something, nothing on it changes that, and it can hold all at once.
fn is_endless(facts: &Facts, way: &[Taken]) -> bool {
    let guarded = way.iter().any(|taken| !taken.branch.always_holds());
    let asks = || way.iter().flat_map(|taken| &taken.asks);
    let mut set = Vec::new();
    for taken in way {
        let landing = Landing::of(facts, taken.reaction, taken.branch);
        let effects = landing.effects.into_iter().chain(landing.chances);
        set.extend(effects.filter_map(exprs::field_set));
        set.extend(set_beside(facts, taken.reaction.source));
    }
    let changes = asks().any(|(guard, _)| guard.any(&mut |part| set.contains(&part.kind)));
    if !guarded || changes {
        return false;
    }
    let mut terms = Terms::new(facts, &[]);
    let mut all = Some(Cases::all());
    for (guard, holds) in asks() {
        let own = terms.cases(guard, *holds);
        all = all.and_then(|all| terms.both(&all, &own?));
    }
    all.is_some_and(|all| !all.is_empty())
}

/// The fields that other regions may set meanwhile.
fn set_beside(facts: &Facts, source: StateId) -> Vec<ExprKind> {
    let tree = &facts.tree;
    let Some(outermost) =
        tree.ancestors(source).filter(|s| tree.kind(*s) == StateKind::Parallel).last()
    else {
        return Vec::new();
    };
    let own = tree.child_towards(outermost, source);
    let beside = tree.inside(outermost).filter(|s| own.is_none_or(|own| !tree.contains(own, *s)));
    let mut effects = Vec::new();
    for id in beside {
        let state = tree.state(id);
        effects.extend(state.entry.iter().chain(&state.exit));
        effects.extend(state.initial.iter().flat_map(|initial| &initial.effects));
        for reaction in facts.reactions(id) {
            effects.extend(&reaction.effects);
            effects.extend(reaction.branches.iter().flat_map(|branch| &branch.effects));
        }
    }
    effects.into_iter().filter_map(exprs::field_set).collect()
}

fn report(facts: &Facts, way: &[Taken]) -> Diagnostic {
    let mut names: Vec<&str> = way.iter().map(|t| facts.tree.name(t.reaction.source)).collect();
    names.push(names[0]);
    let message = if way.len() == 1 && way[0].branch.target == Target::Stay {
        format!("once taken, this is taken again and again in `{}`", names[0])
    } else {
        format!("these transitions may follow each other for ever: `{}`", names.join(" -> "))
    };
    let mut fields: Vec<String> = Vec::new();
    for (guard, _) in way.iter().flat_map(|taken| &taken.asks) {
        guard.any(&mut |part| {
            let name = facts.field_name(&part.kind);
            if !name.is_empty() && !fields.iter().any(|known| known == name) {
                fields.push(name.to_owned());
            }
            false
        });
    }
    let what = match fields.is_empty() {
        true => "what their guards ask for".to_owned(),
        false => words::list(&fields),
    };
    let mut report = Diagnostic::new(Code::GuardedCycle, way[0].branch.span, message);
    for taken in &way[1..] {
        report = report.label(taken.branch.span, "then this");
    }
    report
        .note(format!("nothing on the way changes {what}"))
        .help("change there what a guard asks for, or let it wait for an event or a timer")
}
