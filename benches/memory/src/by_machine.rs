//! A machine that is driven by hand: it says what it asks as data, and goes on with what that gave.

use crate::order::{self, Context};

statewright::flow! {
    machine Ordering {
        context {
            order: u64
            reservation: String = ""
            payment: String = ""
            parcel: String = ""
            message: String = ""
        }
        activity reserve(order: u64) -> String
        activity charge(order: u64) -> String
        activity ship(order: u64) -> String
        activity notify(order: u64) -> String

        initial state Reserving {
            invoke reserve(order)
            on done(given) do set reservation = given -> Charging
            on error(_e) -> Failed
        }
        state Charging {
            invoke charge(order)
            on done(given) do set payment = given -> Shipping
            on error(_e) -> Failed
        }
        state Shipping {
            invoke ship(order)
            on done(given) do set parcel = given -> Notifying
            on error(_e) -> Failed
        }
        state Notifying {
            invoke notify(order)
            on done(given) do set message = given -> Done
            on error(_e) -> Failed
        }
        final state Done
        final state Failed
    }
}

use ordering::{Machine, Reply, Request, Start};

pub fn run(orders: u64) -> u64 {
    (0..orders).fold(0, |sum, order| sum.wrapping_add(one(order).checksum()))
}

fn one(number: u64) -> Context {
    let mut machine = Machine::new((), Start { order: number }).expect("it starts");
    while let Some(asked) = machine.next_request() {
        let id = asked.id;
        let reply = match asked.request {
            Request::Reserve { order } => Reply::Reserve(Ok(order::reserve(order))),
            Request::Charge { order } => Reply::Charge(Ok(order::charge(order))),
            Request::Ship { order } => Reply::Ship(Ok(order::ship(order))),
            Request::Notify { order } => Reply::Notify(Ok(order::notify(order))),
        };
        machine.resume(id, reply).expect("every end is handled");
    }
    let context = machine.into_context();
    Context {
        reservation: context.reservation,
        payment: context.payment,
        parcel: context.parcel,
        message: context.message,
    }
}
