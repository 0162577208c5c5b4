//! Setting an engine up, and going on with what the store has.

use super::eager::Eager;
use super::error::EngineError;
use super::held::Storable;
use super::keeper::{self, Keeper};
use super::kind::Kind;
use super::message::Message;
use super::meters;
use super::migration::Migrate;
use super::point::point;
use super::registered::Registered;
use super::renewal::Renewal;
use super::settings::Settings;
use super::shard::Shard;
use super::shared::Shared;
use super::time::{self, Time};
use super::turns::Turns;
use super::{Engine, Inner, read};
use crate::activity::Perform;
use crate::chart::Durable;
use crate::policy::Commons;
use crate::store::{
    Filter, InstanceId, LetterId, Letters, Memory, Millis, Shape, ShapeId, Status, Store,
    StoreError,
};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use tokio::sync::mpsc;

/// So many instances are read in one go at the start.
const READ: usize = 1_000;

/// Sets an engine up.
#[derive(Default)]
pub struct Builder {
    store: Option<Arc<dyn Store>>,
    settings: Settings,
    machines: Vec<(Shape, Registration)>,
    migrations: Vec<(&'static str, Arc<dyn Migrate>)>,
    clock: Option<fn() -> Millis>,
    commons: Option<Commons>,
    turns: Turns,
}

/// A machine with its host, until its shape has a number.
pub struct Registration(Box<Register>);

/// Makes a machine of what all machines of an engine share and of what it was before.
type Register = dyn FnOnce(Commons, ShapeId, Renewal) -> Arc<dyn Kind> + Send + Sync;

impl Builder {
    /// Where instances are kept; in memory, and so only while the engine lives, if none is given.
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Limits and times.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The wall clock: milliseconds since 1970. Looked at once, at the start.
    pub fn wall_clock(mut self, clock: fn() -> Millis) -> Self {
        self.clock = Some(clock);
        self
    }

    /// What the calls of this engine share with those of others: circuits, limits and caches. That of
    /// the tokio runtime if none is given.
    pub fn commons(mut self, commons: &Commons) -> Self {
        self.commons = Some(commons.clone());
        self
    }

    /// Whose turn it is among the tasks of the engine, in simulated runs.
    #[cfg(feature = "conformance")]
    pub fn turns(mut self, turns: Turns) -> Self {
        self.turns = turns;
        self
    }

    /// Registers a machine with the host that all its instances share.
    pub fn register<M>(mut self, host: impl Host<M>) -> Self
    where
        M: Storable,
    {
        let definition = M::definition();
        let shape = Shape {
            machine: definition.name.to_owned(),
            version: definition.version,
            hash: definition.shape,
            body: definition.document.to_owned(),
        };
        self.machines.push((shape, host.registration()));
        self
    }

    /// Says what becomes of instances of an old version of a machine, where the words of its
    /// `migrate` blocks are not enough. It is asked instead of a block from the same version.
    pub fn migrate<M: Storable>(mut self, migration: impl Migrate) -> Self {
        self.migrations.push((M::definition().name, Arc::new(migration)));
        self
    }

    /// Starts the engine in the present tokio runtime, and goes on with every instance that has
    /// something to do. Nothing of the others is read.
    ///
    /// # Errors
    /// Another engine runs on the store; the store cannot be read; two machines of one name are registered.
    ///
    /// # Panics
    /// Outside of a tokio runtime with time enabled.
    pub async fn start(self) -> Result<Engine, EngineError> {
        let Self { store, settings, machines, migrations, clock, commons, turns } = self;
        let is_registered = |name: &str| machines.iter().any(|(shape, _)| shape.machine == name);
        if let Some((name, _)) = migrations.iter().find(|(name, _)| !is_registered(name)) {
            return Err(EngineError::UnknownMachine((*name).to_owned()));
        }
        let names: Vec<&str> = machines.iter().map(|(shape, _)| shape.machine.as_str()).collect();
        let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
        if let Some((_, name)) = twice {
            return Err(EngineError::RegisteredTwice((*name).to_owned()));
        }
        let store = store.unwrap_or_else(|| Arc::new(Memory::new()));
        let wall = clock.map_or_else(time::wall, |clock| clock());
        let shapes: Vec<Shape> = machines.iter().map(|(shape, _)| shape.clone()).collect();
        let opened = read(&store, move |store| open(store, &shapes)).await?;
        let commons = commons.unwrap_or_else(Commons::current);
        let kinds: Vec<Arc<dyn Kind>> = machines
            .into_iter()
            .zip(&opened.registered)
            .map(|((known, registration), shape)| {
                let own = migrations.iter().filter(|(name, _)| *name == known.machine);
                let own = own.map(|(_, migration)| Arc::clone(migration)).collect();
                (registration.0)(commons.clone(), *shape, Renewal::new(own))
            })
            .collect();
        let by_name = kinds.iter().enumerate().map(|(at, kind)| (kind.name(), at)).collect();
        let count = settings.shards.max(1);
        let (senders, receivers): (Vec<_>, Vec<_>) =
            (0..count).map(|_| mpsc::unbounded_channel()).unzip();
        let shared = Arc::new(Shared {
            store,
            settings,
            time: Time::new(wall, opened.last_time),
            turns,
            meters: kinds.iter().map(|kind| meters::Machine::new(kind.name())).collect(),
            eager: kinds.iter().map(|_| Eager::default()).collect(),
            kinds,
            by_name,
            shapes: opened.shapes,
            shards: senders,
            waiting: (0..count).map(|_| AtomicUsize::new(0)).collect(),
            next_instance: AtomicU64::new(opened.next_instance),
            next_letter: AtomicU64::new(opened.next_letter),
            keeper: Keeper::default(),
            task_news: tokio::sync::watch::Sender::new(0),
        });
        for (number, receiver) in receivers.into_iter().enumerate() {
            shared.turns.spawn(Shard::new(number, Arc::clone(&shared), receiver).run());
        }
        let parked = shared.meters.iter().zip(&opened.parked);
        parked.for_each(|(meter, count)| meter.are_parked(*count));
        let found = Arc::clone(&shared);
        if let Err(error) = read(&shared.store, move |_| recover(&found)).await {
            // Else they would wait for ever, and keep the store claimed.
            shared.end();
            return Err(error);
        }
        let keeper = shared.turns.spawn(keeper::run(Arc::clone(&shared)));
        let inner = Inner { shared, keeper, stopped: AtomicBool::new(false) };
        Ok(Engine { inner: Arc::new(inner) })
    }
}

/// A host that a durable machine can run with. True for every host that implements the traits of the
/// machine.
pub trait Host<M>: Send + Sync + Sized + 'static {
    /// The machine with this host.
    #[doc(hidden)]
    fn registration(self) -> Registration;
}

impl<M, H> Host<M> for H
where
    M: Storable + Durable<H> + Perform<Arc<H>>,
    H: Send + Sync + 'static,
{
    fn registration(self) -> Registration {
        let host = Arc::new(self);
        Registration(Box::new(move |commons, shape, renewal| {
            Arc::new(Registered::<M, H>::new(host, commons, shape, renewal))
        }))
    }
}

/// What is known of a store when an engine begins.
struct Opened {
    last_time: Millis,
    next_instance: InstanceId,
    next_letter: LetterId,
    /// All shapes that there were.
    shapes: HashMap<ShapeId, Shape>,
    /// The numbers of the shapes that are registered, in order.
    registered: Vec<ShapeId>,
    /// How many instances of each of these machines are parked.
    parked: Vec<u64>,
}

fn open(store: &dyn Store, registered: &[Shape]) -> Result<Opened, StoreError> {
    store.claim()?;
    let parked = registered.iter().map(|shape| {
        let (machine, status) = (Some(shape.machine.clone()), Some(Status::Parked));
        store.count(&Filter { machine, status, ..Filter::default() })
    });
    let parked = parked.collect::<Result<_, _>>()?;
    let registered =
        registered.iter().map(|shape| store.put_shape(shape)).collect::<Result<_, _>>()?;
    Ok(Opened {
        last_time: store.last_time()?,
        next_instance: store.next_instance()?,
        next_letter: store.next_letter()?,
        shapes: store.shapes()?.into_iter().collect(),
        registered,
        parked,
    })
}

/// Tells shards what they have to do.
fn recover(shared: &Shared) -> Result<(), StoreError> {
    recover_instances(shared)?;
    recover_letters(shared)
}

/// Tells the shards of receivers that letters are owed to them.
fn recover_letters(shared: &Shared) -> Result<(), StoreError> {
    let mut told = BTreeSet::new();
    let mut wanted = Letters { is_dead: Some(false), limit: READ, ..Letters::default() };
    loop {
        let found = shared.store.letters(&wanted)?;
        let Some(last) = found.last() else { return Ok(()) };
        wanted.after = last.letter.id;
        for row in found {
            match shared.receiver(&row.letter) {
                Some(address) if told.insert(address.clone()) => {
                    shared.tell(&address.clone(), Message::Owed(address));
                }
                Some(_) => {}
                None => {
                    let stray = Message::Stray(row.letter.id, row.letter.machine);
                    // A shard that is gone is told nothing any more.
                    let _ = shared.shards[0].send(stray);
                }
            }
        }
    }
}

/// Sends every instance that has something to do to its shard.
fn recover_instances(shared: &Shared) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let found = shared.store.running(after, READ)?;
        let Some(last) = found.last() else { return Ok(()) };
        after = *last;
        for stored in shared.store.load(&found)? {
            if let Some(address) = shared.address_of(&stored) {
                point("engine.before_recovery");
                let found = shared.found(stored)?;
                shared.tell(&address.clone(), Message::Found(address, found));
            }
        }
    }
}
