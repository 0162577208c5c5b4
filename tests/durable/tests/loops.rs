//! A loop on the engine: its rounds are as durable as everything else. Time stands still unless nothing
//! else is to be done.

#![allow(clippy::unwrap_used)]

use statewright::engine::{Replay, View};
use statewright::store::{Memory, Millis, Status};
use statewright::{Cx, Engine};
use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

statewright::include_flow!("flows/refining.flow");

use refining::{Activities, JudgeError, Refining, Rounds, Start, State, Verdict, WriteError};

thread_local! {
    /// When the test began: the wall clock of the engines in it goes on from there.
    static BEGUN: Cell<Option<Instant>> = const { Cell::new(None) };
}

fn wall() -> Millis {
    let begun = BEGUN.get().map_or(0, |begun| begun.elapsed().as_millis());
    1_000_000 + Millis::try_from(begun).unwrap()
}

/// Gives scores, and hangs when there are no more.
#[derive(Clone, Debug, Default)]
struct Model {
    scores: Arc<Mutex<VecDeque<f64>>>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Model {
    fn scoring(scores: &[f64]) -> Self {
        let model = Self::default();
        model.scores(scores);
        model
    }

    fn scores(&self, scores: &[f64]) {
        self.scores.lock().unwrap().extend(scores);
    }

    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }

    fn note(&self, what: &str, cx: &Cx) {
        self.calls.lock().unwrap().push(format!("{what} {}", cx.idempotency_key()));
    }
}

impl Activities for Model {
    async fn write(&self, cx: &Cx, id: &str, advice: &str) -> Result<String, WriteError> {
        self.note("write", cx);
        Ok(format!("{id} {advice}"))
    }

    async fn judge(&self, cx: &Cx, draft: &str) -> Result<Verdict, JudgeError> {
        self.note("judge", cx);
        let score = self.scores.lock().unwrap().pop_front();
        match score {
            Some(score) => Ok(Verdict { score, advice: format!("not {draft}") }),
            None => std::future::pending().await,
        }
    }
}

async fn engine(store: &Memory, model: &Model) -> Engine {
    BEGUN.set(BEGUN.get().or_else(|| Some(Instant::now())));
    let engine = Engine::builder().store(store.clone()).wall_clock(wall);
    engine.register::<Refining>(model.clone()).start().await.unwrap()
}

async fn begun(scores: &[f64]) -> (Engine, Model, Memory) {
    let (store, model) = (Memory::new(), Model::scoring(scores));
    let engine = engine(&store, &model).await;
    engine.start::<Refining>("d", Start { id: "d".to_owned() }).await.unwrap();
    (engine, model, store)
}

async fn ended(engine: &Engine) -> View<Refining> {
    engine.wait_for::<Refining>("d", |view| view.status == Status::Finished).await.unwrap()
}

async fn judging(engine: &Engine, wanted: u32) {
    let is_there = move |view: &View<Refining>| matches!(view.state, State::Rounds { round, state: Rounds::Judging } if round == wanted);
    engine.wait_for::<Refining>("d", is_there).await.unwrap();
}

async fn same(engine: &Engine) {
    assert!(matches!(engine.replay::<Refining>("d").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn rounds_go_on_until_it_is_good_enough() {
    let (engine, model, _) = begun(&[0.5, 0.7, 0.92]).await;
    let end = ended(&engine).await;
    assert_eq!((end.state, end.context.score), (State::Accepted, 0.92));
    assert_eq!(model.calls().len(), 6);
    same(&engine).await;
}

#[tokio::test(start_paused = true)]
async fn or_until_it_gets_no_better() {
    let (engine, model, _) = begun(&[0.5, 0.6, 0.601, 0.602, 0.95]).await;
    assert_eq!(ended(&engine).await.state, State::Accepted);
    assert_eq!(model.calls().len(), 8);
    same(&engine).await;
}

#[tokio::test(start_paused = true)]
async fn or_until_there_were_enough() {
    let (engine, model, _) = begun(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.95]).await;
    assert_eq!(ended(&engine).await.state, State::Rejected);
    assert_eq!(model.calls().len(), 12);
    same(&engine).await;
}

#[tokio::test(start_paused = true)]
async fn a_restart_goes_on_in_the_middle_of_a_round() {
    let (first, model, store) = begun(&[0.5, 0.501]).await;
    judging(&first, 3).await;
    drop(first);
    tokio::task::yield_now().await;
    assert_eq!(model.calls().last().unwrap(), "judge Refining/d/1/6");
    // What was near to the round before still counts, and so does the one that was cut off.
    model.scores(&[0.502]);
    let engine = engine(&store, &model).await;
    assert_eq!(ended(&engine).await.state, State::Accepted);
    assert_eq!(model.calls(), ["judge Refining/d/1/6"]);
    same(&engine).await;
}

#[tokio::test(start_paused = true)]
async fn a_restart_does_not_prolong_the_deadline() {
    let (first, model, store) = begun(&[0.5]).await;
    judging(&first, 2).await;
    let begun = Instant::now();
    drop(first);
    tokio::task::yield_now().await;
    // Each attempt hangs for 90 seconds, and three of them are less than the deadline.
    tokio::time::sleep(Duration::from_secs(29 * 60)).await;
    model.calls();
    let engine = engine(&store, &model).await;
    assert_eq!(ended(&engine).await.state, State::Rejected);
    assert_eq!(begun.elapsed().as_secs(), 30 * 60);
    same(&engine).await;
}
