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

/// Where a text ends, and after how many rounds.
async fn refine(brief: &str, scores: &'static [f64]) -> Result<(State, usize), Box<dyn Error>> {
    println!("{brief}");
    let start = Start { task_id: brief.to_owned(), brief: brief.to_owned() };
    let model = Arc::new(Model { scores, rounds: AtomicUsize::new(0) });
    let draft = Machine::new(model.clone(), start)?.spawn();
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
    Ok((now, model.rounds.load(Ordering::Relaxed)))
}

/// Good enough; no longer better; up and down for six rounds.
const TEXTS: [(&str, &[f64]); 3] = [
    ("rain", &[0.4, 0.7, 0.93]),
    ("snow", &[0.5, 0.62, 0.625, 0.63]),
    ("wind", &[0.3, 0.6, 0.4, 0.7, 0.5, 0.8]),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    for (brief, scores) in TEXTS {
        println!("  {:?}", refine(brief, scores).await?.0);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{State, TEXTS, refine};

    #[tokio::test]
    async fn each_text_takes_the_rounds_that_it_needs() -> Result<(), Box<dyn std::error::Error>> {
        for ((brief, scores), rounds) in TEXTS.into_iter().zip([3, 4, 6]) {
            assert_eq!(refine(brief, scores).await?, (State::Accepted, rounds), "{brief}");
        }
        Ok(())
    }

    #[test]
    fn the_readme_shows_the_diagram() {
        let diagram = format!("```mermaid\n{}```", super::refine_draft::DIAGRAM);
        assert!(include_str!("README.md").contains(&diagram), "write this:\n{diagram}");
    }

    #[test]
    fn it_is_the_machine_of_the_language() {
        let language = include_str!("../../tests/flows/refine_loop.flow");
        assert_eq!(include_str!("refine_loop.flow"), language);
    }
}
