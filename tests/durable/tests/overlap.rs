//! A step of a saga that nobody waits for any more is not taken back while it still does something: it blocks
//! its thread, say, so that it cannot be stopped.

use statewright::engine::{Settings, View};
use statewright::store::Status;
use statewright::{Cx, Engine};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

statewright::flow! {
    durable machine Lease {
        key id
        context { id: String }
        event Cancel
        activity rent(id: String) -> String
        activity give_back(room: String)
        policy patient { timeout 1h  retry max 3 on transient }
        initial saga state Renting {
            step room: rent(id) with patient
                compensate give_back(room) with patient
            on Cancel abort
            on done -> Rented
            on compensated -> Free
            on compensation_error(cause) -> Stuck(cause.message)
        }
        final state Rented
        final state Free
        @outcome(failure)
        final state Stuck(why: String)
    }
}

use lease::{Activities, Event, GiveBackError, Lease, Machine, RentError, Start, State};

/// Rents only when it is let, and blocks its thread until then.
#[derive(Clone, Default)]
struct House(Arc<(Mutex<Seen>, Condvar)>);

#[derive(Default)]
struct Seen {
    is_let: bool,
    said: Vec<&'static str>,
}

impl House {
    fn say(&self, what: &'static str) {
        self.0.0.lock().expect("nobody panics").said.push(what);
    }

    fn said(&self) -> Vec<&'static str> {
        self.0.0.lock().expect("nobody panics").said.clone()
    }

    fn let_it(&self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).is_let = true;
        self.0.1.notify_all();
    }

    /// Until it has been called, in another thread.
    async fn is_called(&self) {
        while self.said().is_empty() {
            tokio::task::yield_now().await;
        }
    }
}

impl Activities for House {
    async fn rent(&self, _: &Cx, id: &str) -> Result<String, RentError> {
        // Not within the step that asks for it, which would wait for that.
        tokio::task::yield_now().await;
        self.say("rents");
        let (seen, changed) = &*self.0;
        let seen = seen.lock().expect("nobody panics");
        drop(changed.wait_while(seen, |seen| !seen.is_let).expect("nobody panics"));
        self.say("has rented");
        Ok(format!("room of {id}"))
    }

    async fn give_back(&self, _: &Cx, room: &Option<String>) -> Result<(), GiveBackError> {
        assert_eq!(*room, None, "nobody has heard of it");
        self.say("gives back");
        Ok(())
    }
}

/// Lets it at the end, also of a test that fails: a runtime waits for threads that are blocked.
struct LetAtLast(House);

impl Drop for LetAtLast {
    fn drop(&mut self) {
        self.0.let_it();
    }
}

fn start() -> Start {
    Start { id: "l-1".to_owned() }
}

/// Long enough for whoever does not wait.
async fn a_while() {
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
}

const ORDER: [&str; 3] = ["rents", "has rented", "gives back"];

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn on_an_engine() {
    let house = House::default();
    let _at_last = LetAtLast(house.clone());
    let mut settings = Settings::default();
    settings.shards = 1;
    let engine = Engine::builder().settings(settings).register::<Lease>(house.clone());
    let engine = engine.start().await.unwrap();
    engine.start::<Lease>("l-1", start()).await.unwrap();
    house.is_called().await;
    engine.send::<Lease>("l-1", Event::Cancel).await.unwrap();
    a_while().await;
    assert_eq!(house.said(), ["rents"]);
    house.let_it();
    let is_over = |view: &View<Lease>| view.status == Status::Finished;
    let view = engine.wait_for::<Lease>("l-1", is_over).await.unwrap();
    assert_eq!(view.state, State::Free);
    assert_eq!(house.said(), ORDER);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn in_a_task() {
    let house = House::default();
    let _at_last = LetAtLast(house.clone());
    let handle = Machine::new(Arc::new(house.clone()), start()).unwrap().spawn();
    house.is_called().await;
    handle.send(Event::Cancel).await.unwrap();
    a_while().await;
    assert_eq!(house.said(), ["rents"]);
    house.let_it();
    let mut state = handle.state();
    state.wait_for(|state| matches!(state, State::Free)).await.unwrap();
    assert_eq!(house.said(), ORDER);
}
