//! Results that stand for several calls: kept for a while, or of one call for those beside it.

use super::gate::locked;
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// So many results are kept; then the oldest goes.
const MOST: usize = 10_000;

/// The results and the calls of a program, by the text of what was asked.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    kept: Mutex<Kept>,
    running: Mutex<BTreeMap<String, watch::Receiver<Option<Anything>>>>,
}

type Anything = Arc<dyn Any + Send + Sync>;

#[derive(Debug, Default)]
struct Kept {
    results: BTreeMap<String, (Anything, Instant)>,
    /// The order in which they are over, with a number that tells equal ones apart.
    ends: BTreeMap<(Instant, u64), String>,
    count: u64,
}

impl Kept {
    fn tidy(&mut self, now: Instant) {
        while let Some(first) = self.ends.first_entry() {
            let is_over = first.key().0 <= now;
            if !is_over && self.results.len() <= MOST {
                break;
            }
            let (at, key) = (first.key().0, first.remove());
            // A newer result under the same text stays.
            if self.results.get(&key).is_some_and(|(_, end)| *end == at) {
                self.results.remove(&key);
            }
        }
    }
}

impl Shared {
    /// A result that is still good.
    pub(crate) fn find<T: Clone + 'static>(&self, key: &str) -> Option<T> {
        let mut kept = locked(&self.kept);
        kept.tidy(Instant::now());
        kept.results.get(key)?.0.downcast_ref::<T>().cloned()
    }

    /// Keeps a result.
    pub(crate) fn keep<T: Send + Sync + 'static>(&self, key: String, result: T, time: Duration) {
        let now = Instant::now();
        // Nothing is kept for longer than can be said.
        let Some(end) = now.checked_add(time) else { return };
        let mut kept = locked(&self.kept);
        kept.count += 1;
        let count = kept.count;
        kept.ends.insert((end, count), key.clone());
        kept.results.insert(key, (Arc::new(result), end));
        kept.tidy(now);
    }

    /// Runs a call, or waits for that of another who asks the same. If that one is dropped, one of
    /// those who wait runs theirs.
    pub(crate) async fn together<T: Clone + Send + Sync + 'static>(
        &self,
        key: &str,
        run: impl Future<Output = T>,
    ) -> T {
        loop {
            let mut others = match self.join(key) {
                Part::Follow(others) => others,
                Part::Lead(leader) => {
                    let leads = Leads { shared: self, key };
                    let result = run.await;
                    drop(leads);
                    // Nobody may be waiting.
                    let _ = leader.send(Some(Arc::new(result.clone())));
                    return result;
                }
            };
            let result = others.wait_for(Option::is_some).await;
            let result = result.ok().and_then(|result| result.as_ref()?.downcast_ref().cloned());
            if let Some(result) = result {
                return result;
            }
        }
    }

    fn join(&self, key: &str) -> Part {
        let mut running = locked(&self.running);
        if let Some(others) = running.get(key) {
            return Part::Follow(others.clone());
        }
        let (leader, others) = watch::channel(None);
        running.insert(key.to_owned(), others);
        Part::Lead(leader)
    }
}

/// What a call does for those that are alike.
enum Part {
    Lead(watch::Sender<Option<Anything>>),
    Follow(watch::Receiver<Option<Anything>>),
}

/// Somebody runs a call for others, until this is dropped.
struct Leads<'a> {
    shared: &'a Shared,
    key: &'a str,
}

impl Drop for Leads<'_> {
    fn drop(&mut self) {
        locked(&self.shared.running).remove(self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test(start_paused = true)]
    async fn results_are_kept_for_their_time() {
        let shared = Shared::default();
        shared.keep("a".into(), 1_u32, Duration::from_secs(5));
        tokio::time::advance(Duration::from_secs(3)).await;
        shared.keep("a".into(), 2_u32, Duration::from_secs(5));
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(shared.find::<u32>("a"), Some(2));
        assert_eq!(shared.find::<u32>("b"), None);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(shared.find::<u32>("a"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_kept_than_there_is_room_for() {
        let shared = Shared::default();
        for n in 0..MOST + 10 {
            shared.keep(n.to_string(), n, Duration::from_secs(60));
        }
        assert_eq!(locked(&shared.kept).results.len(), MOST);
        assert_eq!(shared.find::<usize>("9"), None);
        assert_eq!(shared.find::<usize>("10"), Some(10));
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_are_alike_are_one_and_go_on_without_the_first() {
        let shared = Arc::new(Shared::default());
        let runs = Arc::new(AtomicU32::new(0));
        let call = |key: &'static str| {
            let (shared, runs) = (shared.clone(), runs.clone());
            tokio::spawn(async move {
                let run = async {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    runs.fetch_add(1, Ordering::SeqCst)
                };
                shared.together(key, run).await
            })
        };
        let calls = [call("a"), call("a"), call("a")];
        for call in calls {
            assert_eq!(call.await.unwrap(), 0);
        }
        let (first, second) = (call("b"), call("b"));
        tokio::task::yield_now().await;
        first.abort();
        assert_eq!(second.await.unwrap(), 1);
        assert!(locked(&shared.running).is_empty());
    }
}
