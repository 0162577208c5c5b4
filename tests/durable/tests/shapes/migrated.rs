//! What a `migrate` block, or a `Migrate` in Rust, says.

use super::versions::{first, fourth, sixth};
use super::{Shop, builder, engine, killed};
use first::Order as First;
use fourth::{Order as Fourth, State};
use serde::Deserialize;
use sixth::Order as Sixth;
use statewright::engine::{CauseKind, Migrate, MigrateError, Migrating, StepCause};
use statewright::store::Memory;
use statewright::{Cx, Engine, EngineError};

impl fourth::Logic for Shop {
    fn in_words(cents: u32) -> String {
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

impl fourth::Activities for Shop {
    async fn approve(&self, cx: &Cx, id: &str) -> Result<bool, fourth::ApproveError> {
        self.note(format!("approve {id} {}", cx.idempotency_key()));
        Ok(true)
    }
}

impl sixth::Logic for Shop {
    fn in_words(cents: u32) -> String {
        <Self as fourth::Logic>::in_words(cents)
    }

    fn and(a: &str, b: &str) -> String {
        format!("{a}{b}")
    }
}

pub(super) async fn started(events: impl IntoIterator<Item = first::Event>) -> (Shop, Memory) {
    let (store, shop) = (Memory::new(), Shop::default());
    shop.hangs(true);
    let old = engine(builder(&store).register::<First>(shop.clone())).await;
    let start = first::Start { id: "a".to_owned() };
    old.start::<First>("a", start).await.expect("the key is free");
    for event in events {
        old.send::<First>("a", event).await.expect("it takes what it gets");
    }
    tokio::task::yield_now().await;
    killed(old).await;
    (shop, store)
}

async fn fourth(store: &Memory, shop: &Shop) -> Engine {
    engine(builder(store).register::<Fourth>(shop.clone())).await
}

#[tokio::test(start_paused = true)]
async fn fields_are_made_of_old_ones() {
    let (shop, store) = started([first::Event::Pay { cents: 1250 }]).await;
    let engine = fourth(&store, &shop).await;
    let view = engine.wait_for::<Fourth>("a", |view| view.state == State::Paid).await;
    let context = view.expect("it is paid").context;
    assert_eq!((context.total.as_str(), context.tries), ("12.50", Some(1)));
}

#[tokio::test(start_paused = true)]
async fn states_lead_elsewhere_and_begin_what_belongs_to_them() {
    let (shop, store) = started([first::Event::Pay { cents: 1250 }]).await;
    let engine = fourth(&store, &shop).await;
    engine.wait_for::<Fourth>("a", |view| view.state == State::Paid).await.expect("paid");
    // What ran for the old state is cancelled, and is not called again.
    assert_eq!(shop.calls(), ["charge Order/a/1/1 1250", "approve a Order/a/1/2"]);
    let history = engine.history::<Fourth>("a", 3, 1).await.expect("it is there");
    assert_eq!(history[0].cause, StepCause::Migrated(1));
    let words: Vec<String> = history[0].effects.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["asks Approve(id: \"a\")", "revokes #1"]);
}

#[tokio::test(start_paused = true)]
async fn data_goes_from_state_to_state() {
    use first::Event::{Next, Work};
    let (shop, store) = started([Work, Next]).await;
    let engine = fourth(&store, &shop).await;
    let view = engine.state::<Fourth>("a").await.expect("it is there");
    assert_eq!(view.state, State::Sent { parcels: 1, by: "van".to_owned() });
}

#[tokio::test(start_paused = true)]
async fn migrations_follow_each_other() {
    let (shop, store) = started([first::Event::Work, first::Event::Next]).await;
    let engine = engine(builder(&store).register::<Sixth>(shop.clone())).await;
    let view = engine.state::<Sixth>("a").await.expect("it is there");
    assert_eq!(view.state, sixth::State::Gone { parcels: 11, by: "van and ship".to_owned() });
    assert_eq!(view.context.price.as_deref(), Some("0.00 EUR"));
}

#[tokio::test(start_paused = true)]
async fn the_chain_begins_where_the_instance_is() {
    let (shop, store) = started([first::Event::Work, first::Event::Next]).await;
    let middle = fourth(&store, &shop).await;
    middle.state::<Fourth>("a").await.expect("it is there");
    killed(middle).await;
    let engine = engine(builder(&store).register::<Sixth>(shop.clone())).await;
    let view = engine.state::<Sixth>("a").await.expect("it is there");
    assert_eq!(view.state, sixth::State::Gone { parcels: 11, by: "van and ship".to_owned() });
    let history = engine.history::<Sixth>("a", 4, 9).await.expect("it is there");
    assert_eq!(
        history.iter().map(|step| step.cause.clone()).collect::<Vec<_>>(),
        [StepCause::Migrated(1), StepCause::Migrated(4)]
    );
}

struct ByHand;

#[derive(Deserialize)]
struct Old {
    cents: u32,
    remark: String,
}

#[derive(Deserialize)]
struct Wrapping {
    round: u32,
}

impl Migrate for ByHand {
    fn from(&self) -> u64 {
        1
    }

    fn migrate(&self, instance: &mut Migrating) -> Result<(), MigrateError> {
        let old: Old = instance.context()?;
        if old.cents == 13 {
            return Err(MigrateError::new("thirteen cents"));
        }
        instance.set("total", &format!("{} cents{}", old.cents, old.remark))?;
        if let Some(Wrapping { round }) = instance.data("Working::Wrapping")? {
            #[derive(serde::Serialize)]
            struct Sent {
                parcels: u32,
                by: &'static str,
            }
            instance.enter("Working", "Sent", &Sent { parcels: round + 100, by: "hand" })?;
        }
        instance.events(|_| false);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn rust_takes_the_place_of_a_block() {
    use first::Event::{Next, Work};
    let (shop, store) = started([Work, Next]).await;
    let set_up = builder(&store).register::<Fourth>(shop.clone()).migrate::<Fourth>(ByHand);
    let engine = engine(set_up).await;
    let view = engine.state::<Fourth>("a").await.expect("it is there");
    assert_eq!(view.state, State::Sent { parcels: 101, by: "hand".to_owned() });
    assert_eq!(view.context.total, "0 cents");
}

#[tokio::test(start_paused = true)]
async fn what_rust_refuses_is_parked_with_its_words() {
    let (shop, store) = started([first::Event::Pay { cents: 13 }]).await;
    let set_up = builder(&store).register::<Fourth>(shop.clone()).migrate::<Fourth>(ByHand);
    let engine = engine(set_up).await;
    match engine.send::<Fourth>("a", fourth::Event::Next).await {
        Err(EngineError::Parked { cause, .. }) => {
            assert_eq!(cause.kind, CauseKind::Incompatible);
            assert!(cause.message.ends_with("`migrate from 1`: thirteen cents"), "{cause}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn migrations_of_machines_that_are_not_registered_are_refused() {
    let set_up = builder(&Memory::new()).register::<First>(Shop::default());
    let started = set_up.migrate::<Fourth>(ByHand).start().await;
    // The machines of all versions have one name here, so that this one is known.
    assert!(started.is_ok());
    let started = builder(&Memory::new()).migrate::<Fourth>(ByHand).start().await;
    assert_eq!(started.err(), Some(EngineError::UnknownMachine("Order".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_machine_has_its_name_to_itself() {
    let shop = Shop::default();
    let both = builder(&Memory::new()).register::<First>(shop.clone()).register::<Fourth>(shop);
    let started = both.start().await;
    assert_eq!(started.err(), Some(EngineError::RegisteredTwice("Order".to_owned())));
}
