//! Numbers that are larger than most readers of JSON hold: 128 bits, in types of the program.

#![allow(clippy::unwrap_used)]

use serde::{Deserialize, Serialize};
use statewright::engine::{DeadLetter, Edit, Replay, Stuck, last_state};
use statewright::store::{Letters, Memory, Status, Store, Stored, TaskFilter};
use statewright::{Cx, Dispatch, Engine, EngineError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The number of an account.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account(u128);

const LARGE: Account = Account(u128::MAX - 1);

statewright::flow! {
    use crate::Account;

    durable machine Customer {
        key id
        context { id: String  is_known: bool  account: Option<Account> = none  why: String = "" }
        error Closed(account: Account)
        initial state Opening {
            invoke machine Bank(id, is_known)
            on done(opened) do set account = some(opened) -> Open
            on error Closed(gone) do set account = some(gone) -> Shut
            on error(e) do set why = e.message -> Shut
        }
        final state Open
        final state Shut
    }
    durable machine Bank {
        key id
        context { id: String  is_known: bool }
        activity number(id: String) -> Account
        policy patient { timeout 10s }
        initial state Numbering {
            invoke number(id) with patient
            on done(number) { if is_known -> Closed(number)  else -> Opened(number) }
            on error(e) -> Broken(e.message)
        }
        final state Opened(account: Account)
        @outcome(failure)
        final state Closed(account: Account)
        @outcome(failure)
        final state Broken(why: String)
    }

    durable machine Office {
        key id
        context { id: String }
        event Withdraw
        initial state Moving {
            invoke machine Move(id)
            on done -> Over
            on error(_) -> Over
            on Withdraw -> Over
        }
        final state Over
    }
    durable machine Move {
        key id
        context { id: String }
        activity number(id: String) -> Account
        activity give_back(account: Account)
        activity write(account: Account)
        activity tell(account: Account)
        policy patient { timeout 10s  retry max 2 backoff fixed 1s on transient }
        initial saga state Working {
            step account: number(id) with patient
                compensate give_back(account) with patient
            step line: write(account) with patient
                compensate give_back(account) with patient
            step word: tell(account) with patient
            on done -> Done
            on compensated(cause) -> Back(cause.message)
            on compensation_error(_) -> Stuck
        }
        state Stuck {
            human mend() -> bool { title "mend" timeout never }
            on done(_) -> Mended
        }
        final state Done
        @outcome(failure)
        final state Back(why: String)
        final state Mended
    }

    durable machine Desk {
        key id
        context { id: String  account: Account }
        error Busy
        activity look(account: Account) -> Account raises Busy
        policy patient { timeout 10s }
        initial state Asking {
            human choose(account) -> Account { title "which" timeout never }
            on done(chosen) do set account = chosen -> Looking
        }
        @allow(W0501, "a person looks at it")
        state Looking {
            invoke look(account) with patient
            on done(_) -> Looked
        }
        final state Looked
    }

    durable machine Survey {
        key id
        context { id: String  people: Vec<Account>  answers: Vec<Account> = [] }
        activity ask(account: Account) -> Account
        policy patient { timeout 1h }
        initial state Asking {
            fan_out who in people max 10 concurrency 2 {
                call one: ask(who) with patient
            } join all into all
            on done do set answers = all -> Asked
            on error(_) -> Alone
        }
        final state Asked
        final state Alone
    }
}

/// The machine as it was.
mod before {
    statewright::flow! {
        use crate::Account;

        durable machine Safe version 1 {
            key id
            context { id: String  account: Account }
            event Open
            state Shut(second: Account) { on Open do set account = second }
            initial -> Shut(account)
        }
    }
}

/// The same with more in it.
mod after {
    statewright::flow! {
        use crate::Account;

        durable machine Safe version 2 {
            key id
            context { id: String  account: Account  first: Account  times: u32 = 0 }
            event Open
            migrate from 1 {
                old(account: Account)
                set first = old.account
            }
            state Shut(second: Account) { on Open do set times = times + 1, set first = second }
            initial -> Shut(account)
        }
    }
}

use bank::Bank;
use customer::Customer;
use desk::Desk;
use r#move::Move;
use office::Office;
use survey::Survey;

/// Gives large numbers, and takes nothing back.
#[derive(Clone, Default)]
struct Host {
    asked: Arc<AtomicU32>,
}

impl bank::Activities for Host {
    async fn number(&self, _: &Cx, _: &str) -> Result<Account, bank::NumberError> {
        Ok(LARGE)
    }
}

impl r#move::Activities for Host {
    async fn number(&self, _: &Cx, _: &str) -> Result<Account, r#move::NumberError> {
        Ok(LARGE)
    }

    /// The second step cannot be taken back; what takes the first back does not end before it is told.
    async fn give_back(
        &self,
        cx: &Cx,
        account: &Option<Account>,
    ) -> Result<(), r#move::GiveBackError> {
        assert_eq!(*account, Some(LARGE));
        if self.asked.fetch_add(1, Ordering::SeqCst) == 0 {
            return Err(std::io::Error::other("no").into());
        }
        while self.asked.load(Ordering::SeqCst) < 10 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(cx.undoing().is_some());
        Ok(())
    }

    async fn write(&self, _: &Cx, _: &Account) -> Result<(), r#move::WriteError> {
        Ok(())
    }

    async fn tell(&self, _: &Cx, _: &Account) -> Result<(), r#move::TellError> {
        Err(std::io::Error::other("nobody listens").into())
    }
}

impl desk::Activities for Host {
    async fn look(&self, _: &Cx, account: &Account) -> Result<Account, desk::LookError> {
        if account.0 == 7 { Ok(*account) } else { Err(desk::LookError::Busy) }
    }
}

impl survey::Activities for Host {
    /// The first is there, the others need until they are told.
    async fn ask(&self, _: &Cx, account: &Account) -> Result<Account, survey::AskError> {
        while account.0 != LARGE.0 && self.asked.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(*account)
    }
}

async fn engine(store: &Memory, host: &Host) -> Engine {
    let builder = Engine::builder().store(store.clone()).register::<Customer>(());
    let builder = builder.register::<Bank>(host.clone()).register::<Office>(());
    let builder = builder.register::<Move>(host.clone()).register::<Desk>(host.clone());
    builder.register::<Survey>(host.clone()).start().await.unwrap()
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

#[tokio::test(start_paused = true)]
async fn what_a_child_gives_comes_back_whole() {
    let engine = engine(&Memory::new(), &Host::default()).await;
    for (is_known, state) in [(false, customer::State::Open), (true, customer::State::Shut)] {
        let id = format!("c {is_known}");
        let start = customer::Start { id: id.clone(), is_known };
        engine.start::<Customer>(&id, start).await.unwrap();
        let over = async || engine.state::<Customer>(&id).await.unwrap().status != Status::Running;
        until(over).await;
        let view = engine.state::<Customer>(&id).await.unwrap();
        let found = (view.state, view.context.account, view.context.why.as_str());
        assert_eq!(found, (state, Some(LARGE), ""));
        assert!(matches!(engine.replay::<Customer>(&id).await, Ok(Replay::Same(_))));
    }
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_saga_knows_what_was_not_taken_back() {
    let host = Host::default();
    let engine = engine(&Memory::new(), &host).await;
    engine.start::<Office>("o", office::Start { id: "o".to_owned() }).await.unwrap();
    until(async || host.asked.load(Ordering::SeqCst) == 2).await;
    engine.send::<Office>("o", office::Event::Withdraw).await.unwrap();
    until(async || engine.state::<Office>("o").await.unwrap().status == Status::Finished).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    host.asked.store(10, Ordering::SeqCst);
    until(async || {
        let view = engine.state::<Move>("o").await.unwrap();
        view.state == r#move::State::Stuck || view.status == Status::Cancelled
    })
    .await;
    let view = engine.state::<Move>("o").await.unwrap();
    assert_eq!((view.status, view.state), (Status::Running, r#move::State::Stuck));
    let tasks = engine.tasks(TaskFilter::default()).await.unwrap();
    assert_eq!(tasks.len(), 1, "somebody is asked");
}

#[tokio::test(start_paused = true)]
async fn people_are_told_of_them_and_give_them() {
    let (store, host) = (Memory::new(), Host::default());
    let desk = engine(&store, &host).await;
    let start = desk::Start { id: "d".to_owned(), account: LARGE };
    desk.start::<Desk>("d", start).await.unwrap();
    let tasks = desk.tasks(TaskFilter::default()).await.unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(desk.answer(tasks[0].id, LARGE).await, Ok(Dispatch::Handled));
    assert_eq!(desk.answer(tasks[0].id, LARGE).await, Ok(Dispatch::Handled), "the same again");
    let other = desk.answer(tasks[0].id, Account(u128::MAX - 2)).await;
    assert!(matches!(other, Err(EngineError::TaskClosed { .. })), "{other:?}");
    until(async || desk.state::<Desk>("d").await.unwrap().status == Status::Parked).await;
    desk.stop().await;
    // What it is stuck at is another call with another number.
    let desk = engine(&store, &host).await;
    let mut dead = desk.dead_letters(None).await.unwrap();
    let Some(DeadLetter::Parked(dead)) = dead.pop() else { panic!("{dead:?}") };
    assert!(matches!(dead.payload(), Some(Stuck::Call { .. })), "{dead:?}");
    let request = desk::Request::Look { account: Account(u128::MAX) };
    desk.retry_with::<Desk>("d", Edit::Request(request)).await.unwrap();
    let asked = async || match desk.dead_letters(None).await.unwrap().pop() {
        Some(DeadLetter::Parked(dead)) => match dead.payload() {
            Some(Stuck::Call { request, .. }) => Some(request.to_string()),
            _ => None,
        },
        _ => None,
    };
    let other = format!("{{\"Look\":{{\"account\":\"{}\"}}}}", u128::MAX);
    until(async || asked().await.as_ref() == Some(&other)).await;
    let reply = desk::Reply::Look(Ok(LARGE));
    desk.retry_with::<Desk>("d", Edit::Reply(reply)).await.unwrap();
    until(async || desk.state::<Desk>("d").await.unwrap().status == Status::Finished).await;
    assert_eq!(desk.state::<Desk>("d").await.unwrap().context.account, LARGE);
    assert!(matches!(desk.replay::<Desk>("d").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn branches_go_on_behind_a_restart() {
    let (store, host) = (Memory::new(), Host::default());
    let first = engine(&store, &host).await;
    let people = vec![LARGE, Account(u128::MAX), Account(1)];
    let start = survey::Start { id: "s".to_owned(), people: people.clone() };
    first.start::<Survey>("s", start).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    // What a kill leaves: the first branch has ended, and a record says only that.
    let Stored::Whole(left) = store.load(&[1]).unwrap().remove(0) else { panic!("it is broken") };
    assert!(left.records.iter().any(|record| record.body.contains("\"part\"")), "{left:?}");
    let state = last_state(&left).unwrap();
    assert_eq!(
        state.matches(&LARGE.0.to_string()).count(),
        2,
        "the person and the answer: {state}"
    );
    first.stop().await;
    let again = engine(&store, &host).await;
    assert_eq!(again.state::<Survey>("s").await.unwrap().status, Status::Running);
    host.asked.store(1, Ordering::SeqCst);
    until(async || again.state::<Survey>("s").await.unwrap().status != Status::Running).await;
    let view = again.state::<Survey>("s").await.unwrap();
    assert_eq!((view.state, view.context.answers), (survey::State::Asked, people));
    assert!(matches!(again.replay::<Survey>("s").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn versions_hand_them_on() {
    use after::safe as new;
    use before::safe as old;
    let store = Memory::new();
    let first = Engine::builder().store(store.clone()).register::<old::Safe>(());
    let first = first.start().await.unwrap();
    let start = old::Start { id: "s".to_owned(), account: LARGE };
    first.start::<old::Safe>("s", start).await.unwrap();
    first.stop().await;
    let again = Engine::builder().store(store).register::<new::Safe>(());
    let again = again.start().await.unwrap();
    let view = again.state::<new::Safe>("s").await.unwrap();
    assert_eq!(
        (view.status, view.context.account, view.context.first),
        (Status::Running, LARGE, LARGE)
    );
    assert_eq!(view.state, new::State::Shut { second: LARGE });
}
