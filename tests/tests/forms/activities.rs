//! A durable machine with activities from a file and as an annotated module: the same types, and the
//! same behaviour.
#![allow(unreachable_pub)] // A library would export these.

use crate::model::Money;
use statewright::{Cx, Dispatch, StepError};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

mod from_file {
    statewright::include_flow!("doors/payment.flow");
}

#[path = "../../doors/payment.rs"]
mod annotated;

/// What the host has been asked to do.
#[derive(Default)]
struct Bank(Mutex<Vec<String>>);

impl Bank {
    fn note(&self, text: String) {
        self.0.lock().expect("nobody panics with it").push(text);
    }

    fn noted(&self) -> Vec<String> {
        self.0.lock().expect("nobody panics with it").clone()
    }
}

/// The same tests of a module, whatever it is made of.
macro_rules! tests {
    ($name:ident: $($path:ident)::+) => {
        mod $name {
            use super::*;
            use $($path)::+::{
                Actions, Activities, ChargeError, Channel, Error, Event, Logic, Machine, Output,
                Payment, PriceOfError, Receipt, RefundError, Reply, Request, Start, State,
            };

            impl Logic for Bank {
                fn is_large(total: u32) -> bool {
                    total > 1_000
                }
            }

            impl Actions for Bank {
                fn log(&self, text: &str, channel: Channel) {
                    self.note(format!("{text} {channel:?}"));
                }
            }

            impl Activities for Bank {
                async fn charge(
                    &self,
                    cx: &Cx,
                    order_id: &str,
                    total: u32,
                    channel: Channel,
                ) -> Result<Receipt, ChargeError> {
                    self.note(format!("charge {order_id} {channel:?} {}", !cx.is_cancelled()));
                    match total {
                        13 => Err(ChargeError::Declined { reason: "bad luck".to_owned() }),
                        14 => Err(ChargeError::Partly { paid: 7, of: Money(total) }),
                        15 => Err(io::Error::other("no route"))?,
                        amount => Ok(Receipt { id: "r-1".to_owned(), amount }),
                    }
                }

                async fn price_of(
                    &self,
                    _: &Cx,
                    total: u32,
                    within: Duration,
                ) -> Result<Money, PriceOfError> {
                    assert_eq!(within.as_secs(), 5);
                    Ok(Money(total))
                }

                async fn refund(&self, _: &Cx, _: &Option<Receipt>) -> Result<(), RefundError> {
                    Ok(())
                }
            }

            fn start(total: u32) -> Start {
                Start { order_id: "o-1".to_owned(), total, channel: Channel::Card }
            }

            #[test]
            fn asks_and_goes_on_by_data() {
                let mut machine = Machine::new(Arc::new(Bank::default()), start(500)).unwrap();
                let within = Duration::from_secs(5);
                let price = machine.next_request().unwrap().clone();
                assert_eq!(price.request, Request::PriceOf { total: 500, within });
                machine.resume(price.id, Reply::PriceOf(Ok(Money(5)))).unwrap();
                assert_eq!(machine.context().price, Some(Money(5)));
                let charge = machine.next_request().unwrap().clone();
                let asked = serde_json::to_value(&charge.request).unwrap();
                let args = serde_json::json!({ "order_id": "o-1", "total": 500, "channel": "Card" });
                assert_eq!(asked, serde_json::json!({ "Charge": args }));
                let receipt = Receipt { id: "r-1".to_owned(), amount: 500 };
                let ended = machine.resume(charge.id, Reply::Charge(Ok(receipt.clone())));
                assert_eq!(ended, Ok(Dispatch::Handled));
                assert_eq!(machine.outputs().collect::<Vec<_>>(), [Output::Paid { receipt }]);
                assert_eq!(machine.state(), State::Done);
            }

            #[test]
            fn errors_have_the_types_that_are_declared() {
                let mut machine = Machine::new(Arc::new(Bank::default()), start(500)).unwrap();
                machine.resume(1, Reply::PriceOf(Ok(Money(5)))).unwrap();
                machine.resume(2, Reply::Charge(Err(Error::Busy))).unwrap();
                assert_eq!(machine.state(), State::Waiting);
                machine.advance(&Duration::from_secs(10)).unwrap();
                let partly = Error::Partly { paid: 7, of: Money(500) };
                let said = serde_json::to_value(&partly).unwrap();
                assert_eq!(said, serde_json::json!({ "Partly": { "paid": 7, "of": 500 } }));
                machine.resume(3, Reply::Charge(Err(partly))).unwrap();
                assert_eq!(machine.state(), State::Refunding);
                let wrong = machine.resume(4, Reply::PriceOf(Ok(Money(5))));
                assert_eq!(wrong, Err(StepError::WrongReply));
            }

            #[tokio::test(start_paused = true)]
            async fn a_task_carries_out_what_it_asks() {
                for (total, why, last) in [
                    (13, "bad luck", "charge o-1 Card true"),
                    (15, "no route", "Unexpected Card"),
                ] {
                    let machine = Machine::new(Arc::new(Bank::default()), start(total)).unwrap();
                    let handle = machine.spawn();
                    let mut state = handle.state();
                    state.wait_for(|state| *state == State::Failed).await.unwrap();
                    let machine = handle.stop().await.unwrap();
                    assert_eq!(machine.context().why, why);
                    assert_eq!(machine.host().noted().last().unwrap(), last);
                }
            }

            #[test]
            fn the_machine_has_its_name() {
                let mut machine: statewright::Machine<Payment, Arc<Bank>> =
                    Machine::new(Arc::new(Bank::default()), start(5_000)).unwrap();
                machine.resume(1, Reply::PriceOf(Ok(Money(5)))).unwrap();
                let receipt = Receipt { id: "r-1".to_owned(), amount: 5_000 };
                machine.resume(2, Reply::Charge(Ok(receipt))).unwrap();
                machine.dispatch(Event::Cancel { reason: "too dear".to_owned() }).unwrap();
                assert_eq!(machine.state(), State::Refunding);
                assert_eq!(machine.definition().version, 2);
            }
        }
    };
}

tests!(of_a_file: super::from_file::payment);
tests!(of_a_module: super::annotated::payment);
