//! The agents: plain functions that take a moment, where yours ask models over the network.

use crate::document_pipeline::{
    Activities, FetchTextError, FindRisksError, FindTopicsError, PublishError, Review, ReviewError,
    SummariseError, Verdict,
};
use statewright::Cx;
use std::time::Duration;

/// Words that a careful reader asks about.
const RISKS: [&str; 3] = ["poison", "rumour", "secret"];

/// What the library has, by address.
const LIBRARY: [(&str, &str); 3] = [
    ("shelf/bread", "Bread needs flour, water and patience. Patience is the most of it."),
    ("shelf/gossip", "A rumour about a secret poison. The poison was salt, the secret a rumour."),
    ("shelf/mushrooms", "Mushrooms grow over night. Some are poison, some are dinner."),
];

/// All agents, and the library that they read and publish in.
pub(crate) struct Agents;

impl Activities for Agents {
    async fn fetch_text(&self, _: &Cx, source_url: &str) -> Result<String, FetchTextError> {
        let found = LIBRARY.iter().find(|(url, _)| *url == source_url);
        let why = || FetchTextError::Unreadable { why: format!("nothing stands at {source_url}") };
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(why)
    }

    async fn summarise(&self, _: &Cx, text: &str) -> Result<String, SummariseError> {
        thinks("summarise", 30).await;
        Ok(text.split_inclusive('.').next().unwrap_or_default().to_owned())
    }

    async fn find_topics(&self, _: &Cx, text: &str) -> Result<Vec<String>, FindTopicsError> {
        thinks("find_topics", 20).await;
        let mut topics: Vec<String> = words(text).filter(|word| word.len() > 6).collect();
        topics.sort();
        topics.dedup();
        Ok(topics)
    }

    async fn find_risks(&self, _: &Cx, text: &str) -> Result<Vec<String>, FindRisksError> {
        thinks("find_risks", 10).await;
        let found = RISKS.iter().filter(|risk| words(text).any(|word| word == **risk));
        Ok(found.map(|risk| (*risk).to_owned()).collect())
    }

    // Each reviewer is a branch of its own. The last one is slow: two answers are enough, and what
    // it would have said is not waited for.
    async fn review(
        &self,
        _: &Cx,
        _: &str,
        risks: &[String],
        reviewer: &str,
    ) -> Result<Review, ReviewError> {
        let (bears, takes) = match reviewer {
            "bold" => (1, 20),
            "careful" => (0, 40),
            _ => (0, 5_000),
        };
        thinks(&format!("review, by the {reviewer} one"), takes).await;
        let (verdict, notes) = match risks {
            risks if risks.len() <= bears => (Verdict::Publish, "nothing wrong".to_owned()),
            risks => (Verdict::Reject, format!("mind the {}", risks.join(", the "))),
        };
        let score = 1.0 / (1.0 + risks.len() as f64);
        Ok(Review { reviewer: reviewer.to_owned(), verdict, score, notes })
    }

    async fn publish(
        &self,
        cx: &Cx,
        document_id: &str,
        summary: &str,
        topics: &[String],
    ) -> Result<(), PublishError> {
        let topics = topics.join(", ");
        println!("  published: {document_id}: {summary} [{topics}] (key {})", cx.idempotency_key());
        Ok(())
    }
}

/// Takes its time, as models do.
async fn thinks(what: &str, milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    println!("  {what}");
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase)
}
