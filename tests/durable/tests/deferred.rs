//! Events that are put off have a limit, above which who sends is told.
#![cfg(test)]

use statewright::engine::Settings;
use statewright::store::Memory;
use statewright::{Dispatch, Engine, EngineError};

statewright::flow! {
    durable machine Desk {
        key id
        context { id: String  served: u32 = 0 }
        event Open
        event Ask
        initial state Closed {
            defer Ask
            on Open -> Serving
        }
        state Serving { on Ask do set served = served + 1 }
    }
}

use desk::{Desk, Event, Start};

#[tokio::test(start_paused = true)]
async fn more_than_the_limit_is_refused_and_what_was_accepted_is_kept() {
    let store = Memory::new();
    let engine = || async {
        let mut settings = Settings::default();
        settings.deferred = 3;
        let builder = Engine::builder().store(store.clone()).settings(settings);
        builder.register::<Desk>(()).start().await.expect("nobody else has the store")
    };
    let first = engine().await;
    first.start::<Desk>("a", Start { id: "a".to_owned() }).await.expect("the key is free");
    for _ in 0..3 {
        assert_eq!(first.send::<Desk>("a", Event::Ask).await, Ok(Dispatch::Deferred));
    }
    for _ in 0..2 {
        let refused = first.send_with_id::<Desk>("a", "again", Event::Ask).await;
        assert_eq!(refused, Err(EngineError::Overloaded(3)));
    }
    first.stop().await;
    drop(first);

    let second = engine().await;
    assert_eq!(second.send::<Desk>("a", Event::Ask).await, Err(EngineError::Overloaded(3)));
    assert_eq!(second.send::<Desk>("a", Event::Open).await, Ok(Dispatch::Handled));
    let again = second.send_with_id::<Desk>("a", "again", Event::Ask).await;
    assert_eq!(again, Ok(Dispatch::Handled));
    assert_eq!(second.state::<Desk>("a").await.expect("it is kept").context.served, 4);
}
