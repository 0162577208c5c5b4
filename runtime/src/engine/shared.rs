//! What the parts of an engine share.

use super::eager::Eager;
use super::error::Cause;
use super::keeper::Keeper;
use super::kind::{Kind, Live};
use super::letters::Sending;
use super::message::{Address, LetterOrder, LetterReply, Loaded, Message};
use super::meters;
use super::room::Later;
use super::settings::Settings;
use super::time::Time;
use super::turns::Turns;
use crate::store::{
    Filter, Instance, InstanceId, Letter, LetterId, LetterRow, Letters, Millis, Sender, Shape,
    ShapeId, Status, Store, StoreError, Stored,
};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tokio::sync::{mpsc, oneshot, watch};

/// What handles, shards and the keeper share.
pub(super) struct Shared {
    pub(super) store: Arc<dyn Store>,
    pub(super) settings: Settings,
    pub(super) time: Time,
    pub(super) turns: Turns,
    pub(super) kinds: Vec<Arc<dyn Kind>>,
    /// The machines by name.
    pub(super) by_name: HashMap<&'static str, usize>,
    /// What is counted of each of them.
    pub(super) meters: Vec<meters::Machine>,
    /// Whether their activities are tried at once.
    pub(super) eager: Vec<Eager>,
    /// The shapes that the store knows.
    pub(super) shapes: HashMap<ShapeId, Shape>,
    pub(super) shards: Vec<mpsc::UnboundedSender<Message>>,
    /// How many messages from outside wait for each shard.
    pub(super) waiting: Vec<AtomicUsize>,
    pub(super) next_instance: AtomicU64,
    pub(super) next_letter: AtomicU64,
    pub(super) keeper: Keeper,
    /// Counts commits that have changed tasks, for those who wait for one.
    pub(super) task_news: watch::Sender<u64>,
}

impl Shared {
    /// The shard that owns an address.
    pub(super) fn shard(&self, address: &Address) -> usize {
        // The same in every run, so that a simulated one can be made again.
        let mut hasher = DefaultHasher::new();
        address.hash(&mut hasher);
        (hasher.finish() % self.shards.len() as u64) as usize
    }

    /// The machine and the key of an address.
    pub(super) fn names(&self, address: &Address) -> (String, String) {
        (self.kinds[address.kind].name().to_owned(), address.key.to_string())
    }

    /// An instance as it was kept. One of another shape of its machine is carried over, which is
    /// told as JSON and has to be made durable first.
    pub(super) fn bring(
        &self,
        address: &Address,
        instance: &Instance,
    ) -> Result<(Box<dyn Live>, Option<String>), Cause> {
        let kind = &self.kinds[address.kind];
        let (mut live, migrated) = if instance.shape == kind.shape() {
            (kind.load(instance)?, None)
        } else {
            let old = self.shapes.get(&instance.shape);
            let live = kind.renew(instance, old, self.time.millis())?;
            let from = old.map_or(0, |shape| shape.version);
            (live, Some(format!("{{\"from\":{from}}}")))
        };
        live.cut_off(self.time.begun_by());
        live.allow(Later::allowed(&self.settings));
        Ok((live, migrated))
    }

    /// Asks the store for addresses; each is answered with [`Message::Loaded`].
    pub(super) fn load(self: &Arc<Self>, shard: usize, wanted: Vec<Address>) {
        self.read(move |shared| {
            for address in wanted {
                let name = shared.kinds[address.kind].name();
                let loaded = shared.at(name, &address.key);
                let _ = shared.shards[shard].send(Message::Loaded(address, loaded));
            }
        });
    }

    fn at(&self, machine: &str, key: &str) -> Result<Option<Loaded>, StoreError> {
        let Some(id) = self.store.find(machine, key)? else { return Ok(None) };
        let Some(stored) = self.store.load(&[id])?.pop() else { return Ok(None) };
        self.found(stored).map(Some)
    }

    /// An instance with what else has to be known of it.
    pub(super) fn found(&self, stored: Stored) -> Result<Loaded, StoreError> {
        let (answers, listed) = match &stored {
            Stored::Whole(instance) => {
                let kind = self.by_name.get(instance.machine.as_str());
                let fits = kind.is_some_and(|kind| self.kinds[*kind].shape() == instance.shape);
                match instance.status {
                    // One that goes on is asked for them when they are needed.
                    Status::Running if fits => (Vec::new(), None),
                    _ => (self.store.answers(instance.id)?, None),
                }
            }
            Stored::Corrupt { instance, machine, .. } => {
                let (machine, after) = (machine.clone(), instance.saturating_sub(1));
                let filter = Filter { machine, after, limit: 1, ..Filter::default() };
                let next = self.store.list(&filter)?.pop();
                let listed = next.filter(|summary| summary.id == *instance);
                (self.store.answers(*instance)?, listed)
            }
        };
        Ok(Loaded { stored, answers, listed })
    }

    /// Asks the store for the answers of messages with an id.
    pub(super) fn ask_answers(self: &Arc<Self>, shard: usize, id: InstanceId) {
        self.read(move |shared| {
            let answers = shared.store.answers(id);
            let _ = shared.shards[shard].send(Message::Answers(id, answers));
        });
    }

    /// The address of an instance; none if its machine is not registered.
    pub(super) fn address_of(&self, stored: &Stored) -> Option<Address> {
        let (machine, key) = match stored {
            Stored::Whole(instance) => (&instance.machine, &instance.key),
            Stored::Corrupt { machine, key, .. } => (machine.as_ref()?, key.as_ref()?),
        };
        let kind = *self.by_name.get(machine.as_str())?;
        Some(Address { kind, key: Arc::from(key.as_str()) })
    }

    /// The address of the receiver of a letter; none if its machine is not registered.
    pub(super) fn receiver(&self, letter: &Letter) -> Option<Address> {
        let kind = *self.by_name.get(letter.machine.as_str())?;
        Some(Address { kind, key: Arc::from(letter.key.as_str()) })
    }

    /// Asks the store for the letters that are owed to addresses, so many to each; each is answered
    /// with [`Message::Letters`].
    pub(super) fn load_letters(self: &Arc<Self>, shard: usize, asked: Vec<Address>, limit: usize) {
        self.read(move |shared| {
            for address in asked {
                let (machine, key) = shared.names(&address);
                let (machine, key) = (Some(machine), Some(key));
                let wanted =
                    Letters { is_dead: Some(false), machine, key, limit, ..Letters::default() };
                let found = shared.store.letters(&wanted);
                let _ = shared.shards[shard].send(Message::Letters(address, found));
            }
        });
    }

    /// What an instance sends as a letter, which gets its number.
    pub(super) fn sent(&self, sending: Sending, sender: Sender, at: Millis) -> Letter {
        let id = self.next_letter.fetch_add(1, Ordering::Relaxed);
        let Sending { machine, key, kind, body } = sending;
        Letter { id, at, sender, machine, key, kind, body }
    }

    /// A letter, if it is there.
    pub(super) fn letter(&self, id: LetterId) -> Result<Option<LetterRow>, StoreError> {
        let wanted = Letters { after: id.saturating_sub(1), limit: 1, ..Letters::default() };
        let found = self.store.letters(&wanted)?.pop();
        Ok(found.filter(|row| row.letter.id == id))
    }

    /// Tells the shard of its receiver what a person has decided about a letter.
    pub(super) fn order_letter(
        &self,
        id: LetterId,
        found: Option<LetterRow>,
        order: LetterOrder,
        reply: LetterReply,
    ) {
        let receiver = found.as_ref().and_then(|row| self.receiver(&row.letter));
        let shard = receiver.map_or(0, |address| self.shard(&address));
        // A shard that is gone is told nothing any more.
        let _ = self.shards[shard].send(Message::Letter(id, found.map(Box::new), order, reply));
    }

    /// Tells the shard that owns an address something.
    pub(super) fn tell(&self, address: &Address, message: Message) {
        // A shard that is gone is told nothing any more.
        let _ = self.shards[self.shard(address)].send(message);
    }

    /// Reads where that may block, or at once if the store is in memory.
    pub(super) fn read(self: &Arc<Self>, read: impl FnOnce(&Self) + Send + 'static) {
        if self.store.is_quick() {
            read(self);
        } else {
            let shared = Arc::clone(self);
            tokio::task::spawn_blocking(move || read(&shared));
        }
    }

    /// Tells all shards something.
    pub(super) fn tell_all(&self, message: impl Fn() -> Message) {
        for shard in &self.shards {
            // A shard that is gone is told nothing any more.
            let _ = shard.send(message());
        }
    }

    /// Has all shards end, and waits for none.
    pub(super) fn end(&self) {
        self.tell_all(|| Message::Stop(oneshot::channel().0));
    }

    pub(super) fn now(&self) -> Millis {
        self.time.millis()
    }
}
