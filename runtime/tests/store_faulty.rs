//! The store that fails: it fails as real ones do.
#![cfg(feature = "conformance")]

use statewright::store::conformance::{self, commit};
use statewright::store::faulty::{Fault, Faulty, Plan, Rates, Seeded, on_tokio};
use statewright::store::{
    Commit, Created, Filter, InstanceId, Memory, Outcome, Record, Store, StoreError, Stored,
};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

fn at_once(_: Duration, call: Box<dyn FnOnce() + Send>) {
    call();
}

fn create(instance: InstanceId) -> Commit {
    let created = Created { machine: "Door".into(), key: format!("{instance}"), shape: 1 };
    Commit { created: Some(created), ..Commit::of(instance, instance) }
}

fn step(instance: InstanceId, seq: u64) -> Commit {
    let record = Record { seq, at: 1, state: "Open".into(), body: "{}".into() };
    Commit { created: None, records: vec![record], ..create(instance) }
}

fn full() -> StoreError {
    StoreError::Full("of letters".into())
}

/// A store on a disk that survives it, claimed, in which one batch goes wrong.
fn with(disk: &Memory, at: u64, fault: Fault) -> Faulty<Memory> {
    let plan = move |number| (number == at).then(|| fault.clone());
    let store = Faulty::new(disk.clone(), plan, at_once);
    store.claim().expect("nobody has it");
    store
}

#[test]
fn without_faults_it_does_what_stores_do() {
    conformance::check(|_| {
        let disk = Memory::new();
        Box::new(move || Box::new(Faulty::new(disk.clone(), |_| None, at_once)))
    });
}

/// Slow is not wrong: order and durability stay.
#[test]
fn when_it_is_slow_it_does_what_stores_do() {
    let rates = Rates { late: 200, told_late: 300, ..Rates::default() };
    let later = |delay: Duration, call: Box<dyn FnOnce() + Send>| {
        std::thread::spawn(move || {
            std::thread::sleep(delay / 500);
            call();
        });
    };
    for (name, case) in conformance::CASES {
        // What is late when the store is dropped is lost, as in a crash.
        if *name != "a_claim_ends_with_its_store" {
            for seed in 0..5 {
                let disk = Memory::new();
                let plan = move || Seeded::new(seed, rates);
                let open = move || -> Box<dyn Store> {
                    Box::new(Faulty::new(disk.clone(), plan(), later))
                };
                case(&(Box::new(open) as conformance::Open));
            }
        }
    }
}

#[test]
fn a_refused_batch_is_not_written_and_others_are() {
    let disk = Memory::new();
    let store = with(&disk, 2, Fault::Refused(full()));
    assert!(commit(&store, vec![create(1)]).is_ok());
    assert_eq!(commit(&store, vec![create(2)]), Err(full()));
    assert!(commit(&store, vec![create(3)]).is_ok());
    assert_eq!(disk.running(0, 10).unwrap(), [1, 3]);
}

#[test]
fn a_denied_batch_is_durable() {
    let disk = Memory::new();
    let store = with(&disk, 1, Fault::Denied(full()));
    assert_eq!(commit(&store, vec![create(1)]), Err(full()));
    assert_eq!(disk.running(0, 10).unwrap(), [1]);
    // Doing it again shows that it is there.
    assert_eq!(commit(&store, vec![create(1)]), Ok(vec![Outcome::Duplicate]));
}

/// Keeps what is to happen later.
type Held = Arc<Mutex<Vec<(Duration, Box<dyn FnOnce() + Send>)>>>;

fn held_by(disk: &Memory, at: u64, fault: Fault) -> (Faulty<Memory>, Held) {
    let held = Held::default();
    let inner = held.clone();
    let plan = move |number| (number == at).then(|| fault.clone());
    let store = Faulty::new(disk.clone(), plan, move |delay, call| {
        inner.lock().expect("nobody panics").push((delay, call));
    });
    store.claim().expect("nobody has it");
    (store, held)
}

/// Hands over three batches; what is told goes here.
fn three(store: &dyn Store) -> mpsc::Receiver<(u64, bool)> {
    let (tell, told) = mpsc::channel();
    for id in 1..=3 {
        let tell = tell.clone();
        let done = move |result: Result<_, _>| {
            tell.send((id, result.is_ok())).expect("somebody is told");
        };
        store.commit(vec![create(id)], Box::new(done));
    }
    told
}

#[test]
fn a_late_batch_holds_up_those_behind_it() {
    let disk = Memory::new();
    let (store, held) = held_by(&disk, 2, Fault::Late(Duration::from_secs(7)));
    let told = three(&store);
    assert_eq!(disk.running(0, 10).unwrap(), [1]);
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [(1, true)]);
    let (delay, go_on) = held.lock().unwrap().pop().unwrap();
    assert_eq!(delay, Duration::from_secs(7));
    go_on();
    assert_eq!(disk.running(0, 10).unwrap(), [1, 2, 3]);
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [(2, true), (3, true)]);
}

#[test]
fn what_is_told_late_is_durable_before() {
    let disk = Memory::new();
    let (store, held) = held_by(&disk, 2, Fault::ToldLate(Duration::from_secs(7)));
    let told = three(&store);
    assert_eq!(disk.running(0, 10).unwrap(), [1, 2, 3]);
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [(1, true)]);
    let (_, go_on) = held.lock().unwrap().pop().unwrap();
    go_on();
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [(2, true), (3, true)]);
}

#[test]
fn a_dead_process_answers_nothing_and_leaves_the_claim() {
    for durable in [false, true] {
        let disk = Memory::new();
        let store = with(&disk, 2, Fault::Dead { durable });
        let told = three(&store);
        assert!(store.is_dead());
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [(1, true)]);
        assert!(store.find("Door", "1").is_err());
        assert!(store.post(&posted()).is_err());
        drop(store);
        // The next process.
        disk.claim().unwrap();
        let expected: &[InstanceId] = if durable { &[1, 2] } else { &[1] };
        assert_eq!(disk.running(0, 10).unwrap(), expected);
    }
}

/// A crash while a batch is late: it is lost, and nobody was told otherwise.
#[test]
fn what_is_late_is_lost_when_the_store_is_dropped() {
    let disk = Memory::new();
    let (store, held) = held_by(&disk, 2, Fault::Late(Duration::from_secs(7)));
    let told = three(&store);
    drop(store);
    disk.claim().unwrap();
    let (_, go_on) = held.lock().unwrap().pop().unwrap();
    go_on();
    assert_eq!(disk.running(0, 10).unwrap(), [1]);
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [(1, true)]);
}

struct Reading;

impl Plan for Reading {
    fn call(&mut self, method: &'static str) -> Option<StoreError> {
        (method == "find").then(full)
    }

    fn corrupt(&mut self, instance: InstanceId) -> Option<String> {
        (instance == 2).then(|| "gnawed by mice".to_string())
    }
}

#[test]
fn reading_fails_as_planned() {
    let store = Faulty::new(Memory::new(), Reading, at_once);
    store.claim().unwrap();
    commit(&store, vec![create(1), create(2), create(3)]).unwrap();
    assert_eq!(store.find("Door", "1"), Err(full()));
    assert_eq!(store.count(&Filter::default()), Ok(3));
    let found = store.load(&[1, 2, 3]).unwrap();
    assert!(matches!(found[0], Stored::Whole(_)));
    let Stored::Corrupt { instance: 2, key, why, .. } = &found[1] else { panic!("{found:?}") };
    assert_eq!((key.as_deref(), why.as_str()), (Some("2"), "gnawed by mice"));
    assert!(matches!(found[2], Stored::Whole(_)));
}

/// What happened to a thousand batches, each of one step.
fn run(seed: u64, rates: Rates) -> (Vec<Option<Result<(), StoreError>>>, Vec<InstanceId>) {
    let disk = Memory::new();
    let store = Faulty::new(disk.clone(), Seeded::new(seed, rates), at_once);
    store.claim().expect("nobody has it");
    let told = (1..=1000).map(|id| {
        let (tell, told) = mpsc::channel();
        let done = move |result: Result<Vec<Outcome>, _>| drop(tell.send(result.map(|_| ())));
        store.commit(vec![create(id), step(id, 1)], Box::new(done));
        told.try_recv().ok()
    });
    let told = told.collect();
    (told, disk.running(0, 2000).expect("it can be read"))
}

#[test]
fn the_same_seed_gives_the_same_faults() {
    let rates =
        Rates { refused: 100, denied: 50, late: 50, told_late: 50, dead: 1, ..Rates::default() };
    assert_eq!(run(7, rates), run(7, rates));
    assert_ne!(run(7, rates).0, run(8, rates).0);
}

#[test]
fn it_never_lies() {
    let rates = Rates { refused: 200, denied: 100, dead: 2, ..Rates::default() };
    let mut kinds = std::collections::HashSet::new();
    let mut died = 0;
    for seed in 0..20 {
        let (told, there) = run(seed, rates);
        died += u32::from(told.last().unwrap().is_none());
        for (id, told) in (1..).zip(&told) {
            match told {
                Some(Ok(())) => assert!(there.contains(&id), "{id} was done and is lost"),
                Some(Err(error)) => drop(kinds.insert(std::mem::discriminant(error))),
                None => {}
            }
        }
    }
    assert_eq!(kinds.len(), 5, "all kinds of errors come up");
    assert!((5..20).contains(&died), "{died}");
}

#[test]
fn the_clock_may_be_paused() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let disk = Memory::new();
        let late = |_| Some(Fault::Late(Duration::from_secs(3600)));
        let store = Faulty::new(disk.clone(), late, on_tokio);
        store.claim().unwrap();
        let (tell, told) = tokio::sync::oneshot::channel();
        let start = tokio::time::Instant::now();
        store.commit(vec![create(1)], Box::new(move |result| drop(tell.send(result))));
        assert!(disk.running(0, 10).unwrap().is_empty());
        assert_eq!(told.await.unwrap(), Ok(vec![Outcome::Done]));
        assert_eq!(start.elapsed().as_secs(), 3600);
    });
}

fn posted() -> statewright::store::Posted {
    statewright::store::Posted {
        machine: "Door".into(),
        key: "1".into(),
        kind: statewright::store::InboxKind::Send,
        body: "{}".into(),
        message_id: None,
        at: 1,
    }
}
