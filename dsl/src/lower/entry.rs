//! What is entered, in document order, parents before children.

use crate::chart::{Chart, EntryData, EntryStep, HistoryId};
use crate::model::{Model, StateId, StateKind, TargetState};

/// A state that has to be active afterwards, and how what is inside it is chosen.
pub(super) struct Goal {
    pub(super) state: StateId,
    data: EntryData,
    /// What was active there before, instead of the default.
    pub(super) restore: Option<(HistoryId, bool)>,
}

impl Goal {
    /// A target of a transition.
    pub(super) fn target(target: &TargetState) -> Self {
        let data = target.args.clone().map_or(EntryData::Defaults, EntryData::Target);
        Self { state: target.state, data, restore: None }
    }

    fn initial(target: &TargetState) -> Self {
        let data = target.args.clone().map_or(EntryData::Defaults, EntryData::Initial);
        Self { state: target.state, data, restore: None }
    }

    pub(super) fn history(chart: &Chart, state: StateId, deep: bool) -> Self {
        // Every state named by a history target is in the list that `lower` made beforehand.
        let restore = chart.state(state).history.map(|history| (history, deep));
        Self { state, data: EntryData::Defaults, restore }
    }
}

/// Entry of the whole machine.
pub(super) fn whole(model: &Model, chart: &Chart) -> Vec<EntryStep> {
    let mut steps = Vec::new();
    enter(model, chart, StateId::ROOT, &[], &mut steps);
    steps
}

/// What [`ChartState::default_entry`](crate::chart::ChartState::default_entry) says, made of the
/// default entries of the states inside, which are known already.
pub(super) fn default_entry(model: &Model, chart: &Chart, state: StateId) -> Vec<EntryStep> {
    let mut steps = Vec::new();
    match chart.state(state).kind {
        StateKind::Atomic | StateKind::Final => {}
        StateKind::Parallel => all_regions(model, chart, state, &[], &mut steps),
        StateKind::Root | StateKind::Composite | StateKind::Region => {
            if let Some(initial) = &model.states[state.index()].initial {
                if !initial.effects.is_empty() {
                    let effects = initial.effects.clone();
                    steps.push(EntryStep::InitialEffects { state, effects });
                }
                let goals: Vec<Goal> = initial.targets.iter().map(Goal::initial).collect();
                inside(model, chart, state, &goals, &mut steps);
            }
        }
    }
    steps
}

/// Enters `state` and what the goals, or defaults, choose inside.
pub(super) fn enter(
    model: &Model,
    chart: &Chart,
    state: StateId,
    goals: &[Goal],
    steps: &mut Vec<EntryStep>,
) {
    let own = goals.iter().find(|goal| goal.state == state);
    let data = own.map_or(EntryData::Defaults, |goal| goal.data.clone());
    steps.push(EntryStep::Enter { state, data });
    inside(model, chart, state, goals, steps);
}

/// Enters what the goals, or defaults, choose inside `state`, which is active already.
pub(super) fn inside(
    model: &Model,
    chart: &Chart,
    state: StateId,
    goals: &[Goal],
    steps: &mut Vec<EntryStep>,
) {
    if let Some((history, deep)) =
        goals.iter().find(|goal| goal.state == state).and_then(|goal| goal.restore)
    {
        steps.push(EntryStep::Restore { history, deep });
        return;
    }
    match goals.iter().find_map(|goal| chart.child_towards(state, goal.state)) {
        None => steps.extend(chart.state(state).default_entry.iter().cloned()),
        Some(_) if chart.state(state).kind == StateKind::Parallel => {
            all_regions(model, chart, state, goals, steps);
        }
        Some(child) => enter(model, chart, child, goals, steps),
    }
}

fn all_regions(
    model: &Model,
    chart: &Chart,
    state: StateId,
    goals: &[Goal],
    steps: &mut Vec<EntryStep>,
) {
    for region in &chart.state(state).children {
        enter(model, chart, *region, goals, steps);
    }
}
