//! Documents that are read by three agents at once and judged by reviewers who vote; where they are
//! not of one mind, you decide. Everything stands in one SQLite file.

mod agents;
mod editor;

use agents::Agents;
use document_pipeline::{DocumentPipeline, Start, State};
use statewright::Engine;
use statewright::engine::View;
use statewright::store::{Sqlite, Status, TaskFilter};
use std::error::Error;
use std::path::Path;

statewright::include_flow!("document_agents/document_agents.flow");

async fn engine(file: &Path) -> Result<Engine, Box<dyn Error>> {
    let store = Sqlite::open(file)?;
    Ok(Engine::builder().store(store).register::<DocumentPipeline>(Agents).start().await?)
}

/// Has a document read, until it waits for the editor or is at its end.
async fn read(engine: &Engine, id: &str) -> Result<View<DocumentPipeline>, Box<dyn Error>> {
    println!("{id}:");
    let reviewers = ["bold", "careful", "slow"].map(str::to_owned).to_vec();
    let source_url = format!("shelf/{id}");
    let start = Start { document_id: id.to_owned(), source_url, reviewers };
    engine.start::<DocumentPipeline>(id, start).await?;
    let is_still = |seen: &View<DocumentPipeline>| {
        seen.status == Status::Finished || seen.state == State::TieBreak
    };
    let seen = engine.wait_for::<DocumentPipeline>(id, is_still).await?;
    for review in &seen.context.reviews {
        println!("  {}: {:?}, {}", review.reviewer, review.verdict, review.notes);
    }
    println!("  {:?}\n", seen.state);
    Ok(seen)
}

/// Has the editor decide whatever is open.
async fn decide(engine: &Engine) -> Result<(), Box<dyn Error>> {
    for task in engine.tasks(TaskFilter::default()).await? {
        println!("{}:", task.key);
        engine.answer_as(task.id, "editor", editor::decide(&task).await).await?;
        let ended = |seen: &View<DocumentPipeline>| seen.status == Status::Finished;
        let end = engine.wait_for::<DocumentPipeline>(&task.key, ended).await?;
        println!("  {:?}", end.state);
    }
    Ok(())
}

async fn run(file: &Path) -> Result<(), Box<dyn Error>> {
    let first = engine(file).await?;
    for id in ["bread", "gossip", "mushrooms", "lost"] {
        read(&first, id).await?;
    }
    first.stop().await;

    // An editor may take days. The question is in the file, and a later program asks it.
    let later = engine(file).await?;
    decide(&later).await?;
    later.stop().await;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let name = format!("statewright-document-agents-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder)?;
    let done = run(&folder.join("documents.db")).await;
    std::fs::remove_dir_all(&folder)?;
    done
}

#[cfg(test)]
mod tests {
    use super::document_pipeline::{self, State, Verdict};
    use super::{Agents, DocumentPipeline, Engine, Error, TaskFilter, editor, read};
    use statewright::store::Memory;

    statewright::scenarios!("document_agents/document_agents.flow", host = Agents);

    /// Where documents end or wait, and how their reviewers voted.
    #[tokio::test]
    async fn reviewers_vote_and_ties_wait_for_the_editor() -> Result<(), Box<dyn Error>> {
        let engine = Engine::builder().store(Memory::new()).register::<DocumentPipeline>(Agents);
        let engine = engine.start().await?;
        let (publish, reject) = (Verdict::Publish, Verdict::Reject);
        for (id, state, votes) in [
            ("bread", State::Published, vec![publish, publish]),
            ("gossip", State::Rejected, vec![reject, reject]),
            ("mushrooms", State::TieBreak, vec![publish, reject]),
        ] {
            let seen = read(&engine, id).await?;
            let voted: Vec<Verdict> = seen.context.reviews.iter().map(|r| r.verdict).collect();
            assert_eq!((seen.state, voted), (state, votes), "{id}");
        }
        let lost = read(&engine, "lost").await?;
        assert_eq!(lost.state, State::Failed { why: "nothing stands at shelf/lost".to_owned() });
        let tasks = engine.tasks(TaskFilter::default()).await?;
        assert_eq!(tasks.iter().map(|task| &task.key[..]).collect::<Vec<_>>(), ["mushrooms"]);
        engine.answer(tasks[0].id, Verdict::Reject).await?;
        let seen = engine.state::<DocumentPipeline>("mushrooms").await?;
        assert_eq!(seen.state, State::Rejected);
        assert!(engine.tasks(TaskFilter::default()).await?.is_empty());
        engine.stop().await;
        Ok(())
    }

    #[test]
    fn the_editor_is_understood() {
        let said = ["publish", " Rej\n", "p", "", "perhaps"].map(editor::verdict);
        let (publish, reject) = (Some(Verdict::Publish), Some(Verdict::Reject));
        assert_eq!(said, [publish, reject, publish, None, None]);
    }

    #[test]
    fn the_readme_shows_the_diagram() {
        let diagram = format!("```mermaid\n{}```", super::document_pipeline::DIAGRAM);
        assert!(include_str!("README.md").contains(&diagram), "write this:\n{diagram}");
    }

    #[test]
    fn it_is_the_machine_of_the_language() {
        let language = include_str!("../../tests/flows/document_agents.flow");
        assert_eq!(include_str!("document_agents.flow"), language);
    }
}
