//! The editor: whoever sits at the terminal, if anybody does.

use crate::document_pipeline::Verdict;
use statewright::Assignee;
use statewright::engine::Task;
use std::io::{BufRead, stdin};
use std::time::Duration;
use tokio::sync::oneshot;

/// So long is waited for a line; real editors have the two days that the machine gives them.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is decided where nobody says anything, as on a build server.
const DEFAULT: Verdict = Verdict::Publish;

/// Shows the task, and asks for a verdict.
pub(crate) async fn decide(task: &Task) -> Verdict {
    println!("  {} is asked to {}: {}", who(task), task.title, task.arguments["summary"]);
    for review in task.arguments["reviews"].as_array().into_iter().flatten() {
        let said = |part: &str| review[part].as_str().unwrap_or_default();
        println!("    {}: {}, {}", said("reviewer"), said("verdict"), said("notes"));
    }
    println!("  publish or reject? (a line within {} s)", PATIENCE.as_secs());
    // A thread that reads cannot be stopped; it ends with the program.
    let (said, waited) = oneshot::channel();
    std::thread::spawn(move || said.send(stdin().lock().lines().find_map(heard)));
    match tokio::time::timeout(PATIENCE, waited).await {
        Ok(Ok(Some(verdict))) => verdict,
        _ => {
            println!("  nobody says anything: {DEFAULT:?}");
            DEFAULT
        }
    }
}

fn who(task: &Task) -> String {
    match &task.assigned {
        Some(Assignee::Role(name)) => format!("The {name}"),
        Some(Assignee::User(name)) => name.clone(),
        None => "Anybody".to_owned(),
    }
}

/// A verdict, if the line is one; else the next line is read.
fn heard(line: std::io::Result<String>) -> Option<Verdict> {
    let line = line.ok()?;
    let verdict = verdict(&line);
    if verdict.is_none() {
        println!("  `{}` is no verdict: publish or reject?", line.trim());
    }
    verdict
}

/// `publish` or `reject`, or a beginning of it.
pub(crate) fn verdict(line: &str) -> Option<Verdict> {
    let word = line.trim().to_lowercase();
    let all = [("publish", Verdict::Publish), ("reject", Verdict::Reject)];
    let is_meant = |(name, _): &(&str, Verdict)| !word.is_empty() && name.starts_with(&word);
    all.into_iter().find(is_meant).map(|(_, verdict)| verdict)
}
