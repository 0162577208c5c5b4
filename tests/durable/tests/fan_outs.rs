//! Fan-outs are as durable as everything else, and no branch makes the store hold all of them again.

#![allow(clippy::unwrap_used)]

use crowd::Crowd;
use statewright::engine::{Replay, View, last_state};
use statewright::store::{Memory, Status, Store, Stored};
use statewright::{Cx, Engine};
use statewright_durable_tests::survey::People;
use statewright_durable_tests::survey_machine::{Event, Start, State, Survey};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

statewright::flow! {
    durable machine Crowd {
        key id
        context { id: String  people: Vec<u32>  answers: Vec<u32> = [] }
        activity greet(who: u32) -> u32
        policy polite { timeout 10s }

        initial state Greeting {
            fan_out person in people max 10_000 concurrency 10_000 {
                call one: greet(person) with polite
            } join all into all
            on done do set answers = all -> Greeted
            on error(e) -> Alone(e.message)
        }
        final state Greeted
        @outcome(failure)
        final state Alone(why: String)
    }
}

statewright::flow! {
    durable machine Panel {
        key id
        context {
            id: String
            people: Vec<u32>
            knocks: u32 = 0
            answers: Vec<Option<u32>> = []
        }
        event Knock
        transient error Away
        activity call(who: u32) -> u32 raises Away
        activity write(who: u32) -> u32
        policy twice { timeout 10s  retry max 2 backoff fixed 1m jitter full on transient }
        policy patient { timeout never }

        on Knock do set knocks = knocks + 1

        initial state Asking {
            fan_out person in people max 10 concurrency 2 {
                call one: call(person) with twice fallback write(person) with patient
            } join all_settled into all
            on done do set answers = all -> Over
            on error -> Over
        }
        final state Over
    }
}

/// Nobody who is called is there, but those with an even number; nobody answers a letter.
struct Absent;

impl panel::Activities for Absent {
    async fn call(&self, _: &Cx, who: u32) -> Result<u32, panel::CallError> {
        if who.is_multiple_of(2) { Ok(who) } else { Err(panel::CallError::Away) }
    }

    async fn write(&self, _: &Cx, _: u32) -> Result<u32, panel::WriteError> {
        std::future::pending().await
    }
}

struct Crew;

impl crowd::Activities for Crew {
    async fn greet(&self, _: &Cx, who: u32) -> Result<u32, crowd::GreetError> {
        tokio::task::yield_now().await;
        Ok(who)
    }
}

async fn engine(store: &Memory, people: &People) -> Engine {
    let engine = Engine::builder().store(store.clone()).register::<Survey>(people.clone());
    engine.start().await.unwrap()
}

async fn asking(numbers: impl Iterator<Item = u32>) -> (Engine, People, Memory) {
    let (store, people) = (Memory::new(), People::default());
    let engine = engine(&store, &people).await;
    let start = Start { id: "s".to_owned(), people: numbers.collect() };
    engine.start::<Survey>("s", start).await.unwrap();
    (engine, people, store)
}

async fn ended(engine: &Engine) -> View<Survey> {
    engine.wait_for::<Survey>("s", |view| view.status == Status::Finished).await.unwrap()
}

fn bodies(store: &Memory) -> Vec<String> {
    let id = store.running(0, 1).unwrap().first().map_or(1, |stored| *stored);
    store.history(id, 1, 100_000).unwrap().into_iter().map(|record| record.body).collect()
}

#[tokio::test(start_paused = true)]
async fn branches_have_policies_fallbacks_and_numbers_of_their_own() {
    let (engine, people, _) = asking(0..20).await;
    let view = ended(&engine).await;
    assert_eq!(view.state, State::Counted);
    let mut expected: Vec<u32> = (0..20).filter(|n| n % 10 != 9).collect();
    expected[8] = 9; // 8 has answered by mail
    expected[16 + 1] = 20; // 18 has no address, and is guessed
    assert_eq!(view.context.answers, expected, "in the order of the list");
    let calls = people.calls();
    let of = |key: &str| calls.iter().filter(|call| call.starts_with(key)).count();
    assert_eq!(of("Survey/s/1/8 "), 2, "7 is there at the second attempt: {calls:?}");
    assert_eq!(of("Survey/s/1/9 "), 3, "8 never is");
    assert_eq!(of("Survey/s/1/9/1 "), 1, "and is asked by mail");
    assert_eq!(of("Survey/s/1/1 "), 1);
    assert!(matches!(engine.replay::<Survey>("s").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn more_failures_than_are_tolerated_are_the_error_of_the_last() {
    let (engine, ..) = asking([9, 1, 2, 19, 3].into_iter()).await;
    let view = ended(&engine).await;
    assert_eq!(view.state, State::Failed { who: 9 });
    assert_eq!(view.context.note, "refused");
    assert!(matches!(engine.replay::<Survey>("s").await, Ok(Replay::Same(_))));
}

#[tokio::test]
async fn leaving_tells_the_branches_that_run() {
    let (store, people) = (Memory::new(), People::slow());
    let engine = engine(&store, &people).await;
    let start = Start { id: "s".to_owned(), people: vec![6; 200] };
    engine.start::<Survey>("s", start).await.unwrap();
    engine.send::<Survey>("s", Event::Stop).await.unwrap();
    assert_eq!(ended(&engine).await.state, State::Stopped);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(people.cancelled() > 0);
    assert_eq!(people.most(), 50, "no more at once than it says");
}

#[tokio::test(start_paused = true)]
async fn a_restart_asks_only_those_who_have_not_answered() {
    let (first, people, store) = asking((0..200).filter(|n| n % 10 != 9)).await;
    // Behind the first attempts the program ends.
    tokio::time::sleep(Duration::from_secs(30)).await;
    drop(first);
    tokio::task::yield_now().await;
    let before = people.calls();
    let engine = engine(&store, &people).await;
    let view = ended(&engine).await;
    assert_eq!(view.context.answers.len(), 180);
    let again = people.calls();
    let key = |call: &String| call.split(' ').next().unwrap().to_owned();
    let before: BTreeMap<String, usize> = before.iter().fold(BTreeMap::new(), |mut all, call| {
        *all.entry(key(call)).or_default() += 1;
        all
    });
    let twice = again.iter().filter(|call| before.contains_key(&key(call)) && call.ends_with(" 1"));
    assert_eq!(twice.count(), 0, "nobody is asked a first time twice");
    assert!(matches!(engine.replay::<Survey>("s").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_branch_is_a_small_record() {
    let (engine, _, store) = asking((0..1_000).filter(|n| n % 10 < 7)).await;
    ended(&engine).await;
    let bodies = bodies(&store);
    let whole: Vec<usize> =
        bodies.iter().filter(|b| b.contains("\"after\":")).map(String::len).collect();
    let parts: Vec<usize> =
        bodies.iter().filter(|b| b.contains("\"part\":")).map(String::len).collect();
    assert_eq!((whole.len(), parts.len()), (2, 699), "the first and the last are whole");
    let most = parts.iter().max().unwrap();
    assert!(*most < 400, "{most} bytes for a branch, {whole:?} for all");
}

/// All of the only instance, and whether its last record says so itself.
fn last_of(store: &Memory) -> (serde_json::Value, bool) {
    let id = store.running(0, 1).unwrap()[0];
    let Some(Stored::Whole(instance)) = store.load(&[id]).unwrap().pop() else { panic!("none") };
    let is_whole = instance.records.last().unwrap().body.contains("\"after\":");
    (serde_json::from_str(&last_state(&instance).unwrap()).unwrap(), is_whole)
}

#[tokio::test(start_paused = true)]
async fn small_records_come_to_what_is_written_whole() {
    let store = Memory::new();
    let engine = Engine::builder().store(store.clone()).register::<panel::Panel>(Absent);
    let engine = engine.start().await.unwrap();
    let start = panel::Start { id: "p".to_owned(), people: vec![2, 1, 4] };
    engine.start::<panel::Panel>("p", start).await.unwrap();
    // Two have answered, none waits for a turn, and the third was written to.
    tokio::time::sleep(Duration::from_secs(600)).await;
    let (mut small, is_whole) = last_of(&store);
    assert!(!is_whole, "{small}");
    assert_eq!(small["invocations"][0]["request"]["Write"]["who"], 1, "{small}");
    engine.send::<panel::Panel>("p", panel::Event::Knock).await.unwrap();
    let (mut whole, is_whole) = last_of(&store);
    assert!(is_whole, "{whole}");
    for state in [&mut small, &mut whole] {
        state["now"].take();
        state["context"]["knocks"].take();
    }
    assert_eq!(small, whole);
}

#[tokio::test(start_paused = true)]
async fn who_waits_is_not_shown_each_branch() {
    let engine = engine(&Memory::new(), &People::slow()).await;
    let people = (0..300).filter(|n| n % 10 < 6).collect();
    engine.start::<Survey>("s", Start { id: "s".to_owned(), people }).await.unwrap();
    let looks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&looks);
    let wanted = move |view: &View<Survey>| {
        counted.fetch_add(1, Ordering::SeqCst);
        view.status == Status::Finished
    };
    engine.wait_for::<Survey>("s", wanted).await.unwrap();
    assert_eq!(looks.load(Ordering::SeqCst), 2, "at first, and at the end");
}

/// Allocations for each of so many branches, all of which run at once.
fn allocations(branches: u32) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let counted = allocation_counter::measure(|| {
        runtime.block_on(async {
            let store = Memory::new();
            let engine = Engine::builder().store(store).register::<Crowd>(Crew);
            let engine = engine.start().await.unwrap();
            let start = crowd::Start { id: "c".to_owned(), people: (0..branches).collect() };
            engine.start::<Crowd>("c", start).await.unwrap();
            let all = engine.wait_for::<Crowd>("c", |view| view.status == Status::Finished);
            assert_eq!(all.await.unwrap().context.answers.len(), branches as usize);
        });
    });
    counted.count_total as f64 / f64::from(branches)
}

#[test]
fn a_branch_costs_the_same_however_many_run() {
    allocations(10);
    let (few, many) = (allocations(100), allocations(2_000));
    assert!(many < few * 1.5, "{few} allocations for each of few, {many} for each of many");
}
