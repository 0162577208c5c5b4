//! Simulated runs of instances that send to each other: a store that fails by plan and dies in the
//! middle, on paused time. `EXCHANGES=10000` is the full setting; `EXCHANGE=43` begins with that seed.
#![cfg(test)]

use statewright::engine::Settings;
use statewright::store::faulty::{Faulty, Rates, Seeded, on_tokio};
use statewright::store::{Letters, Memory, Status, Store};
use statewright::{Engine, EngineError};
use statewright_durable_tests::sink::{self, Sink};
use statewright_durable_tests::source::{self, Source};
use std::sync::Arc;
use std::time::Duration;

const SOURCES: [&str; 3] = ["a", "b", "c"];
const ITEMS: u64 = 12;

/// One life of the program: true if all is confirmed.
async fn life(store: &Memory, seed: u64, rates: Rates) -> bool {
    let faulty = Arc::new(Faulty::new(store.clone(), Seeded::new(seed, rates), on_tokio));
    let mut settings = Settings::default();
    settings.idle = Duration::from_millis(seed % 40);
    settings.shards = 1 + (seed % 3) as usize;
    settings.mailbox = 2 + (seed % 5) as usize;
    let builder = Engine::builder().store(Arc::clone(&faulty)).settings(settings);
    let builder = builder.register::<Source>(()).register::<Sink>(());
    let Ok(engine) = builder.start().await else { return false };
    let all = async {
        until(|| engine.start::<Sink>("s", sink::Start { id: "s".to_owned() })).await;
        for id in SOURCES {
            let start = || source::Start { id: id.to_owned(), sink: "s".to_owned(), count: ITEMS };
            until(|| engine.start::<Source>(id, start())).await;
            until(|| async {
                engine.send_with_id::<Source>(id, "go", source::Event::Go).await.map(|_| ())
            })
            .await;
        }
        for id in SOURCES {
            until(|| async {
                let done =
                    |view: &statewright::engine::View<Source>| view.status == Status::Finished;
                engine.wait_for::<Source>(id, done).await.map(|_| ())
            })
            .await;
        }
        engine.stop().await;
    };
    let died = async {
        while !faulty.is_dead() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        () = all => true,
        () = died => false,
        () = tokio::time::sleep(Duration::from_secs(3600)) => panic!("somebody waits for ever"),
    }
}

/// Tries again what the store has refused.
async fn until<F: Future<Output = Result<(), EngineError>>>(mut what: impl FnMut() -> F) {
    loop {
        match what().await {
            Ok(()) | Err(EngineError::Duplicate { .. } | EngineError::Finished(_)) => return,
            Err(EngineError::Store(_) | EngineError::Overloaded(_)) => {
                tokio::time::sleep(Duration::from_millis(7)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn exchange(seed: u64) {
    let store = Memory::new();
    let rates =
        Rates { refused: 30, denied: 20, late: 60, told_late: 60, dead: 15, calls: 10, corrupt: 0 };
    for life_of in 0.. {
        // The last lives are without faults, so that all comes to its end.
        let rates = if life_of < 6 { rates } else { Rates::default() };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime can be made");
        let done = runtime.block_on(life(&store, seed * 1000 + life_of, rates));
        drop(runtime);
        if done {
            break;
        }
        assert!(life_of < 20, "the lives do not end");
    }
    let sink = store.find("Sink", "s").expect("it can be read").expect("it is there");
    let outputs = store.outputs(sink, 0, usize::MAX).expect("they can be read");
    for id in SOURCES {
        let of = format!("\"source\":\"{id}\"");
        let of_one = outputs.iter().filter(|output| output.body.contains(&of));
        let numbers: Vec<String> = of_one.map(|output| output.body.clone()).collect();
        let wanted = (1..=ITEMS).map(|n| format!("{{\"Got\":{{{of},\"n\":{n}}}}}"));
        assert_eq!(numbers, wanted.collect::<Vec<_>>(), "once, and in order");
    }
    assert_eq!(store.letters(&Letters::default()), Ok(Vec::new()), "nothing is left over");
}

#[test]
fn no_schedule_loses_repeats_or_reorders_a_letter() {
    let seeds = std::env::var("EXCHANGES").ok().and_then(|n| n.parse().ok()).unwrap_or(100);
    let first = std::env::var("EXCHANGE").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    for seed in first..first + seeds {
        let run = std::panic::catch_unwind(|| exchange(seed));
        assert!(run.is_ok(), "seed {seed}");
    }
}
