//! A draft that is written, criticised and written again: until it is good enough, until it gets no
//! better, or until it has had six rounds and its author decides. The model is a small stand-in.

use refine_draft::{Activities, Critique, CritiqueError, Machine, Start, State, WriteError};
use statewright::Cx;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

statewright::include_flow!("refine_loop/refine_loop.flow");

/// A model that gives one score after the other.
struct Model {
    scores: &'static [f64],
    rounds: AtomicUsize,
}

impl Activities for Model {
    async fn write(
        &self,
        _: &Cx,
        brief: &str,
        draft: &str,
        advice: &str,
    ) -> Result<String, WriteError> {
        Ok(match draft.is_empty() {
            true => format!("A text about {brief}."),
            false => format!("{draft} It was {advice}."),
        })
    }

    async fn critique(&self, _: &Cx, _: &str, draft: &str) -> Result<Critique, CritiqueError> {
        let round = self.rounds.fetch_add(1, Ordering::Relaxed);
        let score = self.scores.get(round).copied().unwrap_or_default();
        println!("  round {}: {score} for {} letters", round + 1, draft.len());
        Ok(Critique { score, advice: "too short".to_owned() })
    }
}

async fn refine(brief: &str, scores: &'static [f64]) -> Result<State, Box<dyn Error>> {
    println!("{brief}");
    let start = Start { task_id: brief.to_owned(), brief: brief.to_owned() };
    let model = Model { scores, rounds: AtomicUsize::new(0) };
    let draft = Machine::new(Arc::new(model), start)?.spawn();
    let mut state = draft.state();
    let is_over = |state: &State| !matches!(state, State::Refining { .. });
    let mut now = state.wait_for(is_over).await?.clone();
    if now == State::AskPerson {
        for task in draft.tasks().await? {
            println!("  the author is asked, and keeps it");
            draft.answer(task.id, true).await?;
        }
        now = state.wait_for(|state| *state != State::AskPerson).await?.clone();
    }
    Ok(now)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    for (brief, scores) in [
        ("rain", &[0.4, 0.7, 0.93][..]),
        ("snow", &[0.5, 0.62, 0.625, 0.63][..]),
        ("wind", &[0.3, 0.6, 0.4, 0.7, 0.5, 0.8][..]),
    ] {
        println!("  {:?}", refine(brief, scores).await?);
    }
    Ok(())
}
