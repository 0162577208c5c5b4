//! The limit: the records of all orders go to the end of one plain file. A thread takes what has
//! gathered, writes it, syncs once and answers all who wait.

use serde::Serialize;
use statewright_load::{Activities, Engine, Result, STEPS, Step};
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::oneshot;

/// Bytes that are written ahead: then a sync has no new length and no new blocks to record.
const AHEAD: usize = 512 << 20;

/// A file that was laid out ahead.
pub struct Ahead(Plain);

/// A file that grows as it is written.
pub struct Growing(Plain);

impl Engine for Ahead {
    async fn open(folder: &Path, activities: Arc<Activities>) -> Result<Self> {
        let mut file = File::create_new(folder.join("journal"))?;
        let zeros = vec![0; 1 << 20];
        for _ in 0..AHEAD / zeros.len() {
            file.write_all(&zeros)?;
        }
        file.sync_all()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Self(Plain::new(file, activities)))
    }

    async fn run(&self, order: u64) -> Result<String> {
        self.0.run(order).await
    }
}

impl Engine for Growing {
    async fn open(folder: &Path, activities: Arc<Activities>) -> Result<Self> {
        Ok(Self(Plain::new(File::create_new(folder.join("journal"))?, activities)))
    }

    async fn run(&self, order: u64) -> Result<String> {
        self.0.run(order).await
    }
}

struct Plain {
    activities: Arc<Activities>,
    writer: mpsc::Sender<Append>,
}

impl Plain {
    fn new(file: File, activities: Arc<Activities>) -> Self {
        let (writer, inbox) = mpsc::channel();
        // Who waits for an answer learns of an error by the answer that does not come.
        std::thread::spawn(move || write(file, &inbox));
        Self { activities, writer }
    }

    /// The start is waited for, and every step with the state that it leads to. The end goes with
    /// the last step.
    async fn run(&self, order: u64) -> Result<String> {
        let mut journal = Journal::of(order);
        journal.add(What::Started { machine: "Order", version: 1, input: order })?;
        self.sync(&mut journal).await?;
        let mut outputs = Vec::with_capacity(STEPS.len());
        for (at, step) in STEPS.into_iter().enumerate() {
            let output = self.activities.run(step, order);
            let state = STEPS.get(at + 1).map_or("Done", |next| next.name());
            let activity = step.name();
            journal.add(What::Completed { activity, attempt: 1, output: &output, state })?;
            if step == Step::Notify {
                journal.add(What::Ended { state })?;
            }
            self.sync(&mut journal).await?;
            outputs.push(output);
        }
        Ok(outputs.join(" "))
    }

    async fn sync(&self, journal: &mut Journal) -> Result<()> {
        let (durable, answer) = oneshot::channel();
        self.writer.send(Append { lines: std::mem::take(&mut journal.lines), durable })?;
        Ok(answer.await?)
    }
}

/// Lines to append, and whom to tell when they are durable.
struct Append {
    lines: Vec<u8>,
    durable: oneshot::Sender<()>,
}

/// The writer thread: one write and one sync for all that came during the last ones.
fn write(mut file: File, inbox: &mpsc::Receiver<Append>) -> io::Result<()> {
    let mut lines = Vec::new();
    let mut waiting = Vec::new();
    while let Ok(first) = inbox.recv() {
        for append in std::iter::once(first).chain(inbox.try_iter()) {
            lines.extend(append.lines);
            waiting.push(append.durable);
        }
        file.write_all(&lines)?;
        file.sync_data()?;
        lines.clear();
        for durable in waiting.drain(..) {
            // A client that is gone has no use for the answer.
            let _ = durable.send(());
        }
    }
    Ok(())
}

/// What was not yet appended of an order.
struct Journal {
    instance: String,
    sequence: u32,
    lines: Vec<u8>,
}

/// What an engine has to know after a crash, and people who read the journal.
#[derive(Serialize)]
struct Record<'a> {
    instance: &'a str,
    sequence: u32,
    at: u128,
    #[serde(flatten)]
    what: What<'a>,
}

#[derive(Serialize)]
#[serde(tag = "record")]
enum What<'a> {
    Started { machine: &'a str, version: u32, input: u64 },
    Completed { activity: &'a str, attempt: u32, output: &'a str, state: &'a str },
    Ended { state: &'a str },
}

impl Journal {
    fn of(order: u64) -> Self {
        Self { instance: format!("order-{order:07}"), sequence: 0, lines: Vec::new() }
    }

    fn add(&mut self, what: What<'_>) -> Result<()> {
        let at = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let record = Record { instance: &self.instance, sequence: self.sequence, at, what };
        serde_json::to_writer(&mut self.lines, &record)?;
        self.lines.push(b'\n');
        self.sequence += 1;
        Ok(())
    }
}
