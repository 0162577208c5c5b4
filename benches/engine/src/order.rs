//! The order as a machine, on an engine.

use order::{Activities, ChargeError, NotifyError, Order, ReserveError, ShipError, Start};
use statewright::store::{Durability, Memory, Sqlite, Status, Store};
use statewright::{Cx, Engine};
use statewright_load::{Activities as Calls, Result, Step};
use std::path::Path;
use std::sync::Arc;

statewright::flow! {
    @allow(W0503, "its calls wait for nothing")
    durable machine Order version 1 {
        key id
        context {
            id: String
            number: u64
            reserved: String = ""
            charged: String = ""
            shipped: String = ""
            notified: String = ""
        }
        activity reserve(number: u64) -> String
        activity charge(number: u64) -> String
        activity ship(number: u64) -> String
        activity notify(number: u64) -> String

        initial state Reserve {
            invoke reserve(number)
            on done(output) do set reserved = output -> Charge
        }
        state Charge {
            invoke charge(number)
            on done(output) do set charged = output -> Ship
        }
        state Ship {
            invoke ship(number)
            on done(output) do set shipped = output -> Notify
        }
        state Notify {
            invoke notify(number)
            on done(output) do set notified = output -> Done
        }
        on error -> Failed
        final state Done
        final state Failed
    }
}

/// What is done for an order.
struct Host(Arc<Calls>);

impl Activities for Host {
    async fn reserve(&self, _: &Cx, number: u64) -> std::result::Result<String, ReserveError> {
        Ok(self.0.run(Step::Reserve, number))
    }

    async fn charge(&self, _: &Cx, number: u64) -> std::result::Result<String, ChargeError> {
        Ok(self.0.run(Step::Charge, number))
    }

    async fn ship(&self, _: &Cx, number: u64) -> std::result::Result<String, ShipError> {
        Ok(self.0.run(Step::Ship, number))
    }

    async fn notify(&self, _: &Cx, number: u64) -> std::result::Result<String, NotifyError> {
        Ok(self.0.run(Step::Notify, number))
    }
}

/// On a file, with a sync at each commit.
pub struct Disk(Engine);

/// On a file, with syncs left out.
pub struct Relaxed(Engine);

/// On a store in memory.
pub struct InMemory(Engine);

impl statewright_load::Engine for Disk {
    async fn open(folder: &Path, calls: Arc<Calls>) -> Result<Self> {
        Ok(Self(start(Sqlite::open(folder.join("orders.db"))?, calls).await?))
    }

    async fn run(&self, order: u64) -> Result<String> {
        run(&self.0, order).await
    }
}

impl statewright_load::Engine for Relaxed {
    async fn open(folder: &Path, calls: Arc<Calls>) -> Result<Self> {
        let options = Sqlite::options().durability(Durability::Relaxed);
        Ok(Self(start(options.open(folder.join("orders.db"))?, calls).await?))
    }

    async fn run(&self, order: u64) -> Result<String> {
        run(&self.0, order).await
    }
}

impl statewright_load::Engine for InMemory {
    async fn open(_: &Path, calls: Arc<Calls>) -> Result<Self> {
        Ok(Self(start(Memory::new(), calls).await?))
    }

    async fn run(&self, order: u64) -> Result<String> {
        run(&self.0, order).await
    }
}

async fn start(store: impl Store, calls: Arc<Calls>) -> Result<Engine> {
    Ok(Engine::builder().store(store).register::<Order>(Host(calls)).start().await?)
}

async fn run(engine: &Engine, number: u64) -> Result<String> {
    let id = format!("order-{number:07}");
    engine.start::<Order>(&id, Start { id: id.clone(), number }).await?;
    let done = engine.wait_for::<Order>(&id, |view| view.status == Status::Finished).await?;
    let context = done.context;
    Ok([context.reserved, context.charged, context.shipped, context.notified].join(" "))
}
