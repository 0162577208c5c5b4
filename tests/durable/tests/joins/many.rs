//! Map and reduce over a long list: no more tasks than may run at once, and results in the order of the list.

use crowd::{Activities, CountError, Crowd, Logic, Machine, Start, State};
use statewright::engine::View;
use statewright::store::Status;
use statewright::{Cx, Engine};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

statewright::flow! {
    durable machine Crowd {
        key id
        context { id: String  pages: Vec<u32>  words: u64 = 0  ordered: bool = false }
        activity count(page: u32) -> u64
        fn sum(counts: Vec<u64>) -> u64
        fn is_ordered(counts: Vec<u64>) -> bool
        policy reader { timeout 10s }

        initial state Counting {
            fan_out page in pages max 10_000 concurrency 20 {
                call counted: count(page) with reader
            } join all into counts
            on done do set words = sum(counts), set ordered = is_ordered(counts) -> Counted
            on error(e) -> Failed(e.message)
        }
        final state Counted
        @outcome(failure)
        final state Failed(why: String)
    }
}

const PAGES: u32 = 10_000;

/// Counts the words of pages: one for the first, two for the second.
#[derive(Clone, Debug, Default)]
struct Reader {
    running: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    most_tasks: Arc<AtomicUsize>,
}

impl Activities for Reader {
    async fn count(&self, _: &Cx, page: u32) -> Result<u64, CountError> {
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        self.most_tasks.fetch_max(tasks, Ordering::SeqCst);
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(running, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(u64::from(page % 3))).await;
        self.running.fetch_sub(1, Ordering::SeqCst);
        Ok(u64::from(page) + 1)
    }
}

impl Logic for Reader {
    fn sum(counts: &[u64]) -> u64 {
        counts.iter().sum()
    }

    fn is_ordered(counts: &[u64]) -> bool {
        counts.is_sorted()
    }
}

fn start() -> Start {
    Start { id: "k".to_owned(), pages: (0..PAGES).collect() }
}

fn look(reader: &Reader) {
    assert_eq!(reader.most.load(Ordering::SeqCst), 20, "as many at once as may be");
    let tasks = reader.most_tasks.load(Ordering::SeqCst);
    assert!(tasks < 60, "{tasks} tasks");
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_branches_are_few_tasks_in_memory() {
    let reader = Reader::default();
    let handle = Machine::new(reader.clone(), start()).unwrap().spawn();
    let mut state = handle.state();
    state.wait_for(|state| *state == State::Counted).await.unwrap();
    let machine = handle.stop().await.unwrap();
    let pages = u64::from(PAGES);
    assert_eq!(
        (machine.context().words, machine.context().ordered),
        (pages * (pages + 1) / 2, true)
    );
    look(&reader);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_branches_are_few_tasks_on_an_engine() {
    let reader = Reader::default();
    let engine = Engine::builder().register::<Crowd>(reader.clone()).start().await.unwrap();
    engine.start::<Crowd>("k", start()).await.unwrap();
    let is_over = |view: &View<Crowd>| view.status == Status::Finished;
    let view = engine.wait_for::<Crowd>("k", is_over).await.unwrap();
    let pages = u64::from(PAGES);
    assert_eq!((view.context.words, view.context.ordered), (pages * (pages + 1) / 2, true));
    look(&reader);
}
