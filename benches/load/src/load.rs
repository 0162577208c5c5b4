//! The load: clients that each start an order when their last one is done, and what is measured
//! while they do.

use crate::lateness::Lateness;
use crate::order::Activities;
use crate::{Engine, Result};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Threads that run tasks; what an engine adds are its own.
const WORKERS: usize = 2;

/// How much to do.
pub struct Load {
    pub clients: usize,
    pub until: Until,
}

/// When to stop.
#[derive(Clone, Copy)]
pub enum Until {
    /// After a warm-up and then so long a time.
    Time { warm_up: Duration, measured: Duration },
    /// After so many orders.
    Orders(u64),
}

/// What one run gave.
#[derive(Serialize, Deserialize)]
pub struct Figures {
    pub steps: u64,
    pub steps_per_order: u64,
    pub seconds: f64,
    pub cpu_seconds: f64,
    /// Of a timer of two milliseconds, in milliseconds: half of all and all but a hundredth.
    pub late: [f64; 2],
    pub repeated: u64,
}

/// Runs orders on a fresh engine in an empty folder.
pub fn measure<E: Engine>(folder: &Path, load: &Load) -> Result<Figures> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?;
    let activities = Arc::new(Activities::new());
    let engine = Arc::new(runtime.block_on(E::open(folder, activities.clone()))?);
    let figures = run(&runtime, &engine, &activities, load);
    // What an engine still does in the background counts no more.
    runtime.shutdown_background();
    figures
}

fn run<E: Engine>(
    runtime: &Runtime,
    engine: &Arc<E>,
    activities: &Arc<Activities>,
    load: &Load,
) -> Result<Figures> {
    let orders = Arc::new(AtomicU64::new(0));
    let (ends, ended) = mpsc::channel();
    for _ in 0..load.clients {
        let client = client(engine.clone(), activities.clone(), orders.clone(), load.until.last());
        let ends = ends.clone();
        runtime.spawn(async move { ends.send(client.await) });
    }
    drop(ends);
    if let Until::Time { warm_up, .. } = load.until {
        pass(&ended, warm_up)?;
    }
    let start = Moment::now(activities);
    let lateness = Lateness::start(runtime);
    match load.until {
        Until::Time { measured, .. } => pass(&ended, measured)?,
        Until::Orders(_) => ended.iter().collect::<Result<()>>()?,
    }
    let end = Moment::now(activities);
    Ok(Figures {
        steps: end.steps - start.steps,
        steps_per_order: E::STEPS.len() as u64,
        seconds: (end.time - start.time).as_secs_f64(),
        cpu_seconds: (end.cpu - start.cpu).as_secs_f64(),
        late: lateness.stop(),
        repeated: activities.repeated(),
    })
}

impl Until {
    /// The order that is started no more.
    fn last(self) -> u64 {
        match self {
            Self::Time { .. } => u64::MAX,
            Self::Orders(orders) => orders,
        }
    }
}

/// Starts orders one after the other.
async fn client<E: Engine>(
    engine: Arc<E>,
    activities: Arc<Activities>,
    orders: Arc<AtomicU64>,
    last: u64,
) -> Result<()> {
    loop {
        let order = orders.fetch_add(1, Relaxed);
        if order >= last {
            return Ok(());
        }
        let outputs = engine.run(order).await?;
        if outputs != E::expected(order) || !activities.have_run(E::STEPS, order) {
            return Err(format!("order {order} gave {outputs:?}").into());
        }
        activities.done();
        // An engine that blocks the thread instead of waiting would let nobody else begin.
        tokio::task::yield_now().await;
    }
}

/// Lets time pass, unless a client fails. This thread is none of tokio's: no engine can keep it.
fn pass(ended: &mpsc::Receiver<Result<()>>, time: Duration) -> Result<()> {
    match ended.recv_timeout(time) {
        Ok(client) => client,
        Err(mpsc::RecvTimeoutError::Timeout) => Ok(()),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("a client panicked".into()),
    }
}

/// What is counted, at one time.
struct Moment {
    time: Instant,
    cpu: Duration,
    steps: u64,
}

impl Moment {
    fn now(activities: &Activities) -> Self {
        let cpu = clock_gettime(ClockId::ProcessCPUTime);
        // The clock is that of the process: it began at zero and does not go back.
        let cpu = Duration::new(cpu.tv_sec as u64, cpu.tv_nsec as u32);
        Self { time: Instant::now(), cpu, steps: activities.durable() }
    }
}
