//! What one would write by oneself: with tokio, a task for each number, of which so many are there at
//! once; and the least that it costs to keep the answers, lines in a file.

use crate::machine::{Failed, answer};
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// So many run at once, as the machine says too.
const AT_ONCE: usize = 64;

pub(crate) async fn run(numbers: Vec<u64>) -> Result<u64, Failed> {
    let semaphore = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    let mut answers = vec![0; numbers.len()];
    for (at, number) in numbers.into_iter().enumerate() {
        let permit = Arc::clone(&semaphore).acquire_owned().await?;
        tasks.spawn(async move {
            let given = answer(number).await;
            drop(permit);
            (at, given)
        });
        while let Some(ended) = tasks.try_join_next() {
            let (at, given) = ended?;
            answers[at] = given;
        }
    }
    while let Some(ended) = tasks.join_next().await {
        let (at, given) = ended?;
        answers[at] = given;
    }
    Ok(answers.iter().fold(0, |sum, answer| sum.wrapping_add(*answer)))
}

/// The answers of as many as run at once are appended together, and synced.
pub(crate) async fn kept(file: PathBuf, numbers: Vec<u64>) -> Result<u64, Failed> {
    let mut file = File::create(file)?;
    let mut sum: u64 = 0;
    for numbers in numbers.chunks(AT_ONCE) {
        let mut lines = Vec::new();
        for number in numbers {
            let given = answer(*number).await;
            writeln!(lines, "{number} {given}")?;
            sum = sum.wrapping_add(given);
        }
        file.write_all(&lines)?;
        file.sync_data()?;
    }
    Ok(sum)
}
