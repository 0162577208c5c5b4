//! Fan-outs that are pending when the machine changes.

use super::{Shop, builder, engine, killed};
use statewright::engine::{CauseKind, Replay};
use statewright::store::Memory;
use statewright::{Cx, EngineError};

mod of_first {
    statewright::flow! {
        @allow(W0503, "it hangs as long as a test wants")
        @allow(W0811, "why a call fails is not what is tested")
        durable machine Poll version 1 {
            key id
            context { id: String  prices: Vec<u32>  paid: Vec<String> = [] }
            activity charge(id: String, cents: u32) -> String

            initial state Asking {
                fan_out price in prices max 100 concurrency 2 {
                    call one: charge(id, price)
                } join all into answers
                on done do set paid = answers -> Paid
                on error -> Failed
            }
            final state Paid
            @outcome(failure)
            final state Failed
        }
    }
}

/// Another state stands in front, with a fan-out of its own; names and types are others.
mod of_second {
    statewright::flow! {
        @allow(W0503, "it hangs as long as a test wants")
        @allow(W0811, "why a call fails is not what is tested")
        durable machine Poll version 2 {
            key id
            context { id: String  prices: Vec<u64>  @was("paid") receipts: Vec<String> = [] }
            event Again
            activity charge(id: String, cents: u64) -> String

            state Checking {
                fan_out price in prices max 9 concurrency 4 {
                    call one: charge(id, price)
                } join any into answers
                on done do set receipts = answers -> Paid
                on error -> Failed
            }
            @was("Asking")
            initial state Charging {
                fan_out price in prices max 100 concurrency 3 {
                    call one: charge(id, price)
                } join all into answers
                on done do set receipts = answers -> Paid
                on error -> Failed
                on Again -> Checking
            }
            final state Paid
            @outcome(failure)
            final state Failed
        }
    }
}

/// Something else is asked.
mod of_third {
    statewright::flow! {
        @allow(W0503, "it hangs as long as a test wants")
        @allow(W0811, "why a call fails is not what is tested")
        durable machine Poll version 3 {
            key id
            context { id: String  prices: Vec<u32>  paid: Vec<String> = [] }
            activity offer(id: String, cents: u32) -> String

            initial state Asking {
                fan_out price in prices max 100 concurrency 2 {
                    call one: offer(id, price)
                } join all into answers
                on done do set paid = answers -> Paid
                on error -> Failed
            }
            final state Paid
            @outcome(failure)
            final state Failed
        }
    }
}

use of_first::poll as first;
use of_second::poll as second;
use of_third::poll as third;

impl first::Activities for Shop {
    async fn charge(&self, cx: &Cx, _: &str, cents: u32) -> Result<String, first::ChargeError> {
        // The dear ones take for ever.
        self.hangs(cents > 10);
        self.charged(cx, cents.into()).await.map_err(first::ChargeError::Unexpected)
    }
}

impl second::Activities for Shop {
    async fn charge(&self, cx: &Cx, _: &str, cents: u64) -> Result<String, second::ChargeError> {
        self.charged(cx, cents).await.map_err(second::ChargeError::Unexpected)
    }
}

impl third::Activities for Shop {
    async fn offer(&self, cx: &Cx, _: &str, cents: u32) -> Result<String, third::OfferError> {
        self.charged(cx, cents.into()).await.map_err(third::OfferError::Unexpected)
    }
}

/// The first two have ended, the next two run, and the last waits for its turn.
async fn pending() -> (Memory, Shop) {
    let (store, shop) = (Memory::new(), Shop::default());
    let old = engine(builder(&store).register::<first::Poll>(shop.clone())).await;
    let start = first::Start { id: "p".to_owned(), prices: vec![1, 2, 13, 14, 5] };
    old.start::<first::Poll>("p", start).await.expect("the key is free");
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    killed(old).await;
    shop.hangs(false);
    let asked = ["Poll/p/1/1 1", "Poll/p/1/2 2", "Poll/p/1/3 13", "Poll/p/1/4 14"];
    assert_eq!(shop.calls(), asked.map(|call| format!("charge {call}")));
    (store, shop)
}

#[tokio::test(start_paused = true)]
async fn branches_that_have_ended_are_kept_and_the_others_are_asked() {
    let (store, shop) = pending().await;
    let new = engine(builder(&store).register::<second::Poll>(shop.clone())).await;
    let ended = new.wait_for::<second::Poll>("p", |view| view.state == second::State::Paid).await;
    let receipts = ended.expect("all are paid").context.receipts;
    assert_eq!(receipts, ["paid 1", "paid 2", "paid 13", "paid 14", "paid 5"]);
    let mut again = shop.calls().split_off(4);
    again.sort();
    let asked = ["Poll/p/1/3 13", "Poll/p/1/4 14", "Poll/p/1/5 5"];
    assert_eq!(again, asked.map(|call| format!("charge {call}")), "under their keys");
    assert!(matches!(new.replay::<second::Poll>("p").await, Ok(Replay::Same(1..))));
}

#[tokio::test(start_paused = true)]
async fn branches_that_ask_something_else_park_the_instance() {
    let (store, shop) = pending().await;
    let new = engine(builder(&store).register::<third::Poll>(shop)).await;
    let refused = new.wait_for::<third::Poll>("p", |view| view.state == third::State::Paid).await;
    let Err(EngineError::Parked { cause, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(cause.kind, CauseKind::Incompatible);
    assert!(cause.message.contains("state `Asking` invoked"), "{}", cause.message);
}

/// Two ask the same activity, and only their names tell which is which.
macro_rules! trips {
    ($($name:ident $version:tt { $($calls:tt)* })*) => {$(
        mod $name {
            statewright::flow! {
                @allow(W0503, "it hangs as long as a test wants")
                @allow(W0811, "why a call fails is not what is tested")
                durable machine Trip version $version {
                    key id
                    context { id: String  car: String = ""  boat: String = "" }
                    activity charge(id: String, cents: u32) -> String
                    initial state Renting {
                        fan_out { $($calls)* } join all
                        on done do set car = car, set boat = boat -> Rented
                        on error -> Failed
                    }
                    final state Rented
                    @outcome(failure)
                    final state Failed
                }
            }
        }

        impl $name::trip::Activities for Shop {
            async fn charge(
                &self,
                cx: &Cx,
                _: &str,
                cents: u32,
            ) -> Result<String, $name::trip::ChargeError> {
                // The second takes for ever at first.
                self.hangs($version == 1 && self.calls().len() == 1);
                self.charged(cx, cents.into()).await.map_err($name::trip::ChargeError::Unexpected)
            }
        }
    )*};
}

trips! {
    car_first 1 { call car: charge(id, 1) call boat: charge(id, 2) }
    boat_first 2 { call boat: charge(id, 2) call car: charge(id, 1) }
    car_first_still 3 { call car: charge(id, 1) call boat: charge(id, 2) }
}

/// The car has ended, and the boat runs.
async fn renting() -> (Memory, Shop) {
    let (store, shop) = (Memory::new(), Shop::default());
    let old = engine(builder(&store).register::<car_first::trip::Trip>(shop.clone())).await;
    let start = car_first::trip::Start { id: "t".to_owned() };
    old.start::<car_first::trip::Trip>("t", start).await.expect("the key is free");
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    killed(old).await;
    shop.hangs(false);
    assert_eq!(shop.calls(), ["charge Trip/t/1/1 1", "charge Trip/t/1/2 2"]);
    (store, shop)
}

#[tokio::test(start_paused = true)]
async fn branches_that_change_places_do_not_change_results() {
    use boat_first::trip::{State, Trip};
    let (store, shop) = renting().await;
    let new = engine(builder(&store).register::<Trip>(shop)).await;
    let refused = new.wait_for::<Trip>("t", |view| view.state == State::Rented).await;
    let Err(EngineError::Parked { cause, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(cause.kind, CauseKind::Incompatible);
    let expected = "state `Renting` had the branches `car`, `boat` and has `boat`, `car` now; \
        `state Renting -> Renting` in `migrate from 1 { .. }` cancels it, and asks for what the state \
        invokes now";
    assert!(cause.message.ends_with(expected), "{}", cause.message);
}

#[tokio::test(start_paused = true)]
async fn branches_that_stay_in_their_places_go_on() {
    use car_first_still::trip::{State, Trip};
    let (store, shop) = renting().await;
    let new = engine(builder(&store).register::<Trip>(shop)).await;
    let rented = new.wait_for::<Trip>("t", |view| view.state == State::Rented).await;
    let context = rented.expect("both are rented").context;
    assert_eq!((context.car.as_str(), context.boat.as_str()), ("paid 1", "paid 2"));
}

/// They wait for others of their branches to end.
macro_rules! offers {
    ($($name:ident $version:tt { $($join:tt)* })*) => {$(
        mod $name {
            statewright::flow! {
                @allow(W0503, "it hangs as long as a test wants")
                durable machine Offers version $version {
                    key id
                    context { id: String  wanted: Vec<u32>  why: String = ""  all: Vec<u32> = [] }
                    error SoldOut
                    activity offer(cents: u32) -> u32 raises SoldOut
                    initial state Asking {
                        fan_out cents in wanted max 4 {
                            call one: offer(cents)
                        } join $($join)* into some
                        on done do set all = some -> Asked
                        on error SoldOut do set why = "sold out" -> Failed
                        on error(e) do set why = e.message -> Failed
                    }
                    final state Asked
                    @outcome(failure)
                    final state Failed
                }
            }
        }

        impl $name::offers::Activities for Shop {
            async fn offer(&self, cx: &Cx, cents: u32) -> Result<u32, $name::offers::OfferError> {
                // The first is sold out, and the third takes for ever.
                self.hangs(cents == 3);
                let offered = self.charged(cx, cents.into()).await;
                offered.map_err($name::offers::OfferError::Unexpected)?;
                if cents == 1 { Err($name::offers::OfferError::SoldOut) } else { Ok(cents) }
            }
        }
    )*};
}

offers! {
    all_but_one 1 { all tolerate 1 }
    all 2 { all }
    any 2 { any }
    all_but_two 2 { all tolerate 2 }
}

/// What a version makes at once of one whose first branch has failed, whose second has not, and whose third
/// runs.
macro_rules! made_of_offers {
    ($name:ident) => {{
        use $name::offers::Offers;
        let (store, shop) = (Memory::new(), Shop::default());
        let old =
            engine(builder(&store).register::<all_but_one::offers::Offers>(shop.clone())).await;
        let start = all_but_one::offers::Start { id: "o".to_owned(), wanted: vec![1, 2, 3] };
        old.start::<all_but_one::offers::Offers>("o", start).await.expect("the key is free");
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        killed(old).await;
        let new = engine(builder(&store).register::<Offers>(shop.clone())).await;
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        let view = new.state::<Offers>("o").await.expect("it goes on");
        assert!(matches!(new.replay::<Offers>("o").await, Ok(Replay::Same(_))));
        (format!("{:?}", view.state), view.context.why, view.context.all, shop.calls().len())
    }};
}

#[tokio::test(start_paused = true)]
async fn a_join_that_is_another_now_looks_at_what_has_ended() {
    let (state, why, all, calls) = made_of_offers!(all);
    assert_eq!((state.as_str(), why.as_str(), all.len(), calls), ("Failed", "sold out", 0, 3));
    let (state, _, all, calls) = made_of_offers!(any);
    assert_eq!((state.as_str(), all, calls), ("Asked", vec![2], 3));
    let (state, .., calls) = made_of_offers!(all_but_two);
    assert_eq!((state.as_str(), calls), ("Asking", 4), "the third is asked again");
}
