//! The module that docs/language.md shows, with a host.
#![allow(unreachable_pub)] // A library would export these.

use statewright::Cx;
use std::io;
use std::sync::Arc;

#[statewright::machine(durable, version 1, key order_id)]
mod order {
    #[context]
    struct Context {
        order_id: String,
        cents: u64,
        #[init("")]
        note: String,
    }

    #[errors]
    enum Error {
        Declined {
            reason: String,
        },
        #[transient]
        GatewayDown,
    }

    #[activities]
    trait Activities {
        #[raises(Declined, GatewayDown)]
        async fn charge(&self, cx: &Cx, order_id: &str, cents: u64);
    }

    #[policy(timeout 10s retry max 3 backoff exponential 1s..1m on transient)]
    struct Bank;

    enum State {
        #[state(initial)]
        #[invoke(charge(order_id, cents) with Bank)]
        #[on(done -> Paid)]
        #[on(error Declined(why) do set note = why -> Refused)]
        #[on(error(e) do set note = e.message -> Refused)]
        Charging,
        #[state(final)]
        Paid,
        #[state(final)]
        Refused,
    }
}

struct Shop;

impl order::Activities for Shop {
    async fn charge(&self, _: &Cx, order_id: &str, cents: u64) -> Result<(), order::ChargeError> {
        match (order_id, cents) {
            (_, 0) => Err(order::ChargeError::Declined { reason: "for nothing".to_owned() }),
            ("o-2", _) => Err(io::Error::other("no route"))?,
            _ => Ok(()),
        }
    }
}

#[tokio::test]
async fn it_runs() {
    use order::State::{Paid, Refused};
    let cases =
        [("o-1", 5, Paid, ""), ("o-1", 0, Refused, "for nothing"), ("o-2", 5, Refused, "no route")];
    for (id, cents, ends, note) in cases {
        let start = order::Start { order_id: id.to_owned(), cents };
        let handle = order::Machine::new(Arc::new(Shop), start).unwrap().spawn();
        handle.state().wait_for(|state| *state == ends).await.unwrap();
        assert_eq!(handle.stop().await.unwrap().context().note, note);
    }
}
