//! What goes on by itself.

use super::versions::{first, second};
use super::{Shop, builder, engine, killed};
use first::Order as First;
use second::{Busy, Order as Second, State};
use statewright::engine::{Replay, StepCause};
use statewright::store::Memory;
use statewright::{Cx, Dispatch, Engine};
use std::time::Duration;

impl first::Activities for Shop {
    async fn charge(&self, cx: &Cx, _: &str, cents: u32) -> Result<String, first::ChargeError> {
        self.charged(cx, cents.into()).await.map_err(first::ChargeError::Unexpected)
    }
}

impl second::Activities for Shop {
    async fn check(&self, cx: &Cx, _: &str) -> Result<(), second::CheckError> {
        self.note(format!("check {}", cx.idempotency_key()));
        Ok(())
    }

    async fn charge(&self, cx: &Cx, _: &str, cents: u64) -> Result<String, second::ChargeError> {
        self.charged(cx, cents).await.map_err(second::ChargeError::Unexpected)
    }
}

async fn started(events: impl IntoIterator<Item = first::Event>) -> (Engine, Shop, Memory) {
    let (store, shop) = (Memory::new(), Shop::default());
    shop.hangs(true);
    let old = engine(builder(&store).register::<First>(shop.clone())).await;
    let start = first::Start { id: "a".to_owned() };
    old.start::<First>("a", start).await.expect("the key is free");
    for event in events {
        old.send::<First>("a", event).await.expect("it takes what it gets");
    }
    tokio::task::yield_now().await;
    (old, shop, store)
}

/// The instance behind these events, in the second version.
async fn carried(events: impl IntoIterator<Item = first::Event>) -> (Engine, Shop) {
    let (old, shop, store) = started(events).await;
    killed(old).await;
    shop.hangs(false);
    (engine(builder(&store).register::<Second>(shop.clone())).await, shop)
}

async fn send(engine: &Engine, event: second::Event) {
    assert_eq!(engine.send::<Second>("a", event).await, Ok(Dispatch::Handled));
}

async fn state(engine: &Engine) -> State {
    engine.state::<Second>("a").await.expect("it is there").state
}

async fn note(engine: &Engine) -> String {
    engine.state::<Second>("a").await.expect("it is there").context.note
}

#[tokio::test(start_paused = true)]
async fn new_fields_have_their_defaults_and_renamed_ones_their_values() {
    let (engine, _) = carried([]).await;
    let view = engine.state::<Second>("a").await.expect("it is there");
    assert_eq!(view.state, State::Open);
    let context = view.context;
    assert_eq!((context.id.as_str(), context.cents, context.retries), ("a", 0, 3));
    assert_eq!((context.note_of, context.reviewer), (None, None));
    let history = engine.history::<Second>("a", 1, 10).await.expect("it is there");
    assert_eq!(history[1].cause, StepCause::Migrated(1));
    assert_eq!(history[1].cause.to_string(), "migrated from version 1");
    // What is new works as if it had been there.
    send(&engine, second::Event::Review { by: "me".to_owned() }).await;
    assert!(matches!(engine.replay::<Second>("a").await, Ok(Replay::Same(1..))));
}

fn ask(text: &str) -> first::Event {
    first::Event::Ask { text: text.to_owned() }
}

#[tokio::test(start_paused = true)]
async fn activities_that_have_not_ended_are_called_under_their_keys() {
    let (engine, shop) = carried([first::Event::Pay { cents: 7 }]).await;
    let paid = engine.wait_for::<Second>("a", |view| view.state == State::Paid).await;
    assert_eq!(paid.expect("it is paid").context.note, "paid 7");
    assert_eq!(shop.calls(), ["charge Order/a/1/1 7", "charge Order/a/1/1 7"]);
}

#[tokio::test(start_paused = true)]
async fn data_of_states_is_kept() {
    let (old, shop, store) = started([first::Event::Pay { cents: 7 }]).await;
    killed(old).await;
    let engine = engine(builder(&store).register::<Second>(shop.clone())).await;
    assert_eq!(state(&engine).await, State::Paying { tries: 1 });
}

#[tokio::test(start_paused = true)]
async fn deferred_events_come_under_their_new_names() {
    let (engine, _) = carried([ask("where?")]).await;
    assert_eq!(note(&engine).await, "");
    send(&engine, second::Event::Wait).await;
    assert_eq!(note(&engine).await, "where?");
}

#[tokio::test(start_paused = true)]
async fn timers_keep_their_deadlines_and_new_ones_begin() {
    let (old, shop, store) = started([first::Event::Wait]).await;
    tokio::time::sleep(Duration::from_secs(45 * 60)).await;
    old.stop().await;
    // The last commit is what time goes on from.
    let engine = engine(builder(&store).register::<Second>(shop)).await;
    let begun = tokio::time::Instant::now();
    engine.wait_for::<Second>("a", |view| view.context.note == "half an hour").await.expect("a");
    let half = begun.elapsed().as_secs();
    engine.wait_for::<Second>("a", |view| view.context.note == "rung late").await.expect("b");
    let rung = begun.elapsed().as_secs();
    engine.wait_for::<Second>("a", |view| view.state == State::Paid).await.expect("c");
    let paid = begun.elapsed().as_secs();
    assert_eq!(half, 30 * 60, "a new timer begins when the instance is resumed");
    assert!(rung < 60 * 60 && paid == rung + 60 * 60, "{rung} {paid}");
}

#[tokio::test(start_paused = true)]
async fn what_is_remembered_stays_so() {
    use first::Event::{Next, Pause, Work};
    let (engine, _) = carried([Work, Next, Pause]).await;
    assert_eq!(state(&engine).await, State::Resting);
    send(&engine, second::Event::Resume).await;
    let wrapping = Busy::Wrapping { round: 1, paper: "brown".to_owned() };
    assert_eq!(state(&engine).await, State::Busy(wrapping));
    send(&engine, second::Event::Leave).await;
    assert_eq!(note(&engine).await, "brown");
}

#[tokio::test(start_paused = true)]
async fn states_inside_renamed_ones_are_found() {
    let (engine, _) = carried([first::Event::Work]).await;
    assert_eq!(state(&engine).await, State::Busy(Busy::Packing));
}

#[tokio::test(start_paused = true)]
async fn carrying_over_is_one_commit() {
    let (old, shop, store) = started([first::Event::Work]).await;
    killed(old).await;
    let new = engine(builder(&store).register::<Second>(shop.clone())).await;
    send(&new, second::Event::Next).await;
    killed(new).await;
    // The next program finds what the last has made of it, and carries nothing over again.
    let new = engine(builder(&store).register::<Second>(shop.clone())).await;
    send(&new, second::Event::Next).await;
    let history = new.history::<Second>("a", 1, 10).await.expect("it is there");
    let causes: Vec<String> = history.iter().map(|step| step.cause.to_string()).collect();
    assert_eq!(causes[1..], ["Work", "migrated from version 1", "Next", "Next"]);
}

#[tokio::test(start_paused = true)]
async fn finished_instances_can_be_looked_at() {
    let (old, shop, store) = started([first::Event::Fax, first::Event::Next]).await;
    old.send::<First>("a", first::Event::Leave).await.expect("it is paid");
    old.stop().await;
    let engine = engine(builder(&store).register::<Second>(shop)).await;
    assert_eq!(state(&engine).await, State::Closed);
}

/// It counts what it does, from time to time.
macro_rules! counters {
    ($($name:ident $version:tt $period:tt { $($join:tt)* })*) => {$(
        mod $name {
            statewright::flow! {
                @allow(W0503, "it hangs as long as a test wants")
                durable machine Counter version $version {
                    key id
                    context { id: String  count: u32 = 0  sum: u64 = 0  numbers: Vec<u32> = [1, 2] }
                    activity charge(number: u32) -> u32
                    initial parallel state Both {
                        region Counting {
                            initial state Counts {
                                every $period do set count = count + 1
                            }
                        }
                        region Asking {
                            initial state Asks {
                                fan_out number in numbers max 2 {
                                    call one: charge(number)
                                } join $($join)* into all
                                on done do set sum = len(all) -> Asked
                                on error -> Asked
                            }
                            final state Asked
                        }
                    }
                }
            }
        }

        impl $name::counter::Activities for Shop {
            async fn charge(&self, cx: &Cx, number: u32) -> Result<u32, $name::counter::ChargeError> {
                self.hangs(number == 2);
                let charged = self.charged(cx, number.into()).await;
                charged.map(|_| number).map_err($name::counter::ChargeError::Unexpected)
            }
        }
    )*};
}

counters! {
    of_minutes 1 1m { all }
    of_seconds 1 5s { any }
}

#[tokio::test(start_paused = true)]
async fn what_is_the_same_goes_on_as_this_program_says() {
    use of_minutes::counter::{Counter as Minutes, Start};
    use of_seconds::counter::Counter as Seconds;
    let (store, shop) = (Memory::new(), Shop::default());
    let old = engine(builder(&store).register::<Minutes>(shop.clone())).await;
    let start = Start { id: "c".to_owned() };
    old.start::<Minutes>("c", start).await.expect("the key is free");
    tokio::time::sleep(Duration::from_secs(10)).await;
    old.stop().await;
    let new = engine(builder(&store).register::<Seconds>(shop)).await;
    // One branch is enough now, and it has ended.
    let view = new.wait_for::<Seconds>("c", |view| view.context.sum == 1).await;
    assert_eq!(view.expect("it goes on").context.count, 0);
    // The deadline stays, and behind it the new period counts.
    let begun = tokio::time::Instant::now();
    for count in 1..4 {
        let view = new.wait_for::<Seconds>("c", move |view| view.context.count == count).await;
        view.expect("it counts");
    }
    let took = begun.elapsed().as_secs();
    assert!((55..=60 + 10).contains(&took), "{took}");
    let causes = new.history::<Seconds>("c", 1, 20).await.expect("it is there");
    assert!(!causes.iter().any(|step| matches!(step.cause, StepCause::Migrated(_))));
}
