//! A loop in memory, in a task, with a clock that is paused.

#![allow(clippy::unwrap_used)]

use statewright::Cx;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

statewright::include_flow!("flows/refine_loop.flow");

use refine_draft::{
    Activities, Critique, CritiqueError, Machine, Refining, Start, State, WriteError,
};

/// Gives one score after the other, and takes a while for each draft.
#[derive(Debug)]
struct Model {
    scores: Mutex<Vec<f64>>,
    takes: Duration,
    /// So many attempts at each draft fail.
    fails: u32,
}

impl Activities for Model {
    async fn write(&self, cx: &Cx, _: &str, draft: &str, _: &str) -> Result<String, WriteError> {
        tokio::time::sleep(self.takes).await;
        if cx.attempt() <= self.fails {
            return Err(WriteError::ModelOverloaded);
        }
        Ok(format!("{draft}."))
    }

    async fn critique(&self, _: &Cx, _: &str, draft: &str) -> Result<Critique, CritiqueError> {
        let score = self.scores.lock().unwrap().remove(0);
        Ok(Critique { score, advice: format!("not {draft}") })
    }
}

type Draft = statewright::Handle<refine_draft::Chart, Arc<Model>>;

fn refining(scores: &[f64], seconds: u64) -> Draft {
    refining_under_load(scores, seconds, 0)
}

fn refining_under_load(scores: &[f64], seconds: u64, fails: u32) -> Draft {
    let takes = Duration::from_secs(seconds);
    let model = Model { scores: Mutex::new(scores.to_vec()), takes, fails };
    let start = Start { task_id: "t".to_owned(), brief: "rain".to_owned() };
    Machine::new(Arc::new(model), start).unwrap().spawn()
}

async fn left(draft: &Draft) -> State {
    let mut state = draft.state();
    state.wait_for(|state| !matches!(state, State::Refining { .. })).await.unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn a_loop_ends_when_it_is_good_enough() {
    let draft = refining(&[0.2, 0.5, 0.9], 60);
    let begun = Instant::now();
    assert_eq!(left(&draft).await, State::Accepted);
    assert_eq!(begun.elapsed(), Duration::from_secs(180));
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_it_gets_no_better_for_two_rounds() {
    let draft = refining(&[0.2, 0.201, 0.5, 0.505, 0.501], 60);
    let begun = Instant::now();
    assert_eq!(left(&draft).await, State::Accepted);
    assert_eq!(begun.elapsed(), Duration::from_secs(300));
}

#[tokio::test(start_paused = true)]
async fn it_ends_after_its_last_round_and_a_person_decides() {
    let draft = refining(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 60);
    assert_eq!(left(&draft).await, State::AskPerson);
    let tasks = draft.tasks().await.unwrap();
    draft.answer(tasks[0].id, false).await.unwrap();
    let mut state = draft.state();
    state.wait_for(|state| *state == State::Cancelled).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn it_ends_at_its_deadline_in_the_middle_of_a_round() {
    // With three attempts that fail a draft takes more than five minutes.
    let draft = refining_under_load(&[0.1, 0.2, 0.3, 0.4, 0.5], 80, 3);
    let begun = Instant::now();
    tokio::time::sleep(Duration::from_secs(400)).await;
    assert_eq!(*draft.state().borrow(), State::Refining { round: 2, state: Refining::Writing });
    assert_eq!(left(&draft).await, State::AskPerson);
    assert_eq!(begun.elapsed(), Duration::from_secs(30 * 60));
}
