//! Loops that are in the middle of a round when the machine changes.

use super::{builder, engine, killed};
use statewright::store::Memory;

mod of_first {
    statewright::flow! {
        durable machine Search version 1 {
            key id
            context { id: String  best: i64 = 0 }
            event Found(best: i64)

            initial loop state Looking max 10 {
                until change(best) < 2 for 2
                initial state Waiting {
                    on Found(value) do set best = value -> Round
                }
                final state Round
                on converged -> Enough
                on exhausted -> Tired
            }
            final state Enough
            final state Tired
        }
    }
}

/// What is compared is called otherwise, and so is the loop.
mod of_second {
    statewright::flow! {
        durable machine Search version 2 {
            key id
            context { id: String  @was("best") shortest: i64 = 0  best: i64 = 9 }
            event Found(best: i64)

            @was("Looking")
            initial loop state Walking max 10 {
                until change(shortest) < 2 for 2
                initial state Waiting {
                    on Found(value) if value < best + 1000 do set shortest = value -> Round
                }
                final state Round
                on converged -> Enough
                on exhausted -> Tired
            }
            final state Enough
            final state Tired
        }
    }
}

use of_first::search as first;
use of_second::search as second;

#[tokio::test(start_paused = true)]
async fn what_changes_is_known_under_its_new_name() {
    let store = Memory::new();
    let old = engine(builder(&store).register::<first::Search>(())).await;
    let start = first::Start { id: "a".to_owned() };
    old.start::<first::Search>("a", start).await.expect("the key is free");
    // The third is the first that has hardly changed.
    for best in [10, 20, 21] {
        let found = first::Event::Found { best };
        old.send::<first::Search>("a", found).await.expect("it takes it");
    }
    killed(old).await;
    let new = engine(builder(&store).register::<second::Search>(())).await;
    let found = second::Event::Found { best: 22 };
    new.send::<second::Search>("a", found).await.expect("it takes it");
    let view = new.state::<second::Search>("a").await.expect("it is there");
    assert_eq!(view.state, second::State::Enough);
}
