//! A machine that asks for an answer to each of many numbers, 64 at once, and sums them.

use statewright::store::Store;
use statewright::{Cx, Engine};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::runtime::Handle;

statewright::flow! {
    durable machine Adding {
        key id
        context { id: String  numbers: Vec<u64>  sum: u64 = 0  note: String = "" }
        activity answer(number: u64) -> u64
        fn total(answers: Vec<u64>) -> u64
        policy sure { timeout never }

        initial state Asking {
            fan_out number in numbers max 10_000 concurrency 64 {
                call given: answer(number) with sure
            } join all into answers
            on done do set sum = total(answers) -> Added
            on error(e) do set note = e.message -> Failed
        }
        final state Added
        final state Failed
    }
}

use adding::{Activities, Adding, AnswerError, Logic, Machine, Reply, Request, Start, State};

/// Anything that goes wrong ends the program.
pub(crate) type Failed = Box<dyn std::error::Error + Send + Sync>;

/// So many tasks were there at once.
pub(crate) static MOST_TASKS: AtomicUsize = AtomicUsize::new(0);

/// What is asked for: it is there at once.
pub(crate) async fn answer(number: u64) -> u64 {
    MOST_TASKS.fetch_max(Handle::current().metrics().num_alive_tasks(), Ordering::Relaxed);
    number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
}

struct Service;

impl Logic for Service {
    fn total(answers: &[u64]) -> u64 {
        answers.iter().fold(0, |sum, answer| sum.wrapping_add(*answer))
    }
}

impl Activities for Service {
    async fn answer(&self, _: &Cx, number: u64) -> Result<u64, AnswerError> {
        Ok(answer(number).await)
    }
}

fn start(numbers: Vec<u64>) -> Start {
    Start { id: "all".to_owned(), numbers }
}

/// Says what it asks, and is told the answer.
pub(crate) async fn by_hand(numbers: Vec<u64>) -> Result<u64, Failed> {
    let mut machine = Machine::new(Service, start(numbers))?;
    while let Some(asked) = machine.next_request() {
        let (id, Request::Answer { number }) = (asked.id, &asked.request);
        let given = answer(*number).await;
        machine.resume(id, Reply::Answer(Ok(given)))?;
    }
    Ok(machine.into_context().sum)
}

/// In a tokio task, which starts one for each branch.
pub(crate) async fn in_a_task(numbers: Vec<u64>) -> Result<u64, Failed> {
    let handle = Machine::new(Arc::new(Service), start(numbers))?.spawn();
    handle.state().wait_for(|state| *state != State::Asking).await?;
    let machine = handle.stop().await.ok_or("the task is gone")?;
    Ok(machine.into_context().sum)
}

/// On the engine: what a branch gave is durable before the next one begins.
pub(crate) async fn on_the_engine(store: impl Store, numbers: Vec<u64>) -> Result<u64, Failed> {
    let engine = Engine::builder().store(store).register::<Adding>(Service).start().await?;
    engine.start::<Adding>("all", start(numbers)).await?;
    let ended = engine.wait_for::<Adding>("all", |view| view.state != State::Asking).await?;
    engine.stop().await;
    Ok(ended.context.sum)
}
