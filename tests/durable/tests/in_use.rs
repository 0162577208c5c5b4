//! The five machines in `tests/flows`, in a task each: every end is come to, with the Rust that a user of
//! them writes. `killed.rs` and `points.rs` kill those of them that are durable on their way.

#![allow(clippy::unwrap_used)]

use statewright::engine::Storable;
use statewright::{Cx, Handle};
use statewright_durable_tests::crossing::{self, Lamp};
use statewright_durable_tests::in_use::{Case, Does, documents, orders, texts};
use statewright_durable_tests::ledger::Ledger;
use statewright_durable_tests::{document_pipeline, order_saga, protected_call, refine_draft};
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

/// Nothing in these machines takes as long.
const LONG: Duration = Duration::from_secs(100 * 24 * 60 * 60);

/// Uses a machine until it has ended.
async fn used<M, H, Answer>(machine: Handle<M, H>, case: Case<M, Answer>)
where
    M: Storable<State: Debug + Clone>,
    Answer: Clone + Send + 'static,
{
    let mut states = machine.state();
    loop {
        let state = states.borrow_and_update().clone();
        if format!("{state:?}") == case.end {
            return;
        }
        match (case.does)(case.key, &state) {
            Does::Sends(event) => drop(machine.send(event).await.unwrap()),
            Does::Answers(answer) => {
                for open in machine.tasks().await.unwrap() {
                    machine.answer(open.id, answer.clone()).await.unwrap();
                }
            }
            Does::Waits => {}
        }
        let changed = tokio::time::timeout(LONG, states.changed()).await;
        assert!(changed.is_ok_and(|changed| changed.is_ok()), "{} stays in {state:?}", case.key);
    }
}

#[tokio::test(start_paused = true)]
async fn orders_come_to_their_ends() {
    for case in orders::CASES {
        let shop = Arc::new(orders::Shop(Ledger::default()));
        used(order_saga::Machine::new(shop, (case.start)(case.key)).unwrap().spawn(), *case).await;
    }
}

#[tokio::test(start_paused = true)]
async fn documents_come_to_their_ends() {
    for case in documents::CASES {
        let agents = Arc::new(documents::Agents(Ledger::default()));
        let machine = document_pipeline::Machine::new(agents, (case.start)(case.key)).unwrap();
        used(machine.spawn(), *case).await;
    }
}

#[tokio::test(start_paused = true)]
async fn texts_come_to_their_ends() {
    for case in texts::CASES {
        let model = Arc::new(texts::Model(Ledger::default()));
        used(refine_draft::Machine::new(model, (case.start)(case.key)).unwrap().spawn(), *case)
            .await;
    }
}

/// Notes what the lamps of the cars show.
#[derive(Default)]
struct Lights(Vec<Lamp>);

impl crossing::Actions for Lights {
    fn show(&mut self, lamp: Lamp) {
        self.0.push(lamp);
    }
    fn walk_sign(&mut self, _: bool) {}
    fn log_fault(&mut self, _: u32) {}
}

#[tokio::test(start_paused = true)]
async fn a_crossing_goes_dark() {
    for is_broken in [false, true] {
        let crossing =
            crossing::Machine::new(Lights::default(), crossing::Start {}).unwrap().spawn();
        let mut states = crossing.state();
        let goes = |state: &crossing::State| format!("{state:?}").contains("Slow");
        states.wait_for(goes).await.unwrap();
        if is_broken {
            crossing.send(crossing::Event::Fault { code: 7 }).await.unwrap();
        }
        crossing.send(crossing::Event::PowerOff).await.unwrap();
        let ended = crossing.stop().await.unwrap();
        assert_eq!(ended.state(), crossing::State::Dark);
        let mut shown = vec![Lamp::Red, Lamp::Green, Lamp::Yellow];
        shown.extend(is_broken.then_some(Lamp::Flashing));
        shown.push(Lamp::Off);
        assert_eq!(ended.host().0, shown);
    }
}

/// Services of which only those answer that a question names.
struct Services;

fn answer(question: &str, source: &str) -> protected_call::Answer {
    protected_call::Answer { text: question.to_owned(), source: source.to_owned() }
}

impl protected_call::Activities for Services {
    async fn ask_primary(
        &self,
        _: &Cx,
        question: &str,
    ) -> Result<protected_call::Answer, protected_call::AskPrimaryError> {
        match question {
            "primary" => Ok(answer(question, "primary")),
            "rude" => Err(protected_call::AskPrimaryError::BadQuestion { why: "rude".to_owned() }),
            _ => Err(protected_call::AskPrimaryError::Unavailable),
        }
    }

    async fn ask_secondary(
        &self,
        _: &Cx,
        question: &str,
    ) -> Result<protected_call::Answer, protected_call::AskSecondaryError> {
        match question {
            "secondary" => Ok(answer(question, "secondary")),
            _ => Err(protected_call::AskSecondaryError::Unavailable),
        }
    }

    async fn read_cache(
        &self,
        _: &Cx,
        question: &str,
    ) -> Result<protected_call::Answer, protected_call::ReadCacheError> {
        match question {
            "cache" => Ok(answer(question, "cache")),
            _ => Err(protected_call::ReadCacheError::Unavailable),
        }
    }
}

impl protected_call::Logic for Services {
    fn sorry(question: &str) -> protected_call::Answer {
        answer(question, "sorry")
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_answered_by_each_of_its_chain_and_stops() {
    let start = protected_call::Start { question: String::new() };
    let machine = protected_call::Machine::new(Arc::new(Services), start).unwrap().spawn();
    let mut outputs = machine.outputs();
    for question in ["primary", "rude", "secondary", "cache", "sorry"] {
        let ask = protected_call::Event::Ask { question: question.to_owned() };
        machine.send(ask).await.unwrap();
        let source = match outputs.recv().await.unwrap() {
            protected_call::Output::Answered { answer } => answer.source,
            protected_call::Output::Refused { why } => why,
        };
        assert_eq!(source, question);
    }
    machine.send(protected_call::Event::Stop).await.unwrap();
    assert_eq!(machine.stop().await.unwrap().state(), protected_call::State::Stopped);
}
