//! The program that is killed in the middle of a fan-out: asks many people, and notes in a ledger whom.
//!
//! `survey-worker FOLDER PEOPLE`: ends when the survey has.

use statewright::Engine;
use statewright::EngineError;
use statewright::store::{Sqlite, Status};
use statewright_durable_tests::survey::People;
use statewright_durable_tests::survey_machine::{Start, Survey};
use std::error::Error;
use std::path::PathBuf;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_default());
    let people: u32 = arguments.next().and_then(|n| n.parse().ok()).ok_or("a number")?;
    let ledger = std::fs::File::options().create(true).append(true).open(folder.join("ledger"))?;
    let store = Sqlite::open(folder.join("survey.db"))?;
    let engine = Engine::builder().store(store).register::<Survey>(People::with_ledger(ledger));
    let engine = engine.start().await?;
    // Nobody is asked who needs a minute to answer.
    let people = (0..).filter(|n| n % 10 < 7).take(people as usize).collect();
    match engine.start::<Survey>("s", Start { id: "s".to_owned(), people }).await {
        Ok(_) | Err(EngineError::Duplicate { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    engine.wait_for::<Survey>("s", |view| view.status == Status::Finished).await?;
    engine.stop().await;
    Ok(())
}
