//! What a branch enters, in order. `lower` decides the same for execution; a rule needs less: which
//! states, in which order, and where a default chooses.

use super::tree::Tree;
use crate::model::{StateId, StateKind, Target, TargetState};

/// One step of an entry.
#[derive(Clone, Copy)]
pub(super) enum Step<'m> {
    /// The state is entered; with values for its data if it is a target that gives them.
    Enter(StateId, Option<&'m TargetState>),
    /// Now the default entry of what is inside the state, which is active.
    Default(StateId),
    /// Now what was active in the state before, or its default entry if it never was.
    Restore(StateId),
}

/// A state that is active afterwards.
struct Goal<'m> {
    state: StateId,
    target: Option<&'m TargetState>,
    restore: bool,
}

/// Visits what a branch of a reaction in `source` enters, in execution order.
pub(super) fn walk<'m>(
    tree: &Tree<'m>,
    source: StateId,
    target: &'m Target,
    visit: &mut dyn FnMut(Step<'m>),
) {
    match target {
        Target::Stay => {}
        Target::Initial(state, _) => visit(Step::Default(*state)),
        Target::Reenter(target) => enter(tree, target.state, &[goal(target)], visit),
        Target::States(targets) => {
            let goals: Vec<Goal> = targets.iter().map(goal).collect();
            for outer in domain(tree, source, target) {
                inside(tree, outer, &goals, visit);
            }
        }
        Target::History { state, .. } => {
            let goals = [Goal { state: *state, target: None, restore: true }];
            for outer in domain(tree, source, target) {
                inside(tree, outer, &goals, visit);
            }
        }
    }
}

/// The innermost states that stay active while a branch is taken: one, or several regions of one
/// parallel state. Nothing for a stay.
pub(super) fn domain(tree: &Tree, source: StateId, target: &Target) -> Vec<StateId> {
    let (goals, history): (Vec<StateId>, bool) = match target {
        Target::Stay => return Vec::new(),
        Target::Initial(state, _) => return vec![*state],
        Target::Reenter(target) => return tree.state(target.state).parent.into_iter().collect(),
        Target::States(targets) => (targets.iter().map(|t| t.state).collect(), false),
        Target::History { state, .. } => (vec![*state], true),
    };
    let stays = |outer: StateId| {
        goals.iter().all(|goal| tree.contains(outer, *goal) && (*goal != outer || history))
    };
    let anchor = tree.ancestors(source).find(|s| stays(*s)).unwrap_or(StateId::ROOT);
    if tree.kind(anchor) != StateKind::Parallel || goals.contains(&anchor) {
        return vec![anchor];
    }
    let touched = |region: &StateId| {
        tree.contains(*region, source) || goals.iter().any(|goal| tree.contains(*region, *goal))
    };
    tree.state(anchor).children.iter().copied().filter(touched).collect()
}

/// Visits the choice that a default entry of `state` makes directly: not what is inside the states
/// for which it gives [`Step::Default`].
pub(super) fn default_entry<'m>(tree: &Tree<'m>, state: StateId, visit: &mut dyn FnMut(Step<'m>)) {
    match tree.kind(state) {
        StateKind::Atomic | StateKind::Final => {}
        StateKind::Parallel => regions(tree, state, &[], visit),
        StateKind::Root | StateKind::Composite | StateKind::Region => {
            if let Some(initial) = &tree.state(state).initial {
                let goals: Vec<Goal> = initial.targets.iter().map(goal).collect();
                if goals.iter().any(|g| g.state != state && tree.contains(state, g.state)) {
                    inside(tree, state, &goals, visit);
                }
            }
        }
    }
}

fn goal(target: &TargetState) -> Goal<'_> {
    Goal { state: target.state, target: Some(target), restore: false }
}

fn enter<'m>(tree: &Tree<'m>, state: StateId, goals: &[Goal<'m>], visit: &mut dyn FnMut(Step<'m>)) {
    let own = goals.iter().find(|goal| goal.state == state);
    visit(Step::Enter(state, own.and_then(|goal| goal.target)));
    inside(tree, state, goals, visit);
}

fn inside<'m>(
    tree: &Tree<'m>,
    state: StateId,
    goals: &[Goal<'m>],
    visit: &mut dyn FnMut(Step<'m>),
) {
    if goals.iter().any(|goal| goal.state == state && goal.restore) {
        return visit(Step::Restore(state));
    }
    match goals.iter().find_map(|goal| tree.child_towards(state, goal.state)) {
        None => visit(Step::Default(state)),
        Some(_) if tree.kind(state) == StateKind::Parallel => regions(tree, state, goals, visit),
        Some(child) => enter(tree, child, goals, visit),
    }
}

fn regions<'m>(
    tree: &Tree<'m>,
    state: StateId,
    goals: &[Goal<'m>],
    visit: &mut dyn FnMut(Step<'m>),
) {
    for region in &tree.state(state).children {
        enter(tree, *region, goals, visit);
    }
}
