//! One mistake in a machine with activities is one message: what the program implements is there.

use statewright::Cx;
use std::sync::Arc;

statewright::flow! {
    durable machine Order {
        key order_id
        context { order_id: String  left: Option<String> = none }
        error Declined(reason: String)
        transient error Busy
        @allow(W0506, "a line that is written twice does no harm")
        action log(text: String)
        activity charge(order_id: String, tries: u8) -> Option<String> raises Declined, Busy
        activity wait()
        initial state Charging {
            invoke charge(order_id, "many")
            on done(paid) do set left = paid, log("paid") -> Paid
            on error Declined(why) do log(why) -> Paid
            on error(_e) -> Waiting
        }
        state Waiting {
            invoke wait()
            on done -> Paid
            on error(_e) -> Paid
        }
        final state Paid
    }
}

use order::{Actions, Activities, ChargeError, Error, Machine, Reply, Request, Start, WaitError};

struct Shop;

impl Actions for Shop {
    fn log(&self, _: &str) {}
}

impl Activities for Shop {
    async fn charge(&self, _: &Cx, id: &str, _: u8) -> Result<Option<String>, ChargeError> {
        match id {
            "a" => Err(ChargeError::Declined { reason: id.to_owned() }),
            "b" => Err(std::io::Error::other("no route"))?,
            _ => Ok(None),
        }
    }

    async fn wait(&self, _: &Cx) -> Result<(), WaitError> {
        Ok(())
    }
}

fn main() {
    let start = Start { order_id: "a".to_owned() };
    let mut machine = Machine::new(Arc::new(Shop), start).unwrap();
    while let Some(invocation) = machine.next_request() {
        let reply = match &invocation.request {
            Request::Charge { .. } => Reply::Charge(Err(Error::Busy)),
            Request::Wait => Reply::Wait(Ok(())),
        };
        let id = invocation.id;
        machine.resume(id, reply).unwrap();
    }
    let _ = (machine.running().len(), machine.revoked().next());
}
