//! What instances send to each other: delivered once and in order, or waiting for a person.

use statewright::engine::{CauseKind, DeadLetter, Replay, Settings, StepCause, StepEffect};
use statewright::store::{LetterKind, Letters, Memory, Status};
use statewright::{Cursor, Engine, EngineError};
use statewright_durable_tests::sink::{self, Sink};
use statewright_durable_tests::source::{self, Source};
use std::time::Duration;

fn settings(mailbox: usize, shards: usize) -> Settings {
    let mut settings = Settings::default();
    (settings.mailbox, settings.shards) = (mailbox, shards);
    settings
}

async fn engine(store: &Memory, settings: Settings) -> Engine {
    let builder = Engine::builder().store(store.clone()).settings(settings);
    builder.register::<Source>(()).register::<Sink>(()).start().await.expect("it starts")
}

async fn source(engine: &Engine, id: &str, sink: &str, count: u64) {
    let start = source::Start { id: id.to_owned(), sink: sink.to_owned(), count };
    engine.start::<Source>(id, start).await.expect("the key is free");
}

async fn sink(engine: &Engine, id: &str) {
    engine.start::<Sink>(id, sink::Start { id: id.to_owned() }).await.expect("the key is free");
}

async fn done(engine: &Engine, id: &str) {
    let done = engine.wait_for::<Source>(id, |view| view.status == Status::Finished).await;
    done.expect("it is confirmed");
}

/// What a sink got of a source, in order.
async fn got(engine: &Engine, sink: &str, source: &str, count: usize) -> Vec<u64> {
    let mut outputs = engine.outputs::<Sink>(sink, Cursor::START).expect("it is registered");
    let mut items = Vec::new();
    while items.len() < count {
        let next = outputs.next().await.expect("it is there").expect("it goes on");
        let sink::Output::Got { source: from, n } = next.1;
        items.extend((from == source).then_some(n));
    }
    items
}

#[tokio::test(start_paused = true)]
async fn events_come_once_and_in_order() {
    let engine = engine(&Memory::new(), settings(1024, 3)).await;
    for id in ["a", "b", "c"] {
        source(&engine, id, "s", 20).await;
    }
    sink(&engine, "s").await;
    for id in ["a", "b", "c"] {
        engine.send::<Source>(id, source::Event::Go).await.expect("it is taken");
    }
    for id in ["a", "b", "c"] {
        done(&engine, id).await;
        assert_eq!(got(&engine, "s", id, 20).await, (1..=20).collect::<Vec<_>>());
        assert!(matches!(engine.replay::<Source>(id).await, Ok(Replay::Same(_))));
    }
    assert_eq!(engine.state::<Sink>("s").await.expect("it is there").context.items, 60);
    assert!(matches!(engine.replay::<Sink>("s").await, Ok(Replay::Same(61))));
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
}

/// Far more than waits in memory, and instances that leave it at once.
#[tokio::test(start_paused = true)]
async fn little_room_loses_nothing_and_stops_nobody() {
    let mut little = settings(2, 2);
    little.idle = Duration::ZERO;
    let engine = engine(&Memory::new(), little).await;
    sink(&engine, "s").await;
    let ids: Vec<String> = (0..12).map(|n| format!("source-{n}")).collect();
    for id in &ids {
        source(&engine, id, "s", 7).await;
        engine.send::<Source>(id, source::Event::Go).await.expect("it is taken");
    }
    for id in &ids {
        done(&engine, id).await;
        assert_eq!(got(&engine, "s", id, 7).await, (1..=7).collect::<Vec<_>>());
    }
}

#[tokio::test(start_paused = true)]
async fn history_names_both_ends() {
    let engine = engine(&Memory::new(), settings(8, 1)).await;
    source(&engine, "a", "s", 3).await;
    sink(&engine, "s").await;
    engine.send::<Source>("a", source::Event::Go).await.expect("it is taken");
    done(&engine, "a").await;
    let steps = engine.history::<Source>("a", 2, 1).await.expect("it is there");
    let StepEffect::Send { machine, key, .. } = &steps[0].effects[0] else {
        panic!("{:?}", steps[0])
    };
    assert_eq!((machine.as_str(), key.as_str()), ("Sink", "s"));
    assert!(steps[0].to_string().contains("sends Sink(\"s\").Item("), "{}", steps[0]);
    let steps = engine.history::<Sink>("s", 2, 1).await.expect("it is there");
    assert!(
        matches!(&steps[0].cause, StepCause::Event { from: Some(from), .. } if from.key == "a")
    );
    assert!(steps[0].to_string().contains("from Source a"), "{}", steps[0]);
}

#[tokio::test(start_paused = true)]
async fn who_is_not_there_gets_nothing_until_a_person_says_so() {
    let engine = engine(&Memory::new(), settings(8, 2)).await;
    source(&engine, "a", "s", 3).await;
    engine.send::<Source>("a", source::Event::Go).await.expect("it is taken");
    let dead = dead(&engine, 3).await;
    let DeadLetter::Letter(first) = &dead[0] else { panic!("{dead:?}") };
    assert_eq!((first.letter.machine.as_str(), first.letter.key.as_str()), ("Sink", "s"));
    assert_eq!((first.letter.sender.key.as_str(), first.letter.kind), ("a", LetterKind::Event));
    assert_eq!(first.letter.body, r#"{"Item":{"source":"a","n":1}}"#);
    let (_, why) = &first.refusals[0];
    assert!(why.contains("unknown_instance") && why.contains("there is no `Sink`"), "{why}");
    // Sent again while there is still nobody: refused again, and both are known.
    let id = first.letter.id;
    assert_eq!(engine.retry_letter(id).await, Ok(()));
    let again = loop {
        let row = letter(&engine, id).await;
        if row.refusals.len() == 2 {
            break row;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    };
    assert!(again.is_dead);
    assert_eq!(engine.retry_letter(999).await, Err(EngineError::NotDead(999)));
    sink(&engine, "s").await;
    let edited = r#"{"Item":{"source":"a","n":11}}"#;
    assert_eq!(engine.edit_letter(id, edited).await, Ok(()));
    assert_eq!(got(&engine, "s", "a", 1).await, [11]);
    // What is delivered is not dead any more.
    assert_eq!(engine.retry_letter(id).await, Err(EngineError::NotDead(id)));
    let DeadLetter::Letter(second) = &dead[1] else { panic!("{dead:?}") };
    assert_eq!(engine.abandon_letter(second.letter.id).await, Ok(()));
    let DeadLetter::Letter(third) = &dead[2] else { panic!("{dead:?}") };
    assert_eq!(engine.retry_letter(third.letter.id).await, Ok(()));
    assert_eq!(got(&engine, "s", "a", 2).await, [11, 3]);
    assert_eq!(engine.dead_letters(None).await, Ok(Vec::new()));
}

async fn letter(engine: &Engine, id: u64) -> statewright::store::LetterRow {
    let all = engine.letters(Letters::default()).await.expect("they can be read");
    all.into_iter().find(|row| row.letter.id == id).expect("it is there")
}

/// Waits until there are so many dead letters.
async fn dead(engine: &Engine, count: usize) -> Vec<DeadLetter> {
    loop {
        let dead = engine.dead_letters(None).await.expect("they can be read");
        if dead.len() == count {
            return dead;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn kind(letter: &DeadLetter) -> CauseKind {
    let DeadLetter::Letter(row) = letter else { panic!("{letter:?}") };
    let (_, cause) = row.refusals.last().expect("it was refused");
    let cause: statewright::engine::Cause = serde_json::from_str(cause).expect("it is a cause");
    cause.kind
}

#[tokio::test(start_paused = true)]
async fn what_has_ended_takes_nothing() {
    let engine = engine(&Memory::new(), settings(8, 2)).await;
    source(&engine, "a", "s", 3).await;
    sink(&engine, "s").await;
    engine.send::<Sink>("s", sink::Event::Close).await.expect("it is taken");
    engine.send::<Source>("a", source::Event::Go).await.expect("it is taken");
    let dead = dead(&engine, 3).await;
    assert!(dead.iter().all(|letter| kind(letter) == CauseKind::Ended), "{dead:?}");
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_is_not_registered_gets_it_from_the_next_program() {
    let store = Memory::new();
    let builder = Engine::builder().store(store.clone());
    let alone = builder.register::<Source>(()).start().await.expect("it starts");
    source(&alone, "a", "s", 3).await;
    alone.send::<Source>("a", source::Event::Go).await.expect("it is taken");
    let dead = dead(&alone, 3).await;
    assert!(dead.iter().all(|letter| kind(letter) == CauseKind::UnknownMachine), "{dead:?}");
    alone.stop().await;
    let engine = engine(&store, settings(8, 2)).await;
    sink(&engine, "s").await;
    for letter in &dead {
        let DeadLetter::Letter(row) = letter else { panic!("{letter:?}") };
        assert_eq!(engine.retry_letter(row.letter.id).await, Ok(()));
    }
    done(&engine, "a").await;
}

/// Whoever is killed with letters on the way goes on with them.
#[tokio::test(start_paused = true)]
async fn a_restart_loses_nothing() {
    let store = Memory::new();
    for life in 0..40 {
        let engine = engine(&store, settings(4, 2)).await;
        if life == 0 {
            sink(&engine, "s").await;
            source(&engine, "a", "s", 60).await;
            engine.send::<Source>("a", source::Event::Go).await.expect("it is taken");
        }
        for _ in 0..life {
            tokio::task::yield_now().await;
        }
        drop(engine);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let engine = engine(&store, settings(4, 2)).await;
    done(&engine, "a").await;
    assert_eq!(got(&engine, "s", "a", 60).await, (1..=60).collect::<Vec<_>>());
    assert_eq!(engine.state::<Sink>("s").await.expect("it is there").context.items, 60);
}
