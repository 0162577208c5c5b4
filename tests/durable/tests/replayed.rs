//! `Engine::replay` holds the journal to its causes, and the snapshot to the journal.

use statewright::engine::Replay;
use statewright::store::conformance::commit;
use statewright::store::{Commit, Memory, Rest, Status, Store, Stored};
use statewright::{Engine, EngineError};
use statewright_durable_tests::order::{Event, Order, Start};
use statewright_durable_tests::shop::{Charging, Shop};
use std::time::Duration;

async fn engine(store: &Memory, shop: &Shop) -> Engine {
    let engine = Engine::builder().store(store.clone()).register::<Order>(shop.clone());
    engine.start().await.expect("it starts")
}

/// Orders with snapshots: one at rest, one finished, one stopped while something ran, one given up.
async fn orders() -> (Memory, Shop) {
    let (store, shop) = (Memory::new(), Shop::default());
    let engine = engine(&store, &shop).await;
    for key in ["rests", "finished", "runs", "given-up"] {
        let start = Start { order_id: key.to_owned(), total: 5 };
        engine.start::<Order>(key, start).await.expect("the key is free");
    }
    engine.send::<Order>("finished", Event::Submit).await.expect("it is a draft");
    let done = |view: &statewright::engine::View<Order>| view.status == Status::Finished;
    engine.wait_for::<Order>("finished", done).await.expect("it ends");
    shop.charging(Charging::Hangs);
    engine.send::<Order>("runs", Event::Submit).await.expect("it is a draft");
    engine.abandon::<Order>("given-up").await.expect("it is there");
    tokio::time::sleep(Duration::from_secs(60)).await;
    engine.stop().await;
    (store, shop)
}

/// Writes another snapshot, as nobody but a broken disk or a person would.
fn tamper(store: &Memory, key: &str, change: impl FnOnce(String) -> String) {
    store.claim().expect("nobody runs on it");
    let id = store.find("Order", key).expect("it can be read").expect("it is there");
    let Some(Stored::Whole(kept)) = store.load(&[id]).expect("it can be read").pop() else {
        panic!("{key} cannot be read");
    };
    let rest = Rest {
        status: kept.status,
        at_rest: true,
        due: None,
        shape: kept.shape,
        seq: kept.seq,
        state: "Draft".to_owned(),
        snapshot: kept.snapshot.map(change),
        cause: kept.cause,
    };
    let at = store.last_time().expect("it can be read");
    let tampered = Commit { rest: Some(rest), ..Commit::of(id, at) };
    commit(store, vec![tampered]).expect("memory can be written");
    store.release();
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_is_what_is_behind_its_step() {
    let (store, shop) = orders().await;
    for key in ["rests", "finished", "runs", "given-up"] {
        let id = store.find("Order", key).expect("it can be read").expect("it is there");
        let Some(Stored::Whole(kept)) = store.load(&[id]).expect("it can be read").pop() else {
            panic!("{key} cannot be read");
        };
        assert!(kept.snapshot.is_some() && kept.records.is_empty(), "{key}");
    }
    let engine = engine(&store, &shop).await;
    for key in ["rests", "finished", "runs", "given-up"] {
        let replayed = engine.replay::<Order>(key).await;
        assert!(matches!(replayed, Ok(Replay::Same(1..))), "{key}: {replayed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_is_something_else_is_told() {
    let (store, shop) = orders().await;
    for key in ["rests", "finished", "given-up"] {
        tamper(&store, key, |snapshot| snapshot.replace("\"total\":5", "\"total\":6"));
    }
    let engine = engine(&store, &shop).await;
    for key in ["rests", "finished", "given-up"] {
        match engine.replay::<Order>(key).await {
            Ok(Replay::SnapshotDiffers { snapshot, replayed, seq: 1.. }) => {
                assert!(snapshot.contains("\"total\":6"), "{snapshot}");
                assert!(replayed.contains("\"total\":5"), "{replayed}");
            }
            other => panic!("{key}: {other:?}"),
        }
    }
    let unknown = engine.replay::<Order>("nobody").await;
    assert!(matches!(unknown, Err(EngineError::UnknownInstance { .. })), "{unknown:?}");
}
