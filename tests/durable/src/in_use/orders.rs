//! Orders: a shop whose services do what the key of the order says.

use super::{Case, Does};
use crate::ledger::Ledger;
use crate::model::{Address, Item, Money};
use crate::order_saga::{
    Activities, ChargeCardError, Decision, Event, Logic, OrderSaga, Receipt, RefundError,
    ReleaseStockError, ReserveStockError, SendMailError, ShipError, Start, State,
};
use statewright::Cx;
use std::io;

/// The services of a shop.
#[derive(Clone)]
pub struct Shop(pub Ledger);

impl Activities for Shop {
    async fn reserve_stock(
        &self,
        cx: &Cx,
        order_id: &str,
        items: &[Item],
    ) -> Result<String, ReserveStockError> {
        self.0.begin(cx)?;
        match order_id {
            "sold_out" => Err(ReserveStockError::OutOfStock { sku: "tea".to_owned() }),
            _ => Ok(format!("{} for {order_id}", items.len())),
        }
    }

    async fn release_stock(
        &self,
        cx: &Cx,
        reservation: &Option<String>,
    ) -> Result<(), ReleaseStockError> {
        self.0.begin(cx)?;
        match reservation {
            Some(reservation) if reservation.ends_with("stuck") => {
                Err(io::Error::other("the door is locked"))?
            }
            _ => Ok(()),
        }
    }

    async fn charge_card(
        &self,
        cx: &Cx,
        order_id: &str,
        total: &Money,
    ) -> Result<Receipt, ChargeCardError> {
        self.0.begin(cx)?;
        match order_id {
            "declined" | "stuck" => Err(ChargeCardError::Declined { reason: "blocked".to_owned() }),
            "cancelled" => std::future::pending().await,
            _ => Ok(Receipt { id: order_id.to_owned(), amount: total.clone() }),
        }
    }

    async fn refund(&self, cx: &Cx, _: &Option<Receipt>) -> Result<(), RefundError> {
        self.0.begin(cx)?;
        Ok(())
    }

    async fn ship(&self, cx: &Cx, order_id: &str, _: &Address) -> Result<String, ShipError> {
        self.0.begin(cx)?;
        Ok(format!("parcel of {order_id}"))
    }

    async fn send_mail(&self, cx: &Cx, _: &str, _: &str) -> Result<(), SendMailError> {
        self.0.begin(cx)?;
        Ok(())
    }
}

impl Logic for Shop {
    fn is_empty_cart(items: &[Item]) -> bool {
        items.is_empty()
    }

    fn is_large(total: &Money) -> bool {
        total.0 > 1_000
    }

    fn total_of(items: &[Item]) -> Money {
        Money(items.iter().map(|item| item.0).sum())
    }
}

fn start(key: &str) -> Start {
    Start { order_id: key.to_owned(), customer: "ann".to_owned() }
}

fn does(key: &str, state: &State) -> Does<Event, Decision> {
    let cancel = || Does::Sends(Event::Cancel { reason: "found it cheaper".to_owned() });
    match state {
        State::Draft if key == "forgotten" => Does::Waits,
        State::Draft => {
            let is_large = ["approved", "refused", "unanswered", "withdrawn"].contains(&key);
            let items = vec![Item(if is_large { 2_000 } else { 20 })];
            Does::Sends(Event::Submit { items, address: Address("Lund".to_owned()) })
        }
        State::AwaitingApproval => match key {
            "approved" => Does::Answers(Decision::Approved),
            "refused" => Does::Answers(Decision::Rejected),
            "withdrawn" => cancel(),
            _ => Does::Waits,
        },
        State::Fulfilling { .. } if key == "cancelled" => cancel(),
        State::NeedsRepair => Does::Answers(Decision::Approved),
        _ => Does::Waits,
    }
}

const fn case(key: &'static str, end: &'static str) -> Case<OrderSaga, Decision> {
    Case { key, takes_days: false, start, does, end }
}

/// All ends of an order, and all ways to them.
pub const CASES: &[Case<OrderSaga, Decision>] = &[
    case("shipped", "Completed { tracking: \"parcel of shipped\" }"),
    case("approved", "Completed { tracking: \"parcel of approved\" }"),
    case("refused", "Rejected"),
    Case { takes_days: true, ..case("unanswered", "Rejected") },
    case("withdrawn", "Rejected"),
    case("sold_out", "Rejected"),
    case("declined", "Rejected"),
    case("cancelled", "Rejected"),
    case("stuck", "Rejected"),
    Case { takes_days: true, ..case("forgotten", "Abandoned") },
];
