//! The steps of a saga stand in another order, or on another side of the pivot, while instances are in it.

use super::{builder, engine, killed};
use statewright::engine::CauseKind;
use statewright::store::{Memory, Status};
use statewright::{Cx, EngineError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Services that note what they are asked, and under which number.
#[derive(Clone, Default)]
struct Services {
    /// What does not end, until the program is another.
    held: Arc<Mutex<Option<&'static str>>>,
    /// What fails, and was not done.
    fails: Option<&'static str>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Services {
    fn holding(step: &'static str) -> Self {
        Self { held: Arc::new(Mutex::new(Some(step))), ..Self::default() }
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().expect("nobody panics").clone()
    }

    /// True if it was done.
    async fn go(&self, cx: &Cx, what: &str) -> bool {
        let number = cx.idempotency_key().rsplit('/').next().map(str::to_owned);
        let call = format!("{what} {}", number.unwrap_or_default());
        self.calls.lock().expect("nobody panics").push(call);
        let held = *self.held.lock().expect("nobody panics");
        if held == Some(what) {
            std::future::pending::<()>().await;
        }
        self.fails != Some(what)
    }

    fn undo(&self, cx: &Cx, what: &str) {
        let number = cx.undoing().and_then(|step| step.idempotency_key.rsplit('/').next());
        let call = format!("undo {what} {}", number.unwrap_or("nobody says of which call"));
        self.calls.lock().expect("nobody panics").push(call);
    }
}

macro_rules! trips {
    ($($name:ident $version:tt { $($steps:tt)* })*) => {$(
        mod $name {
            statewright::flow! {
                durable machine Trip version $version {
                    key id
                    context { id: String }
                    error No
                    activity go(id: String, what: String) raises No
                    activity undo(id: String, what: String)
                    policy brief { timeout 1h  retry max 1 backoff fixed 1s on transient }
                    initial saga state Going {
                        $($steps)*
                        on done -> Over
                        on compensated(_) -> Back
                        on compensation_error(_) -> Stuck
                    }
                    final state Over
                    final state Back
                    final state Stuck
                }
            }
        }

        impl $name::trip::Activities for Services {
            async fn go(
                &self,
                cx: &Cx,
                _: &str,
                what: &str,
            ) -> Result<(), $name::trip::GoError> {
                self.go(cx, what).await.then_some(()).ok_or($name::trip::GoError::No)
            }
            async fn undo(
                &self,
                cx: &Cx,
                _: &str,
                what: &str,
            ) -> Result<(), $name::trip::UndoError> {
                self.undo(cx, what);
                Ok(())
            }
        }
    )*};
}

trips! {
    first 1 {
        step a: go(id, "a") with brief compensate undo(id, "a") with brief
        step b: go(id, "b") with brief compensate undo(id, "b") with brief
        pivot step d: go(id, "d") with brief
        step e: go(id, "e") with brief
    }
    swapped 2 {
        step b: go(id, "b") with brief compensate undo(id, "b") with brief
        step a: go(id, "a") with brief compensate undo(id, "a") with brief
        pivot step d: go(id, "d") with brief
        step e: go(id, "e") with brief
    }
    pivot_moved 2 {
        step a: go(id, "a") with brief compensate undo(id, "a") with brief
        step b: go(id, "b") with brief compensate undo(id, "b") with brief
        @allow(W0601, "what it leaves behind is none of the matter here")
        step e: go(id, "e") with brief
        pivot step d: go(id, "d") with brief
    }
    pivot_later 2 {
        step a: go(id, "a") with brief compensate undo(id, "a") with brief
        step b: go(id, "b") with brief compensate undo(id, "b") with brief
        step d: go(id, "d") with brief compensate undo(id, "d") with brief
        pivot step e: go(id, "e") with brief
    }
    inserted 2 {
        step a: go(id, "a") with brief compensate undo(id, "a") with brief
        step x: go(id, "x") with brief compensate undo(id, "x") with brief
        step b: go(id, "b") with brief compensate undo(id, "b") with brief
        pivot step d: go(id, "d") with brief
        step e: go(id, "e") with brief
    }
    appended 2 {
        step a: go(id, "a") with brief compensate undo(id, "a") with brief
        step b: go(id, "b") with brief compensate undo(id, "b") with brief
        pivot step d: go(id, "d") with brief
        step e: go(id, "e") with brief
        step f: go(id, "f") with brief
    }
    unmarked 2 {
        step a: go(id, "a") with brief compensate undo(id, "a") with brief
        step b: go(id, "b") with brief compensate undo(id, "b") with brief
        @allow(W0601, "what it leaves behind is none of the matter here")
        step d: go(id, "d") with brief
        pivot step e: go(id, "e") with brief
    }
}

/// What becomes of an instance that is in a step when its program is killed.
macro_rules! restarted {
    ($new:ident, $services:expr) => {{
        let services: Services = $services;
        let store = Memory::new();
        let old = engine(builder(&store).register::<first::trip::Trip>(services.clone())).await;
        let start = first::trip::Start { id: "t".to_owned() };
        old.start::<first::trip::Trip>("t", start).await.expect("it is free");
        tokio::time::sleep(Duration::from_secs(1)).await;
        killed(old).await;
        *services.held.lock().expect("nobody panics") = None;
        services.calls.lock().expect("nobody panics").clear();
        let new = engine(builder(&store).register::<$new::trip::Trip>(services.clone())).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        match new.state::<$new::trip::Trip>("t").await {
            Ok(view) if view.status == Status::Parked => {
                let retried = new.retry::<$new::trip::Trip>("t").await;
                let Err(EngineError::Parked { cause, .. }) = retried else { panic!("{retried:?}") };
                assert_eq!(cause.kind, CauseKind::Incompatible);
                assert_eq!(services.calls(), [""; 0], "nothing is asked for");
                Err(cause.message)
            }
            Ok(view) => Ok((format!("{:?}", view.state), services.calls())),
            Err(EngineError::Parked { cause, .. }) => {
                assert_eq!(cause.kind, CauseKind::Incompatible);
                assert_eq!(services.calls(), [""; 0], "nothing is asked for");
                Err(cause.message)
            }
            Err(other) => panic!("{other:?}"),
        }
    }};
}

type Met = Result<(String, Vec<String>), String>;

/// It was refused, and why.
fn refused(met: &Met, why: &str) {
    let Err(message) = met else { panic!("it goes on: {met:?}") };
    let around = "made by version 1 of `Trip`, and version 2 cannot go on with it: ";
    let way_out = "; the version before finishes what is in the saga, or `state Going -> ..` in \
        `migrate from 1 { .. }` leads it elsewhere";
    let said = message.strip_prefix(around).and_then(|rest| rest.strip_suffix(way_out));
    assert_eq!(said, Some(why), "{message}");
}

fn went_on(met: &Met, state: &str, calls: &[&str]) {
    let met = met.as_ref().expect("it goes on");
    assert_eq!(
        (met.0.as_str(), met.1.iter().map(String::as_str).collect()),
        (state, calls.to_vec())
    );
}

#[tokio::test(start_paused = true)]
async fn a_done_pivot_is_not_asked_for_again() {
    let met = restarted!(pivot_moved, Services::holding("e"));
    refused(&met, "state `Going::E` stood behind the pivot and stands in front of it now");
    let met = restarted!(pivot_moved, Services { fails: Some("e"), ..Services::holding("e") });
    refused(&met, "state `Going::E` stood behind the pivot and stands in front of it now");
}

#[tokio::test(start_paused = true)]
async fn steps_that_change_places_are_neither_done_twice_nor_left_out() {
    let met = restarted!(swapped, Services::holding("b"));
    refused(&met, "state `Going::B` has step `a`, which was done, behind it now");
    let met = restarted!(swapped, Services::holding("a"));
    refused(&met, "state `Going::A` has step `b`, which was not done, in front of it now");
}

#[tokio::test(start_paused = true)]
async fn behind_the_pivot_the_order_of_what_was_done_says_nothing() {
    let met = restarted!(swapped, Services::holding("e"));
    went_on(&met, "Over", &["e 4"]);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_was_never_asked_for_is_not_taken_back() {
    let met = restarted!(inserted, Services { fails: Some("b"), ..Services::holding("b") });
    refused(&met, "state `Going::B` has step `x`, which was not done, in front of it now");
    let met = restarted!(inserted, Services::holding("a"));
    went_on(&met, "Over", &["a 1", "x 2", "b 3", "d 4", "e 5"]);
}

#[tokio::test(start_paused = true)]
async fn a_pivot_that_was_done_is_not_taken_back_by_who_does_not_know_its_key() {
    let met = restarted!(pivot_later, Services { fails: Some("e"), ..Services::holding("e") });
    refused(&met, "state `Going::E` stood behind the pivot and stands in front of it now");
    let met = restarted!(pivot_later, Services::holding("d"));
    refused(&met, "state `Going::D` was the pivot and is not now");
}

#[tokio::test(start_paused = true)]
async fn the_word_pivot_alone_is_part_of_the_shape() {
    let met = restarted!(unmarked, Services { fails: Some("e"), ..Services::holding("e") });
    refused(&met, "state `Going::E` stood behind the pivot and stands in front of it now");
}

#[tokio::test(start_paused = true)]
async fn what_stands_behind_an_instance_can_change() {
    let met = restarted!(appended, Services::holding("e"));
    went_on(&met, "Over", &["e 4", "f 5"]);
    let met = restarted!(pivot_moved, Services { fails: Some("d"), ..Services::holding("b") });
    went_on(&met, "Back", &["b 2", "e 3", "d 4", "undo b 2", "undo a 1"]);
}
