//! People who do what their names say, and where they are asked.

use statewright::engine::{Builder, Replay};
use statewright::store::{Memory, Millis};
use statewright::{Cx, Engine};
use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// Why there is no answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum No {
    Refused,
    Down,
}

/// People: `7@2` answers 7 after two seconds, `no@1` refuses after one, `down@1` is not there then, at any
/// attempt, `once7@1` is not there at the first and answers 7 at the next, `never` says nothing.
#[derive(Clone, Debug)]
pub(crate) struct People {
    begun: Arc<Mutex<Vec<String>>>,
    cut: Arc<Mutex<Vec<String>>>,
    start: Instant,
}

/// One who is asked; who is dropped before there is an answer is noted.
struct Asked<'p>(&'p People, &'p str, bool);

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if !self.2 {
            self.0.cut.lock().unwrap().push(self.1.to_owned());
        }
    }
}

impl People {
    pub(crate) fn new() -> Self {
        Self { begun: Arc::default(), cut: Arc::default(), start: Instant::now() }
    }

    pub(crate) fn seconds(&self) -> u64 {
        self.start.elapsed().as_secs()
    }

    /// Who was asked, in order.
    pub(crate) fn begun(&self) -> Vec<String> {
        self.begun.lock().unwrap().clone()
    }

    /// Who was asked and not waited for, in the order of the alphabet.
    pub(crate) fn cut(&self) -> Vec<String> {
        let mut cut = self.cut.lock().unwrap().clone();
        cut.sort();
        cut
    }

    pub(crate) async fn answer(&self, cx: &Cx, name: &str) -> Result<u32, No> {
        self.begun.lock().unwrap().push(name.to_owned());
        let mut asked = Asked(self, name, false);
        let Some((what, seconds)) = name.split_once('@') else {
            return std::future::pending().await;
        };
        tokio::time::sleep(Duration::from_secs(seconds.parse().unwrap())).await;
        asked.2 = true;
        match what {
            "no" => Err(No::Refused),
            "down" => Err(No::Down),
            _ if what.starts_with("once") && cx.attempt() == 1 => Err(No::Down),
            _ => Ok(what.trim_start_matches("once").parse().unwrap()),
        }
    }
}

thread_local! {
    /// When the test began: the wall clock of the engines in it goes on from there.
    static BEGUN: Cell<Option<Instant>> = const { Cell::new(None) };
}

fn wall() -> Millis {
    let begun = BEGUN.get().map_or(0, |begun| begun.elapsed().as_millis());
    1_000_000 + Millis::try_from(begun).unwrap()
}

/// What sets an engine up on a store.
pub(crate) fn builder(store: &Memory) -> Builder {
    BEGUN.set(BEGUN.get().or_else(|| Some(Instant::now())));
    Engine::builder().store(store.clone()).wall_clock(wall)
}

/// What is seen of a fan-out: what has come of it, in which second, and who was cut off.
pub(crate) type Seen = (String, u64, Vec<String>);

/// Behind what is dropped by others.
pub(crate) async fn settled() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

pub(crate) fn is_same(replay: &Replay) -> bool {
    matches!(replay, Replay::Same(_))
}
