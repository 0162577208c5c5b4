//! A world: machines with a host, clients that drive their instances to an end, and what has to be true
//! of what they leave behind. The same world is killed as a process and simulated on a store that fails.

use crate::journal::{self, Journal};
use crate::ledger::Ledger;
use crate::seen::Seen;
use statewright::engine::{Builder, Replay, Settings, Storable, Turns, View};
use statewright::store::{Filter, Millis, Status, Store};
use statewright::{Engine, EngineError};
use std::sync::Arc;
use std::time::Duration;

/// How large a world is, and what is done in it.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// So many instances.
    pub size: u64,
    /// What each does so many times.
    pub rounds: u64,
    /// Says what instances and their clients do, and when.
    pub seed: u64,
    /// All services work.
    pub is_healthy: bool,
}

/// Machines, a host and clients.
pub trait World: Send + Sync + 'static {
    /// What it is called.
    const NAME: &'static str;
    /// Whether instances may be cancelled.
    const CANCELS: bool = false;

    /// A world that writes down what happens in it.
    fn new(plan: Plan, ledger: Ledger) -> Self;

    /// Adds its machines to an engine.
    fn register(&self, builder: Builder) -> Builder;

    /// Changes how an engine runs it.
    fn set(_plan: Plan, _settings: &mut Settings) {}

    /// Drives all instances to their ends, from wherever they are.
    ///
    /// # Errors
    /// The engine refuses what it should take.
    fn live(&self, clients: Clients) -> impl Future<Output = Result<(), EngineError>> + Send;

    /// Makes the steps of an instance again.
    ///
    /// # Errors
    /// It cannot be read.
    fn replay(
        engine: &Engine,
        machine: &str,
        key: &str,
    ) -> impl Future<Output = Result<Replay, EngineError>> + Send;

    /// Looks at what is left.
    ///
    /// # Panics
    /// A promise was broken.
    fn look(plan: Plan, left: &Left<'_>, seen: &mut Seen);
}

/// What a program has left behind.
pub struct Left<'l> {
    /// Where its instances are.
    pub store: &'l dyn Store,
    /// What their steps were.
    pub journals: &'l [Journal],
    /// What hosts and clients have written down.
    pub ledger: &'l str,
    /// It has come to its end, and was not killed.
    pub is_end: bool,
}

impl Left<'_> {
    /// The journals of a machine.
    pub fn of(&self, machine: &'static str) -> impl Iterator<Item = &Journal> {
        self.journals.iter().filter(move |journal| journal.of.machine == machine)
    }
}

/// Looks at everything that is left: at what holds of every journal, and at what holds in this world.
/// Gives what was seen, and the calls that are newly known to be over, as lines of the ledger.
///
/// # Panics
/// A promise was broken.
pub fn look<W: World>(
    plan: Plan,
    store: &dyn Store,
    ledger: &str,
    is_end: bool,
) -> (Seen, Vec<String>) {
    let mut seen = Seen::default();
    let journals = journal::read_all(store, ledger, (is_end, W::CANCELS), &mut seen);
    W::look(plan, &Left { store, journals: &journals, ledger, is_end }, &mut seen);
    let over = journal::over(&journals, ledger).into_iter().map(|key| format!("over {key}"));
    (seen, over.collect())
}

/// Settings of which instances leave memory and come back within a run, another one for each seed.
#[must_use]
pub fn settings(seed: u64) -> Settings {
    let mut settings = Settings::default();
    settings.idle = Duration::from_millis(seed * 5 % 25);
    settings.shards = 1 + (seed % 3) as usize;
    settings.inbox = Duration::from_millis(20);
    settings
}

/// Makes the steps of every so manieth instance again.
///
/// # Panics
/// One does not come out as it is written.
///
/// # Errors
/// The engine cannot be asked.
pub async fn replay<W: World>(
    clients: &Clients,
    every: u64,
    first: u64,
) -> Result<(), EngineError> {
    let instances = clients.store.list(&Filter::default()).map_err(EngineError::Store)?;
    for instance in instances.iter().filter(|one| (one.id + first).is_multiple_of(every)) {
        let (machine, key) = (&*instance.machine, &*instance.key);
        let replayed = clients.until(|| W::replay(&clients.engine, machine, key)).await?;
        let is_same = matches!(replayed, Some(Replay::Same(_)));
        assert!(is_same, "{machine} {key} is replayed otherwise: {replayed:?}");
    }
    Ok(())
}

/// What clients do, again and again until it is taken.
#[derive(Clone)]
pub struct Clients {
    /// Whom they ask.
    pub engine: Engine,
    /// What other programs see.
    pub store: Arc<dyn Store>,
    /// What time other programs have.
    pub wall: fn() -> Millis,
    /// The store fails by plan, which is no reason to give up.
    pub are_patient: bool,
    /// Whose turn it is among them.
    pub turns: Turns,
}

impl Clients {
    /// Says something until it is taken; nothing if it was before.
    ///
    /// # Errors
    /// It never will be.
    pub async fn until<T, F>(&self, mut what: impl FnMut() -> F) -> Result<Option<T>, EngineError>
    where
        F: Future<Output = Result<T, EngineError>>,
    {
        loop {
            // Never no pause: time would stand still as long as somebody tries again.
            let pause = match what().await {
                Ok(told) => return Ok(Some(told)),
                Err(EngineError::Duplicate { .. } | EngineError::Finished(_)) => return Ok(None),
                Err(EngineError::Overloaded(_)) => 1,
                Err(EngineError::Store(_)) if self.are_patient => 7,
                Err(error) => return Err(error),
            };
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    /// Starts an instance, unless it was.
    ///
    /// # Errors
    /// It cannot be.
    pub async fn start<M: Storable>(
        &self,
        key: &str,
        start: impl Fn() -> M::Start,
    ) -> Result<(), EngineError> {
        self.until(|| self.engine.start::<M>(key, start())).await.map(|_| ())
    }

    /// Sends an event once, if the instance still takes events.
    ///
    /// # Errors
    /// It cannot be sent.
    pub async fn send<M: Storable>(
        &self,
        key: &str,
        id: &str,
        event: impl Fn() -> M::Event,
    ) -> Result<(), EngineError> {
        self.until(|| self.engine.send_with_id::<M>(key, id, event())).await.map(|_| ())
    }

    /// Waits for an instance.
    ///
    /// # Errors
    /// It cannot be waited for.
    pub async fn wait<M: Storable>(
        &self,
        key: &str,
        wanted: impl Fn(&View<M>) -> bool + Clone + Send + Sync + 'static,
    ) -> Result<View<M>, EngineError> {
        let unknown = || EngineError::UnknownInstance {
            machine: M::definition().name.to_owned(),
            key: key.to_owned(),
        };
        let view = self.until(|| self.engine.wait_for::<M>(key, wanted.clone())).await?;
        view.ok_or_else(unknown)
    }

    /// Waits for the end of an instance.
    ///
    /// # Errors
    /// It cannot be waited for.
    pub async fn end_of<M: Storable>(&self, key: &str) -> Result<View<M>, EngineError> {
        self.wait::<M>(key, |view| view.status == Status::Finished).await
    }

    /// Has each of so many do something, side by side, until all have.
    ///
    /// # Errors
    /// The first that one of them has.
    ///
    /// # Panics
    /// One of them does.
    pub async fn each<F>(
        &self,
        count: u64,
        does: impl Fn(Self, u64) -> F,
    ) -> Result<(), EngineError>
    where
        F: Future<Output = Result<(), EngineError>> + Send + 'static,
    {
        let mut all = tokio::task::JoinSet::new();
        for at in 0..count {
            all.spawn(self.turns.among(does(self.clone(), at)));
        }
        while let Some(done) = all.join_next().await {
            done.expect("a client does not panic")?;
        }
        Ok(())
    }
}
