//! A world of the durable machines in `tests/flows`, with the Rust that a user of them writes: each of their
//! ends is come to, whatever is killed on the way. Who uses them is the same on an engine and in a task.

pub mod documents;
pub mod orders;
pub mod texts;

use crate::document_pipeline::DocumentPipeline;
use crate::ledger::Ledger;
use crate::order_saga::OrderSaga;
use crate::refine_draft::RefineDraft;
use crate::seen::Seen;
use crate::world::{Clients, Left, Plan, World};
use serde::Serialize;
use statewright::engine::{Builder, Replay, Storable, TaskId, View};
use statewright::store::{Status, TaskFilter};
use statewright::{Engine, EngineError};
use std::fmt::Debug;
use std::sync::Arc;

/// What is done about a machine that has come to a state.
#[derive(Clone, Debug)]
pub enum Does<Event, Answer> {
    /// An event is sent.
    Sends(Event),
    /// The question that is open is answered.
    Answers(Answer),
    /// It is left to itself.
    Waits,
}

/// How one machine is used.
pub struct Case<M: Storable, Answer> {
    /// What it is called; hosts know by that what they have to do.
    pub key: &'static str,
    /// It comes to its end only after days.
    pub takes_days: bool,
    /// What it is started with.
    pub start: fn(&str) -> M::Start,
    /// What is done about it.
    pub does: fn(&str, &M::State) -> Does<M::Event, Answer>,
    /// Where it ends: what the final state shows.
    pub end: &'static str,
}

impl<M: Storable, Answer> Clone for Case<M, Answer> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M: Storable, Answer> Copy for Case<M, Answer> {}

/// Uses a machine on an engine until it has ended.
async fn used<M, Answer>(clients: Clients, case: Case<M, Answer>) -> Result<(), EngineError>
where
    M: Storable<State: Debug + PartialEq + Sync + 'static>,
    Answer: Serialize + Clone + Send + 'static,
{
    let key = case.key;
    clients.start::<M>(key, || (case.start)(key)).await?;
    let mut behind: Option<M::State> = None;
    loop {
        let known = behind.take();
        let is_news = {
            let known = known.map(Arc::new);
            move |view: &View<M>| {
                view.status == Status::Finished || known.as_deref() != Some(&view.state)
            }
        };
        let view = clients.wait::<M>(key, is_news).await?;
        if view.status == Status::Finished {
            return Ok(());
        }
        match (case.does)(key, &view.state) {
            Does::Waits => {}
            // Once, also if nobody knows any more that it was sent.
            Does::Sends(_) => {
                let event = || match (case.does)(key, &view.state) {
                    Does::Sends(event) => event,
                    Does::Answers(_) | Does::Waits => unreachable!("it depends on nothing else"),
                };
                clients.send::<M>(key, &format!("in {:?}", view.state), event).await?;
            }
            Does::Answers(answer) => answered(&clients, M::definition().name, key, answer).await?,
        }
        behind = Some(view.state);
    }
}

/// Answers what is open.
async fn answered<Answer: Serialize + Clone + Send + 'static>(
    clients: &Clients,
    machine: &str,
    key: &str,
    answer: Answer,
) -> Result<(), EngineError> {
    let engine = &clients.engine;
    let filter = || TaskFilter { key: Some(key.to_owned()), ..TaskFilter::default() };
    let open = clients.until(|| engine.tasks(filter())).await?.unwrap_or_default();
    let ids: Vec<TaskId> =
        open.iter().filter(|task| task.machine == machine).map(|task| task.id).collect();
    for id in ids {
        match clients.until(|| engine.answer(id, answer.clone())).await {
            Ok(_) | Err(EngineError::TaskClosed { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The machines in use. Cases that take days are left out.
pub struct InUse(Ledger);

async fn all<M, Answer>(
    clients: &Clients,
    cases: &'static [Case<M, Answer>],
) -> Result<(), EngineError>
where
    M: Storable<State: Debug + PartialEq + Sync + 'static>,
    Answer: Serialize + Clone + Send + Sync + 'static,
{
    let cases: Vec<Case<M, Answer>> =
        cases.iter().filter(|case| !case.takes_days).copied().collect();
    clients.each(cases.len() as u64, |clients, at| used(clients, cases[at as usize])).await
}

impl World for InUse {
    const NAME: &'static str = "in_use";

    fn new(_: Plan, ledger: Ledger) -> Self {
        Self(ledger)
    }

    fn register(&self, builder: Builder) -> Builder {
        builder
            .register::<OrderSaga>(orders::Shop(self.0.clone()))
            .register::<DocumentPipeline>(documents::Agents(self.0.clone()))
            .register::<RefineDraft>(texts::Model(self.0.clone()))
    }

    async fn live(&self, clients: Clients) -> Result<(), EngineError> {
        let orders = all(&clients, orders::CASES);
        let documents = all(&clients, documents::CASES);
        let texts = all(&clients, texts::CASES);
        tokio::try_join!(orders, documents, texts).map(|_| ())
    }

    async fn replay(engine: &Engine, machine: &str, key: &str) -> Result<Replay, EngineError> {
        match machine {
            "OrderSaga" => engine.replay::<OrderSaga>(key).await,
            "DocumentPipeline" => engine.replay::<DocumentPipeline>(key).await,
            _ => engine.replay::<RefineDraft>(key).await,
        }
    }

    fn look(_: Plan, left: &Left<'_>, seen: &mut Seen) {
        looked(left, orders::CASES, seen);
        looked(left, documents::CASES, seen);
        looked(left, texts::CASES, seen);
    }
}

/// Whether all cases of a machine have come to their ends, or are on their way.
fn looked<M: Storable, Answer>(left: &Left<'_>, cases: &[Case<M, Answer>], seen: &mut Seen) {
    for case in cases.iter().filter(|case| !case.takes_days) {
        let name = M::definition().name;
        let journal = left.of(name).find(|journal| journal.of.key == case.key);
        let ended = journal.filter(|journal| journal.of.status == Status::Finished);
        assert!(!left.is_end || ended.is_some(), "{name} {} has not ended", case.key);
        if let Some(journal) = ended {
            let end = case.end.split(' ').next().unwrap_or_default();
            assert_eq!(journal.of.state, end, "{name} {}", case.key);
        }
        let in_the_middle = journal.is_some() && ended.is_none();
        seen.count("in the middle", u64::from(in_the_middle));
    }
}
