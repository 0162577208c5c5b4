//! Instances that are parked: listed with what they could not get past and how often that was tried,
//! tried again, also with a change, and given up; in memory and in a file, before and behind a restart.

#![allow(clippy::unwrap_used)]

use serde_json::json;
use statewright::engine::{CauseKind, DeadLetter, Edit, Parked, Replay, Settings, Stuck, View};
use statewright::store::{Filter, InboxKind, Memory, Posted, Sqlite, Status, Store, StoreError};
use statewright::{Cx, Dispatch, Engine, EngineError, Failure};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

statewright::flow! {
    durable machine Bill version 1 {
        key id
        context { id: String  cents: u32  sum: u8 = 0  why: String = "" }
        event Cancel(why: String)
        event Add(n: u8)
        event Look
        transient error Down

        activity charge(id: String, cents: u32) -> u8 raises Down

        @allow(W0504, "a test counts the attempts")
        policy patient { timeout 10s  retry max 2 backoff fixed 2ms jitter none on transient }

        @allow(W0501, "a person looks at it")
        initial state Charging {
            invoke charge(id, cents) with patient
            on done(paid) do set sum = sum + paid -> Adding
            on Cancel(reason) do set why = reason -> Cancelled
            ignore Look
        }
        state Adding {
            entry do raise Add(200) after 5ms
            on Add(n) do set sum = sum + n -> Summed
            on Look do set why = "seen"
        }
        final state Summed
        final state Cancelled
    }
}

use bill::{Activities, Bill, ChargeError, Error, Event, Reply, Request, Start, State};

/// A bank, which is down or says how much it has taken.
#[derive(Clone)]
struct Bank {
    paid: Arc<Mutex<Option<u8>>>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Bank {
    fn new(paid: Option<u8>) -> Self {
        Self { paid: Arc::new(Mutex::new(paid)), calls: Arc::default() }
    }

    fn pays(&self, paid: Option<u8>) {
        *self.paid.lock().unwrap() = paid;
    }

    /// What was called since this was asked last.
    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

impl Activities for Bank {
    async fn charge(&self, cx: &Cx, id: &str, cents: u32) -> Result<u8, ChargeError> {
        let call = format!("{id} {cents} {} {}", cx.idempotency_key(), cx.attempt());
        self.calls.lock().unwrap().push(call);
        self.paid.lock().unwrap().ok_or(ChargeError::Down)
    }
}

/// Where instances are kept while no engine runs.
enum Disk {
    Memory(Memory),
    File(PathBuf),
}

impl Disk {
    fn both(test: &str) -> [Self; 2] {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("parked-{test}.db"));
        for ending in ["", "-wal", "-shm", "-owner"] {
            let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
        }
        [Self::Memory(Memory::new()), Self::File(file)]
    }

    async fn engine(&self, bank: &Bank) -> Engine {
        let mut settings = Settings::default();
        settings.inbox = Duration::from_millis(5);
        let builder =
            || Engine::builder().settings(settings.clone()).register::<Bill>(bank.clone());
        match self {
            Self::Memory(memory) => builder().store(memory.clone()).start().await.unwrap(),
            Self::File(file) => loop {
                // The file is let go of when the last task of the engine before is dropped.
                match builder().store(Sqlite::open(file).unwrap()).start().await {
                    Err(EngineError::Store(StoreError::Owned(_))) => tokio::task::yield_now().await,
                    started => break started.unwrap(),
                }
            },
        }
    }

    /// Another program that looks.
    fn store(&self) -> Box<dyn Store> {
        match self {
            Self::Memory(memory) => Box::new(memory.clone()),
            Self::File(file) => Box::new(Sqlite::open_read_only(file).unwrap()),
        }
    }

    /// The program ends, and another one goes on.
    async fn restarted(&self, engine: Engine, bank: &Bank) -> Engine {
        engine.stop().await;
        drop(engine);
        self.engine(bank).await
    }
}

async fn started(engine: &Engine, key: &str) {
    engine.start::<Bill>(key, Start { id: key.to_owned(), cents: 500 }).await.unwrap();
}

async fn until(engine: &Engine, key: &str, status: Status) -> View<Bill> {
    let wanted = move |view: &View<Bill>| view.status == status;
    engine.wait_for::<Bill>(key, wanted).await.unwrap()
}

/// The instance that waits for a person, which is the only one.
async fn dead(engine: &Engine) -> Parked {
    let mut dead = engine.dead_letters(Some("Bill")).await.unwrap();
    assert_eq!(dead.len(), 1, "{dead:?}");
    match dead.remove(0) {
        DeadLetter::Parked(parked) => parked,
        other => panic!("{other:?}"),
    }
}

fn errors(parked: &Parked) -> Vec<&str> {
    parked.attempts.iter().map(|attempt| attempt.error.as_str()).collect()
}

const DOWN: &str = "Charge failed: Down";
const UNCAUGHT: &str = "an activity has ended with an error that no state catches: Down";

#[tokio::test]
async fn it_is_listed_with_its_cause_its_payload_and_its_attempts() {
    for disk in Disk::both("listed") {
        let bank = Bank::new(None);
        let engine = disk.engine(&bank).await;
        started(&engine, "a").await;
        until(&engine, "a", Status::Parked).await;
        let first = dead(&engine).await;
        assert_eq!((first.instance.key.as_str(), first.cause.kind), ("a", CauseKind::Uncaught));
        let stuck = Stuck::Call {
            id: 1,
            idempotency_key: "Bill/a/1/1".to_owned(),
            request: json!({ "Charge": { "id": "a", "cents": 500 } }),
            reply: Some(json!({ "Charge": { "Err": "Down" } })),
        };
        assert_eq!(first.payload(), Some(&stuck));
        assert_eq!(errors(&first), [DOWN, DOWN, UNCAUGHT]);
        assert!(first.attempts.is_sorted_by_key(|attempt| attempt.at), "{first:?}");
        // Other programs see the same, and so does the next.
        let listed = disk.store().list(&Filter::default()).unwrap().remove(0);
        assert_eq!(Parked::find(&*disk.store(), listed).unwrap(), first);
        let engine = disk.restarted(engine, &bank).await;
        assert_eq!(dead(&engine).await, first);
        // Each attempt that a person lets it make is one more.
        engine.retry::<Bill>("a").await.unwrap();
        until(&engine, "a", Status::Parked).await;
        let again = dead(&engine).await;
        assert_eq!(errors(&again), [DOWN, DOWN, UNCAUGHT, DOWN, DOWN, UNCAUGHT]);
        assert_eq!(again.payload(), Some(&stuck));
        assert_eq!(engine.dead_letters(Some("Other")).await, Ok(Vec::new()));
        let calls = bank.calls();
        assert_eq!(calls.len(), 6, "{calls:?}");
        assert!(calls.iter().all(|call| call.starts_with("a 500 Bill/a/1/1 ")), "{calls:?}");
        // What it is parked for is over, and it is none of them any more.
        bank.pays(Some(7));
        engine.retry::<Bill>("a").await.unwrap();
        until(&engine, "a", Status::Finished).await;
        assert_eq!(engine.dead_letters(None).await, Ok(Vec::new()));
        assert!(matches!(engine.replay::<Bill>("a").await, Ok(Replay::Same(_))));
        engine.stop().await;
    }
}

#[tokio::test]
async fn it_can_ask_for_something_else_under_the_same_key() {
    for disk in Disk::both("request") {
        let bank = Bank::new(None);
        let engine = disk.engine(&bank).await;
        started(&engine, "a").await;
        until(&engine, "a", Status::Parked).await;
        bank.calls();
        let request = |cents| Request::Charge { id: "a".to_owned(), cents };
        // Also if that fails too.
        let said = engine.retry_with::<Bill>("a", Edit::Request(request(5))).await;
        assert_eq!(said, Ok(Dispatch::Handled));
        until(&engine, "a", Status::Parked).await;
        let stuck = dead(&engine).await;
        let Some(Stuck::Call { request: asked, idempotency_key, .. }) = stuck.payload() else {
            panic!("{stuck:?}")
        };
        assert_eq!(*asked, json!({ "Charge": { "id": "a", "cents": 5 } }));
        assert_eq!(idempotency_key, "Bill/a/1/1");
        assert_eq!(stuck.attempts.len(), 6);
        let engine = disk.restarted(engine, &bank).await;
        bank.calls();
        bank.pays(Some(6));
        engine.retry_with::<Bill>("a", Edit::Request(request(6))).await.unwrap();
        let end = until(&engine, "a", Status::Finished).await;
        assert_eq!((end.state, end.context.sum), (State::Summed, 206));
        assert_eq!(bank.calls(), ["a 6 Bill/a/1/1 1"]);
        let history = engine.history::<Bill>("a", 0, 99).await.unwrap();
        let words: Vec<String> = history.iter().map(ToString::to_string).collect();
        // Fields come in any order.
        let is_edit = |step: &&String| step.starts_with("retried with Charge(");
        let edit = words.iter().find(is_edit).unwrap_or_else(|| panic!("{words:#?}"));
        assert!(edit.contains("cents: 5") && edit.ends_with("  in Charging"), "{edit}");
        assert!(matches!(engine.replay::<Bill>("a").await, Ok(Replay::Same(_))));
        engine.stop().await;
    }
}

#[tokio::test]
async fn a_person_can_say_how_a_call_has_ended() {
    for disk in Disk::both("reply") {
        let bank = Bank::new(None);
        let engine = disk.engine(&bank).await;
        started(&engine, "a").await;
        until(&engine, "a", Status::Parked).await;
        let engine = disk.restarted(engine, &bank).await;
        bank.calls();
        // An end that nothing catches leaves all as it was, also one that would be tried again.
        let before = dead(&engine).await;
        let failed = Edit::Reply(Reply::Charge(Err(Error::Down)));
        let refused = engine.retry_with::<Bill>("a", failed).await;
        assert!(matches!(refused, Err(EngineError::Step(_))), "{refused:?}");
        assert_eq!(dead(&engine).await, before);
        let said = engine.retry_with::<Bill>("a", Edit::Reply(Reply::Charge(Ok(9)))).await;
        assert_eq!(said, Ok(Dispatch::Handled));
        assert_eq!(until(&engine, "a", Status::Finished).await.context.sum, 209);
        assert_eq!(bank.calls(), Vec::<String>::new(), "it was done by hand");
        assert!(matches!(engine.replay::<Bill>("a").await, Ok(Replay::Same(_))));
        engine.stop().await;
    }
}

#[tokio::test]
async fn an_event_can_come_first() {
    for disk in Disk::both("event") {
        let bank = Bank::new(None);
        let engine = disk.engine(&bank).await;
        started(&engine, "a").await;
        until(&engine, "a", Status::Parked).await;
        bank.calls();
        let before = dead(&engine).await;
        for (event, said) in
            [(Event::Look, Dispatch::Ignored), (Event::Add { n: 1 }, Dispatch::Unhandled)]
        {
            assert_eq!(engine.retry_with::<Bill>("a", Edit::Event(event)).await, Ok(said));
            assert_eq!(dead(&engine).await, before, "there was nothing to do on it");
        }
        let cancel = Event::Cancel { why: "no bank".to_owned() };
        let said = engine.retry_with::<Bill>("a", Edit::Event(cancel)).await;
        assert_eq!(said, Ok(Dispatch::Handled));
        let engine = disk.restarted(engine, &bank).await;
        let end = until(&engine, "a", Status::Finished).await;
        assert_eq!((end.state, end.context.why.as_str()), (State::Cancelled, "no bank"));
        assert_eq!(bank.calls(), Vec::<String>::new(), "nobody waits for it any more");
        assert!(matches!(engine.replay::<Bill>("a").await, Ok(Replay::Same(_))));
        engine.stop().await;
    }
}

/// 250 and 200 are too much for a `u8`.
#[tokio::test]
async fn what_is_due_can_say_something_else() {
    for disk in Disk::both("delayed") {
        let bank = Bank::new(Some(250));
        let engine = disk.engine(&bank).await;
        started(&engine, "a").await;
        until(&engine, "a", Status::Parked).await;
        let first = dead(&engine).await;
        assert_eq!(first.cause.kind, CauseKind::Step);
        let Some(Stuck::Timer { due, event }) = first.payload() else { panic!("{first:?}") };
        assert_eq!(*event, Some(json!({ "Add": { "n": 200 } })));
        assert_eq!(first.attempts.len(), 1);
        assert!(first.attempts[0].at >= *due);
        let engine = disk.restarted(engine, &bank).await;
        // Tried again as it is it fails again.
        engine.retry::<Bill>("a").await.unwrap();
        until(&engine, "a", Status::Parked).await;
        let second = dead(&engine).await;
        assert_eq!((second.attempts.len(), second.payload()), (2, first.payload()));
        engine.retry_with::<Bill>("a", Edit::Delayed(Event::Add { n: 4 })).await.unwrap();
        let end = until(&engine, "a", Status::Finished).await;
        assert_eq!((end.state, end.context.sum), (State::Summed, 254));
        let history = engine.history::<Bill>("a", 0, 99).await.unwrap();
        assert!(history.iter().any(|step| step.to_string() == "retried with Add(n: 4)  in Adding"));
        assert!(matches!(engine.replay::<Bill>("a").await, Ok(Replay::Same(_))));
        engine.stop().await;
    }
}

#[tokio::test]
async fn a_change_that_does_not_fit_leaves_it_parked() {
    let [disk, _] = Disk::both("wrong");
    let bank = Bank::new(None);
    let engine = disk.engine(&bank).await;
    started(&engine, "a").await;
    until(&engine, "a", Status::Parked).await;
    let before = dead(&engine).await;
    let delayed = Edit::Delayed(Event::Add { n: 1 });
    let refused = engine.retry_with::<Bill>("a", delayed).await.unwrap_err();
    assert!(refused.to_string().ends_with("waits for nothing that can be changed"), "{refused}");
    assert_eq!(dead(&engine).await, before);
    engine.abandon::<Bill>("a").await.unwrap();
    let ended = engine.retry_with::<Bill>("a", Edit::Event(Event::Look)).await;
    assert_eq!(ended, Err(EngineError::Abandoned("a".to_owned())));
    started(&engine, "b").await;
    until(&engine, "b", Status::Parked).await;
    bank.pays(Some(1));
    // Whoever comes at the same time is answered too.
    let cancel = Edit::Event(Event::Cancel { why: "now".to_owned() });
    let (one, two) = tokio::join!(
        engine.retry_with::<Bill>("b", Edit::Event(Event::Look)),
        engine.retry_with::<Bill>("b", cancel)
    );
    assert_eq!((one, two), (Ok(Dispatch::Ignored), Ok(Dispatch::Handled)));
    let not_parked = engine.retry_with::<Bill>("b", Edit::Event(Event::Look)).await;
    assert!(
        matches!(not_parked, Err(EngineError::NotParked(_) | EngineError::Finished(_))),
        "{not_parked:?}"
    );
    engine.stop().await;
}

/// All of it stays: what it was parked for, and that it was given up.
#[tokio::test]
async fn who_is_given_up_is_listed_no_more_and_forgotten_by_nobody() {
    for disk in Disk::both("abandoned") {
        let bank = Bank::new(None);
        let engine = disk.engine(&bank).await;
        started(&engine, "a").await;
        until(&engine, "a", Status::Parked).await;
        let engine = disk.restarted(engine, &bank).await;
        engine.abandon::<Bill>("a").await.unwrap();
        assert_eq!(engine.dead_letters(None).await, Ok(Vec::new()));
        let engine = disk.restarted(engine, &bank).await;
        assert_eq!(engine.dead_letters(None).await, Ok(Vec::new()));
        assert_eq!(engine.state::<Bill>("a").await.unwrap().status, Status::Abandoned);
        let words: Vec<String> = engine
            .history::<Bill>("a", 0, 99)
            .await
            .unwrap()
            .iter()
            .map(|s| s.to_string())
            .collect();
        assert!(words[3].contains(UNCAUGHT) && words[4].starts_with("abandoned"), "{words:#?}");
        engine.stop().await;
    }
}

#[tokio::test]
async fn other_programs_change_it_through_the_store() {
    for disk in Disk::both("inbox") {
        let bank = Bank::new(None);
        let engine = disk.engine(&bank).await;
        started(&engine, "a").await;
        until(&engine, "a", Status::Parked).await;
        let store = disk.store();
        let post = |body: &str| {
            let (machine, key) = ("Bill".to_owned(), "a".to_owned());
            let (kind, body) = (InboxKind::Retry, body.to_owned());
            store.post(&Posted { machine, key, kind, body, message_id: None, at: 1 }).unwrap()
        };
        for (body, said) in [
            ("{", "error: cannot be decoded: no change of the instance: EOF"),
            (
                "{\"wish\":1}",
                "error: cannot be decoded: no change of the instance: unknown variant",
            ),
            ("{\"event\":\"Shout\"}", "error: cannot be decoded: no event of the machine: unknown"),
            (
                "{\"request\":{\"Charge\":{}}}",
                "error: cannot be decoded: no request of the machine",
            ),
            (
                "{\"reply\":{\"Print\":{\"Ok\":null}}}",
                "error: it does not wait for one `Print`; it waits for `Charge`",
            ),
            ("{\"event\":\"Look\"}", "Ignored"),
            ("{\"event\":{\"Cancel\":{\"why\":\"late\"}}}", "Handled"),
        ] {
            let message = post(body);
            let told = loop {
                if let Some(told) = store.inbox_answer(message).unwrap() {
                    break told;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            };
            assert!(told.starts_with(said), "{told}, not {said}");
        }
        let end = until(&engine, "a", Status::Finished).await;
        assert_eq!(end.context.why, "late");
        engine.stop().await;
    }
}

mod people {
    statewright::flow! {
        durable machine Desk {
            key id
            context { id: String  sum: u8 = 250 }
            initial state Asking {
                human approve(id) -> bool { timeout never }
                after 5ms do set sum = sum + 9
                on done(_) -> Over
            }
            final state Over
        }
    }
}

/// People answer what they were asked, and nobody says for them how that has ended, least of all that they failed.
#[tokio::test]
async fn a_person_cannot_be_said_to_have_failed() {
    use people::desk::{Desk, Error, Reply, Start};
    let engine = Engine::builder().store(Memory::new()).register::<Desk>(()).start().await.unwrap();
    engine.start::<Desk>("a", Start { id: "a".to_owned() }).await.unwrap();
    engine.wait_for::<Desk>("a", |view| view.status == Status::Parked).await.unwrap();
    let failed = Error::Unexpected(Failure::new("Timeout", "nobody answered"));
    for reply in [Err(failed), Ok(true)] {
        let refused = engine.retry_with::<Desk>("a", Edit::Reply(Reply::Approve(reply))).await;
        let not_asked = EngineError::NotAsked { name: "Approve".to_owned(), waits_for: vec![] };
        assert_eq!(refused, Err(not_asked));
        assert_eq!(engine.dead_letters(Some("Desk")).await.unwrap().len(), 1);
    }
    engine.stop().await;
}
