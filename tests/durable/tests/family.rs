//! Machines that start machines: the end of a child comes back once, and who is left is cancelled.

use statewright::engine::{CauseKind, DeadLetter, Replay, Settings, StepCause, View};
use statewright::store::faulty::{Faulty, Plan, on_tokio};
use statewright::store::{Filter, Letters, Memory, Status, StoreError};
use statewright::{Cursor, Cx, Engine, EngineError};
use statewright_durable_tests::careless::{self, Careless};
use statewright_durable_tests::nest::{self, Nest};
use statewright_durable_tests::parcel::{self, Parcel};
use statewright_durable_tests::purchase::{self, Purchase};
use statewright_durable_tests::reader::{self, Reader};
use statewright_durable_tests::sheet::Sheet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Carriers: what they were asked, and who was told that nobody waits.
#[derive(Clone, Default)]
struct Carrier {
    asked: Arc<Mutex<Vec<String>>>,
    cancelled: Arc<Mutex<Vec<String>>>,
}

impl parcel::Activities for Carrier {
    async fn carry(&self, cx: &Cx, _: &str) -> Result<String, parcel::CarryError> {
        let key = cx.idempotency_key().to_owned();
        self.asked.lock().expect("nobody panics").push(key.clone());
        let (cancelled, cx) = (Arc::clone(&self.cancelled), cx.clone());
        tokio::spawn(async move {
            cx.cancelled().await;
            cancelled.lock().expect("nobody panics").push(key);
        });
        tokio::time::sleep(Duration::from_secs(3600)).await;
        Ok("by hand".to_owned())
    }
}

async fn engine(store: &Memory, carrier: &Carrier) -> Engine {
    let mut settings = Settings::default();
    settings.shards = 3;
    let builder = Engine::builder().store(store.clone()).settings(settings);
    let builder = builder.register::<Purchase>(()).register::<Parcel>(carrier.clone());
    builder.register::<Nest>(()).start().await.expect("it starts")
}

async fn running() -> (Engine, Memory, Carrier) {
    let (store, carrier) = (Memory::new(), Carrier::default());
    (engine(&store, &carrier).await, store, carrier)
}

async fn buy(engine: &Engine, id: &str, weight: u32) {
    let start = purchase::Start { id: id.to_owned(), weight };
    engine.start::<Purchase>(id, start).await.expect("the key is free");
}

/// Waits until there is a parcel.
async fn parcel(engine: &Engine, id: &str) {
    while engine.state::<Parcel>(id).await.is_err() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn told(engine: &Engine, id: &str, event: parcel::Event) {
    parcel(engine, id).await;
    engine.send::<Parcel>(id, event).await.expect("it is taken");
}

async fn ended(engine: &Engine, id: &str) -> View<Purchase> {
    let ended = engine.wait_for::<Purchase>(id, |view| view.status == Status::Finished).await;
    ended.expect("it ends")
}

#[tokio::test(start_paused = true)]
async fn what_a_child_ends_with_comes_back() {
    let (engine, ..) = running().await;
    buy(&engine, "a", 5).await;
    told(&engine, "a", parcel::Event::Deliver { code: "T-1".to_owned() }).await;
    let view = ended(&engine, "a").await;
    assert_eq!((view.state, view.context.code.as_str()), (purchase::State::Sent, "T-1"));
    assert_eq!(engine.state::<Parcel>("a").await.expect("it is there").context.weight, 5);
    assert_eq!(engine.replay::<Purchase>("a").await, Ok(Replay::Same(2)));
    assert_eq!(engine.replay::<Parcel>("a").await, Ok(Replay::Same(2)));
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_an_error_under_the_name_of_its_state() {
    let (engine, ..) = running().await;
    // One that the parent declares, with what it carries.
    buy(&engine, "a", 5).await;
    told(&engine, "a", parcel::Event::Lose { place: "Ulm".to_owned() }).await;
    let searching = |view: &View<Purchase>| view.state == purchase::State::Searching;
    let view = engine.wait_for::<Purchase>("a", searching).await.expect("it is there");
    assert_eq!(view.context.why, "Ulm");
    // One that it does not, and one at once.
    buy(&engine, "b", 5).await;
    told(&engine, "b", parcel::Event::Break { how: "fell".to_owned() }).await;
    assert_eq!(ended(&engine, "b").await.context.why, "Broken");
    buy(&engine, "c", 500).await;
    let view = ended(&engine, "c").await;
    assert_eq!((view.state, view.context.why.as_str()), (purchase::State::Failed, "Refused"));
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_carries_more_than_the_error_of_its_name_says_all_of_it() {
    let builder = Engine::builder().store(Memory::new()).register::<Reader>(());
    let engine = builder.register::<Sheet>(()).start().await.expect("it starts");
    let start = reader::Start { id: "torn".to_owned() };
    engine.start::<Reader>("torn", start).await.expect("the key is free");
    let over = |view: &View<Reader>| view.status == Status::Finished;
    let view = engine.wait_for::<Reader>("torn", over).await.expect("it ends");
    let wanted = (reader::State::Unread, "\"a cat\", 3");
    assert_eq!((view.state, view.context.why.as_str()), wanted);
}

#[tokio::test(start_paused = true)]
async fn a_child_whose_key_is_taken_is_refused() {
    let (engine, ..) = running().await;
    let start = parcel::Start { id: "a".to_owned(), weight: 1 };
    engine.start::<Parcel>("a", start).await.expect("the key is free");
    buy(&engine, "a", 5).await;
    assert_eq!(ended(&engine, "a").await.context.why, "Duplicate");
    // Its own instance goes on.
    assert_eq!(engine.state::<Parcel>("a").await.expect("it is there").status, Status::Running);
    // Who starts anew wants another instance too.
    buy(&engine, "b", 5).await;
    parcel(&engine, "b").await;
    engine.send::<Purchase>("b", purchase::Event::Again).await.expect("it is taken");
    assert_eq!(ended(&engine, "b").await.context.why, "Duplicate");
    gone(&engine, "b").await;
}

/// Waits until a parcel is cancelled.
async fn gone(engine: &Engine, id: &str) {
    while engine.state::<Parcel>(id).await.expect("it is there").status != Status::Cancelled {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn leaving_the_state_cancels_the_child_with_all_that_runs_for_it() {
    let (engine, _, carrier) = running().await;
    buy(&engine, "a", 5).await;
    parcel(&engine, "a").await;
    let moving = |view: &View<Parcel>| view.state == parcel::State::Moving;
    engine.wait_for::<Parcel>("a", moving).await.expect("it is there");
    engine.send::<Purchase>("a", purchase::Event::Cancel).await.expect("it is taken");
    gone(&engine, "a").await;
    let sent = parcel::Event::Deliver { code: "late".to_owned() };
    let refused = engine.send::<Parcel>("a", sent).await;
    assert_eq!(refused, Err(EngineError::Cancelled("a".to_owned())));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(*carrier.cancelled.lock().expect("nobody panics"), ["Parcel/a/2/1"]);
    let steps = engine.history::<Parcel>("a", 1, 9).await.expect("it is there");
    assert_eq!(steps.last().map(|step| step.cause.clone()), Some(StepCause::Cancelled));
    let cancelled = Filter { status: Some(Status::Cancelled), ..Filter::default() };
    assert_eq!(engine.list(cancelled).await.expect("it can be read").len(), 1);
    let view = ended(&engine, "a").await;
    assert_eq!(view.state, purchase::State::Cancelled);
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_a_child_or_a_parent_tells_the_other() {
    let (engine, ..) = running().await;
    buy(&engine, "a", 5).await;
    parcel(&engine, "a").await;
    engine.abandon::<Parcel>("a").await.expect("it is there");
    assert_eq!(ended(&engine, "a").await.context.why, "Abandoned");
    buy(&engine, "b", 5).await;
    parcel(&engine, "b").await;
    engine.abandon::<Purchase>("b").await.expect("it is there");
    gone(&engine, "b").await;
}

#[tokio::test(start_paused = true)]
async fn nests_have_an_end() {
    let (engine, ..) = running().await;
    engine.start::<Nest>("1", nest::Start { level: 1 }).await.expect("the key is free");
    let ended = |view: &View<Nest>| view.status == Status::Finished;
    let view = engine.wait_for::<Nest>("1", ended).await.expect("it ends");
    let nest::State::Failed { why } = view.state else { panic!("{:?}", view.state) };
    assert!(why.contains("16 deep"), "{why}");
    assert_eq!(engine.list(Filter::default()).await.expect("it can be read").len(), 17);
}

/// Whoever says nothing of a failure is parked with it, and hears it again when it is tried again.
#[tokio::test(start_paused = true)]
async fn a_parent_that_is_parked_hears_of_its_child_later() {
    let store = Memory::new();
    let (first, carrier) = (careful(&store).await, Carrier::default());
    first.start::<Careless>("a", careless::Start { id: "a".to_owned() }).await.expect("it is free");
    told(&first, "a", parcel::Event::Break { how: "fell".to_owned() }).await;
    let parked = |engine: Engine| async move {
        loop {
            let view = engine.state::<Careless>("a").await.expect("it is there");
            if view.status == Status::Parked {
                break view.seq;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let seq = parked(first.clone()).await;
    assert_eq!(first.letters(Letters::default()).await.expect("it can be read").len(), 1);
    // Not lost while it waits, nor by a restart.
    first.stop().await;
    drop(carrier);
    let second = careful(&store).await;
    second.retry::<Careless>("a").await.expect("it is parked");
    loop {
        let again = parked(second.clone()).await;
        if again > seq + 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let steps = second.history::<Careless>("a", 1, 99).await.expect("it is there");
    let last = steps.last().expect("it made steps").to_string();
    assert!(last.contains("Broken: fell"), "{last}");
    second.abandon::<Careless>("a").await.expect("it is parked");
    while !second.letters(Letters::default()).await.expect("it can be read").is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn careful(store: &Memory) -> Engine {
    let builder = Engine::builder().store(store.clone()).register::<Careless>(());
    builder.register::<Parcel>(Carrier::default()).start().await.expect("it starts")
}

/// A child of a machine that nobody has registered waits for a person, and so does its parent.
#[tokio::test(start_paused = true)]
async fn a_child_that_nobody_knows_is_a_dead_letter() {
    let store = Memory::new();
    let builder = Engine::builder().store(store.clone());
    let alone = builder.register::<Purchase>(()).start().await.expect("it starts");
    for id in ["a", "b"] {
        buy(&alone, id, 5).await;
    }
    let dead = loop {
        let dead = alone.dead_letters(None).await.expect("it can be read");
        if dead.len() == 2 {
            break dead;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    };
    let ids = dead.iter().map(|letter| match letter {
        DeadLetter::Letter(row) => row.letter.id,
        DeadLetter::Parked(parked) => panic!("{parked:?}"),
    });
    let ids: Vec<u64> = ids.collect();
    alone.abandon_letter(ids[1]).await.expect("it is dead");
    assert_eq!(ended(&alone, "b").await.context.why, "Abandoned");
    alone.stop().await;
    let engine = engine(&store, &Carrier::default()).await;
    engine.retry_letter(ids[0]).await.expect("it is dead");
    told(&engine, "a", parcel::Event::Deliver { code: "T-1".to_owned() }).await;
    assert_eq!(ended(&engine, "a").await.context.code, "T-1");
}

/// The first child cannot be read, and if it is as bad as that, nor can its steps.
struct Damaged {
    steps: bool,
}

impl Plan for Damaged {
    fn corrupt(&mut self, instance: u64) -> Option<String> {
        (instance == 2).then(|| "the row is cut off".to_owned())
    }

    fn call(&mut self, method: &'static str) -> Option<StoreError> {
        let is_hit = self.steps && method == "history";
        is_hit.then(|| StoreError::Failed("the journal is cut off".to_owned()))
    }
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_a_damaged_child_tells_its_parent_too() {
    for steps in [false, true] {
        let (first, store, carrier) = running().await;
        buy(&first, "a", 5).await;
        parcel(&first, "a").await;
        first.stop().await;
        drop(first);
        let faulty = Faulty::new(store.clone(), Damaged { steps }, on_tokio);
        let builder = Engine::builder().store(faulty).register::<Purchase>(());
        let engine = builder.register::<Parcel>(carrier).start().await.expect("it starts");
        let looked = engine.state::<Parcel>("a").await;
        assert!(matches!(looked.map(|view| view.status), Err(EngineError::Parked { .. })));
        tokio::time::sleep(Duration::from_secs(1)).await;
        let waiting = engine.state::<Purchase>("a").await.expect("it is there");
        assert_eq!(waiting.state, purchase::State::Sending, "a person may mend it yet");
        assert_eq!(engine.abandon::<Parcel>("a").await, Ok(()));
        let view = ended(&engine, "a").await;
        assert_eq!((view.state, view.context.why.as_str()), (purchase::State::Failed, "Abandoned"));
        assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
        engine.stop().await;
    }
}

/// The parent cannot be read: of its state nothing is known.
struct Beheaded;

impl Plan for Beheaded {
    fn corrupt(&mut self, instance: u64) -> Option<String> {
        (instance == 1).then(|| "the row is cut off".to_owned())
    }
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_a_damaged_parent_has_its_children_cancelled() {
    let (first, store, carrier) = running().await;
    for id in ["a", "b"] {
        buy(&first, id, 5).await;
        parcel(&first, id).await;
    }
    first.stop().await;
    drop(first);
    let faulty = Faulty::new(store.clone(), Beheaded, on_tokio);
    let builder = Engine::builder().store(faulty).register::<Purchase>(());
    let engine = builder.register::<Parcel>(carrier).start().await.expect("it starts");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let waiting = engine.state::<Parcel>("a").await.expect("it is there");
    assert_eq!(waiting.status, Status::Running, "a person may mend its parent yet");
    assert_eq!(engine.abandon::<Purchase>("a").await, Ok(()));
    gone(&engine, "a").await;
    // That of somebody else goes on.
    let other = engine.state::<Parcel>("b").await.expect("it is there");
    assert_eq!(other.status, Status::Running);
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
    engine.stop().await;
}

/// The same machine later, which knows nothing of parcels.
mod later {
    statewright::flow! {
        durable machine Purchase version 2 {
            key id
            context { id: String }
            event Give
            initial state Waiting { on Give -> Given }
            final state Given
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_a_parent_of_another_version_has_its_children_cancelled() {
    let (first, store, carrier) = running().await;
    buy(&first, "a", 5).await;
    parcel(&first, "a").await;
    first.stop().await;
    drop(first);
    let builder = Engine::builder().store(store.clone());
    let builder = builder.register::<later::purchase::Purchase>(());
    let engine = builder.register::<Parcel>(carrier).start().await.expect("it starts");
    assert_eq!(engine.abandon::<later::purchase::Purchase>("a").await, Ok(()));
    gone(&engine, "a").await;
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
    engine.stop().await;
}

/// Both are killed again and again.
#[tokio::test(start_paused = true)]
async fn a_restart_loses_no_child() {
    let (store, carrier) = (Memory::new(), Carrier::default());
    for life in 0..12 {
        let engine = engine(&store, &carrier).await;
        if life == 0 {
            buy(&engine, "a", 5).await;
        }
        for _ in 0..life {
            tokio::task::yield_now().await;
        }
        drop(engine);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let first = engine(&store, &carrier).await;
    told(&first, "a", parcel::Event::Deliver { code: "T-1".to_owned() }).await;
    drop(first);
    tokio::time::sleep(Duration::from_millis(1)).await;
    let engine = engine(&store, &carrier).await;
    assert_eq!(ended(&engine, "a").await.context.code, "T-1");
    let all = engine.list(Filter::default()).await.expect("it can be read");
    assert_eq!(all.len(), 2, "each was started once");
    assert!(all.iter().all(|one| one.status == Status::Finished), "{all:?}");
}

#[test]
fn causes_have_names() {
    let named = serde_json::to_string(&CauseKind::UnknownMachine).expect("it can be written");
    assert_eq!(named, "\"unknown_machine\"");
}

#[tokio::test(start_paused = true)]
async fn the_outputs_of_a_child_end_when_it_is_cancelled() {
    let (engine, ..) = running().await;
    buy(&engine, "a", 5).await;
    parcel(&engine, "a").await;
    let mut outputs = engine.outputs::<Parcel>("a", Cursor::START).expect("it is registered");
    let waiting = tokio::spawn(async move { outputs.next().await });
    tokio::time::sleep(Duration::from_millis(1)).await;
    engine.send::<Purchase>("a", purchase::Event::Cancel).await.expect("it is taken");
    gone(&engine, "a").await;
    assert_eq!(waiting.await.expect("no panic"), Ok(None));
    let mut later = engine.outputs::<Parcel>("a", Cursor::START).expect("it is registered");
    assert_eq!(later.next().await, Ok(None));
}
