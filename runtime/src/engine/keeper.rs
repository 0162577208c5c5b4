//! The keeper: looks after what is not in memory. Wakes instances that are due, takes messages that
//! other programs have left, deletes what need not be kept.

use super::message::{Address, Job, Left, LetterOrder, LetterReply, Message, Order, Wants};
use super::point::point;
use super::settings::Settings;
use super::shared::Shared;
use crate::clock::millis;
use crate::store::{InboxKind, InboxRow, InstanceId, Kept, Millis, Posted, StoreError};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// So many instances are woken in one go.
const WOKEN: usize = 1_000;

/// So many milliseconds later is looked for more, if there is more: what was woken is due in the
/// store until it has made its step.
const AGAIN: Millis = 5;

/// So many messages are taken in one go.
const TAKEN: usize = 1_000;

/// So many rows are deleted in one go, so that commits need not wait long.
const DELETED: usize = 2_000;

/// What need not be kept is looked for not more often than this, as all that has ended is looked at; first
/// so long behind the start, as a program may be one that does not run for an hour.
const SOON: Duration = Duration::from_secs(60);

/// What need not be kept is looked for at least so often.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Tells the keeper of instances that come to rest and are due earlier than it knows.
pub(super) struct Keeper {
    next: AtomicU64,
    /// The first message of the inbox that has to be delivered again.
    again: AtomicI64,
    /// Answers that were given before this time are not in the store any more.
    answers_since: AtomicU64,
    changed: Notify,
}

impl Default for Keeper {
    fn default() -> Self {
        let (next, again) = (AtomicU64::new(u64::MAX), AtomicI64::new(i64::MAX));
        Self { next, again, answers_since: AtomicU64::new(0), changed: Notify::new() }
    }
}

impl Keeper {
    pub(super) fn due_at(&self, due: Millis) {
        if self.next.fetch_min(due, Ordering::AcqRel) > due {
            self.changed.notify_one();
        }
    }

    /// Answers that were given before need not be known any more.
    pub(super) fn answers_kept_since(&self) -> Millis {
        self.answers_since.load(Ordering::Acquire)
    }

    /// A message of the inbox could not be taken, and may wait in the store still.
    pub(super) fn deliver_again(&self, message: i64) {
        self.again.fetch_min(message, Ordering::AcqRel);
    }
}

/// Runs until the engine stops.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut seen = 0;
    let mut prune_at = Instant::now() + SOON;
    let mut pruning = None;
    let mut strangers = HashSet::new();
    let mut begins = true;
    loop {
        let known = std::mem::take(&mut strangers);
        let woken = on_disk(&shared, move |shared| wake(shared, known)).await;
        if begins {
            // Who cannot read what is due had better not wait for it.
            let until = woken.as_ref().map_or(Millis::MAX, |woken| woken.until);
            shared.tell_all(|| Message::Told(until));
            begins = until < Millis::MAX;
        }
        let due = woken.and_then(|woken| {
            strangers = woken.strangers;
            woken.next
        });
        seen = on_disk(&shared, move |shared| take(shared, seen)).await.unwrap_or(seen);
        if pruning.is_none() && prune_at <= Instant::now() {
            pruning = Some(kept(&shared));
        }
        if let Some(kept) = pruning {
            // A part at a time: timers do not wait for all that is old.
            let more = on_disk(&shared, move |shared| prune(shared, &kept)).await;
            if more == Some(true) {
                continue;
            }
            (pruning, prune_at) = (None, Instant::now() + pause(&shared.settings));
        }
        let poll = Instant::now().checked_add(shared.settings.inbox);
        let due = due.and_then(|due| shared.time.instant(due));
        let changed = shared.keeper.changed.notified();
        let until = poll.into_iter().chain(due).fold(prune_at, Instant::min);
        let _ = tokio::time::timeout_at(until, changed).await;
    }
}

/// Does what may block elsewhere. What fails is said, and tried again at the next round.
async fn on_disk<T: Send + 'static>(
    shared: &Arc<Shared>,
    work: impl FnOnce(&Shared) -> Result<T, StoreError> + Send + 'static,
) -> Option<T> {
    let done = if shared.store.is_quick() {
        work(shared)
    } else {
        let shared = Arc::clone(shared);
        match tokio::task::spawn_blocking(move || work(&shared)).await {
            Ok(done) => done,
            // The runtime is going down.
            Err(_) => return None,
        }
    };
    done.inspect_err(|error| tracing::warn!(%error, "the store cannot be read")).ok()
}

/// What is known behind a look at timers.
struct Woken {
    /// All that is due at this time or before was woken.
    until: Millis,
    /// When the next is due.
    next: Option<Millis>,
    /// Instances that are due, and whose machines are not registered.
    strangers: HashSet<InstanceId>,
}

/// Wakes what is due.
fn wake(shared: &Shared, known: HashSet<InstanceId>) -> Result<Woken, StoreError> {
    shared.keeper.next.store(Millis::MAX, Ordering::Release);
    let now = shared.now();
    // Those that were woken are due in the store until they have made their step, and strangers for
    // ever: who is due behind them is looked for too.
    let mut rows = shared.store.due(Millis::MAX, known.len() + WOKEN + 1)?;
    let late = rows.partition_point(|(due, _)| *due <= now);
    let (next, until) = match (rows.get(late), rows.last()) {
        (Some((due, _)), _) => (Some(*due), Millis::MAX),
        (None, Some((last, _))) if rows.len() > WOKEN + known.len() => (Some(now + AGAIN), *last),
        (None, _) => (None, Millis::MAX),
    };
    rows.truncate(late);
    let (strangers, due): (Vec<_>, Vec<_>) =
        rows.iter().map(|(_, id)| *id).partition(|id| known.contains(id));
    let mut strangers: HashSet<InstanceId> = strangers.into_iter().collect();
    let times: HashMap<InstanceId, Millis> = rows.iter().map(|(due, id)| (*id, *due)).collect();
    for stored in shared.store.load(&due)? {
        match shared.address_of(&stored) {
            Some(address) => {
                point("engine.before_wake");
                let due = times.get(&stored.id()).copied().unwrap_or(now);
                shared.tell(&address.clone(), Message::Due(address, due));
            }
            None => {
                strangers.insert(stored.id());
            }
        }
    }
    if let Some(next) = next {
        shared.keeper.next.fetch_min(next, Ordering::AcqRel);
    }
    Ok(Woken { until, next, strangers })
}

/// Takes messages that other programs have left, behind those that were seen.
fn take(shared: &Shared, seen: i64) -> Result<i64, StoreError> {
    let again = shared.keeper.again.swap(i64::MAX, Ordering::AcqRel);
    let seen = seen.min(again.saturating_sub(1));
    let rows = shared.store.inbox(seen, TAKEN);
    let rows = rows.inspect_err(|_| shared.keeper.deliver_again(again))?;
    if again < i64::MAX {
        shared.tell_all(|| Message::Again(again));
    }
    let last = rows.last().map_or(seen, |row| row.id);
    for row in rows {
        point("engine.before_delivery");
        deliver(shared, row);
    }
    Ok(last)
}

fn deliver(shared: &Shared, row: InboxRow) {
    let InboxRow { id, message } = row;
    if let Some(order) = letter_order(&message) {
        return deliver_order(shared, id, &message, order);
    }
    let Some(kind) = shared.by_name.get(message.machine.as_str()) else {
        // Another program may know the machine.
        tracing::warn!(
            machine = message.machine,
            "a message is for a machine that is not registered"
        );
        return;
    };
    let wants = match message.kind {
        InboxKind::Send => Wants::Event { json: message.body, message: message.message_id },
        InboxKind::Retry => {
            Wants::Order(Order::Retry(Some(message.body).filter(|body| !body.is_empty())))
        }
        InboxKind::Abandon => Wants::Order(Order::Abandon),
        InboxKind::RetryLetter | InboxKind::AbandonLetter => return,
        kind @ (InboxKind::Answer | InboxKind::Claim | InboxKind::Release) => {
            Wants::Task(kind, message.body)
        }
    };
    let address = Address { kind: *kind, key: Arc::from(message.key.as_str()) };
    let shard = shared.shard(&address);
    shared.waiting[shard].fetch_add(1, Ordering::Relaxed);
    let _ = shared.shards[shard].send(Message::To(address, Job::Left(Left { id, wants })));
}

/// What is wanted of a letter, if the message is about one.
fn letter_order(message: &Posted) -> Option<LetterOrder> {
    let body = Some(message.body.clone()).filter(|body| !body.is_empty());
    match message.kind {
        InboxKind::RetryLetter => Some(LetterOrder::Retry(body)),
        InboxKind::AbandonLetter => Some(LetterOrder::Abandon),
        InboxKind::Send
        | InboxKind::Retry
        | InboxKind::Abandon
        | InboxKind::Answer
        | InboxKind::Claim
        | InboxKind::Release => None,
    }
}

fn deliver_order(shared: &Shared, left: i64, message: &Posted, order: LetterOrder) {
    let letter = message.key.parse().unwrap_or(0);
    match shared.letter(letter) {
        Ok(found) => shared.order_letter(letter, found, order, LetterReply::Left(left)),
        Err(error) => {
            tracing::warn!(%error, "the store cannot be read");
            shared.keeper.deliver_again(left);
        }
    }
}

/// How long is waited before what need not be kept is looked for again: what is kept for a short time
/// is gone soon behind that.
fn pause(settings: &Settings) -> Duration {
    let shortest = settings.journal.min(settings.finished).min(settings.answers);
    shortest.clamp(SOON, HOUR)
}

/// What is kept, as seen now.
fn kept(shared: &Shared) -> Kept {
    let now = shared.now();
    let settings = &shared.settings;
    let before = |kept: Duration| now.saturating_sub(millis(kept));
    Kept {
        journal_since: before(settings.journal),
        finished_since: before(settings.finished),
        answers_since: before(settings.answers),
    }
}

/// Deletes some of what need not be kept; true if there may be more.
fn prune(shared: &Shared, kept: &Kept) -> Result<bool, StoreError> {
    let more = shared.store.prune(kept, DELETED)? as usize >= DELETED;
    if !more {
        // Only now: who forgets what the store knows would take a message twice, and its second
        // answer would not be kept.
        shared.keeper.answers_since.store(kept.answers_since, Ordering::Release);
    }
    Ok(more)
}
