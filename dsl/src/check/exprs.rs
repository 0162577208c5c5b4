//! What expressions ask for, and what effects and reactions are made of.

use crate::model::{
    Branch, Builtin, Effect, EffectKind, Expr, ExprKind, Model, Reaction, Target, TargetState,
};

/// The field, or the data of a state, that an effect sets, as an expression reads it.
pub(super) fn field_set(effect: &Effect) -> Option<ExprKind> {
    match &effect.kind {
        EffectKind::Set(field, _) => Some(ExprKind::Context(*field)),
        EffectKind::SetData(state, at, _) => Some(ExprKind::StateData(*state, *at)),
        EffectKind::SetExternal(name, _) => Some(ExprKind::ExternalContext(name.clone())),
        _ => None,
    }
}

/// The states that a branch names as its targets.
pub(super) fn targets(branch: &Branch) -> &[TargetState] {
    match &branch.target {
        Target::States(targets) => targets,
        Target::Reenter(target) => std::slice::from_ref(target),
        Target::Stay | Target::Initial(..) | Target::History { .. } => &[],
    }
}

/// True if the value depends on how long a state is active.
pub(super) fn reads_time(expr: &Expr) -> bool {
    expr.any(&mut |part| matches!(part.kind, ExprKind::Builtin(Builtin::Elapsed, _)))
}

/// True if the value changes only when the machine makes a step: no time, no context of the host.
pub(super) fn is_of_the_machine(expr: &Expr) -> bool {
    !reads_time(expr) && !expr.any(&mut |part| matches!(part.kind, ExprKind::ExternalContext(_)))
}

/// All expressions of a reaction except the delay of a timer: guards, effects, values for targets.
pub(super) fn of_reaction(reaction: &Reaction) -> Vec<&Expr> {
    let mut found: Vec<&Expr> = reaction.effects.iter().flat_map(Effect::exprs).collect();
    for branch in &reaction.branches {
        found.extend(&branch.guard);
        found.extend(branch.effects.iter().flat_map(Effect::exprs));
        found.extend(targets(branch).iter().filter_map(|t| t.args.as_ref()).flatten());
    }
    found
}

/// All effects of a machine, in document order of the states: entry, exit, default entry, then what
/// its reactions do.
pub(super) fn effects(model: &Model) -> impl Iterator<Item = &Effect> {
    let of_states = model.states.iter().flat_map(|state| {
        let initial = state.initial.iter().flat_map(|initial| &initial.effects);
        state.entry.iter().chain(&state.exit).chain(initial)
    });
    of_states.chain(model.reactions.iter().flat_map(|reaction| {
        reaction.effects.iter().chain(reaction.branches.iter().flat_map(|b| &b.effects))
    }))
}
