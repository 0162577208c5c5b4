//! The commit that carries an instance over fails in every way that a disk can: the instance is old or
//! new, all of it, and goes on.

use super::Shop;
use super::migrated::started;
use super::versions::{first, fourth};
use fourth::{Order as Fourth, State};
use statewright::Engine;
use statewright::engine::{Replay, StepCause, last_state};
use statewright::store::faulty::{Fault, Faulty, on_tokio};
use statewright::store::{Memory, Store, StoreError, Stored};
use std::collections::BTreeSet;
use std::time::Duration;

fn faults() -> [Fault; 6] {
    let error = || StoreError::Failed("the disk is not well".to_owned());
    [
        Fault::Refused(error()),
        Fault::Denied(error()),
        Fault::Late(Duration::from_secs(3)),
        Fault::ToldLate(Duration::from_secs(3)),
        Fault::Dead { durable: false },
        Fault::Dead { durable: true },
    ]
}

/// The version that an instance is of, and all of it.
fn stored(store: &Memory) -> (u64, String) {
    let Some(Stored::Whole(instance)) = store.load(&[1]).expect("memory can be read").pop() else {
        panic!("it is there and can be read");
    };
    let shapes = store.shapes().expect("memory can be read");
    let (_, shape) = shapes.iter().find(|(id, _)| *id == instance.shape).expect("it is known");
    (shape.version, last_state(&instance).expect("it is whole").into_owned())
}

async fn through(store: &Memory, shop: &Shop, fault: Fault) -> Engine {
    let plan = move |number: u64| (number == 1).then(|| fault.clone());
    let store = Faulty::new(store.clone(), plan, on_tokio);
    let builder = Engine::builder().store(store).wall_clock(|| 0);
    builder.register::<Fourth>(shop.clone()).start().await.expect("it starts")
}

/// A life of a program: at its end all of it is gone, also what waits for a disk that says nothing.
fn life<T>(lived: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().start_paused(true).build().expect("a runtime").block_on(lived)
}

#[test]
fn an_instance_is_old_or_new_whatever_the_disk_does() {
    for fault in faults() {
        let (shop, store) = life(started([first::Event::Pay { cents: 1250 }]));
        let (version, before) = stored(&store);
        assert_eq!(version, 1);
        life(async {
            let _engine = through(&store, &shop, fault.clone()).await;
            tokio::time::sleep(Duration::from_millis(400)).await;
            // Nothing of it is there, or everything; and nothing has happened before it was durable.
            let (version, state) = stored(&store);
            let calls = shop.calls().iter().filter(|call| call.starts_with("approve")).count();
            if version == 1 {
                assert_eq!((state, calls), (before, 0), "{fault:?}");
            } else {
                assert!(state.contains("12.50") && !state.contains("cents"), "{fault:?}: {state}");
            }
            tokio::time::sleep(Duration::from_secs(5)).await;
        });
        life(goes_on(&store, &shop, &fault));
    }
}

/// The instance goes on with a healthy disk.
async fn goes_on(store: &Memory, shop: &Shop, fault: &Fault) {
    let engine = super::engine(super::builder(store).register::<Fourth>(shop.clone())).await;
    let view = engine.wait_for::<Fourth>("a", |view| view.state == State::Paid).await;
    let context = view.expect("it goes on").context;
    assert_eq!((context.total.as_str(), context.tries), ("12.50", Some(1)), "{fault:?}");
    let steps = engine.history::<Fourth>("a", 1, 99).await.expect("it is there");
    let carried = steps.iter().filter(|step| step.cause == StepCause::Migrated(1));
    assert_eq!(carried.count(), 1, "{fault:?}");
    assert!(matches!(engine.replay::<Fourth>("a").await, Ok(Replay::Same(_))), "{fault:?}");
    let asked = shop.calls();
    let asked: BTreeSet<&String> =
        asked.iter().filter(|call| call.starts_with("approve")).collect();
    assert_eq!(asked.len(), 1, "always under one key: {asked:?}");
}
