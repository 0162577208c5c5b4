//! What is read where, and what is set for sure by then.

use super::flow::Flow;
use crate::check::bits::Bits;
use crate::check::entry;
use crate::check::exprs;
use crate::check::facts::Facts;
use crate::model::{
    Effect, EffectKind, Expr, ExprKind, FanOut, FieldId, Invoke, Reaction, StateId, StateKind,
    TargetState, Trigger,
};
use crate::span::Span;

/// A place that reads a field.
pub(super) struct Read {
    pub(super) field: FieldId,
    pub(super) span: Span,
    pub(super) place: Place,
}

/// When it reads.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// While the state is entered.
    Entering(StateId),
    /// Later, while it is active.
    Active(StateId),
}

impl Place {
    /// The state that is entered or active.
    pub(super) fn state(self) -> StateId {
        match self {
            Self::Entering(state) | Self::Active(state) => state,
        }
    }
}

/// The places that read a field which is not set for sure, in document order of their states.
pub(super) fn unset(facts: &Facts, flow: &Flow) -> Vec<Read> {
    let mut reads = Vec::new();
    let left = left(facts);
    for id in facts.tree.ids().filter(|id| facts.is_active(*id)) {
        entering(facts, flow, id, &mut reads);
        let state = facts.tree.state(id);
        if left[id.index()] {
            let mut now = flow.active[id.index()].clone();
            now.add(&flow.emptied[id.index()]);
            Reader { now, place: Place::Active(id), reads: &mut reads }.effects(&state.exit);
        }
        for reaction in facts.reactions(id) {
            reacting(facts, flow, reaction, &mut reads);
        }
    }
    for invariant in &facts.model.invariants {
        let place = Place::Active(invariant.state);
        let now = flow.active[invariant.state.index()].clone();
        Reader { now, place, reads: &mut reads }.expr(&invariant.expr);
    }
    reads
}

/// The states that some branch may leave.
fn left(facts: &Facts) -> Vec<bool> {
    // What stands in a domain and can be active with the source; ranges begin and end here.
    let mut ends = vec![0i32; facts.model.states.len() + 1];
    for reaction in facts.model.reactions.iter().filter(|r| facts.is_active(r.source)) {
        for branch in &reaction.branches {
            for outer in entry::domain(&facts.tree, reaction.source, &branch.target) {
                let way = facts.tree.child_towards(outer, reaction.source);
                let child = way.filter(|_| facts.tree.kind(outer) != StateKind::Parallel);
                ends[child.map_or(outer.index() + 1, StateId::index)] += 1;
                ends[facts.tree.end(child.unwrap_or(outer))] -= 1;
            }
        }
    }
    let open = ends.iter().scan(0, |open, change| {
        *open += change;
        Some(*open > 0)
    });
    open.collect()
}

fn entering(facts: &Facts, flow: &Flow, id: StateId, reads: &mut Vec<Read>) {
    let (state, place) = (facts.tree.state(id), Place::Entering(id));
    let mut reader = Reader { now: flow.entering[id.index()].clone(), place, reads };
    state.data.iter().filter_map(|p| p.default.as_ref()).for_each(|e| reader.expr(e));
    reader.effects(&state.entry);
    for reaction in facts.reactions(id) {
        if let Trigger::After(delay) | Trigger::Every(delay) = &reaction.trigger {
            reader.expr(delay);
        }
    }
    let args = state.invoke.iter().flat_map(Invoke::all_args);
    let args = args.chain(state.fan_out.iter().flat_map(FanOut::all_args));
    args.for_each(|arg| reader.expr(arg));
    if let Some(initial) = &state.initial {
        reader.now = flow.choosing[id.index()].clone();
        reader.effects(&initial.effects);
        initial.targets.iter().for_each(|target| reader.args(target));
    }
}

fn reacting(facts: &Facts, flow: &Flow, reaction: &Reaction, reads: &mut Vec<Read>) {
    let place = Place::Active(reaction.source);
    let now = flow.active[reaction.source.index()].clone();
    let mut reader = Reader { now, place, reads };
    reader.effects(&reaction.effects);
    reaction.branches.iter().filter_map(|b| b.guard.as_ref()).for_each(|g| reader.expr(g));
    for branch in &reaction.branches {
        reader.now = flow.before_effects(facts, reaction, branch);
        reader.effects(&branch.effects);
        exprs::targets(branch).iter().for_each(|target| reader.args(target));
    }
}

/// Walks what is executed, in order.
struct Reader<'r> {
    now: Bits,
    place: Place,
    reads: &'r mut Vec<Read>,
}

impl Reader<'_> {
    fn effects(&mut self, effects: &[Effect]) {
        for effect in effects {
            effect.exprs().into_iter().for_each(|expr| self.expr(expr));
            if let EffectKind::Set(field, _) = effect.kind {
                self.now.insert(field.index());
            }
        }
    }

    fn args(&mut self, target: &TargetState) {
        target.args.iter().flatten().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Context(field) = expr.kind
            && !self.now.has(field.index())
        {
            self.reads.push(Read { field, span: expr.span, place: self.place });
        }
        expr.parts().into_iter().for_each(|part| self.expr(part));
    }
}
