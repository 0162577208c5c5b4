//! A step of a saga that was cut off, when its instance was parked or its program was killed: it may have
//! been done, whatever its attempts say from then on. One that only waited for its next attempt was not.

use statewright::engine::{Edit, Replay};
use statewright::store::{Memory, Status};
use statewright::{Cx, Engine};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};

statewright::flow! {
    durable machine Visit {
        key id
        context { id: String  left: u32 = 0  note: String = "" }
        event Allow(minutes: u32)
        transient error Busy
        activity book(id: String) -> String raises Busy
        activity cancel(id: String, room: String)
        policy brief { timeout 10s  retry max 1 backoff fixed 1s on transient }

        initial saga state Booking {
            step room: book(id) with brief
                compensate cancel(id, room) with brief
            after 5s do set left = left - 1
            on Allow(minutes) do set left = minutes
            on done -> Booked
            on compensated(cause) do set note = cause.name -> Free
            on compensation_error(_) -> Stuck
        }
        final state Booked
        final state Free
        final state Stuck
    }

    durable machine Trip {
        key id
        context { id: String  note: String = "" }
        transient error Busy
        activity book(id: String) -> String raises Busy
        activity cancel(id: String, room: String)
        policy patient { timeout 10s  retry max 1 backoff fixed 1m jitter none on transient }

        initial saga state Booking {
            step room: book(id) with patient
                compensate cancel(id, room) with patient
            on done -> Booked
            on compensated(cause) do set note = cause.name -> Free
            on compensation_error(_) -> Stuck
        }
        final state Booked
        final state Free
        final state Stuck
    }
}

use visit::{Activities, BookError, CancelError, Event, Start, State, Visit};

/// A house that hangs, then says that it is busy.
#[derive(Clone, Default)]
struct House {
    answers: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl House {
    fn note(&self, what: String) {
        self.asked.lock().expect("nobody panics").push(what);
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("nobody panics").clone()
    }
}

impl Activities for House {
    async fn book(&self, cx: &Cx, _: &str) -> Result<String, BookError> {
        self.note(format!("book {}", cx.attempt()));
        if !self.answers.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        Err(BookError::Busy)
    }

    async fn cancel(&self, cx: &Cx, _: &str, _: &Option<String>) -> Result<(), CancelError> {
        let is_known = cx.undoing().is_some_and(|step| step.is_known);
        self.note(format!("cancel, known: {is_known}"));
        Ok(())
    }
}

impl trip::Activities for House {
    async fn book(&self, cx: &Cx, id: &str) -> Result<String, trip::BookError> {
        let booked = Activities::book(self, cx, id).await;
        booked.map_err(|_| trip::BookError::Busy)
    }

    async fn cancel(
        &self,
        cx: &Cx,
        id: &str,
        room: &Option<String>,
    ) -> Result<(), trip::CancelError> {
        drop(Activities::cancel(self, cx, id, room).await);
        Ok(())
    }
}

thread_local! { static BEGUN: Instant = Instant::now(); }

const NOON: u64 = 1_700_000_000_000;

/// Paused time, which goes on while no engine runs.
fn wall() -> u64 {
    NOON + BEGUN.with(Instant::elapsed).as_millis() as u64
}

/// Ends a trip whose program is away from the first second on, for so many seconds; gives what was asked.
async fn trip(away: u64, back: fn() -> u64) -> Vec<String> {
    let (store, house) = (Memory::new(), House::default());
    house.answers.store(true, Ordering::Relaxed);
    let builder = || Engine::builder().store(store.clone()).register::<trip::Trip>(house.clone());
    let engine = builder().wall_clock(wall).start().await.expect("it starts");
    engine.start::<trip::Trip>("t", trip::Start { id: "t".into() }).await.expect("it is free");
    sleep(Duration::from_secs(1)).await;
    drop(engine);
    sleep(Duration::from_secs(away)).await;
    let engine = builder().wall_clock(back).start().await.expect("it starts");
    let ended = engine.wait_for::<trip::Trip>("t", |view| view.status == Status::Finished).await;
    assert_eq!(ended.expect("it is there").state, trip::State::Free);
    house.asked()
}

#[tokio::test(start_paused = true)]
async fn a_program_that_is_killed_between_two_attempts_has_cut_nothing_off() {
    assert_eq!(trip(30, wall).await, ["book 1", "book 2"]);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_was_due_when_the_program_was_killed_may_have_been_made() {
    let doubted = ["book 1", "book 2", "cancel, known: false"];
    assert_eq!(trip(90, wall).await, doubted);
    // A clock that was set back does not know what was due.
    assert_eq!(trip(90, || NOON - 86_400_000).await, doubted);
}

#[tokio::test(start_paused = true)]
async fn what_was_cut_off_when_it_was_parked_is_taken_back() {
    let house = House::default();
    let engine = Engine::builder().store(Memory::new()).register::<Visit>(house.clone());
    let engine = engine.start().await.expect("it starts");
    engine.start::<Visit>("v", Start { id: "v".to_owned() }).await.expect("it is free");
    // The timer parks it, in the middle of the first attempt.
    let parked = engine.wait_for::<Visit>("v", |view| view.status == Status::Parked).await;
    assert_eq!(parked.expect("it is there").context.left, 0);
    assert_eq!(house.asked(), ["book 1"]);
    house.answers.store(true, Ordering::Relaxed);
    let allow = Edit::Event(Event::Allow { minutes: 5 });
    engine.retry_with::<Visit>("v", allow).await.expect("it fits");
    let ended = engine.wait_for::<Visit>("v", |view| view.status == Status::Finished).await;
    let ended = ended.expect("it is there");
    assert_eq!(house.asked(), ["book 1", "book 1", "book 2", "cancel, known: false"]);
    assert_eq!((ended.state, ended.context.note.as_str()), (State::Free, "Timeout"));
    let replay = engine.replay::<Visit>("v").await.expect("it can be read");
    assert!(matches!(replay, Replay::Same(_)), "{replay:?}");
    sleep(Duration::from_secs(60)).await;
    assert_eq!(house.asked().len(), 4);
}
