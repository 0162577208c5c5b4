//! An activity that blocks its thread instead of waiting: the first holds up its shard, which learns
//! from it, and the next ones do not.

use statewright::engine::{Settings, View};
use statewright::{Cx, Dispatch, Engine};
use statewright_durable_tests::fragile_machine::{
    Activities, Event, FetchError, Fragile, Logic, Start, State,
};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::time::timeout;

/// Each call blocks until the test lets it go.
#[derive(Clone, Default)]
struct Blocking {
    begun: Arc<AtomicU32>,
    gate: Arc<(Mutex<u32>, Condvar)>,
}

impl Blocking {
    /// Lets so many go, from the first.
    fn open(&self, count: u32) {
        *self.gate.0.lock().expect("nobody panics") = count;
        self.gate.1.notify_all();
    }

    async fn has_begun(&self, count: u32) {
        while self.begun.load(Ordering::SeqCst) < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Logic for Blocking {
    fn is_poison(_: u32) -> bool {
        false
    }
}

impl Activities for Blocking {
    async fn fetch(&self, _: &Cx, _: &str) -> Result<u32, FetchError> {
        let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let opened = self.gate.0.lock().expect("nobody panics");
        let closed = |open: &mut u32| *open < number;
        let opened = self.gate.1.wait_while(opened, closed).expect("nobody panics");
        drop(opened);
        Ok(number)
    }
}

async fn start(engine: &Engine, key: &str) {
    let start = Start { name: key.to_owned() };
    engine.start::<Fragile>(key, start).await.expect("the key is free");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 5)]
async fn others_go_on_once_it_was_noticed() {
    const LONG: Duration = Duration::from_secs(30);
    let host = Blocking::default();
    let mut settings = Settings::default();
    settings.shards = 1;
    let engine = Engine::builder().settings(settings).register::<Fragile>(host.clone());
    let engine = engine.start().await.expect("it starts");
    start(&engine, "a").await;
    host.has_begun(1).await;
    // The first is tried in the shard, and all wait for it.
    let waits = timeout(Duration::from_millis(50), start(&engine, "b")).await;
    assert!(waits.is_err(), "the shard goes on");
    host.open(1);
    host.has_begun(2).await;
    // That of `b` blocks now, and nobody waits for it.
    timeout(LONG, start(&engine, "c")).await.expect("others wait for an activity of `b`");
    let pinged = timeout(LONG, engine.send::<Fragile>("b", Event::Ping)).await;
    assert_eq!(pinged.expect("`b` waits for its own activity"), Ok(Dispatch::Handled));
    host.open(u32::MAX);
    for key in ["a", "b", "c"] {
        let waiting = |view: &View<Fragile>| view.state == State::Waiting;
        let view = timeout(LONG, engine.wait_for::<Fragile>(key, waiting)).await;
        view.expect("it ends").expect("it is there");
    }
}
