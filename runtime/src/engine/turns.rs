//! Whose turn it is among tasks that could all go on.
//!
//! A runtime with one thread polls tasks in the order in which they were woken, so a simulated run sees
//! one order of all that there are. With turns by chance it sees another one for each seed, and the same
//! again for the same seed.

use tokio::task::JoinHandle;
#[cfg(feature = "conformance")]
use {
    std::future::poll_fn,
    std::pin::pin,
    std::sync::Arc,
    std::sync::atomic::{AtomicU64, Ordering},
    std::task::Poll,
};

/// Whose turn it is among tasks: by default it is for the runtime to say.
#[derive(Clone, Debug, Default)]
#[cfg_attr(
    not(feature = "conformance"),
    expect(unreachable_pub, reason = "without the feature nobody outside names it")
)]
pub struct Turns(#[cfg(feature = "conformance")] Option<Arc<AtomicU64>>);

impl Turns {
    /// Starts a task of the engine.
    pub(super) fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        #[cfg(feature = "conformance")]
        let task = self.among(task);
        tokio::spawn(task)
    }
}

#[cfg(feature = "conformance")]
impl Turns {
    /// By chance: a task that could go on lets others go first, or not. On a runtime with one thread the
    /// same seed gives the same order.
    #[must_use]
    pub fn by_chance(seed: u64) -> Self {
        Self(Some(Arc::new(AtomicU64::new(seed))))
    }

    /// A task that takes turns with all others of these.
    pub fn among<F: Future>(&self, task: F) -> impl Future<Output = F::Output> + use<F> {
        let turns = self.clone();
        async move {
            let mut task = pin!(task);
            poll_fn(|context| {
                if turns.is_put_off() {
                    // Behind all that could go on now.
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                task.as_mut().poll(context)
            })
            .await
        }
    }

    /// Whether others go first: every other time.
    fn is_put_off(&self) -> bool {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let Some(state) = &self.0 else { return false };
        // Splitmix64.
        let mut mixed = state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31).is_multiple_of(2)
    }
}
