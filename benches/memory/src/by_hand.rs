//! The loop that one would write.

use crate::order::{self, Context};

enum State {
    Reserve,
    Charge,
    Ship,
    Notify,
    Done,
}

pub fn run(orders: u64) -> u64 {
    (0..orders).fold(0, |sum, order| sum.wrapping_add(one(order).checksum()))
}

fn one(order: u64) -> Context {
    let mut context = Context::default();
    let mut state = State::Reserve;
    loop {
        state = match state {
            State::Reserve => {
                context.reservation = order::reserve(order);
                State::Charge
            }
            State::Charge => {
                context.payment = order::charge(order);
                State::Ship
            }
            State::Ship => {
                context.parcel = order::ship(order);
                State::Notify
            }
            State::Notify => {
                context.message = order::notify(order);
                State::Done
            }
            State::Done => return context,
        };
    }
}
