//! What is done when a step is durable: actions and activities.

use super::kind::Performed;
use super::message::{Address, Message};
use super::meters;
use super::point::point;
use super::resident::Resident;
use super::shared::Shared;
use crate::activity::Cx;
use crate::ongoing::Ongoing;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::time::Instant;
use tracing::Instrument;

/// Calls the actions that were decided.
pub(super) fn act(resident: &mut Resident) {
    if !resident.live.has_calls() {
        return;
    }
    point("engine.before_action");
    let acted = resident.live.act();
    point("engine.after_action");
    if let Err(panic) = acted {
        meters::action_panicked();
        let (machine, key) = (resident.live.machine(), &*resident.key);
        tracing::error!(machine, key, instance = resident.id, panic, "an action has panicked");
    }
    // That they were called is kept with the next step, or when the instance comes to rest.
    resident.is_dirty = true;
}

/// Starts an activity. The end of one that has nothing to wait for is among the replies of the
/// instance when this returns; that of any other comes back as a message.
pub(super) fn perform(
    shared: &Arc<Shared>,
    shard: usize,
    address: &Address,
    resident: &mut Resident,
    invocation: u64,
) {
    let (kind, id, key) = (address.kind, resident.id, &*address.key);
    let machine = shared.kinds[kind].name();
    let Some((call, attempt)) = resident.live.call(invocation) else { return };
    let undone = resident.live.undoes(invocation);
    let before = undone.as_ref().and_then(|back| resident.given_up.end_of(back.id));
    let undoing = undone.map(|back| back.undoing(|undone| resident.idempotency_key(undone)));
    let mut own_key = resident.idempotency_key(invocation);
    if call > 0 {
        // What stands in for something else does another thing.
        own_key = format!("{own_key}/{call}");
    }
    let cx = Cx::of(own_key, undoing);
    cx.set_attempt(attempt);
    let now = shared.time.millis();
    let Some(mut performing) = resident.live.perform(invocation, &cx, now) else { return };
    if let Some(before) = before {
        performing = Box::pin(async move {
            before.await;
            performing.await
        });
    }
    shared.meters[kind].activity_started();
    point("engine.before_activity");
    let span = tracing::info_span!(
        "activity",
        machine,
        key,
        instance = id,
        invocation,
        attempt,
        activity = cx.idempotency_key(),
    );
    let begun = Instant::now();
    if shared.eager[kind].tries() {
        // The task in which it goes on polls it again, so it is woken by that.
        let mut context = Context::from_waker(Waker::noop());
        let tried = span.in_scope(|| performing.as_mut().poll(&mut context));
        let took = begun.elapsed();
        shared.eager[kind].took(took);
        if let Poll::Ready(Performed { reply, is_error }) = tried {
            point("engine.after_activity");
            shared.meters[kind].activity_ended(is_error, took);
            return resident.replies.push_back((invocation, reply));
        }
    }
    let (turns, shard) = (shared.turns.clone(), shared.shards[shard].clone());
    let shared = Arc::clone(shared);
    let task = async move {
        let Performed { reply, is_error } = performing.await;
        point("engine.after_activity");
        shared.meters[kind].activity_ended(is_error, begun.elapsed());
        // A shard that is gone waits for no reply.
        let _ = shard.send(Message::Ended(id, invocation, reply));
    };
    let task = turns.spawn(task.instrument(span));
    resident.running.insert(invocation, Ongoing { cx, task });
}

/// Goes on with an instance that was kept: actions that may not have been called, activities that
/// have not ended.
pub(super) fn resume(
    shared: &Arc<Shared>,
    shard: usize,
    address: &Address,
    resident: &mut Resident,
) {
    act(resident);
    for invocation in resident.live.pending() {
        perform(shared, shard, address, resident, invocation);
    }
}
