//! What calls have in common, and with whom.

use super::gate::Gates;
use super::sharing::Shared;
use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

/// What calls under policies have in common: circuits, bulkheads, rate limits and retry budgets, and
/// the results of activities with `cache` or `coalesce`.
///
/// All machines of a program share one, in tasks and in engines: that of the tokio runtime in which
/// they begin, of which a program has one as a rule. Nothing has to be done for it. Where that is not
/// what is meant, machines are given another, by `Machine::spawn_with` and
/// [`Builder::commons`](crate::engine::Builder::commons):
///
/// * the same one in several runtimes, one for each core perhaps;
/// * one for each of those that must not know of each other: customers whose calls go to services of
///   their own, or runs of a test.
///
/// Times are those of tokio. Runtimes whose clocks are paused share nothing that is of use.
///
/// ```
/// use statewright::{Commons, Engine};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), statewright::EngineError> {
/// let (gold, silver) = (Commons::new(), Commons::new());
/// let first = Engine::builder().commons(&gold).start().await?;
/// let second = Engine::builder().commons(&gold).start().await?;
/// let apart = Engine::builder().commons(&silver).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Commons(Arc<All>);

#[derive(Debug, Default)]
pub(super) struct All {
    pub(super) gates: Gates,
    pub(super) shared: Shared,
}

/// Those of the runtimes. A program has one as a rule; tests have one each, and do not meet.
static OF_RUNTIMES: Mutex<Vec<OfRuntime>> = Mutex::new(Vec::new());

/// What machines have in common, and in which runtime.
type OfRuntime = (tokio::runtime::Id, Commons);

thread_local! {
    /// The same of the runtime in which this thread has spawned last: who spawns many machines waits for
    /// no other thread.
    static NEAR: RefCell<Option<OfRuntime>> = const { RefCell::new(None) };
}

impl Commons {
    /// One in which nothing is known yet: all circuits are closed, and nothing is kept.
    pub fn new() -> Self {
        Self::default()
    }

    /// That of the present tokio runtime, to be handed to another.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn current() -> Self {
        let id = tokio::runtime::Handle::current().id();
        let own = |(of, commons): &OfRuntime| (*of == id).then(|| commons.clone());
        NEAR.with_borrow_mut(|near| {
            if let Some(commons) = near.as_ref().and_then(own) {
                return commons;
            }
            let mut all = OF_RUNTIMES.lock().unwrap_or_else(PoisonError::into_inner);
            let commons = all.iter().find_map(own).unwrap_or_else(|| {
                let commons = Self::new();
                all.push((id, commons.clone()));
                commons
            });
            *near = Some((id, commons.clone()));
            commons
        })
    }

    pub(super) fn all(&self) -> &All {
        &self.0
    }
}
