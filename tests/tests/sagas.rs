//! Sagas as a user of the generated code sees them: as a module, as a value, in a task.

#![allow(clippy::unwrap_used)]

use statewright::{Cx, Dispatch, Failure};
use std::sync::{Arc, Mutex};

#[statewright::machine]
mod trip {
    #[context]
    struct Context {
        name: String,
        #[init("")]
        note: String,
    }

    #[events]
    enum Event {
        Cancel { reason: String },
    }

    #[errors]
    enum Error {
        Refused {
            why: String,
        },
        #[transient]
        Busy,
    }

    #[activities]
    trait Activities {
        #[raises(Refused)]
        async fn rent(&self, cx: &Cx, name: &str) -> String;
        async fn give_back(&self, cx: &Cx, room: &str);
        #[raises(Busy)]
        async fn pay(&self, cx: &Cx, room: &str) -> u64;
        async fn tell(&self, cx: &Cx, number: u64);
    }

    #[policy(timeout 30s retry max 2 backoff exponential 1s..5s jitter full on transient)]
    struct Patient;

    enum State {
        #[state(initial, saga)]
        #[step(room: rent(name) with Patient compensate give_back(room) with Patient)]
        #[pivot(ticket: pay(room) with Patient)]
        #[step(mail: tell(ticket) with Patient)]
        #[on(Cancel(reason) do set note = reason abort)]
        #[on(done -> Booked(ticket))]
        #[on(compensated(cause) do set note = cause.message -> TakenBack)]
        #[on(compensation_error(cause) do set note = cause.message -> Stuck)]
        Trip,
        #[state(final)]
        Booked { number: u64 },
        #[state(final)]
        TakenBack,
        #[state(final)]
        Stuck,
    }
}

use trip::{
    Activities, GiveBackError, PayError, RentError, Reply, Request, Start, State, TellError,
};

/// Services that note what they are asked, and one that has no rooms.
#[derive(Clone, Default)]
struct Services {
    asked: Arc<Mutex<Vec<String>>>,
    is_broken: bool,
}

impl Services {
    fn note(&self, what: String) {
        self.asked.lock().unwrap().push(what);
    }
}

impl Activities for Services {
    async fn rent(&self, cx: &Cx, name: &str) -> Result<String, RentError> {
        self.note(format!("rent {}", cx.idempotency_key()));
        Ok(format!("room of {name}"))
    }

    async fn give_back(&self, cx: &Cx, room: &Option<String>) -> Result<(), GiveBackError> {
        let undoing = cx.undoing().unwrap();
        let (key, known) = (&undoing.idempotency_key, undoing.is_known);
        self.note(format!("give back {room:?} of {} {key} {known}", undoing.step));
        Ok(())
    }

    async fn pay(&self, cx: &Cx, _: &str) -> Result<u64, PayError> {
        self.note(format!("pay {}", cx.undoing().is_some()));
        if self.is_broken { Err(PayError::Busy) } else { Ok(7) }
    }

    async fn tell(&self, _: &Cx, number: u64) -> Result<(), TellError> {
        self.note(format!("tell {number}"));
        Ok(())
    }
}

fn start() -> Start {
    Start { name: "a".to_owned() }
}

#[test]
fn a_step_is_not_asked_for_again_on_the_way_back() {
    let mut machine = trip::Machine::new(Services::default(), start()).unwrap();
    let id = machine.next_request().unwrap().id;
    machine.resume(id, Reply::Rent(Ok("r".to_owned()))).unwrap();
    let paying = machine.next_request().unwrap();
    assert!(matches!(&paying.request, Request::Pay { room } if room == "r"));
    let id = paying.id;
    machine.resume(id, Reply::Pay(Err(trip::Error::Busy))).unwrap();
    let back = machine.next_request().unwrap().clone();
    assert!(matches!(&back.request, Request::GiveBack { room: Some(room) } if room == "r"));
    let of = back.undoes.as_ref().unwrap();
    assert_eq!((of.step.as_str(), of.id, of.known), ("room", 1, true));
    // Wherever it goes on, it goes on backwards.
    let snapshot = serde_json::to_string(&machine.snapshot()).unwrap();
    let snapshot = serde_json::from_str(&snapshot).unwrap();
    let mut machine = trip::Machine::restore(Services::default(), snapshot).unwrap();
    assert_eq!(machine.next_request(), Some(&back));
    assert_eq!(machine.next_request(), None);
    let cancel = trip::Event::Cancel { reason: "late".to_owned() };
    assert_eq!(machine.dispatch(cancel).unwrap(), Dispatch::Ignored);
    machine.resume(back.id, Reply::GiveBack(Ok(()))).unwrap();
    assert!(matches!(machine.state(), State::TakenBack));
    assert_eq!(machine.context().note, "Busy");
}

#[test]
fn what_was_cut_off_is_taken_back_without_being_known() {
    let mut machine = trip::Machine::new(Services::default(), start()).unwrap();
    let id = machine.next_request().unwrap().id;
    let cut = Failure::new(Failure::UNEXPECTED, "the line is cut");
    machine.resume(id, Reply::Rent(Err(trip::Error::Unexpected(cut)))).unwrap();
    let back = machine.next_request().unwrap();
    assert!(matches!(&back.request, Request::GiveBack { room: None }));
    assert!(!back.undoes.as_ref().unwrap().known);
}

#[tokio::test(start_paused = true)]
async fn a_task_goes_forward_or_back() {
    for (is_broken, asked) in [
        (false, vec!["rent 1", "pay false", "tell 7"]),
        (
            true,
            vec![
                "rent 1",
                "pay false",
                "pay false",
                "pay false",
                "give back Some(\"room of a\") of room 1 true",
            ],
        ),
    ] {
        let services = Services { is_broken, ..Services::default() };
        let noted = Arc::clone(&services.asked);
        let handle = trip::Machine::new(services, start()).unwrap().spawn();
        let mut states = handle.state();
        let ended = states
            .wait_for(|state| matches!(state, State::Booked { .. } | State::TakenBack))
            .await
            .unwrap()
            .clone();
        assert_eq!(matches!(ended, State::TakenBack), is_broken);
        assert_eq!(*noted.lock().unwrap(), asked);
    }
}
