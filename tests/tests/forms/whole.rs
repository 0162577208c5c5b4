//! The order saga from its file and as an annotated module: what is asked for, what is asked of
//! people, and where it ends.
#![allow(unreachable_pub)] // A library would export these.

use crate::model::{Address, Item, Money};
use statewright::Dispatch;

mod from_file {
    statewright::include_flow!("flows/order_saga.flow");
}

#[path = "../../doors/order_saga.rs"]
mod annotated;

/// The same tests of a module, whatever it is made of.
macro_rules! tests {
    ($name:ident: $($path:ident)::+) => {
        mod $name {
            use super::*;
            use $($path)::+::{
                DIAGRAM, Decision, Error, Event, Fulfilling, Logic, Machine, Receipt, Reply, Request,
                Start, State,
            };

            pub(super) const DRAWN: &str = DIAGRAM;

            struct Shop;

            impl Logic for Shop {
                fn is_empty_cart(items: &[Item]) -> bool {
                    items.is_empty()
                }

                fn is_large(total: &Money) -> bool {
                    total.0 > 1
                }

                fn total_of(items: &[Item]) -> Money {
                    Money(items.len() as u32)
                }
            }

            /// An order of so many things, submitted.
            fn submitted(things: usize) -> Machine<Shop> {
                let start = Start { order_id: "o-1".to_owned(), customer: "ann".to_owned() };
                let mut machine = Machine::new(Shop, start).expect("it starts");
                let items = vec![Item("tea".to_owned()); things];
                let address = Address("Ulm".to_owned());
                machine.dispatch(Event::Submit { items, address }).expect("nothing overflows");
                machine
            }

            fn receipt() -> Receipt {
                Receipt { id: "r-1".to_owned(), amount: Money(1) }
            }

            #[test]
            fn what_fails_behind_the_charge_is_taken_back() {
                let mut machine = submitted(1);
                assert!(matches!(
                    machine.state(),
                    State::Fulfilling { state: Fulfilling::Stock, .. }
                ));
                let stock = Reply::ReserveStock(Ok("s-1".to_owned()));
                assert_eq!(machine.resume(1, stock), Ok(Dispatch::Handled));
                machine.resume(2, Reply::ChargeCard(Ok(receipt()))).expect("it is asked for");
                let busy = Reply::Ship(Err(Error::CarrierBusy));
                assert_eq!(machine.resume(3, busy), Ok(Dispatch::Handled));
                let mut asked = Vec::new();
                while let Some(next) = machine.next_request() {
                    asked.push(next.clone());
                }
                let refund = asked.pop().expect("the charge is taken back");
                assert_eq!(refund.request, Request::Refund { receipt: Some(receipt()) });
                assert_eq!(machine.resume(refund.id, Reply::Refund(Ok(()))), Ok(Dispatch::Handled));
                let release = machine.next_request().expect("the stock is released").clone();
                machine.resume(release.id, Reply::ReleaseStock(Ok(()))).expect("it is asked for");
                assert_eq!(machine.state(), State::Rejected);
                assert_eq!(machine.context().note.as_deref(), Some("CarrierBusy"));
            }

            #[test]
            fn errors_and_people_decide() {
                let mut machine = submitted(5);
                assert_eq!(machine.state(), State::AwaitingApproval);
                let (open, asked) = machine.tasks().next().expect("somebody is asked");
                let id = open.id;
                assert_eq!(asked.title, "Approve order o-1");
                machine.answer(id, Decision::Approved).expect("it is open");
                let stock = machine.next_request().expect("it goes on").id;
                let gone = Error::OutOfStock { sku: "tea".to_owned() };
                machine.resume(stock, Reply::ReserveStock(Err(gone))).expect("it is asked for");
                assert_eq!(machine.state(), State::Rejected);
                assert_eq!(machine.context().note.as_deref(), Some("tea"));
            }

            #[test]
            fn an_order_is_shipped() {
                let mut machine = submitted(1);
                machine.resume(1, Reply::ReserveStock(Ok("s-1".to_owned()))).expect("it runs");
                machine.resume(2, Reply::ChargeCard(Ok(receipt()))).expect("it runs");
                machine.resume(3, Reply::Ship(Ok("T-1".to_owned()))).expect("it runs");
                machine.resume(4, Reply::SendMail(Ok(()))).expect("it runs");
                assert_eq!(machine.state(), State::Completed { tracking: "T-1".to_owned() });
                assert!(machine.is_finished());
            }
        }
    };
}

tests!(of_a_file: super::from_file::order_saga);
tests!(of_a_module: super::annotated::order_saga);

#[test]
fn both_are_drawn_alike() {
    assert_eq!(of_a_file::DRAWN, of_a_module::DRAWN);
}
