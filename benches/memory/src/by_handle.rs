//! A machine in a task that is sent an event for every step: what its handle adds to a task that is
//! asked over `tokio::sync::mpsc`.

use crate::order::{self, Context};
use tokio::runtime::{Builder, Runtime};

statewright::flow! {
    machine Desk {
        event Reserve(order: u64)
        event Charge(order: u64)
        event Ship(order: u64)
        event Notify(order: u64)
        action reserve(order: u64)
        action charge(order: u64)
        action ship(order: u64)
        action notify(order: u64)

        initial state Waiting { on Reserve(order) do reserve(order) -> Reserved }
        state Reserved { on Charge(order) do charge(order) -> Charged }
        state Charged { on Ship(order) do ship(order) -> Shipped }
        state Shipped { on Notify(order) do notify(order) -> Waiting }
    }
}

use desk::{Actions, Event, Machine, Start};

/// The task runs on one worker, on which who sends runs too.
pub struct Handle {
    runtime: Runtime,
}

/// Does the steps.
#[derive(Default)]
struct Clerk {
    context: Context,
    sum: u64,
}

impl Actions for Clerk {
    fn reserve(&mut self, order: u64) {
        self.context.reservation = order::reserve(order);
    }

    fn charge(&mut self, order: u64) {
        self.context.payment = order::charge(order);
    }

    fn ship(&mut self, order: u64) {
        self.context.parcel = order::ship(order);
    }

    fn notify(&mut self, order: u64) {
        self.context.message = order::notify(order);
        self.sum = self.sum.wrapping_add(std::mem::take(&mut self.context).checksum());
    }
}

impl Handle {
    /// # Errors
    ///
    /// If the worker cannot be started.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self { runtime: Builder::new_multi_thread().worker_threads(1).enable_time().build()? })
    }

    pub fn run(&self, orders: u64) -> u64 {
        let sending = self.runtime.spawn(async move {
            let machine = Machine::new(Clerk::default(), Start {}).expect("it starts");
            let handle = machine.spawn();
            for order in 0..orders {
                let events = [
                    Event::Reserve { order },
                    Event::Charge { order },
                    Event::Ship { order },
                    Event::Notify { order },
                ];
                for event in events {
                    handle.send(event).await.expect("the task lives and its steps cannot fail");
                }
            }
            handle.stop().await.map_or(0, |machine| machine.into_host().sum)
        });
        self.runtime.block_on(sending).expect("the task does not panic and is not aborted")
    }
}
