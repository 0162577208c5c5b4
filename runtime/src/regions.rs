//! A microstep of a machine with parallel states: every active leaf chooses, conflicts are
//! resolved, then all exits, all effects, all entries.

use crate::chart::{Chart, NONE, Run, Shape, Table, code};
use crate::core::{Core, is_active_in};
use crate::error::StepError;
use crate::step::Dispatch;

/// What a plan, or a choice whose plan is not known yet, leaves and enters.
#[derive(Clone, Copy, Debug)]
pub struct PlanShape {
    /// The state that the transition stands in.
    pub source: u16,
    /// The states that are left if they are active: ranges in document order.
    pub exit: &'static [(u16, u16)],
    /// The first state of each part of the entry: there is one inside each state that stays.
    pub parts: &'static [u16],
}

impl PlanShape {
    fn leaves(&self, state: u16) -> bool {
        self.exit.iter().any(|(start, end)| (*start..*end).contains(&state))
    }

    fn meets(&self, other: &Self) -> bool {
        self.exit.iter().any(|a| other.exit.iter().any(|b| a.0 < b.1 && b.0 < a.1))
    }
}

/// What a leaf chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selected {
    /// No transition; what becomes of the event instead.
    Nothing(Dispatch),
    /// A plan, or a choice.
    Take(u32),
}

/// The straight-line code of a machine with parallel states.
pub trait Regions<L, A>: Run<L, A> + Table {
    /// Plans, then choices with effects before their guards.
    const PLANS: &'static [PlanShape];
    /// The number of plans: from here on they are choices.
    const CHOICES: u32;

    /// Reads the guards of a row.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn select(core: &Core<Self>, row: u32, given: &Self::Given<'_>) -> Result<Selected, StepError>;

    /// Runs the effects in front of a choice, then reads its guards: gives the plan.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn choose(
        core: &mut Core<Self>,
        actions: &mut A,
        choice: u32,
        given: &Self::Given<'_>,
    ) -> Result<u32, StepError>;

    /// Leaves one state: its exit effects; its timers are cancelled.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn exit(core: &mut Core<Self>, actions: &mut A, state: u16) -> Result<(), StepError>;

    /// All exits, then all effects. A machine has its own where a completion binds what the exits
    /// change, which it reads in front of them.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn pass(
        core: &mut Core<Self>,
        actions: &mut A,
        chosen: &[u32],
        given: &Self::Given<'_>,
    ) -> Result<(), StepError> {
        pass::<Self, L, A>(core, actions, chosen, given)
    }

    /// The effects of a plan, and the data of the states that it enters.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn effects(
        core: &mut Core<Self>,
        actions: &mut A,
        plan: u32,
        given: &Self::Given<'_>,
    ) -> Result<(), StepError>;

    /// Enters what a plan enters inside one of the states that stay.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    fn entry(core: &mut Core<Self>, actions: &mut A, plan: u32, part: u16)
    -> Result<(), StepError>;
}

/// One microstep, if the trigger enables one.
///
/// # Errors
/// A value that cannot be calculated.
pub fn react_regions<C: Regions<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    trigger: u32,
    given: C::Given<'_>,
) -> Result<Dispatch, StepError> {
    let given = &given;
    let mut chosen = std::mem::take(&mut core.chosen);
    chosen.clear();
    let made = select::<C, L, A>(core, trigger, given, &mut chosen).and_then(|dispatch| {
        if dispatch == Dispatch::Handled {
            make::<C, L, A>(core, actions, given, &mut chosen)?;
        }
        Ok(dispatch)
    });
    core.chosen = chosen;
    made
}

/// Collects what the active leaves choose, without conflicts.
fn select<C: Regions<L, A>, L, A>(
    core: &Core<C>,
    trigger: u32,
    given: &C::Given<'_>,
    chosen: &mut Vec<u32>,
) -> Result<Dispatch, StepError> {
    let mut otherwise = Dispatch::Unhandled;
    for &leaf in core.leaves.as_ref() {
        if leaf == NONE {
            continue;
        }
        let selected = match C::code(leaf, trigger) - C::LEAVES.len() as u32 {
            code::UNHANDLED => continue,
            code::IGNORED => Selected::Nothing(Dispatch::Ignored),
            code::DEFERRED => Selected::Nothing(Dispatch::Deferred),
            row => C::select(core, row - code::ROWS, given)?,
        };
        match selected {
            Selected::Take(plan) => keep::<C, L, A>(plan, chosen),
            Selected::Nothing(Dispatch::Deferred) => otherwise = Dispatch::Deferred,
            Selected::Nothing(Dispatch::Ignored) if otherwise == Dispatch::Unhandled => {
                otherwise = Dispatch::Ignored;
            }
            Selected::Nothing(_) => {}
        }
    }
    Ok(if chosen.is_empty() { otherwise } else { Dispatch::Handled })
}

/// Adds a plan unless one that was chosen before wins over it. The inner one wins, else the first.
fn keep<C: Regions<L, A>, L, A>(plan: u32, chosen: &mut Vec<u32>) {
    if chosen.contains(&plan) {
        return;
    }
    let shape = &C::PLANS[plan as usize];
    let meets = |other: &u32| shape.meets(&C::PLANS[*other as usize]);
    let wins = |other: &u32| stands_in::<C>(shape.source, C::PLANS[*other as usize].source);
    // One that loses takes nobody with it.
    if chosen.iter().all(|other| !meets(other) || wins(other)) {
        chosen.retain(|other| !meets(other));
        chosen.push(plan);
    }
}

fn stands_in<C: Chart>(inner: u16, outer: u16) -> bool {
    outer < inner && inner < C::SHAPES[usize::from(outer)].end
}

/// Takes the chosen transitions.
fn make<C: Regions<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    given: &C::Given<'_>,
    chosen: &mut [u32],
) -> Result<(), StepError> {
    chosen.sort_unstable_by_key(|plan| (C::PLANS[*plan as usize].source, *plan));
    for plan in chosen.iter_mut() {
        if *plan >= C::CHOICES {
            *plan = C::choose(core, actions, *plan - C::CHOICES, given)?;
        }
    }
    record::<C, L, A>(core, chosen);
    C::pass(core, actions, chosen, given)?;
    arrive::<C, L, A>(core, actions, chosen)
}

/// All exits, then all effects.
///
/// # Errors
/// A value that cannot be calculated.
pub fn pass<C: Regions<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    chosen: &[u32],
    given: &C::Given<'_>,
) -> Result<(), StepError> {
    leave::<C, L, A>(core, actions, chosen)?;
    for &plan in chosen {
        C::effects(core, actions, plan, given)?;
    }
    Ok(())
}

/// Remembers what is active in states that are left.
fn record<C: Regions<L, A>, L, A>(core: &mut Core<C>, chosen: &[u32]) {
    for (at, &state) in C::REMEMBERED.iter().enumerate() {
        let left = chosen.iter().any(|plan| C::PLANS[*plan as usize].leaves(state));
        if left && core.is_active(state) {
            core.histories.as_mut()[at] = core.leaves;
        }
    }
}

/// Leaves the active states in reverse document order. Slots are in document order too, and what
/// is active in a slot is its leaf and the states around that.
///
/// # Errors
/// A value that cannot be calculated.
pub fn leave<C: Regions<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    chosen: &[u32],
) -> Result<(), StepError> {
    let is_left = |state: u16| chosen.iter().any(|plan| C::PLANS[*plan as usize].leaves(state));
    for slot in (0..core.leaves.as_ref().len()).rev() {
        let leaf = core.leaves.as_ref()[slot];
        let Some(&leaf) = C::LEAVES.get(usize::from(leaf)) else { continue };
        let mut state = leaf;
        while state != NONE && is_left(state) {
            C::exit(core, actions, state)?;
            let Shape { parent, slot: own, .. } = C::SHAPES[usize::from(state)];
            let same = parent != NONE && C::SHAPES[usize::from(parent)].slot == own;
            state = if same { parent } else { NONE };
            core.leaves.as_mut()[slot] = NONE;
            core.staying.as_mut()[slot] = state;
        }
        if C::HAS_DEFER && is_left(leaf) {
            core.changed = true;
        }
    }
    Ok(())
}

/// Enters in document order.
fn arrive<C: Regions<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    chosen: &[u32],
) -> Result<(), StepError> {
    if let [plan] = chosen {
        for part in 0..C::PLANS[*plan as usize].parts.len() {
            C::entry(core, actions, *plan, part as u16)?;
        }
        return Ok(());
    }
    // What one part enters stands together, so the parts come in the order of their first states.
    let mut last = None;
    while let Some((state, plan, part)) = next_part::<C, L, A>(chosen, last) {
        C::entry(core, actions, plan, part)?;
        last = Some(state);
    }
    Ok(())
}

fn next_part<C: Regions<L, A>, L, A>(chosen: &[u32], last: Option<u16>) -> Option<(u16, u32, u16)> {
    let parts = chosen.iter().flat_map(|&plan| {
        let parts = C::PLANS[plan as usize].parts.iter().enumerate();
        parts.map(move |(part, &state)| (state, plan, part as u16))
    });
    parts.filter(|(state, ..)| last.is_none_or(|last| *state > last)).min()
}

/// The leaves that were active when a state was last left; `None` if it never was.
pub fn remembered<C: Chart>(core: &Core<C>, history: usize) -> Option<C::Leaves> {
    let leaves = core.histories.as_ref()[history];
    is_active_in::<C>(&leaves, C::REMEMBERED[history]).then_some(leaves)
}
