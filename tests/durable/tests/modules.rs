//! Annotated modules that start and send to machines of other modules and of files.
#![allow(unreachable_pub)] // A library would export these.

use statewright::Engine;
use statewright::engine::View;
use statewright::store::{Memory, Status};

mod from_file {
    statewright::flow! {
        enum Size { Small, Large }
        struct Label { to: String, size: Size }

        durable machine Parcel {
            key id
            context { id: String  label: Label  late seen: u32 }
            event Deliver(code: String)
            event Lose(at: Size)
            initial state Moving {
                on Deliver(code) if label.to != "" -> Delivered(code)
                on Lose(at) do set seen = 1 -> Lost(at)
            }
            final state Delivered(code: String)
            @outcome(failure)
            final state Lost(at: Size)
        }
    }
}

/// Starts a machine of a file, and is sent to by the module that it sends to.
#[statewright::machine(durable, key id)]
mod order {
    use super::from_file::parcel::{Label, Parcel, Size};
    use super::ledger::Ledger;

    #[context]
    struct Context {
        id: String,
        size: Size,
        #[init("")]
        code: String,
        #[init(0)]
        sum: u64,
    }

    #[events]
    enum Event {
        Entered { sum: u64, kind: Kind },
    }

    pub enum Kind {
        Debit,
        Credit,
    }

    #[errors]
    enum Error {
        Lost { at: Size },
    }

    #[logic]
    trait Logic {
        fn label(id: &str, size: Size) -> Label;
    }

    enum State {
        #[state(initial)]
        #[invoke(machine Parcel(id, label(id, size)))]
        #[on(done(code) do set code = code, send Ledger(7).Enter(id, 5, size) -> Booking)]
        #[on(error Lost(at) -> Lost(at))]
        #[on(error(e) do set code = e.message -> Failed)]
        Sending,
        #[on(Entered(sum, kind) if kind == Kind::Credit do set sum = sum -> Booked)]
        Booking,
        #[state(final)]
        Booked,
        #[state(final)]
        Lost { at: Size },
        #[state(final)]
        #[outcome(failure)]
        Failed,
    }
}

/// Knows the module that knows it.
#[statewright::machine(durable, key id)]
mod ledger {
    use super::order::{Kind, Order};

    #[context]
    struct Context {
        id: u64,
        #[init(0)]
        sum: u64,
    }

    #[events]
    enum Event {
        Enter { order: String, by: u64, size: super::from_file::parcel::Size },
    }

    #[logic]
    trait Logic {
        fn kind(sum: u64, size: &super::from_file::parcel::Size) -> Kind;
    }

    enum State {
        #[state(initial)]
        #[on(Enter(order, by, size)
            do set sum = sum + by, send Order(order).Entered(sum, kind(sum, size)))]
        Open,
    }
}

#[derive(Clone, Copy)]
struct Office;

impl order::Logic for Office {
    fn label(id: &str, size: from_file::parcel::Size) -> from_file::parcel::Label {
        from_file::parcel::Label { to: id.to_owned(), size }
    }
}

impl ledger::Logic for Office {
    fn kind(sum: u64, size: &from_file::parcel::Size) -> order::Kind {
        if sum > 0 && *size == from_file::parcel::Size::Large {
            order::Kind::Credit
        } else {
            order::Kind::Debit
        }
    }
}

async fn order(engine: &Engine, id: &str) {
    let size = from_file::parcel::Size::Large;
    let start = order::Start { id: id.to_owned(), size };
    engine.start::<order::Order>(id, start).await.expect("the key is free");
    while engine.state::<from_file::parcel::Parcel>(id).await.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

async fn ended(engine: &Engine, id: &str) -> View<order::Order> {
    let ended = engine.wait_for::<order::Order>(id, |view| view.status == Status::Finished);
    ended.await.expect("it ends")
}

#[tokio::test(start_paused = true)]
async fn modules_know_machines_of_other_modules() {
    use from_file::parcel::{Event, Parcel, Size};
    let engine = Engine::builder()
        .store(Memory::new())
        .register::<order::Order>(Office)
        .register::<ledger::Ledger>(Office)
        .register::<Parcel>(())
        .start()
        .await
        .expect("an engine on a store in memory starts");
    engine.start::<ledger::Ledger>("7", ledger::Start { id: 7 }).await.expect("the key is free");
    for (id, sum) in [("a", 5), ("b", 10)] {
        order(&engine, id).await;
        let code = format!("T-{id}");
        engine
            .send::<Parcel>(id, Event::Deliver { code: code.clone() })
            .await
            .expect("it is taken");
        let view = ended(&engine, id).await;
        assert_eq!(
            (view.state, view.context.code, view.context.sum),
            (order::State::Booked, code, sum)
        );
    }
    order(&engine, "c").await;
    engine.send::<Parcel>("c", Event::Lose { at: Size::Small }).await.expect("it is taken");
    assert_eq!(ended(&engine, "c").await.state, order::State::Lost { at: Size::Small });
}
