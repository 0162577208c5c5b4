//! A question that is always answered in time: by a model, by a smaller one, from a cache, or by a
//! fixed text. The services fail as real ones do; time is that of the wall, but shorter.

use protected_call::{
    Activities, Answer, AskPrimaryError, AskSecondaryError, Event, Logic, Machine, Output,
    ReadCacheError, Start,
};
use statewright::Cx;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::Instant;

statewright::include_flow!("protected_call/protected_call.flow");

/// The services behind the questions.
#[derive(Default)]
struct Services {
    asked: AtomicU32,
}

fn answer(text: String, source: &str) -> Answer {
    Answer { text, source: source.to_owned() }
}

impl Activities for Services {
    async fn ask_primary(&self, cx: &Cx, question: &str) -> Result<Answer, AskPrimaryError> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        println!("    primary, attempt {}", cx.attempt());
        match number {
            // It answers, is busy once, refuses, and then is down for good.
            0 | 2 => Ok(answer(format!("{question} Because."), "primary")),
            1 => Err(AskPrimaryError::RateLimited { retry_after: Duration::from_millis(80) }),
            3 => Err(AskPrimaryError::BadQuestion { why: "I do not say".to_owned() }),
            _ => Err(AskPrimaryError::Unavailable),
        }
    }

    async fn ask_secondary(&self, cx: &Cx, question: &str) -> Result<Answer, AskSecondaryError> {
        println!("    secondary, attempt {}", cx.attempt());
        if question.contains("hard") {
            // It never comes back; its policy does not wait for it.
            std::future::pending::<()>().await;
        }
        Ok(answer(format!("{question} Perhaps."), "secondary"))
    }

    async fn read_cache(&self, _: &Cx, _: &str) -> Result<Answer, ReadCacheError> {
        println!("    cache: nothing there");
        Err(ReadCacheError::Unavailable)
    }
}

impl Logic for Services {
    fn sorry(_: &str) -> Answer {
        answer("Ask me tomorrow.".to_owned(), "nobody")
    }
}

/// Asks one question after the other; who has answered each.
async fn ask(questions: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
    let start = Start { question: String::new() };
    let machine = Machine::new(Arc::new(Services::default()), start)?.spawn();
    let mut outputs = machine.outputs();
    let mut sources = Vec::new();
    for question in questions {
        println!("{question}");
        let begun = Instant::now();
        machine.send(Event::Ask { question: (*question).to_owned() }).await?;
        let took = |begun: Instant| begun.elapsed().as_millis();
        match outputs.recv().await? {
            Output::Answered { answer } => {
                println!("  {} (from {}, {} ms)", answer.text, answer.source, took(begun));
                sources.push(answer.source);
            }
            Output::Refused { why } => {
                println!("  refused: {why} ({} ms)", took(begun));
                sources.push("refused".to_owned());
            }
        }
    }
    machine.send(Event::Stop).await?;
    Ok(sources)
}

const QUESTIONS: [&str; 6] =
    ["Why?", "Why twice?", "Who are you?", "Why not?", "A hard one?", "And now?"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    ask(&QUESTIONS).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{QUESTIONS, ask};

    #[tokio::test]
    async fn every_question_is_answered() -> Result<(), Box<dyn std::error::Error>> {
        let sources = ask(&QUESTIONS).await?;
        let expected = ["primary", "primary", "refused", "secondary", "nobody", "secondary"];
        assert_eq!(sources, expected);
        Ok(())
    }

    #[test]
    fn the_readme_shows_the_diagram() {
        let diagram = format!("```mermaid\n{}```", super::protected_call::DIAGRAM);
        assert!(include_str!("README.md").contains(&diagram), "write this:\n{diagram}");
    }
}
