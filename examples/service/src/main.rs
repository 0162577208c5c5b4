//! A service on Statewright: signups that survive. Copy the folder, and make it yours.
//!
//! `signup.flow` says what happens, [`outside`] does it, [`web`] lets others ask for it.

mod outside;
mod web;

use outside::Outside;
use signup::Signup;
use statewright::Engine;
use statewright::store::Sqlite;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;

// The machine: `signup::{State, Event, Activities, ..}` are made of the file.
statewright::include_flow!("signup.flow");

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        // As people read it: returned from `main`, it would be shown as Rust has it.
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let place = args.next().unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let data = PathBuf::from(args.next().unwrap_or_else(|| "data".to_owned()));
    std::fs::create_dir_all(&data)?;

    // Whatever was on its way when the program ended goes on from here.
    let engine = Engine::builder()
        .store(Sqlite::open(data.join("signups.db"))?)
        .register::<Signup>(Outside::new(&data))
        .start()
        .await?;
    let listener = TcpListener::bind(place).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, web::router(engine.clone()))
        .with_graceful_shutdown(told_to_end())
        .await?;
    // Writes what is in memory; being killed instead loses nothing either.
    engine.stop().await;
    Ok(())
}

/// Ctrl-C, or SIGTERM as container hosts send it.
async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests {
    use super::{Outside, signup};
    use std::path::Path;

    // What the machine shall do, with no world around it: `signup.scenarios.flow`.
    statewright::scenarios!("signup.flow", host = Outside::new(Path::new("nowhere")));

    #[test]
    fn the_readme_shows_the_diagram() {
        let diagram = format!("```mermaid\n{}```", signup::DIAGRAM);
        assert!(include_str!("../README.md").contains(&diagram), "write this:\n{diagram}");
    }
}
