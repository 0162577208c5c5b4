//! Sagas that are under way while their machine changes: whoever takes a step back is
//! told which call that was.

use super::{builder, engine, killed};
use statewright::Cx;
use statewright::store::{Memory, Status};
use std::sync::{Arc, Mutex};
use std::time::Duration;

mod of_first {
    statewright::flow! {
        durable machine Trip version 1 {
            key id
            context { id: String }
            event Cancel
            activity go(id: String, what: String)
            activity undo(id: String, what: String)
            policy brief { timeout 1h  retry max 1 backoff fixed 1s on transient }
            initial saga state Booking {
                concurrent {
                    step car: go(id, "car") with brief compensate undo(id, "car") with brief
                    step seat: go(id, "seat") with brief compensate undo(id, "seat") with brief
                }
                step mail: go(id, "mail") with brief compensate undo(id, "mail") with brief
                on Cancel abort
                on done -> Over
                on compensated(_) -> Over
                on compensation_error(_) -> Over
            }
            final state Over
        }
    }
}

/// The saga is called otherwise.
mod of_second {
    statewright::flow! {
        durable machine Trip version 2 {
            key id
            context { id: String }
            event Cancel
            activity go(id: String, what: String)
            activity undo(id: String, what: String)
            policy brief { timeout 1h  retry max 1 backoff fixed 1s on transient }
            @was("Booking")
            initial saga state Arranging {
                concurrent {
                    step car: go(id, "car") with brief compensate undo(id, "car") with brief
                    step seat: go(id, "seat") with brief compensate undo(id, "seat") with brief
                }
                step mail: go(id, "mail") with brief compensate undo(id, "mail") with brief
                on Cancel abort
                on done -> Over
                on compensated(_) -> Over
                on compensation_error(_) -> Over
            }
            final state Over
        }
    }
}

/// Services that note what they are asked.
#[derive(Clone, Default)]
struct Services {
    /// What does not end.
    held: &'static [&'static str],
    calls: Arc<Mutex<Vec<String>>>,
}

impl Services {
    fn calls(&self) -> Vec<String> {
        self.calls.lock().expect("nobody panics").clone()
    }

    async fn go(&self, what: &str) {
        self.calls.lock().expect("nobody panics").push(what.to_owned());
        if self.held.contains(&what) {
            std::future::pending::<()>().await;
        }
    }

    fn undo(&self, cx: &Cx, what: &str) {
        let of = match cx.undoing() {
            Some(step) if step.is_known => "done",
            Some(_) => "unknown",
            None => "nobody says of which call",
        };
        self.calls.lock().expect("nobody panics").push(format!("undo {what}: {of}"));
    }
}

macro_rules! activities {
    ($($version:ident),*) => {$(
        impl $version::trip::Activities for Services {
            async fn go(
                &self,
                _: &Cx,
                _: &str,
                what: &str,
            ) -> Result<(), $version::trip::GoError> {
                self.go(what).await;
                Ok(())
            }
            async fn undo(
                &self,
                cx: &Cx,
                _: &str,
                what: &str,
            ) -> Result<(), $version::trip::UndoError> {
                self.undo(cx, what);
                Ok(())
            }
        }
    )*};
}

activities!(of_first, of_second);

async fn a_while() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn who_takes_back_knows_the_call_behind_a_new_name_too() {
    use of_second::trip::{Event, Trip};
    let (store, services) = (Memory::new(), Services { held: &["mail"], ..Services::default() });
    let before = engine(builder(&store).register::<of_first::trip::Trip>(services.clone())).await;
    let start = of_first::trip::Start { id: "t".to_owned() };
    before.start::<of_first::trip::Trip>("t", start).await.expect("it is free");
    a_while().await;
    killed(before).await;
    let after = engine(builder(&store).register::<Trip>(services.clone())).await;
    a_while().await;
    after.send::<Trip>("t", Event::Cancel).await.expect("it is taken");
    let over = after.wait_for::<Trip>("t", |view| view.status == Status::Finished).await;
    over.expect("it ends");
    let back = ["undo mail: unknown", "undo seat: done", "undo car: done"];
    assert_eq!(services.calls()[4..], back);
    assert_eq!(services.calls()[..4], ["car", "seat", "mail", "mail"]);
}
