//! A task that is asked for every step by another one, over `tokio::sync::mpsc` with a `oneshot`
//! for the answer: what a handle on a task costs if the task costs nothing.

use crate::order::{self, Context};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};

/// One question is under way at any time.
const CAPACITY: usize = 1;

/// A step of an order, and where to send what it gives.
struct Ask {
    step: fn(u64) -> String,
    order: u64,
    answer: oneshot::Sender<String>,
}

/// The asked task on a runtime with one worker, on which who asks runs too.
pub struct Channel {
    runtime: Runtime,
    ask: mpsc::Sender<Ask>,
}

impl Channel {
    /// # Errors
    ///
    /// If the worker cannot be started.
    pub fn new() -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).build()?;
        let (ask, inbox) = mpsc::channel(CAPACITY);
        runtime.spawn(answer(inbox));
        Ok(Self { runtime, ask })
    }

    pub fn run(&self, orders: u64) -> u64 {
        let ask = self.ask.clone();
        let asking = self.runtime.spawn(async move {
            let mut sum = 0_u64;
            for order in 0..orders {
                sum = sum.wrapping_add(one(&ask, order).await.checksum());
            }
            sum
        });
        self.runtime.block_on(asking).expect("the task does not panic and is not aborted")
    }
}

async fn answer(mut inbox: mpsc::Receiver<Ask>) {
    while let Some(ask) = inbox.recv().await {
        // Who asks waits for the answer.
        let _ = ask.answer.send((ask.step)(ask.order));
    }
}

async fn one(ask: &mpsc::Sender<Ask>, order: u64) -> Context {
    Context {
        reservation: step(ask, order::reserve, order).await,
        payment: step(ask, order::charge, order).await,
        parcel: step(ask, order::ship, order).await,
        message: step(ask, order::notify, order).await,
    }
}

async fn step(ask: &mpsc::Sender<Ask>, step: fn(u64) -> String, order: u64) -> String {
    let (answer, answered) = oneshot::channel();
    // The task lives as long as the runtime; a step that is not done is seen in the checksum.
    let _ = ask.send(Ask { step, order, answer }).await;
    answered.await.unwrap_or_default()
}
