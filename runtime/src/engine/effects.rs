//! What is done when a step is durable: actions and activities.

use super::kind::Performed;
use super::message::{Address, Message};
use super::meters;
use super::point::point;
use super::resident::{Activity, Resident};
use super::shared::Shared;
use crate::activity::Cx;
use std::sync::Arc;
use tokio::time::Instant;
use tracing::Instrument;

/// Calls the actions that were decided.
pub(super) fn act(address: &Address, resident: &mut Resident) {
    if !resident.live.has_calls() {
        return;
    }
    point("engine.before_action");
    let acted = resident.live.act();
    point("engine.after_action");
    if let Err(panic) = acted {
        meters::action_panicked();
        tracing::error!(key = &*address.key, panic, "an action has panicked");
    }
    // That they were called is kept with the next step, or when the instance comes to rest.
    resident.is_dirty = true;
}

/// Starts an activity. Its end comes back as a message.
pub(super) fn perform(
    shared: &Arc<Shared>,
    shard: usize,
    address: &Address,
    resident: &mut Resident,
    invocation: u64,
) {
    let machine = shared.kinds[address.kind].name();
    let id = resident.id;
    let Some((call, attempt)) = resident.live.call(invocation) else { return };
    // What stands in for something else does another thing.
    let call = if call == 0 { String::new() } else { format!("/{call}") };
    let key = format!("{machine}/{}/{id}/{invocation}{call}", address.key);
    let cx = Cx::new(key);
    cx.set_attempt(attempt);
    let now = shared.time.millis();
    let Some(performing) = resident.live.perform(invocation, &cx, now) else { return };
    meters::activity_started(machine);
    point("engine.before_activity");
    let shard = shared.shards[shard].clone();
    let key = &*address.key;
    let span = tracing::info_span!("activity", machine, key, instance = id, invocation, attempt);
    let task = async move {
        let begun = Instant::now();
        let Performed { reply, is_error } = performing.await;
        point("engine.after_activity");
        meters::activity_ended(machine, is_error, begun.elapsed());
        // A shard that is gone waits for no reply.
        let _ = shard.send(Message::Ended(id, invocation, reply));
    };
    let task = tokio::spawn(task.instrument(span));
    resident.running.insert(invocation, Activity { cx, task: task.abort_handle() });
}

/// Goes on with an instance that was kept: actions that may not have been called, activities that
/// have not ended.
pub(super) fn resume(
    shared: &Arc<Shared>,
    shard: usize,
    address: &Address,
    resident: &mut Resident,
) {
    act(address, resident);
    for invocation in resident.live.pending() {
        perform(shared, shard, address, resident, invocation);
    }
}
