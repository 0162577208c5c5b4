//! Children that nobody waits for any more while a saga of theirs is under way: it is not left half done.

use statewright::engine::{Replay, StepCause, View};
use statewright::store::{Letters, Memory, Status, TaskFilter};
use statewright::{Cx, Engine, EngineError};
use statewright_durable_tests::agency::{self, Agency};
use statewright_durable_tests::chain::{self, Chain};
use statewright_durable_tests::keen::{self, Keen};
use statewright_durable_tests::landlord::{self, Landlord};
use statewright_durable_tests::smith::{self, Smith};
use statewright_durable_tests::tour::{self, Tour};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

statewright::flow! {
    /// Buys a boat if none can be rented: a saga behind another, without a step before its pivot.
    durable machine Sailor {
        key id
        context { id: String }
        activity rent(id: String) -> String
        activity give_back(id: String, boat: String)
        activity sign(id: String)
        activity buy(id: String)
        policy patient { timeout 1h  retry max 5 backoff fixed 1s on transient }

        initial saga state Renting {
            step boat: rent(id) with patient
                compensate give_back(id, boat) with patient
            step paper: sign(id) with patient
            on done -> Sailing
            on compensated(_) -> Buying
            on compensation_error(_) -> Ashore
        }
        saga state Buying {
            pivot step boat: buy(id) with patient
            on done -> Sailing
            on compensated(_) -> Ashore
            on compensation_error(_) -> Ashore
        }
        final state Sailing
        final state Ashore
    }

    /// Lays up two boats side by side, and sees to one that does not come out of the water.
    durable machine Yard {
        key id
        context { id: String }
        activity lift(id: String)
        activity lower(id: String)
        activity dry(id: String)
        activity wet(id: String)
        activity sign(id: String)
        activity look(id: String) -> String
        policy patient { timeout 10h  retry max 5 backoff fixed 1s on transient }
        policy hurried { timeout 5s  deadline 10s }

        initial parallel state Laying {
            region Old {
                initial saga state Lifting {
                    step up: lift(id) with patient
                        compensate lower(id) with patient
                    step paper: sign(id) with patient
                    on done -> Up
                    on compensated(_) -> Up
                    on compensation_error(_) -> Looking
                }
                state Looking {
                    invoke look(id) with hurried
                    on done(said) -> Seen(said)
                    on error(e) -> Seen(e.name)
                }
                final state Up
                final state Seen(what: String)
            }
            region New {
                initial saga state Drying {
                    step out: dry(id) with patient
                        compensate wet(id) with patient
                    step paper: sign(id) with patient
                    on done -> Dry
                    on compensated(_) -> Dry
                    on compensation_error(_) -> Dry
                }
                final state Dry
            }
            on done -> Laid
        }
        final state Laid
    }

    durable machine Owner {
        key id
        context { id: String }
        event Withdraw
        initial state Ordering {
            invoke machine Yard(id)
            on done -> Ordered
            on error(_) -> Ordered
            on Withdraw -> Ordered
        }
        final state Ordered
    }

    durable machine Captain {
        key id
        context { id: String }
        event Withdraw
        initial state Crewing {
            invoke machine Sailor(id)
            on done -> Crewed
            on error(_) -> Crewed
            on Withdraw -> Crewed
        }
        final state Crewed
    }
}

use captain::Captain;
use owner::Owner;
use sailor::Sailor;
use yard::Yard;

/// Services that note what they are asked, and answer as they are told: what is held does not end, what
/// is broken fails.
#[derive(Clone, Default)]
struct Services {
    calls: Arc<Mutex<Vec<String>>>,
    held: Arc<Mutex<BTreeSet<&'static str>>>,
    broken: Arc<Mutex<BTreeMap<&'static str, bool>>>,
    /// What came to its end.
    done: Arc<Mutex<Vec<&'static str>>>,
}

impl Services {
    fn holding(held: &[&'static str]) -> Self {
        let services = Self::default();
        services.held.lock().expect("nobody panics").extend(held);
        services
    }

    /// A service fails: with an error that it declares, or as nobody expects.
    fn broken(self, name: &'static str, is_declared: bool) -> Self {
        self.broken.lock().expect("nobody panics").insert(name, is_declared);
        self
    }

    fn let_go(&self, name: &str) {
        self.held.lock().expect("nobody panics").remove(name);
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().expect("nobody panics").clone()
    }

    async fn call(&self, cx: &Cx, name: &'static str) -> Result<(), std::io::Error> {
        let undoes = cx.undoing().map_or("", |back| match back.is_known {
            true => " known",
            false => " unknown",
        });
        self.calls.lock().expect("nobody panics").push(format!("{name}{undoes}"));
        while self.held.lock().expect("nobody panics").contains(name) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.done.lock().expect("nobody panics").push(name);
        match self.broken.lock().expect("nobody panics").contains_key(name) {
            true => Err(std::io::Error::other("it is broken")),
            false => Ok(()),
        }
    }
}

impl tour::Activities for Services {
    async fn rent(&self, cx: &Cx, _: &str) -> Result<String, tour::RentError> {
        self.call(cx, "rent").await?;
        Ok("room".to_owned())
    }
    async fn give_back(
        &self,
        cx: &Cx,
        _: &str,
        _: &Option<String>,
    ) -> Result<(), tour::GiveBackError> {
        Ok(self.call(cx, "give_back").await?)
    }
    async fn hire(&self, cx: &Cx, _: &str) -> Result<String, tour::HireError> {
        self.call(cx, "hire").await?;
        Ok("car".to_owned())
    }
    async fn bring_back(
        &self,
        cx: &Cx,
        _: &str,
        _: &Option<String>,
    ) -> Result<(), tour::BringBackError> {
        Ok(self.call(cx, "bring_back").await?)
    }
    async fn pay(&self, cx: &Cx, _: &str) -> Result<u64, tour::PayError> {
        if self.broken.lock().expect("nobody panics").get("pay") == Some(&true) {
            return Err(tour::PayError::Refused { why: "no money".to_owned() });
        }
        self.call(cx, "pay").await?;
        Ok(7)
    }
    async fn tell(&self, cx: &Cx, _: &str, _: u64) -> Result<(), tour::TellError> {
        Ok(self.call(cx, "tell").await?)
    }
    async fn file(&self, cx: &Cx, _: &str) -> Result<(), tour::FileError> {
        Ok(self.call(cx, "file").await?)
    }
}

impl keen::Activities for Services {
    async fn rent(&self, cx: &Cx, _: &str) -> Result<String, keen::RentError> {
        self.call(cx, "rent").await?;
        Ok("room".to_owned())
    }
    async fn give_back(
        &self,
        cx: &Cx,
        _: &str,
        _: &Option<String>,
    ) -> Result<(), keen::GiveBackError> {
        Ok(self.call(cx, "give_back").await?)
    }
    async fn sign(&self, cx: &Cx, _: &str) -> Result<(), keen::SignError> {
        Ok(self.call(cx, "sign").await?)
    }
}

impl sailor::Activities for Services {
    async fn rent(&self, cx: &Cx, _: &str) -> Result<String, sailor::RentError> {
        self.call(cx, "rent").await?;
        Ok("boat".to_owned())
    }
    async fn give_back(
        &self,
        cx: &Cx,
        _: &str,
        _: &Option<String>,
    ) -> Result<(), sailor::GiveBackError> {
        Ok(self.call(cx, "give_back").await?)
    }
    async fn sign(&self, cx: &Cx, _: &str) -> Result<(), sailor::SignError> {
        Ok(self.call(cx, "sign").await?)
    }
    async fn buy(&self, cx: &Cx, _: &str) -> Result<(), sailor::BuyError> {
        Ok(self.call(cx, "buy").await?)
    }
}

impl yard::Activities for Services {
    async fn lift(&self, cx: &Cx, _: &str) -> Result<(), yard::LiftError> {
        Ok(self.call(cx, "lift").await?)
    }
    async fn lower(&self, cx: &Cx, _: &str) -> Result<(), yard::LowerError> {
        Ok(self.call(cx, "lower").await?)
    }
    async fn dry(&self, cx: &Cx, _: &str) -> Result<(), yard::DryError> {
        Ok(self.call(cx, "dry").await?)
    }
    async fn wet(&self, cx: &Cx, _: &str) -> Result<(), yard::WetError> {
        Ok(self.call(cx, "wet").await?)
    }
    async fn sign(&self, cx: &Cx, _: &str) -> Result<(), yard::SignError> {
        Ok(self.call(cx, "sign").await?)
    }
    async fn look(&self, cx: &Cx, _: &str) -> Result<String, yard::LookError> {
        self.call(cx, "look").await?;
        Ok("a hole".to_owned())
    }
}

impl chain::Activities for Services {
    async fn unlink(&self, cx: &Cx, _: &str) -> Result<(), chain::UnlinkError> {
        Ok(self.call(cx, "unlink").await?)
    }
}

async fn engine(store: &Memory, services: &Services) -> Engine {
    let builder = Engine::builder().store(store.clone());
    let builder = builder.register::<Agency>(()).register::<Landlord>(()).register::<Smith>(());
    let builder = builder.register::<Chain>(services.clone());
    let builder = builder.register::<Tour>(services.clone()).register::<Keen>(services.clone());
    let builder = builder.register::<Captain>(()).register::<Sailor>(services.clone());
    let builder = builder.register::<Owner>(()).register::<Yard>(services.clone());
    builder.start().await.expect("it starts")
}

/// An agency whose tour has come so far that a service was called.
async fn touring(engine: &Engine, services: &Services, called: &str) {
    engine.start::<Agency>("a", agency::Start { id: "a".to_owned() }).await.expect("it is free");
    until(async || engine.state::<Tour>("a").await.is_ok()).await;
    engine.send::<Tour>("a", tour::Event::Go).await.expect("it is taken");
    until(async || services.calls().iter().any(|call| call == called)).await;
}

async fn withdraw(engine: &Engine) {
    engine.send::<Agency>("a", agency::Event::Withdraw).await.expect("it is taken");
}

async fn until(holds: impl AsyncFn() -> bool) {
    for _ in 0..100_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("it never holds");
}

async fn tour(engine: &Engine) -> View<Tour> {
    engine.state::<Tour>("a").await.expect("it is there")
}

/// Waits until the tour is over.
async fn over(engine: &Engine) -> View<Tour> {
    until(async || tour(engine).await.status == Status::Cancelled).await;
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
    let replay = engine.replay::<Tour>("a").await.expect("it can be read");
    assert!(matches!(replay, Replay::Same(_)), "{replay:?}");
    tour(engine).await
}

#[tokio::test(start_paused = true)]
async fn what_was_done_is_taken_back_before_the_child_ends() {
    let (store, services) = (Memory::new(), Services::holding(&["hire", "bring_back"]));
    let engine = engine(&store, &services).await;
    touring(&engine, &services, "hire").await;
    withdraw(&engine).await;
    // Whoever does not wait does not wait for that either.
    let agency = engine.wait_for::<Agency>("a", |view| view.status == Status::Finished).await;
    assert_eq!(agency.expect("it ends").state, agency::State::Withdrawn);
    until(async || services.calls().len() == 3).await;
    // It takes no events meanwhile.
    assert_eq!(tour(&engine).await.status, Status::Running);
    let refused = engine.send::<Tour>("a", tour::Event::Look).await;
    assert_eq!(refused, Err(EngineError::Cancelled("a".to_owned())));
    services.let_go("bring_back");
    let view = over(&engine).await;
    // What comes behind the saga does not begin.
    assert_eq!(services.calls(), ["rent", "hire", "bring_back unknown", "give_back known"]);
    assert_eq!((view.state, view.context.note.as_str()), (tour::State::TakenBack, "Cancelled"));
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(services.calls().len(), 4);
    let steps = engine.history::<Tour>("a", 1, 99).await.expect("it is there");
    let cancelled = steps.iter().filter(|step| step.cause == StepCause::Cancelled).count();
    assert_eq!(cancelled, 2, "that it is, and the step that is cut short");
}

/// A step that does something while it is taken back would leave it behind.
#[tokio::test(start_paused = true)]
async fn a_step_that_is_cut_short_does_not_go_on_beside_its_way_back() {
    let (store, services) = (Memory::new(), Services::holding(&["rent", "give_back"]));
    let engine = engine(&store, &services).await;
    touring(&engine, &services, "rent").await;
    withdraw(&engine).await;
    until(async || services.calls().iter().any(|call| call == "give_back unknown")).await;
    services.let_go("rent");
    tokio::time::sleep(Duration::from_secs(60)).await;
    services.let_go("give_back");
    over(&engine).await;
    assert_eq!(*services.done.lock().expect("nobody panics"), ["give_back"]);
}

#[tokio::test(start_paused = true)]
async fn a_restart_goes_on_taking_back() {
    let (store, services) = (Memory::new(), Services::holding(&["hire", "bring_back"]));
    let first = engine(&store, &services).await;
    touring(&first, &services, "hire").await;
    withdraw(&first).await;
    until(async || services.calls().len() == 3).await;
    drop(first);
    tokio::time::sleep(Duration::from_millis(1)).await;
    services.let_go("bring_back");
    let second = engine(&store, &services).await;
    over(&second).await;
    let calls = services.calls();
    let back = ["rent", "hire", "bring_back unknown", "bring_back unknown", "give_back known"];
    assert_eq!(calls, back);
}

#[tokio::test(start_paused = true)]
async fn a_saga_behind_its_pivot_goes_on_to_its_end() {
    for held in ["pay", "tell"] {
        let (store, services) = (Memory::new(), Services::holding(&[held]));
        let engine = engine(&store, &services).await;
        touring(&engine, &services, held).await;
        withdraw(&engine).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(tour(&engine).await.status, Status::Running);
        services.let_go(held);
        assert_eq!(over(&engine).await.state, tour::State::Sold);
        assert_eq!(services.calls(), ["rent", "hire", "pay", "tell"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_saga_that_goes_back_goes_on_to_its_end() {
    let services = Services::holding(&["give_back"]).broken("pay", true);
    let store = Memory::new();
    let engine = engine(&store, &services).await;
    touring(&engine, &services, "give_back known").await;
    withdraw(&engine).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(tour(&engine).await.status, Status::Running);
    services.let_go("give_back");
    let view = over(&engine).await;
    assert_eq!((view.state, view.context.note.as_str()), (tour::State::TakenBack, "Refused"));
    assert_eq!(services.calls(), ["rent", "hire", "bring_back known", "give_back known"]);
}

#[tokio::test(start_paused = true)]
async fn a_saga_that_is_over_is_left_as_it_is() {
    let services = Services::default().broken("pay", false);
    let store = Memory::new();
    let engine = engine(&store, &services).await;
    // Nobody knows if it was paid: that is no way back.
    touring(&engine, &services, "pay").await;
    until(async || tour(&engine).await.state == tour::State::Broken).await;
    withdraw(&engine).await;
    assert_eq!(over(&engine).await.state, tour::State::Broken);
}

#[tokio::test(start_paused = true)]
async fn without_a_saga_it_ends_at_once() {
    let (store, services) = (Memory::new(), Services::default());
    let engine = engine(&store, &services).await;
    engine.start::<Agency>("a", agency::Start { id: "a".to_owned() }).await.expect("it is free");
    until(async || engine.state::<Tour>("a").await.is_ok()).await;
    withdraw(&engine).await;
    assert_eq!(over(&engine).await.state, tour::State::Waiting);
    assert_eq!(services.calls(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_taken_back_is_mended_by_somebody() {
    // It shows behind the cancelling, or before.
    for (held, called) in [("hire", "hire"), ("give_back", "give_back known")] {
        let services = Services::holding(&[held, "give_back"]);
        let services = services.broken("bring_back", false).broken("pay", true);
        let store = Memory::new();
        let engine = engine(&store, &services).await;
        touring(&engine, &services, called).await;
        withdraw(&engine).await;
        until(async || services.calls().iter().any(|call| call.starts_with("give_back"))).await;
        services.let_go("give_back");
        until(async || tour(&engine).await.state == tour::State::Broken).await;
        let tasks = engine.tasks(TaskFilter::default()).await.expect("they can be read");
        assert_eq!(tasks.len(), 1, "somebody is asked");
        engine.answer(tasks[0].id, true).await.expect("it is open");
        let mended = engine.wait_for::<Tour>("a", |view| view.status == Status::Finished).await;
        assert_eq!(mended.expect("it ends").state, tour::State::Mended);
        let replay = engine.replay::<Tour>("a").await.expect("it can be read");
        assert!(matches!(replay, Replay::Same(_)), "{replay:?}");
        let waiting = async || engine.letters(Letters::default()).await == Ok(Vec::new());
        until(waiting).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_saga_that_begins_anew_does_not() {
    let (store, services) = (Memory::new(), Services::holding(&["sign"]));
    let engine = engine(&store, &services).await;
    engine.start::<Landlord>("l", landlord::Start { id: "l".to_owned() }).await.expect("is free");
    until(async || services.calls().len() == 2).await;
    engine.send::<Landlord>("l", landlord::Event::Withdraw).await.expect("it is taken");
    let ended = async || {
        let keen = engine.state::<Keen>("l").await;
        keen.expect("it is there").status == Status::Cancelled
    };
    until(ended).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(services.calls(), ["rent", "sign", "give_back known"]);
}

/// Nor does one that begins with its pivot, which is not a pivot that was asked for before.
#[tokio::test(start_paused = true)]
async fn a_saga_behind_it_does_not_begin_with_its_pivot() {
    let (store, services) = (Memory::new(), Services::holding(&["sign"]));
    let engine = engine(&store, &services).await;
    engine.start::<Captain>("c", captain::Start { id: "c".to_owned() }).await.expect("is free");
    until(async || services.calls().len() == 2).await;
    engine.send::<Captain>("c", captain::Event::Withdraw).await.expect("it is taken");
    let sailor = async || engine.state::<Sailor>("c").await.expect("it is there");
    until(async || sailor().await.status == Status::Cancelled).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(services.calls(), ["rent", "sign", "give_back known"]);
    assert!(matches!(sailor().await.state, sailor::State::Buying { .. }));
    let replay = engine.replay::<Sailor>("c").await.expect("it can be read");
    assert!(matches!(replay, Replay::Same(_)), "{replay:?}");
}

/// What is held back has all its time when it begins, also behind a restart.
#[tokio::test(start_paused = true)]
async fn what_was_held_back_has_its_time_from_when_it_begins() {
    for is_restarted in [false, true] {
        let services = Services::holding(&["sign", "wet"]).broken("lower", false);
        let store = Memory::new();
        let mut running = engine(&store, &services).await;
        let start = owner::Start { id: "y".to_owned() };
        running.start::<Owner>("y", start).await.expect("is free");
        until(async || services.calls().iter().filter(|call| *call == "sign").count() == 2).await;
        running.send::<Owner>("y", owner::Event::Withdraw).await.expect("it is taken");
        until(async || services.calls().iter().any(|call| call.starts_with("wet"))).await;
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert!(!services.calls().contains(&"look".to_owned()), "it is held back");
        if is_restarted {
            running.stop().await;
            running = engine(&store, &services).await;
        }
        services.let_go("wet");
        let yard = running.wait_for::<Yard>("y", |view| view.status == Status::Finished).await;
        assert_eq!(yard.expect("it ends").state, yard::State::Laid);
        assert_eq!(services.calls().last().map(String::as_str), Some("look"));
        let history = running.history::<Yard>("y", 0, 99).await.expect("it can be read");
        let words: Vec<String> = history.iter().map(ToString::to_string).collect();
        assert!(words.iter().any(|line| line.contains("a hole")), "{words:#?}");
        let replay = running.replay::<Yard>("y").await.expect("it can be read");
        assert!(matches!(replay, Replay::Same(_)), "{replay:?}");
    }
}

/// One that cannot go on cannot take anything back either: it waits for a person, and is cancelled when
/// it goes on.
#[tokio::test(start_paused = true)]
async fn a_child_that_is_parked_in_its_saga_stays_so() {
    let services = Services::default().broken("tell", false);
    let store = Memory::new();
    let engine = engine(&store, &services).await;
    touring(&engine, &services, "tell").await;
    until(async || tour(&engine).await.status == Status::Parked).await;
    withdraw(&engine).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(tour(&engine).await.status, Status::Parked);
    assert_eq!(engine.letters(Letters::default()).await.map(|all| all.len()), Ok(1));
    services.broken.lock().expect("nobody panics").clear();
    engine.retry::<Tour>("a").await.expect("it is parked");
    until(async || tour(&engine).await.status != Status::Running).await;
    // It was sold before it heard, or ends cancelled behind its saga: in both it has told.
    assert_eq!(tour(&engine).await.state, tour::State::Sold);
    until(async || engine.letters(Letters::default()).await == Ok(Vec::new())).await;
}

#[tokio::test(start_paused = true)]
async fn a_step_that_is_a_machine_takes_itself_back_too() {
    let (store, services) = (Memory::new(), Services::holding(&["hire"]));
    let engine = engine(&store, &services).await;
    engine.start::<Smith>("a", smith::Start { id: "a".to_owned() }).await.expect("it is free");
    until(async || engine.state::<Tour>("a").await.is_ok()).await;
    engine.send::<Tour>("a", tour::Event::Go).await.expect("it is taken");
    until(async || services.calls().len() == 2).await;
    engine.send::<Smith>("a", smith::Event::Withdraw).await.expect("it is taken");
    over(&engine).await;
    let chain = async || engine.state::<Chain>("a").await.expect("it is there").status;
    until(async || chain().await == Status::Cancelled).await;
    let mut calls = services.calls();
    let unlinked = calls.extract_if(.., |call| call == "unlink unknown").count();
    assert_eq!(unlinked, 1, "nobody knows how far it has come");
    assert_eq!(calls, ["rent", "hire", "bring_back unknown", "give_back known"]);
    let replay = engine.replay::<Chain>("a").await.expect("it can be read");
    assert!(matches!(replay, Replay::Same(_)), "{replay:?}");
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
}
