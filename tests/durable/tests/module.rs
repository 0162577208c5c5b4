//! A durable machine that is written as a module, on the engine: like one from a file.

use statewright::store::{Memory, Status, Store};
use statewright::{Cx, Engine};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[statewright::machine(durable, version 3, key parcel_id)]
mod parcel {
    use statewright::Cx;

    #[context]
    struct Context {
        parcel_id: String,
        #[init("")]
        last: String,
    }

    #[errors]
    enum Error {
        Lost { town: String },
    }

    #[actions]
    trait Actions {
        #[allow_flow(W0506, "the test counts how often")]
        fn note(&self, text: &str);
    }

    #[activities]
    trait Activities {
        #[raises(Lost)]
        async fn carry(&self, cx: &Cx, parcel_id: &str) -> String;
    }

    enum State {
        #[state(initial)]
        #[allow_flow(W0503, "the courier of the test answers at once")]
        #[invoke(carry(parcel_id))]
        #[on(done(town) do set last = town, note(town) -> There)]
        #[on(error Lost(town) do set last = town -> Missing)]
        #[on(error(e) do set last = e.message -> Missing)]
        Carried,
        #[state(final)]
        There,
        #[state(final)]
        Missing,
    }
}

use parcel::{Activities, CarryError, Parcel, Start, State};

#[derive(Default)]
struct Courier {
    notes: AtomicU32,
}

impl parcel::Actions for Courier {
    fn note(&self, text: &str) {
        assert_eq!(text, "Rome");
        self.notes.fetch_add(1, Ordering::SeqCst);
    }
}

impl Activities for Courier {
    async fn carry(&self, cx: &Cx, parcel_id: &str) -> Result<String, CarryError> {
        assert!(cx.idempotency_key().contains(parcel_id), "{}", cx.idempotency_key());
        match parcel_id {
            "p-1" => Ok("Rome".to_owned()),
            "p-2" => Err(CarryError::Lost { town: "Bern".to_owned() }),
            _ => Err(io::Error::other("no road"))?,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_module_is_kept_by_a_store() {
    let (store, courier) = (Memory::new(), Arc::new(Courier::default()));
    let engine = Engine::builder()
        .store(store.clone())
        .register::<Parcel>(Arc::clone(&courier))
        .start()
        .await
        .expect("an engine on a store in memory starts");
    let cases = [
        ("p-1", State::There, "Rome"),
        ("p-2", State::Missing, "Bern"),
        ("p-3", State::Missing, "no road"),
    ];
    for (id, ends, last) in cases {
        let start = Start { parcel_id: id.to_owned() };
        engine.start::<Parcel>(id, start).await.expect("the key is free");
        let ended = engine.wait_for::<Parcel>(id, |view| view.status == Status::Finished);
        let view = ended.await;
        let view = view.expect("the parcel ends somewhere");
        assert_eq!((view.state, view.context.last.as_str()), (ends, last));
    }
    assert_eq!(courier.notes.load(Ordering::SeqCst), 1);
    let kept = store.list(&Default::default()).expect("the store can be read");
    assert!(kept.iter().all(|instance| instance.machine == "Parcel"), "{kept:?}");
}
