//! Documents: agents that read what the key of the document says, and reviewers of whom one says nothing.

use super::{Case, Does};
use crate::document_pipeline::{
    Activities, DocumentPipeline, Event, FetchTextError, FindRisksError, FindTopicsError,
    PublishError, Review, ReviewError, Start, State, SummariseError, Verdict,
};
use crate::ledger::Ledger;
use statewright::Cx;
use std::io;

/// The agents.
#[derive(Clone)]
pub struct Agents(pub Ledger);

impl Activities for Agents {
    async fn fetch_text(&self, cx: &Cx, url: &str) -> Result<String, FetchTextError> {
        self.0.begin(cx)?;
        match url {
            "unreadable" => Err(FetchTextError::Unreadable { why: "it is burnt".to_owned() }),
            "withdrawn" => std::future::pending().await,
            url => Ok(url.to_owned()),
        }
    }

    async fn summarise(&self, cx: &Cx, text: &str) -> Result<String, SummariseError> {
        self.0.begin(cx)?;
        if text == "broken" {
            return Err(io::Error::other("no words").into());
        }
        Ok(text.to_owned())
    }

    async fn find_topics(&self, cx: &Cx, text: &str) -> Result<Vec<String>, FindTopicsError> {
        self.0.begin(cx)?;
        Ok(vec![text.to_owned()])
    }

    async fn find_risks(&self, cx: &Cx, _: &str) -> Result<Vec<String>, FindRisksError> {
        self.0.begin(cx)?;
        Ok(Vec::new())
    }

    async fn review(
        &self,
        cx: &Cx,
        summary: &str,
        _: &[String],
        reviewer: &str,
    ) -> Result<Review, ReviewError> {
        self.0.begin(cx)?;
        let verdict = match (reviewer, summary) {
            ("third", _) => std::future::pending().await,
            (_, "published") => Verdict::Publish,
            (_, "rejected") => Verdict::Reject,
            ("first", _) => Verdict::Publish,
            _ => Verdict::Reject,
        };
        let (reviewer, notes) = (reviewer.to_owned(), String::new());
        Ok(Review { reviewer, verdict, score: 0.5, notes })
    }

    async fn publish(&self, cx: &Cx, _: &str, _: &str, _: &[String]) -> Result<(), PublishError> {
        self.0.begin(cx)?;
        Ok(())
    }
}

fn start(key: &str) -> Start {
    Start {
        document_id: key.to_owned(),
        source_url: key.to_owned(),
        reviewers: ["third", "first", "second"].map(str::to_owned).to_vec(),
    }
}

fn does(key: &str, state: &State) -> Does<Event, Verdict> {
    match (state, key) {
        (State::Fetching, "withdrawn") => Does::Sends(Event::Withdraw),
        (State::TieBreak, "decided_for") => Does::Answers(Verdict::Publish),
        (State::TieBreak, "decided_against") => Does::Answers(Verdict::Revise),
        _ => Does::Waits,
    }
}

const fn case(key: &'static str, end: &'static str) -> Case<DocumentPipeline, Verdict> {
    Case { key, takes_days: false, start, does, end }
}

/// All ends of a document, and all ways to them.
pub const CASES: &[Case<DocumentPipeline, Verdict>] = &[
    case("published", "Published"),
    case("rejected", "Rejected"),
    case("decided_for", "Published"),
    case("decided_against", "Rejected"),
    Case { takes_days: true, ..case("undecided", "Rejected") },
    case("unreadable", "Failed { why: \"it is burnt\" }"),
    case("broken", "Failed { why: \"1 of 3 branches failed: Unexpected: no words\" }"),
    case("withdrawn", "Withdrawn"),
];
