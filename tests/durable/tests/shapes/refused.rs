//! What does not go on by itself, and is said by name.

use super::versions::{first, second, third};
use super::{Shop, builder, engine, killed};
use first::Order as First;
use second::{Order as Second, State};
use statewright::EngineError;
use statewright::engine::{Cause, CauseKind};
use statewright::store::{Filter, Memory, Status};
use third::Order as Third;

async fn two(store: &Memory, shop: &Shop) {
    let old = engine(builder(store).register::<First>(shop.clone())).await;
    for key in ["a", "b"] {
        let start = first::Start { id: key.to_owned() };
        old.start::<First>(key, start).await.expect("the key is free");
    }
    old.send::<First>("b", first::Event::Fax).await.expect("b is open");
    killed(old).await;
}

fn cause<T: std::fmt::Debug>(answer: Result<T, EngineError>) -> Cause {
    match answer {
        Err(EngineError::Parked { cause, .. }) => cause,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn only_instances_in_a_state_that_is_gone_are_parked() {
    let (store, shop) = (Memory::new(), Shop::default());
    two(&store, &shop).await;
    let engine = engine(builder(&store).register::<Second>(shop)).await;
    assert_eq!(engine.state::<Second>("a").await.expect("a goes on").state, State::Open);
    let cause = cause(engine.send::<Second>("b", second::Event::Next).await);
    assert_eq!(cause.kind, CauseKind::Incompatible);
    let expected = "made by version 1 of `Order`, and version 2 cannot go on with it: state `Faxing` is \
        gone: instances in it are nowhere; `state Faxing -> ..` in `migrate from 1 { .. }` says where, \
        or `@was(\"Faxing\")` in front of the state that it is now";
    assert_eq!(cause.message, expected);
}

#[tokio::test(start_paused = true)]
async fn changed_types_are_named_and_retried_by_a_program_that_knows_them() {
    let (store, shop) = (Memory::new(), Shop::default());
    two(&store, &shop).await;
    let wrong = engine(builder(&store).register::<Third>(())).await;
    let why = cause(wrong.send::<Third>("a", third::Event::Pay).await);
    let expected = "made by version 1 of `Order`, and version 3 cannot go on with it: context field \
        `cents` was `u32` and is `String` now; `set cents = ..` in `migrate from 1 { .. }` says what \
        it is";
    assert_eq!((why.kind, why.message.as_str()), (CauseKind::Incompatible, expected));
    let other = cause(wrong.send::<Third>("b", third::Event::Pay).await);
    assert_eq!(other.kind, CauseKind::Incompatible);
    let parked = Filter { status: Some(Status::Parked), ..Filter::default() };
    assert_eq!(wrong.list(parked).await.expect("the store is read").len(), 2);
    wrong.stop().await;
    let right = engine(builder(&store).register::<Second>(shop)).await;
    right.retry::<Second>("a").await.expect("version 2 goes on with it");
    let view = right.state::<Second>("a").await.expect("it is there");
    assert_eq!((view.status, view.state), (Status::Running, State::Open));
    let history = right.history::<Second>("a", 1, 10).await.expect("it is there");
    let causes: Vec<String> = history.iter().map(|step| step.cause.to_string()).collect();
    assert_eq!(causes[1..], ["migrated from version 1", "retried"]);
    let still = cause(right.retry::<Second>("b").await);
    assert!(still.message.contains("cents"), "what it was parked for is said again: {still}");
}
