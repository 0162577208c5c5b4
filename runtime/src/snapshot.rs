//! A machine as data: everything that makes it up, by names that persist.

use crate::activity::{Invocation, Never};
use crate::chart::{Chart, NONE};
use crate::clock::Clock;
use crate::core::{Core, is_active_in};
use crate::definition::{Definition, Kind};
use crate::error::RestoreError;
use crate::fan_out::Fan;
use crate::timers::Due;
use crate::undo::Taken;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// More calls than any machine has made: those that follow can be counted.
const MOST_VISITS: u64 = u64::MAX / 2;

/// A machine as data. Each generated module has the type for its machine, called `Snapshot` there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot<
    Context,
    Data,
    Event,
    Output,
    Request = Never,
    Reply = Never,
    Item = Never,
    Message = Never,
> {
    /// The name of the machine.
    pub machine: String,
    /// Its version.
    pub version: u64,
    /// The hash of its shape.
    pub shape: u64,
    /// Its time.
    pub now: Duration,
    /// The ids of the innermost active states.
    pub configuration: Vec<String>,
    /// What was active in states that are remembered, by the state's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub histories: BTreeMap<String, Vec<String>>,
    /// The data that all states share.
    pub context: Context,
    /// The data of states.
    pub data: Data,
    /// Events put off, first in front.
    pub deferred: Vec<Event>,
    /// What is due later, first in front.
    pub timers: Vec<TimerSnapshot<Event>>,
    /// Activities that were asked for and have not ended.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub invocations: Vec<Invocation<Request>>,
    /// Fan-outs whose joins are not decided, without their branches that run.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub fans: Vec<Fan<Request, Reply, Item>>,
    /// How many were asked for so far.
    #[serde(default)]
    pub visits: u64,
    /// Steps of sagas that may have to be taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<Taken>,
    /// Outputs that nobody has taken.
    pub outputs: Vec<Output>,
    /// Messages to other machines that nobody has taken.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
}

/// A timer or a delayed event, as data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimerSnapshot<Event> {
    /// When it is due, in the machine's time.
    pub deadline: Duration,
    /// What then happens.
    pub due: DueSnapshot<Event>,
}

/// What is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueSnapshot<Event> {
    /// `after`: the number of the timer.
    After(u16),
    /// `every`: the number of the timer, and how long it waits each time.
    Every(u16, Duration),
    /// `raise .. after`
    Raise(Event),
}

/// The snapshot type of a chart.
pub(crate) type Of<C> = Snapshot<
    <C as Chart>::Context,
    <C as Chart>::Data,
    <C as Chart>::Event,
    <C as Chart>::Output,
    <C as Chart>::Request,
    <C as Chart>::Reply,
    <C as Chart>::Item,
    <C as Chart>::Message,
>;

/// A machine as data.
pub(crate) fn take<C: Chart>(core: &Core<C>) -> Of<C>
where
    C::Context: Clone,
    C::Data: Clone,
    C::Event: Clone,
    C::Output: Clone,
    C::Request: Clone,
    C::Message: Clone,
{
    let definition = C::definition();
    Snapshot {
        machine: definition.name.to_string(),
        version: definition.version,
        shape: definition.shape,
        now: core.now,
        configuration: owned(configuration_of::<C>(&core.leaves)),
        histories: histories_of(core),
        context: core.context.clone(),
        data: core.data.clone(),
        deferred: core.deferred.clone(),
        timers: timers_of(core),
        // Whoever goes on with the snapshot is told all of them.
        invocations: core.invocations.iter().cloned().map(Invocation::untold).collect(),
        fans: core.fans.clone(),
        visits: core.visits,
        taken: core.taken.clone(),
        outputs: core.outputs.clone(),
        messages: core.messages.clone(),
    }
}

/// The ids of the innermost active states.
pub(crate) fn configuration_of<C: Chart>(leaves: &C::Leaves) -> Vec<&'static str> {
    names::<C>(leaves, |_| true)
}

/// What was active in states that are remembered, by the state's id.
pub(crate) fn histories_of<C: Chart>(core: &Core<C>) -> BTreeMap<String, Vec<String>> {
    let remembered = C::REMEMBERED.iter().zip(core.histories.as_ref());
    remembered
        .filter(|(state, leaves)| is_active_in::<C>(leaves, **state))
        .map(|(state, leaves)| {
            let id = C::definition().states[usize::from(*state)].id.to_string();
            (id, owned(names::<C>(leaves, |leaf| is_in::<C>(leaf, *state))))
        })
        .collect()
}

/// What is due later, first in front.
pub(crate) fn timers_of<C: Chart>(core: &Core<C>) -> Vec<TimerSnapshot<C::Event>>
where
    C::Event: Clone,
{
    core.timers.in_order().into_iter().map(timer).collect()
}

fn owned(names: Vec<&'static str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn timer<E: Clone>(pending: &crate::timers::Pending<E>) -> TimerSnapshot<E> {
    let due = match &pending.due {
        Due::Timer { id, period: None } => DueSnapshot::After(*id),
        Due::Timer { id, period: Some(period) } => DueSnapshot::Every(*id, *period),
        Due::Event(event) => DueSnapshot::Raise(event.clone()),
    };
    TimerSnapshot { deadline: pending.deadline, due }
}

/// True if `inner` is `outer` or stands in it.
fn is_in<C: Chart>(inner: u16, outer: u16) -> bool {
    outer <= inner && inner < C::SHAPES[usize::from(outer)].end
}

/// The ids of the leaves that are no parallel states: these follow from their regions.
fn names<C: Chart>(leaves: &C::Leaves, wanted: impl Fn(u16) -> bool) -> Vec<&'static str> {
    let states = leaves.as_ref().iter().filter_map(|leaf| C::LEAVES.get(usize::from(*leaf)));
    states
        .filter(|state| C::SHAPES[usize::from(**state)].kind != Kind::Parallel && wanted(**state))
        .map(|state| C::definition().states[usize::from(*state)].id)
        .collect()
}

/// The machine that a snapshot is of, with its deadlines moved by the clock's distance.
pub(crate) fn restore<C: Chart>(
    snapshot: Of<C>,
    clock: Option<&dyn Clock>,
) -> Result<Core<C>, RestoreError> {
    let core = restore_without_data(snapshot, clock)?;
    if has_data(&core) { Ok(core) } else { Err(RestoreError::Data) }
}

/// True if all data are there of what is active, and of what is remembered and can be again.
pub(crate) fn has_data<C: Chart>(core: &Core<C>) -> bool {
    let mut remembered = C::REMEMBERED.iter().zip(core.histories.as_ref());
    C::has_data(core, |state| core.is_active(state))
        && remembered.all(|(owner, leaves)| {
            C::has_data(core, |state| {
                // It is entered anew itself.
                let is_inside = state != *owner && is_in::<C>(state, *owner);
                is_inside && is_active_in::<C>(leaves, state)
            })
        })
}

/// The same, also if data of active states is missing.
pub(crate) fn restore_without_data<C: Chart>(
    snapshot: Of<C>,
    clock: Option<&dyn Clock>,
) -> Result<Core<C>, RestoreError> {
    fits(&snapshot, C::definition())?;
    let now = clock.map_or(snapshot.now, Clock::now);
    let mut core = Core::<C>::new(snapshot.context, now);
    core.leaves = configuration::<C>(&snapshot.configuration)?;
    is_whole::<C>(&core.leaves, 0)?;
    for (id, leaves) in &snapshot.histories {
        let state = state::<C>(id)?;
        let at = C::REMEMBERED.iter().position(|remembered| *remembered == state);
        let at = at.ok_or_else(|| RestoreError::State(id.clone()))?;
        let leaves = configuration::<C>(leaves)?;
        is_whole::<C>(&leaves, state)?;
        core.histories.as_mut()[at] = leaves;
    }
    core.data = snapshot.data;
    core.deferred = snapshot.deferred;
    core.invocations = snapshot.invocations.into();
    core.fans = snapshot.fans;
    core.fans.iter_mut().for_each(|fan| fan.count(C::is_error));
    for asked in core.invocations.iter_mut().filter_map(|open| open.asked.as_mut()) {
        asked.opened = moved(asked.opened, snapshot.now, now);
        asked.due = asked.due.map(|due| moved(due, snapshot.now, now));
    }
    core.visits = snapshot.visits;
    if core.visits > MOST_VISITS || !core.fans.iter().all(|fan| fan.fits::<C>(core.visits)) {
        return Err(RestoreError::Calls);
    }
    core.taken = snapshot.taken;
    core.outputs = snapshot.outputs;
    core.messages = snapshot.messages;
    let finals = |leaf: &u16| {
        let shape = C::LEAVES.get(usize::from(*leaf)).map(|state| C::SHAPES[usize::from(*state)]);
        shape.is_some_and(|shape| shape.kind == Kind::Final && shape.parent == 0)
    };
    core.finished = core.leaves.as_ref().first().is_some_and(finals);
    set_timers(&mut core, snapshot.timers, snapshot.now)?;
    Ok(core)
}

fn fits<A, B, D, E, R, P, I, M>(
    snapshot: &Snapshot<A, B, D, E, R, P, I, M>,
    definition: &Definition,
) -> Result<(), RestoreError> {
    if snapshot.machine != definition.name {
        let found = snapshot.machine.clone();
        return Err(RestoreError::Machine { expected: definition.name, found });
    }
    if snapshot.version != definition.version {
        let (expected, found) = (definition.version, snapshot.version);
        return Err(RestoreError::Version { expected, found });
    }
    if snapshot.shape != definition.shape {
        return Err(RestoreError::Shape);
    }
    Ok(())
}

fn state<C: Chart>(id: &str) -> Result<u16, RestoreError> {
    C::definition().state_by_id(id).ok_or_else(|| RestoreError::State(id.to_string()))
}

/// The leaves with these ids, and the parallel states around them.
fn configuration<C: Chart>(ids: &[String]) -> Result<C::Leaves, RestoreError> {
    let mut leaves = C::NO_LEAVES;
    for id in ids {
        let mut at = state::<C>(id)?;
        loop {
            let shape = &C::SHAPES[usize::from(at)];
            if let Ok(leaf) = C::LEAVES.binary_search(&at) {
                let held = &mut leaves.as_mut()[usize::from(shape.slot)];
                // A slot has one leaf; several regions agree about the parallel state around them.
                if *held != NONE && *held != leaf as u16 {
                    return Err(RestoreError::State(id.clone()));
                }
                *held = leaf as u16;
            }
            if shape.parent == NONE {
                break;
            }
            at = shape.parent;
        }
    }
    Ok(leaves)
}

/// Looks whether what has to be active inside an active state is.
fn is_whole<C: Chart>(leaves: &C::Leaves, state: u16) -> Result<(), RestoreError> {
    let shape = &C::SHAPES[usize::from(state)];
    if !is_active_in::<C>(leaves, state) {
        let id = C::definition().states[usize::from(state)].id;
        return Err(RestoreError::State(id.to_string()));
    }
    let mut child = state + 1;
    while child < shape.end {
        if shape.kind == Kind::Parallel || is_active_in::<C>(leaves, child) {
            is_whole::<C>(leaves, child)?;
        }
        child = C::SHAPES[usize::from(child)].end;
    }
    Ok(())
}

fn set_timers<C: Chart>(
    core: &mut Core<C>,
    timers: Vec<TimerSnapshot<C::Event>>,
    then: Duration,
) -> Result<(), RestoreError> {
    let timer_count = C::definition().timers;
    for TimerSnapshot { deadline, due } in timers {
        let due = match due {
            DueSnapshot::After(id) => Due::Timer { id, period: None },
            DueSnapshot::Every(id, period) => {
                // From its deadline on it counts as the program says that goes on with it.
                let written = C::PERIODS.iter().find(|(of, _)| *of == id);
                let period = written.map_or(period, |(_, millis)| Duration::from_millis(*millis));
                Due::Timer { id, period: Some(period) }
            }
            DueSnapshot::Raise(event) => Due::Event(event),
        };
        if let Due::Timer { id, .. } = due
            && id >= timer_count
        {
            return Err(RestoreError::Timer(id));
        }
        core.timers.set(moved(deadline, then, core.now), due);
    }
    Ok(())
}

/// A time of a clock whose `then` is `now`. What was overdue stays so, and in order, as far as the
/// zero of the clock allows.
fn moved(time: Duration, then: Duration, now: Duration) -> Duration {
    time.saturating_add(now.saturating_sub(then)).saturating_sub(then.saturating_sub(now))
}
