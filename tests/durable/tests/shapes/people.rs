//! Who is asked: a service, a person, another machine. A task goes on with the next version, and is
//! no answer to what is asked of somebody else.

use super::killed;
use statewright::engine::{Builder, CauseKind, Task};
use statewright::store::{Memory, TaskFilter};
use statewright::{Assignee, Cx, Dispatch, Engine, EngineError};
use std::time::Duration;
use tokio::time::Instant;

const HOUR: Duration = Duration::from_secs(3600);

/// The same question, to others each time.
mod of_service {
    statewright::flow! {
        @allow(W0503, "it hangs as long as a test wants")
        durable machine Order version 1 {
            key id
            context { id: String }
            event Leave
            activity check(id: String) -> bool
            initial state Open { invoke check(id)  on done(_) -> Closed  on error -> Closed  on Leave -> Closed }
            final state Closed
        }
    }
}

mod of_person {
    statewright::flow! {
        durable machine Order version 2 {
            key id
            context { id: String }
            event Leave
            initial state Open { human check(id) -> bool { timeout never }  on done(_) -> Closed  on Leave -> Closed }
            final state Closed
        }
    }
}

mod of_machine {
    statewright::flow! {
        durable machine Order version 3 {
            key id
            context { id: String }
            event Leave
            initial state Open { invoke machine Check(id)  on done(_) -> Closed  on error -> Closed  on Leave -> Closed }
            final state Closed
        }
        durable machine Check {
            key id
            context { id: String }
            event Pass(well: bool)
            initial state Waiting { on Pass(well) -> Passed(well) }
            final state Passed(well: bool)
        }
    }
}

mod of_service_again {
    statewright::flow! {
        @allow(W0503, "it hangs as long as a test wants")
        durable machine Order version 4 {
            key id
            context { id: String }
            event Leave
            activity check(id: String) -> bool
            migrate from 2 { state Open -> Open }
            initial state Open { invoke check(id)  on done(_) -> Closed  on error -> Closed  on Leave -> Closed }
            final state Closed
        }
    }
}

/// A task, as its machine changes around it.
mod of_first_task {
    statewright::flow! {
        durable machine Expense version 1 {
            key id
            context { id: String  cents: u32 }
            initial state Asking {
                human approve(id, cents) -> bool {
                    assign role("finance")
                    title "Pay {cents} for {id}"
                    remind every 8h
                    escalate after 20h to role("cfo")
                    timeout 3d
                }
                on done(yes) { if yes -> Paid else -> Refused }
                on timeout -> Refused
            }
            final state Paid
            final state Refused
        }
    }
}

mod of_second_task {
    statewright::flow! {
        durable machine Expense version 2 {
            key id
            context { note: String = ""  id: String  cents: u64 }
            event Withdraw
            initial state Drafting { on Withdraw -> Refused  after 1h -> Asking }
            state Asking {
                human approve(id, cents) -> bool {
                    assign role("accounting")
                    title "Shall we pay {cents}?"
                    escalate after 20h to role("board")
                    remind every 6h
                    timeout 5d
                }
                on done(yes) { if yes -> Paid else -> Refused }
                on timeout do set note = "nobody answered" -> Refused
                on Withdraw -> Refused
            }
            final state Paid
            final state Refused
        }
    }
}

/// There was an end of the wait, and there is none.
mod of_third_task {
    statewright::flow! {
        durable machine Expense version 3 {
            key id
            context { id: String  cents: u64 }
            event Withdraw
            initial state Asking {
                human approve(id, cents) -> bool {
                    escalate after 20h to role("board")
                    timeout never
                }
                on done(yes) { if yes -> Paid else -> Refused }
                on Withdraw -> Refused
            }
            final state Paid
            final state Refused
        }
    }
}

/// There is one again, and nobody else is asked.
mod of_fourth_task {
    statewright::flow! {
        durable machine Expense version 4 {
            key id
            context { id: String  cents: u64 }
            initial state Asking {
                human approve(id, cents) -> bool { timeout 1d }
                on done(yes) { if yes -> Paid else -> Refused }
                on timeout -> Refused
            }
            final state Paid
            final state Refused
        }
    }
}

/// What is answered is something else.
mod of_fifth_task {
    statewright::flow! {
        durable machine Expense version 5 {
            key id
            context { id: String  cents: u64 }
            initial state Asking {
                human approve(id, cents) -> u32 { timeout 1d }
                on done(_) -> Paid
                on timeout -> Refused
            }
            final state Paid
            final state Refused
        }
    }
}

use of_fifth_task::expense as fifth;
use of_first_task::expense as first;
use of_fourth_task::expense as fourth;
use of_machine::{check, order as machine};
use of_person::order as person;
use of_second_task::expense as second;
use of_service::order as service;
use of_service_again::order as again;
use of_third_task::expense as third;

/// A service that does not answer, of two versions.
struct Silent;

impl service::Activities for Silent {
    async fn check(&self, _: &Cx, _: &str) -> Result<bool, service::CheckError> {
        std::future::pending().await
    }
}

impl again::Activities for Silent {
    async fn check(&self, _: &Cx, _: &str) -> Result<bool, again::CheckError> {
        std::future::pending().await
    }
}

thread_local! {
    /// When the test looked at the clock first; each test has a thread of its own.
    static START: Instant = Instant::now();
}

/// The wall goes on with the clock of the test, whichever engine looks at it.
fn wall() -> u64 {
    1_700_000_000_000 + START.with(Instant::elapsed).as_millis() as u64
}

fn builder(store: &Memory) -> Builder {
    Engine::builder().store(store.clone()).wall_clock(wall)
}

async fn engine(builder: Builder) -> Engine {
    builder.start().await.expect("a store in memory is nobody's")
}

fn refused<T: std::fmt::Debug>(answer: Result<T, EngineError>) -> String {
    match answer {
        Err(EngineError::Parked { cause, .. }) if cause.kind == CauseKind::Incompatible => {
            cause.message
        }
        other => panic!("{other:?}"),
    }
}

async fn tasks(engine: &Engine) -> Vec<Task> {
    engine.tasks(TaskFilter::default()).await.expect("the store is read")
}

async fn only(engine: &Engine) -> Task {
    let mut tasks = tasks(engine).await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    tasks.remove(0)
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_of_a_service_is_not_asked_of_a_person_or_a_machine() {
    let [one, other] = [Memory::new(), Memory::new()];
    for store in [&one, &other] {
        let old = engine(builder(store).register::<service::Order>(Silent)).await;
        let start = service::Start { id: "a".to_owned() };
        old.start::<service::Order>("a", start).await.expect("the key is free");
        killed(old).await;
    }

    let new = engine(builder(&one).register::<person::Order>(())).await;
    let expected = "made by version 1 of `Order`, and version 2 cannot go on with it: state `Open` \
        invoked `check` and invokes `human check` now; `state Open -> Open` in `migrate from 1 { .. }` \
        cancels it, and asks for what the state invokes now";
    assert_eq!(refused(new.send::<person::Order>("a", person::Event::Leave).await), expected);
    assert!(tasks(&new).await.is_empty());

    let with = builder(&other).register::<machine::Order>(()).register::<check::Check>(());
    let new = engine(with).await;
    let said = refused(new.send::<machine::Order>("a", machine::Event::Leave).await);
    assert!(
        said.contains("state `Open` invoked `check` and invokes `machine Check` now"),
        "{said}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_of_a_person_is_closed_by_a_migration_alone() {
    let store = Memory::new();
    let old = engine(builder(&store).register::<person::Order>(())).await;
    let start = person::Start { id: "a".to_owned() };
    old.start::<person::Order>("a", start).await.expect("the key is free");
    let task = only(&old).await;
    killed(old).await;

    let with = builder(&store).register::<machine::Order>(()).register::<check::Check>(());
    let wrong = engine(with).await;
    let said = refused(wrong.send::<machine::Order>("a", machine::Event::Leave).await);
    assert!(said.contains("invoked `human check` and invokes `machine Check` now"), "{said}");
    // It is still asked, by an instance that waits for its program.
    assert_eq!(only(&wrong).await, task);
    wrong.stop().await;

    let right = engine(builder(&store).register::<again::Order>(Silent)).await;
    right.retry::<again::Order>("a").await.expect("a block says what becomes of it");
    assert!(tasks(&right).await.is_empty());
    let closed = right.task(task.id).await.expect("it is kept for a while").closed;
    assert_eq!(closed.map(|(_, how)| how), Some(statewright::engine::Closed::Left));
    let view = right.state::<again::Order>("a").await.expect("it is there");
    assert_eq!(view.state, again::State::Open);
}

async fn asked(store: &Memory) -> Task {
    let old = engine(builder(store).register::<first::Expense>(())).await;
    let start = first::Start { id: "trip".to_owned(), cents: 500 };
    old.start::<first::Expense>("trip", start).await.expect("the key is free");
    tokio::time::advance(21 * HOUR).await;
    old.claim(only(&old).await.id, "ann").await.expect("nobody has it");
    let task = only(&old).await;
    assert_eq!((task.reminded, task.escalated), (2, 1));
    killed(old).await;
    task
}

#[tokio::test(start_paused = true)]
async fn a_task_goes_on_with_the_next_version() {
    let store = Memory::new();
    let before = asked(&store).await;
    let new = engine(builder(&store).register::<second::Expense>(())).await;
    let carried = new.state::<second::Expense>("trip").await.expect("it is compatible");
    assert_eq!(carried.state, second::State::Asking);
    let task = only(&new).await;
    // The words and the time are those of the program that has asked.
    assert_eq!(task, before);
    assert_eq!(
        (task.title.as_str(), task.claimed_by.as_deref()),
        ("Pay 500 for trip", Some("ann"))
    );
    assert_eq!(task.assigned, Some(Assignee::Role("cfo".to_owned())));
    assert_eq!(task.due, Some(task.opened + 72 * 3_600_000));
    // The next reminder is due at 24 hours as it was, and the escalation is not repeated.
    tokio::time::sleep(Duration::from_secs(3599) + 2 * HOUR).await;
    assert_eq!(only(&new).await.reminded, 2);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let reminded = only(&new).await;
    assert_eq!((reminded.reminded, reminded.escalated), (3, 1));
    assert_eq!(reminded.assigned, task.assigned);
    // And so is the end.
    tokio::time::sleep(47 * HOUR).await;
    assert_eq!(only(&new).await.id, task.id);
    tokio::time::sleep(HOUR).await;
    assert!(tasks(&new).await.is_empty());
    let ended = new.state::<second::Expense>("trip").await.expect("it is there");
    assert_eq!(
        (ended.state, ended.context.note.as_str()),
        (second::State::Refused, "nobody answered")
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_the_old_version_is_taken_by_the_new_one() {
    let store = Memory::new();
    let task = asked(&store).await;
    let new = engine(builder(&store).register::<second::Expense>(())).await;
    assert!(matches!(
        new.answer_as(task.id, "bob", true).await,
        Err(EngineError::TaskClaimed { .. })
    ));
    assert_eq!(new.answer_as(task.id, "ann", true).await, Ok(Dispatch::Handled));
    let ended = new.state::<second::Expense>("trip").await.expect("it is there");
    assert_eq!(ended.state, second::State::Paid);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_an_escalation_is_not_the_end_of_the_wait() {
    let store = Memory::new();
    let old = engine(builder(&store).register::<first::Expense>(())).await;
    let start = first::Start { id: "trip".to_owned(), cents: 500 };
    old.start::<first::Expense>("trip", start).await.expect("the key is free");
    killed(old).await;

    // The end is gone, and what is left of the timers is the escalation.
    let endless = engine(builder(&store).register::<third::Expense>(())).await;
    endless.state::<third::Expense>("trip").await.expect("it is compatible");
    assert_eq!(only(&endless).await.due, None);
    tokio::time::sleep(10 * HOUR).await;
    assert_eq!(only(&endless).await.reminded, 0);
    killed(endless).await;

    // Now the escalation is gone, and there is an end, which counts from here.
    let ending = engine(builder(&store).register::<fourth::Expense>(())).await;
    ending.state::<fourth::Expense>("trip").await.expect("it is compatible");
    let task = only(&ending).await;
    assert_eq!(task.due, Some(wall() + 24 * 3_600_000));
    tokio::time::sleep(23 * HOUR).await;
    assert_eq!(only(&ending).await, task);
    tokio::time::sleep(2 * HOUR).await;
    assert!(tasks(&ending).await.is_empty());
    let ended = ending.state::<fourth::Expense>("trip").await.expect("it is there");
    assert_eq!(ended.state, fourth::State::Refused);
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_another_type_is_another_question() {
    let store = Memory::new();
    let old = engine(builder(&store).register::<first::Expense>(())).await;
    let start = first::Start { id: "a".to_owned(), cents: 1250 };
    old.start::<first::Expense>("a", start).await.expect("the key is free");
    killed(old).await;
    let new = engine(builder(&store).register::<fifth::Expense>(())).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let said = refused(new.state::<fifth::Expense>("a").await.map(|view| view.status));
    let expected = "state `Asking` was answered by `bool` and is by `u32` now";
    assert!(said.contains(expected), "{said}");
}
