//! An instance as it is kept: everything that makes it up, as JSON that people can read.

use super::cancellation::Cancellation;
use super::courses::Courses;
use super::family::{Child, Parent};
use super::finite::Finite;
use crate::activity::Invocation;
use crate::chart::Chart;
use crate::clock::millis;
use crate::core::Core;
use crate::error::RestoreError;
use crate::fan_out::FanOf;
use crate::snapshot::{self, Snapshot, TimerSnapshot};
use crate::undo::Taken;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// What can be kept: everything that an instance consists of comes with serde and goes from thread to
/// thread. True for every durable machine whose own Rust types do.
pub trait Storable:
    Chart<
        Event: Keep,
        Output: Keep,
        Context: Keep,
        Data: Keep,
        Start: Keep,
        Request: Keep,
        Reply: Keep,
        Item: Keep,
        Message: Keep,
        Calls: Serialize + DeserializeOwned + Send,
        Leaves: Send + Sync,
        Histories: Send + Sync,
        State: Send,
    >
{
}

impl<C> Storable for C where
    C: Chart<
            Event: Keep,
            Output: Keep,
            Context: Keep,
            Data: Keep,
            Start: Keep,
            Request: Keep,
            Reply: Keep,
            Item: Keep,
            Message: Keep,
            Calls: Serialize + DeserializeOwned + Send,
            Leaves: Send + Sync,
            Histories: Send + Sync,
            State: Send,
        >
{
}

/// What can be written, read, copied, and goes from thread to thread.
pub trait Keep: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {}

impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Keep for T {}

/// An instance, to be written.
#[derive(Serialize)]
#[serde(bound = "")]
struct Writing<'c, C: Storable> {
    #[serde(rename = "in")]
    configuration: Vec<&'static str>,
    now: u64,
    context: &'c C::Context,
    data: &'c C::Data,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    histories: BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "is_empty")]
    deferred: &'c [C::Event],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    timers: Vec<TimerSnapshot<C::Event>>,
    #[serde(skip_serializing_if = "is_empty")]
    invocations: &'c [Invocation<C::Request>],
    #[serde(skip_serializing_if = "is_empty")]
    fans: &'c [FanOf<C>],
    #[serde(skip_serializing_if = "is_zero")]
    visits: u64,
    #[serde(skip_serializing_if = "is_empty")]
    taken: &'c [Taken],
    #[serde(skip_serializing_if = "is_empty")]
    calls: &'c [C::Calls],
    #[serde(skip_serializing_if = "is_nothing")]
    courses: &'c Courses,
    #[serde(skip_serializing_if = "is_childless")]
    children: &'c BTreeMap<u64, Child>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'c Parent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled: Option<Cancellation>,
}

fn is_childless(children: &&BTreeMap<u64, Child>) -> bool {
    children.is_empty()
}

fn is_nothing(courses: &&Courses) -> bool {
    courses.is_empty()
}

fn is_empty<T>(list: &&[T]) -> bool {
    list.is_empty()
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// An instance that was read.
#[derive(Deserialize)]
#[serde(bound = "")]
pub(super) struct Held<C: Storable> {
    #[serde(rename = "in")]
    configuration: Vec<String>,
    now: u64,
    context: C::Context,
    data: C::Data,
    #[serde(default)]
    histories: BTreeMap<String, Vec<String>>,
    #[serde(default = "Vec::new")]
    deferred: Vec<C::Event>,
    #[serde(default = "Vec::new")]
    timers: Vec<TimerSnapshot<C::Event>>,
    #[serde(default = "Vec::new")]
    invocations: Vec<Invocation<C::Request>>,
    #[serde(default = "Vec::new")]
    fans: Vec<FanOf<C>>,
    #[serde(default)]
    visits: u64,
    #[serde(default = "Vec::new")]
    taken: Vec<Taken>,
    /// Actions that were decided and may not have been called.
    #[serde(default = "Vec::new")]
    calls: Vec<C::Calls>,
    #[serde(default)]
    courses: Courses,
    #[serde(default)]
    children: BTreeMap<u64, Child>,
    #[serde(default)]
    parent: Option<Parent>,
    #[serde(default)]
    cancelled: Option<Cancellation>,
}

/// What an instance has decided and not done.
pub(super) struct Owed<C: Storable> {
    /// Actions that may not have been called.
    pub(super) calls: Vec<C::Calls>,
    /// How far its activities have come that are under a policy.
    pub(super) courses: Courses,
    /// The instances that it has started and waits for, by what it waits for.
    pub(super) children: BTreeMap<u64, Child>,
    /// Who has started it, if an instance has.
    pub(super) parent: Option<Parent>,
    /// Nobody waits for it any more, and its sagas are seen to their end.
    pub(super) cancelled: Option<Cancellation>,
}

impl<C: Storable> Default for Owed<C> {
    fn default() -> Self {
        let (children, parent, cancelled) = (BTreeMap::new(), None, None);
        Self { calls: Vec::new(), courses: Courses::default(), children, parent, cancelled }
    }
}

/// Writes an instance with the actions that it still has to call.
///
/// # Errors
/// One of the user's own types refuses, or a number is not finite.
pub(super) fn write<C: Storable>(
    core: &Core<C>,
    owed: &Owed<C>,
    into: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let writing = Writing::<C> {
        configuration: snapshot::configuration_of::<C>(&core.leaves),
        now: millis(core.now),
        context: &core.context,
        data: &core.data,
        histories: snapshot::histories_of(core),
        deferred: &core.deferred,
        timers: snapshot::timers_of(core),
        invocations: &core.invocations,
        fans: &core.fans,
        visits: core.visits,
        taken: &core.taken,
        calls: &owed.calls,
        courses: &owed.courses,
        children: &owed.children,
        parent: owed.parent.as_ref(),
        cancelled: owed.cancelled,
    };
    serde_json::to_writer(into, &Finite(&writing))
}

/// The instance, and the actions that it still has to call.
///
/// # Errors
/// It does not fit the machine.
pub(super) fn restore<C: Storable>(held: Held<C>) -> Result<(Core<C>, Owed<C>), RestoreError> {
    let (core, owed) = restore_without_data(held)?;
    if snapshot::has_data(&core) { Ok((core, owed)) } else { Err(RestoreError::Data) }
}

/// The same, also if data of active states is missing.
pub(super) fn restore_without_data<C: Storable>(
    held: Held<C>,
) -> Result<(Core<C>, Owed<C>), RestoreError> {
    let definition = C::definition();
    let snapshot = Snapshot {
        machine: definition.name.to_owned(),
        version: definition.version,
        shape: definition.shape,
        now: Duration::from_millis(held.now),
        configuration: held.configuration,
        histories: held.histories,
        context: held.context,
        data: held.data,
        deferred: held.deferred,
        timers: held.timers,
        invocations: held.invocations,
        fans: held.fans,
        visits: held.visits,
        taken: held.taken,
        outputs: Vec::new(),
        messages: Vec::new(),
    };
    let mut core = snapshot::restore_without_data::<C>(snapshot, None)?;
    // What had been told is started again by the engine, and is not asked for once more.
    core.invocations.iter_mut().for_each(|invocation| invocation.told = true);
    core.end_decided();
    let (calls, courses) = (held.calls, held.courses.restored());
    let Held { children, parent, cancelled, .. } = held;
    Ok((core, Owed { calls, courses, children, parent, cancelled }))
}
