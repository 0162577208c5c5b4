//! Drafts: a model that writes one letter more in each round, and marks by the key of the draft.

use super::{Case, Does};
use crate::ledger::Ledger;
use crate::refine_draft::{
    Activities, Critique, CritiqueError, Event, RefineDraft, Start, State, WriteError,
};
use statewright::Cx;
use std::io;

/// The model.
#[derive(Clone)]
pub struct Model(pub Ledger);

impl Activities for Model {
    async fn write(
        &self,
        cx: &Cx,
        brief: &str,
        draft: &str,
        _: &str,
    ) -> Result<String, WriteError> {
        self.0.begin(cx)?;
        match brief {
            "broken" => Err(io::Error::other("no ink").into()),
            "taken" | "given_up" => std::future::pending().await,
            _ => Ok(format!("{draft}.")),
        }
    }

    async fn critique(&self, cx: &Cx, brief: &str, draft: &str) -> Result<Critique, CritiqueError> {
        self.0.begin(cx)?;
        let scores = match brief {
            "good" => [0.2, 0.5, 0.9, 0.0, 0.0, 0.0],
            "flat" => [0.2, 0.201, 0.5, 0.505, 0.501, 0.0],
            _ => [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
        };
        Ok(Critique { score: scores[draft.len() - 1], advice: "longer".to_owned() })
    }
}

fn start(key: &str) -> Start {
    Start { task_id: key.to_owned(), brief: key.to_owned() }
}

fn does(key: &str, state: &State) -> Does<Event, bool> {
    match (state, key) {
        (State::Refining { .. }, "taken") => Does::Sends(Event::Accept),
        (State::Refining { .. }, "given_up") => Does::Sends(Event::GiveUp),
        (State::AskPerson, "kept") => Does::Answers(true),
        (State::AskPerson, "dropped") => Does::Answers(false),
        _ => Does::Waits,
    }
}

const fn case(key: &'static str, end: &'static str) -> Case<RefineDraft, bool> {
    Case { key, takes_days: false, start, does, end }
}

/// All ends of a draft, and all ways to them.
pub const CASES: &[Case<RefineDraft, bool>] = &[
    case("good", "Accepted"),
    case("flat", "Accepted"),
    case("kept", "Accepted"),
    case("taken", "Accepted"),
    case("dropped", "Cancelled"),
    Case { takes_days: true, ..case("unread", "Cancelled") },
    case("given_up", "Cancelled"),
    case("broken", "Failed { why: \"no ink\" }"),
];
