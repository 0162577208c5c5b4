//! Machines for stores, and a shop that does what a test says.

use statewright::Cx;
use std::io::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

statewright::include_flow!("tests/instances/order.flow");
statewright::include_flow!("tests/instances/delivery.flow");
statewright::include_flow!("tests/instances/quote.flow");
statewright::include_flow!("tests/instances/late.flow");
statewright::include_flow!("tests/instances/leave.flow");
statewright::include_flow!("tests/instances/trip.flow");
statewright::include_flow!("tests/instances/inquiry.flow");

statewright::flow! {
    durable machine Parcel version 1 {
        key label
        context { label: String  rings: u32 = 0 }
        event Taken
        initial state Waiting(shelf: u32 = 7) {
            every 1d do set rings = rings + 1
            on Taken -> Gone
        }
        final state Gone
    }
}

/// The machine of orders as it is written.
pub(crate) const FLOW: &str = include_str!("order.flow");

/// The machine of deliveries as it is written.
pub(crate) const DELIVERY: &str = include_str!("delivery.flow");

/// The machine whose calls take too long, as it is written.
pub(crate) const LATE: &str = include_str!("late.flow");

/// The machine that asks a chief, as it is written.
pub(crate) const LEAVE: &str = include_str!("leave.flow");

/// The machine that takes something back, as it is written.
pub(crate) const TRIP: &str = include_str!("trip.flow");

/// The machine that asks for every type of answer, as it is written.
pub(crate) const INQUIRY: &str = include_str!("inquiry.flow");

/// The machine that asks many for a price, as it is written.
pub(crate) const QUOTE: &str = include_str!("quote.flow");

pub(crate) use delivery::Delivery;
pub(crate) use inquiry::Inquiry;
pub(crate) use late::Late;
pub(crate) use leave::Leave;
pub(crate) use order::Order;
pub(crate) use parcel::Parcel;
pub(crate) use quote::Quote;
pub(crate) use trip::Trip;

/// What charging does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charging {
    Works = 0,
    Fails = 1,
    Hangs = 2,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Shop {
    charging: Arc<AtomicU8>,
}

impl Shop {
    pub(crate) fn charging(&self, charging: Charging) {
        self.charging.store(charging as u8, Ordering::SeqCst);
    }
}

impl order::Activities for Shop {
    async fn charge(&self, _: &Cx, _: &str, cents: u64) -> Result<u64, order::ChargeError> {
        match self.charging.load(Ordering::SeqCst) {
            0 => Ok(cents),
            1 => Err(Error::other("no route to the bank"))?,
            _ => std::future::pending().await,
        }
    }
}

impl delivery::Activities for Shop {
    async fn by_van(&self, cx: &Cx, _: &str) -> Result<String, delivery::ByVanError> {
        match self.charging.load(Ordering::SeqCst) {
            0 if cx.attempt() > 2 => Ok("by van".to_owned()),
            _ => Err(delivery::ByVanError::Busy),
        }
    }

    async fn by_post(&self, cx: &Cx, _: &str) -> Result<String, delivery::ByPostError> {
        match cx.attempt() {
            1 => Ok("by post".to_owned()),
            _ => Err(Error::other("no stamps"))?,
        }
    }
}

impl late::Activities for Shop {
    async fn dawdle(&self, _: &Cx, _: &str) -> Result<u64, late::DawdleError> {
        std::future::pending().await
    }
}

impl trip::Activities for Shop {
    async fn hold(&self, _: &Cx, _: &str) -> Result<u64, trip::HoldError> {
        Ok(7)
    }

    async fn free(&self, _: &Cx, _: &Option<u64>) -> Result<(), trip::FreeError> {
        Ok(())
    }

    async fn pay(&self, _: &Cx, _: &str) -> Result<(), trip::PayError> {
        Err(trip::PayError::Declined)
    }
}

impl quote::Activities for Shop {
    async fn ask_price(&self, _: &Cx, maker: &str) -> Result<u64, quote::AskPriceError> {
        match maker {
            "slow" => std::future::pending().await,
            "nobody" => Err(Error::other("nobody is there"))?,
            _ => Ok(maker.len() as u64),
        }
    }
}

pub(crate) fn order_start(key: &str) -> order::Start {
    order::Start { order_id: key.to_owned(), cents: 1_299 }
}

pub(crate) fn parcel_start(key: &str) -> parcel::Start {
    parcel::Start { label: key.to_owned() }
}

pub(crate) fn leave_start(key: &str, days: u32) -> leave::Start {
    leave::Start { name: key.to_owned(), days }
}

pub(crate) fn submit() -> order::Event {
    order::Event::Submit
}
