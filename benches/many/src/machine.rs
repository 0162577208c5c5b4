//! A parcel on a shelf, which waits to be collected, or to be noted when it has waited for long.

use parcel::{Activities, CarryError, NoteError, Parcel};
use statewright::store::Store;
use statewright::{Cx, Engine, EngineError};
use std::sync::mpsc::Sender;
use std::time::{Duration, SystemTime};

statewright::flow! {
    @allow(W0503, "its calls wait for nothing")
    durable machine Parcel version 1 {
        key id
        context { id: String }
        event Collect
        activity carry(id: String)
        activity note(id: String)
        on error -> Gone
        initial state Shelved {
            on Collect -> Carried
            after 30d -> Noted
        }
        state Carried { invoke carry(id) on done -> Gone }
        state Noted { invoke note(id) on done -> Gone }
        final state Gone
    }
}

/// Tells what is done for which parcel, and when.
pub struct Host(pub Sender<(String, SystemTime)>);

impl Activities for Host {
    /// For ever.
    async fn carry(&self, _: &Cx, id: &str) -> Result<(), CarryError> {
        // Nobody may listen any more when the program ends.
        let _ = self.0.send((id.to_owned(), SystemTime::now()));
        std::future::pending::<()>().await;
        Ok(())
    }

    async fn note(&self, _: &Cx, id: &str) -> Result<(), NoteError> {
        let _ = self.0.send((id.to_owned(), SystemTime::now()));
        Ok(())
    }
}

/// An engine that leaves instances in memory for so long.
pub async fn start(store: impl Store, idle: Duration, host: Host) -> Result<Engine, EngineError> {
    let mut settings = statewright::engine::Settings::default();
    (settings.idle, settings.resident) = (idle, usize::MAX);
    Engine::builder().store(store).settings(settings).register::<Parcel>(host).start().await
}
