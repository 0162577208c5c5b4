//! A step of a saga that was cut off when its instance was parked: it may have been done, whatever the
//! attempts say that a person has let it make again.

use statewright::engine::{Edit, Replay};
use statewright::store::{Memory, Status};
use statewright::{Cx, Engine};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

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
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(house.asked().len(), 4);
}
