//! A shop whose services do what a test says.

use crate::order::{
    Actions, Activities, ChargeError, Logic, Receipt, ReleaseError, ReserveError, ShipError,
};
use statewright::Cx;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What the services do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charging {
    /// The card is charged.
    #[default]
    Works,
    /// The card is declined.
    Declines,
    /// The service takes an hour.
    Hangs,
    /// The service panics.
    Panics,
}

/// A shop that notes what it is asked.
#[derive(Clone, Debug, Default)]
pub struct Shop {
    charging: Arc<Mutex<Charging>>,
    calls: Arc<Mutex<Vec<String>>>,
    cancelled: Arc<Mutex<Vec<String>>>,
}

impl Shop {
    /// Says what charging does from now on.
    pub fn charging(&self, charging: Charging) {
        *self.charging.lock().unwrap_or_else(PoisonError::into_inner) = charging;
    }

    /// Everything that was called so far, with its idempotency key.
    pub fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys of calls that were told that nobody waits for them.
    pub fn cancelled(&self) -> Vec<String> {
        self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, what: String) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    fn called(&self, what: &str, cx: &Cx) {
        self.note(format!("{what} {}", cx.idempotency_key()));
    }
}

impl Logic for Shop {
    fn is_large(total: u32) -> bool {
        assert!(total != 13, "thirteen");
        total > 100
    }
}

impl Actions for Shop {
    fn log(&self, text: &str) {
        self.note(format!("log {text}"));
    }
}

impl Activities for Shop {
    async fn reserve(&self, cx: &Cx, order_id: &str) -> Result<String, ReserveError> {
        self.called("reserve", cx);
        if order_id == "sold-out" {
            return Err(ReserveError::OutOfStock { sku: "tea".to_owned() });
        }
        Ok(format!("reservation of {order_id}"))
    }

    async fn charge(&self, cx: &Cx, _: &str, total: u32) -> Result<Receipt, ChargeError> {
        self.called("charge", cx);
        let charging = *self.charging.lock().unwrap_or_else(PoisonError::into_inner);
        match charging {
            Charging::Works => Ok(Receipt { id: "r1".to_owned(), amount: total }),
            Charging::Declines => Err(ChargeError::Declined { reason: "no funds".to_owned() }),
            Charging::Panics => panic!("the card reader is broken"),
            Charging::Hangs => {
                let (cancelled, cx) = (Arc::clone(&self.cancelled), cx.clone());
                tokio::spawn(async move {
                    cx.cancelled().await;
                    let key = cx.idempotency_key().to_owned();
                    cancelled.lock().unwrap_or_else(PoisonError::into_inner).push(key);
                });
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Ok(Receipt { id: "late".to_owned(), amount: total })
            }
        }
    }

    async fn release(&self, cx: &Cx, _: &str) -> Result<(), ReleaseError> {
        self.called("release", cx);
        Ok(())
    }

    async fn ship(&self, cx: &Cx, _: &str, _: &Option<Receipt>) -> Result<String, ShipError> {
        self.called("ship", cx);
        Ok("T-1".to_owned())
    }
}
