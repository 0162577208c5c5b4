//! Attempts of calls in a file, across the end of the program: their numbers, when the next is due, and
//! that the retry budget was spent.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use statewright::engine::{Builder, Parked, Replay, View, last_state};
use statewright::store::{Filter, Sqlite, Status, Store, StoreError, Stored};
use statewright::{Commons, Cx, Engine, EngineError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

statewright::flow! {
    durable machine Pull version 1 {
        key id
        context { id: String  thrifty: bool }
        transient error Down
        activity patient(id: String) -> u32 raises Down
        activity thrifty(id: String) -> u32 raises Down

        @allow(W0504, "a test counts the attempts")
        policy slow { timeout 10s  retry max 4 backoff fixed 150ms jitter none on transient }
        policy poor {
            timeout 10s
            retry max 40 backoff fixed 5ms jitter none on transient
            retry budget 1%
        }

        initial state Choosing { always if thrifty -> Poor  always if !thrifty -> Rich }
        @allow(W0501, "a person looks at it")
        state Rich { invoke patient(id) with slow on done(_) -> Done }
        @allow(W0501, "a person looks at it")
        state Poor { invoke thrifty(id) with poor on done(_) -> Done }
        final state Done
    }
}

use pull::{Activities, PatientError, Pull, Start, ThriftyError};

/// A service that is down. It notes when it was called, as which attempt.
#[derive(Clone, Default)]
struct Service {
    calls: Arc<Mutex<Vec<(u64, u32)>>>,
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

impl Service {
    fn note(&self, cx: &Cx) {
        self.calls.lock().unwrap().push((now(), cx.attempt()));
    }

    fn attempts(&self) -> Vec<u32> {
        self.calls.lock().unwrap().iter().map(|(_, attempt)| *attempt).collect()
    }

    /// Waits until it was called so often.
    async fn called(&self, count: usize) {
        while self.calls.lock().unwrap().len() < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Activities for Service {
    async fn patient(&self, cx: &Cx, _: &str) -> Result<u32, PatientError> {
        self.note(cx);
        Err(PatientError::Down)
    }

    async fn thrifty(&self, cx: &Cx, _: &str) -> Result<u32, ThriftyError> {
        self.note(cx);
        Err(ThriftyError::Down)
    }
}

fn file(test: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("attempts-{test}.db"));
    for ending in ["", "-wal", "-shm", "-owner"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    file
}

async fn engine(file: &Path, service: &Service) -> Engine {
    engine_with(file, service, |builder| builder).await
}

async fn engine_with(
    file: &Path,
    service: &Service,
    set_up: impl Fn(Builder) -> Builder,
) -> Engine {
    loop {
        let builder = set_up(Engine::builder().store(Sqlite::open(file).unwrap()));
        match builder.register::<Pull>(service.clone()).start().await {
            // The file is let go of when the last task of the engine before is dropped.
            Err(EngineError::Store(StoreError::Owned(_))) => tokio::task::yield_now().await,
            started => break started.unwrap(),
        }
    }
}

async fn started(engine: &Engine, thrifty: bool) {
    engine.start::<Pull>("p", Start { id: "p".to_owned(), thrifty }).await.unwrap();
}

async fn parked(engine: &Engine) {
    let parked = |view: &View<Pull>| view.status == Status::Parked;
    engine.wait_for::<Pull>("p", parked).await.unwrap();
}

/// The attempt that comes next, and when it is due, as the file has it.
fn kept(file: &Path) -> (u64, u64) {
    let store = Sqlite::open_read_only(file).unwrap();
    let Some(Stored::Whole(instance)) = store.load(&[1]).unwrap().pop() else {
        panic!("not there")
    };
    let state: Value = serde_json::from_str(&last_state(&instance).unwrap()).unwrap();
    let course = state["courses"].as_object().unwrap().values().next().unwrap().clone();
    (course["attempt"].as_u64().unwrap(), course["due"].as_u64().unwrap())
}

/// The attempts that a person can see in the file.
fn seen(file: &Path) -> usize {
    let store = Sqlite::open_read_only(file).unwrap();
    let listed = store.list(&Filter::default()).unwrap().remove(0);
    Parked::find(&store, listed).unwrap().attempts.len()
}

#[tokio::test]
async fn numbers_and_times_of_attempts_outlive_the_program() {
    let (file, service) = (file("numbers"), Service::default());
    let mut running = engine(&file, &service).await;
    started(&running, false).await;
    for made in 1..=4 {
        service.called(made).await;
        // The end of the attempt is durable when the next one is.
        while kept(&file).0 == made as u64 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        drop(running);
        let (attempt, due) = kept(&file);
        assert_eq!(attempt, made as u64 + 1);
        running = engine(&file, &service).await;
        assert_eq!(kept(&file), (attempt, due), "nothing of it is changed by that");
        service.called(made + 1).await;
        let (at, number) = service.calls.lock().unwrap()[made];
        assert_eq!(u64::from(number), attempt);
        assert!(at >= due, "{at} is before {due}");
    }
    parked(&running).await;
    assert_eq!(service.attempts(), [1, 2, 3, 4, 5], "none is forgotten, none is made twice");
    assert_eq!(seen(&file), 5);
    assert!(matches!(running.replay::<Pull>("p").await, Ok(Replay::Same(_))));
    running.stop().await;
}

/// That a budget was spent is part of the step that it has led to. What is left of it is of the program:
/// another engine in it finds it as it was, and the next program begins with its reserve.
#[tokio::test]
async fn what_a_spent_budget_has_led_to_stays_so() {
    let (file, service) = (file("budget"), Service::default());
    let first = engine(&file, &service).await;
    started(&first, true).await;
    parked(&first).await;
    let all: Vec<u32> = (1..=11).collect();
    assert_eq!(service.attempts(), all, "the reserve is ten");
    drop(first);
    let second = engine(&file, &service).await;
    parked(&second).await;
    assert_eq!(service.attempts(), all, "it stays parked");
    assert_eq!(seen(&file), 11);
    assert!(
        matches!(second.replay::<Pull>("p").await, Ok(Replay::Same(_))),
        "with what was said then"
    );
    // A person may let it try again: once, as nothing has been paid in since.
    second.retry::<Pull>("p").await.unwrap();
    parked(&second).await;
    assert_eq!(service.attempts(), [&all[..], &[1]].concat());
    second.stop().await;
    drop(second);
    // As another program would have it.
    let third = engine_with(&file, &service, |builder| builder.commons(&Commons::default())).await;
    third.retry::<Pull>("p").await.unwrap();
    parked(&third).await;
    assert_eq!(service.attempts(), [&all[..], &[1], &all].concat());
    assert_eq!(seen(&file), 23);
    assert!(matches!(third.replay::<Pull>("p").await, Ok(Replay::Same(_))));
    third.stop().await;
}
