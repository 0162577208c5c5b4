//! Mistakes about activities, in the attributes of a module: one message each, although the program
//! implements them.

use statewright::Cx;
use std::sync::Arc;

#[statewright::machine(durable, version 2)]
mod order {
    #[context]
    struct Context {
        #[init(0)]
        total: u32,
    }

    #[errors]
    enum Error {
        Declined { reason: String },
        #[transient]
        GatewayDown,
    }

    #[activities]
    trait Activities {
        #[raises(Declind, GatewayDown)]
        async fn charge(&self, cx: &Cx, total: u32) -> u32;
        #[raises(Declined)]
        async fn refund(&self, cx: &Cx, why: &str) -> Result<(), RefundError>;
    }

    enum State {
        #[state(initial)]
        #[invoke(charge("much"))]
        #[on(done(paid) do set total = paid -> Paid)]
        #[on(error Declined(why, more) -> Paid)]
        Paying,
        #[invoke(refnd("late"))]
        #[on(done(gone) -> Paid)]
        #[on(error Expired -> Paid)]
        Refunding,
        #[state(final)]
        Paid,
    }
}

struct Shop;

impl order::Activities for Shop {
    async fn charge(&self, _: &Cx, total: u32) -> Result<u32, order::ChargeError> {
        Err(std::io::Error::other("no route"))?;
        Ok(total)
    }

    async fn refund(&self, _: &Cx, why: &str) -> Result<(), order::RefundError> {
        Err(order::RefundError::Declined { reason: why.to_owned() })
    }
}

#[statewright::machine(durable)]
mod parcel {
    enum State {
        #[state(initial)]
        #[after(5s -> There)]
        Sent,
        #[state(final)]
        There,
    }
}

fn main() {
    let shop = Arc::new(Shop);
    let mut machine = order::Machine::new(shop, order::Start {}).unwrap();
    while let Some(invocation) = machine.next_request() {
        let order::Request::Charge { total } = invocation.request else { continue };
        let id = invocation.id;
        machine.resume(id, order::Reply::Charge(Ok(total))).unwrap();
    }
    let _ = (order::Error::GatewayDown, order::State::Paid, parcel::State::There);
}
