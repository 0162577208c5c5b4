//! Sagas whose steps are machines: what took itself back is not taken back again, and what did not, is.

use statewright::engine::{Replay, View};
use statewright::store::{Filter, Letters, Memory, Status};
use statewright::{Engine, EngineError};
use statewright_durable_tests::stay::Stay;
use statewright_durable_tests::unstay::{self, Unstay};
use statewright_durable_tests::voyage::World;
use statewright_durable_tests::voyage_machine::{self as voyage, Voyage};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

statewright::flow! {
    /// Tells the porter unless it hears that no room was given.
    durable machine Guest {
        key id
        context { id: String  why: String = "" }
        error Full(house: String)
        initial saga state Staying {
            step room: machine Inn(id)
                compensate machine Porter(id)
            on done -> Slept
            on compensated(cause) do set why = cause.name -> Left
            on compensation_error(_) -> Left
        }
        final state Slept
        final state Left
    }
    durable machine Inn {
        key id
        context { id: String }
        initial state Asking {
            always {
                if id == "full" -> Full("The Bell")
                if id == "lost" -> Unexpected("Full", "The Bell")
                else -> Given
            }
        }
        final state Given
        @outcome(failure)
        final state Full(house: String)
        @outcome(failure)
        final state Unexpected(name: String, message: String)
    }
    durable machine Porter {
        key id
        context { id: String }
        initial state Telling { always -> Told }
        final state Told
    }
}

use guest::Guest;
use inn::Inn;
use porter::Porter;

/// What was done, in order: what, for whom.
#[derive(Clone, Default)]
struct Done(Arc<Mutex<Vec<String>>>);

impl Done {
    fn host(
        &self,
    ) -> World<impl Fn(&str) -> io::Result<()> + Clone + Send + Sync + 'static + use<>> {
        let done = Arc::clone(&self.0);
        World(move |line: &str| {
            let what = line.split(' ').next().unwrap_or_default();
            done.lock().expect("nobody panics").push(what.to_owned());
            Ok(())
        })
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().expect("nobody panics").clone()
    }
}

async fn engine(store: &Memory, done: &Done) -> Engine {
    let builder = Engine::builder().store(store.clone());
    let builder = builder.register::<Voyage>(done.host()).register::<Stay>(done.host());
    builder.register::<Unstay>(done.host()).start().await.expect("it starts")
}

async fn begin(engine: &Engine, id: &str) {
    let start = voyage::Start { id: id.to_owned() };
    engine.start::<Voyage>(id, start).await.expect("the key is free");
}

async fn ended(engine: &Engine, id: &str) -> View<Voyage> {
    let ended = engine.wait_for::<Voyage>(id, |view| view.status == Status::Finished);
    match tokio::time::timeout(Duration::from_secs(3600), ended).await {
        Ok(ended) => ended.expect("it is there"),
        Err(_) => panic!("{id} does not end: {:#?}", engine.dead_letters(None).await),
    }
}

async fn voyage(id: &str) -> (View<Voyage>, Vec<String>, Engine) {
    let (store, done) = (Memory::new(), Done::default());
    let engine = engine(&store, &done).await;
    begin(&engine, id).await;
    let view = ended(&engine, id).await;
    assert_eq!(engine.replay::<Voyage>(id).await.map(|r| matches!(r, Replay::Same(_))), Ok(true));
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
    (view, done.all(), engine)
}

#[tokio::test(start_paused = true)]
async fn what_a_machine_gives_is_known_behind_its_step() {
    let (view, done, _) = voyage("Good-1").await;
    assert_eq!(view.state, voyage::State::Booked { receipt: "room of Good-1".len() as u64 });
    assert_eq!(done, ["held", "guaranteed", "charged"]);
}

#[tokio::test(start_paused = true)]
async fn a_child_that_took_itself_back_is_not_taken_back_again() {
    for (id, wanted, why) in
        [("Full-1", vec![], "no bed"), ("Declined-1", vec!["held", "released"], "no guarantee")]
    {
        let (view, done, engine) = voyage(id).await;
        assert_eq!(view.state, voyage::State::TakenBack, "{id}");
        assert_eq!(view.context.note, why);
        assert_eq!(done, wanted, "{id}");
        let nobody = engine.state::<Unstay>(id).await;
        assert!(matches!(nobody, Err(EngineError::UnknownInstance { .. })), "{nobody:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_that_is_done_is_taken_back_with_what_it_gave() {
    let (view, done, engine) = voyage("Poor-1").await;
    assert_eq!((view.state, view.context.note.as_str()), (voyage::State::TakenBack, "no funds"));
    assert_eq!(done, ["held", "guaranteed", "gave-back"]);
    let undone = engine.state::<Unstay>("Poor-1").await.expect("it was started");
    assert_eq!(undone.context.room.as_deref(), Some("room of Poor-1"));
    assert_eq!((undone.state, undone.status), (unstay::State::Free, Status::Finished));
}

/// A child that is aborted in its saga goes back by itself, and what it was is not known to its parent.
#[tokio::test(start_paused = true)]
async fn a_child_that_was_aborted_is_taken_back_as_not_known() {
    let (store, done) = (Memory::new(), Done::default());
    let engine = engine(&store, &done).await;
    begin(&engine, "Slow-1").await;
    while done.all().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    engine.send::<Voyage>("Slow-1", voyage::Event::Cancel).await.expect("it is taken");
    assert_eq!(ended(&engine, "Slow-1").await.state, voyage::State::TakenBack);
    let cancelled = |view: &View<Stay>| view.status == Status::Cancelled;
    engine.wait_for::<Stay>("Slow-1", cancelled).await.expect("it was started");
    let mut done = done.all();
    done.sort();
    assert_eq!(done, ["held", "looked-for", "released"]);
}

/// The line is cut while the child holds a room: it tries again, and its parent waits.
#[tokio::test(start_paused = true)]
async fn a_child_that_tries_again_is_waited_for() {
    let (view, done, _) = voyage("Slow-2").await;
    assert!(matches!(view.state, voyage::State::Booked { .. }), "{:?}", view.state);
    assert_eq!(done, ["held", "held", "guaranteed", "charged"]);
}

/// The engine is dropped again and again while voyages are on their way forward and back.
#[tokio::test(start_paused = true)]
async fn a_restart_loses_no_step_and_takes_nothing_back_twice() {
    for (id, booked) in [("Good-9", true), ("Declined-9", false), ("Poor-9", false)] {
        let (store, done) = (Memory::new(), Done::default());
        for life in 0..24 {
            let engine = engine(&store, &done).await;
            if life == 0 {
                begin(&engine, id).await;
            }
            tokio::time::sleep(Duration::from_micros(life * 300)).await;
            // Every other one is stopped, and not just gone.
            if life % 2 == 0 {
                engine.stop().await;
            }
            drop(engine);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let engine = engine(&store, &done).await;
        let view = ended(&engine, id).await;
        assert_eq!(matches!(view.state, voyage::State::Booked { .. }), booked, "{:?}", view.state);
        let done = done.all();
        let did = |what: &str| done.iter().any(|line| line == what);
        assert_eq!(did("charged"), booked, "{done:?}");
        assert_eq!(did("released"), id == "Declined-9", "{done:?}");
        assert_eq!(did("gave-back"), id == "Poor-9", "{done:?}");
        assert!(!did("looked-for"), "{done:?}");
        let all = engine.list(Filter::default()).await.expect("it can be read");
        assert_eq!(all.len(), if id == "Poor-9" { 3 } else { 2 }, "each was started once");
        assert!(all.iter().all(|one| one.status == Status::Finished), "{all:?}");
    }
}

/// The saga alone, driven by hand: a child is asked for and answered like an activity.
#[test]
fn a_child_is_a_request_like_any_other() {
    let begun = || {
        let start = voyage::Start { id: "a".to_owned() };
        let mut machine = voyage::Machine::new(Done::default().host(), start).expect("it starts");
        let asked = machine.next_request().expect("it asks").clone();
        assert_eq!(asked.request, voyage::Request::Stay { id: "a".to_owned() });
        (machine, asked.id)
    };
    let (mut machine, stay) = begun();
    let full = voyage::Error::Full { why: "no bed".to_owned() };
    machine.resume(stay, voyage::Reply::Stay(Err(full))).expect("it goes back");
    assert_eq!(machine.state(), voyage::State::TakenBack);
    let (mut machine, stay) = begun();
    machine.resume(stay, voyage::Reply::Stay(Ok("7".to_owned()))).expect("it goes on");
    machine.dispatch(voyage::Event::Cancel).expect("it goes back");
    let undo = machine.next_request().expect("it asks").clone();
    let room = Some("7".to_owned());
    assert_eq!(undo.request, voyage::Request::Unstay { id: "a".to_owned(), room });
    machine.resume(undo.id, voyage::Reply::Unstay(Ok(()))).expect("it goes back");
    assert_eq!(machine.state(), voyage::State::TakenBack);
}

#[tokio::test(start_paused = true)]
async fn a_child_does_not_claim_to_have_failed_otherwise() {
    let builder = Engine::builder().store(Memory::new()).register::<Guest>(());
    let builder = builder.register::<Inn>(()).register::<Porter>(());
    let engine = builder.start().await.expect("it starts");
    for (id, why, is_told) in [("full", "Full", false), ("lost", "Unexpected", true)] {
        let start = guest::Start { id: id.to_owned() };
        engine.start::<Guest>(id, start).await.expect("the key is free");
        let over = engine.wait_for::<Guest>(id, |view| view.status == Status::Finished).await;
        let over = over.expect("it ends");
        assert_eq!((over.state, over.context.why.as_str()), (guest::State::Left, why));
        assert_eq!(engine.state::<Porter>(id).await.is_ok(), is_told, "{id}");
    }
}
