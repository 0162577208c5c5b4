//! The program that the crash test of sagas kills: many bookings, some of which are cancelled on the
//! way.
//!
//! `saga-worker FOLDER INSTANCES SEED HEALTHY`: runs until all sagas have ended. With `HEALTHY` 1 all
//! services work.

use statewright::engine::Settings;
use statewright::store::{Sqlite, Status};
use statewright::{Engine, EngineError};
use statewright_durable_tests::arm::arm;
use statewright_durable_tests::booking::Services;
use statewright_durable_tests::booking_machine::{Booking, Event, Start};
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_default());
    let mut number = || arguments.next().and_then(|n| n.parse::<u64>().ok()).ok_or("a number");
    let (instances, seed, healthy) = (number()?, number()?, number()?);
    arm();

    let mut settings = Settings::default();
    // So that instances leave memory and come back within a run.
    settings.idle = Duration::from_millis(seed * 5 % 25);
    let engine = Engine::builder()
        .store(Sqlite::open(folder.join("bookings.db"))?)
        .settings(settings)
        .register::<Booking>(Services::append(&folder.join("ledger"), healthy == 1)?)
        .start()
        .await?;
    let mut clients = tokio::task::JoinSet::new();
    for at in 0..instances {
        let engine = engine.clone();
        clients.spawn(
            async move { client(&engine, at, seed).await.map_err(|error| error.to_string()) },
        );
    }
    while let Some(done) = clients.join_next().await {
        done??;
    }
    engine.stop().await;
    println!("done");
    Ok(())
}

/// Starts a booking, cancels some a little later, and waits for its end.
async fn client(engine: &Engine, at: u64, seed: u64) -> Result<(), Box<dyn Error>> {
    let key = format!("trip-{at}");
    match engine.start::<Booking>(&key, Start { name: key.clone() }).await {
        Ok(()) | Err(EngineError::Duplicate { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    if (at * 7 + seed).is_multiple_of(4) {
        tokio::time::sleep(Duration::from_millis((at * 13 + seed * 5) % 60)).await;
        match engine.send_with_id::<Booking>(&key, "cancel", Event::Cancel).await {
            Ok(_) | Err(EngineError::Finished(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    engine.wait_for::<Booking>(&key, |view| view.status == Status::Finished).await?;
    Ok(())
}
