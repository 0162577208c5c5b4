//! A host whose people answer as their number says, and who are remembered to have been asked.

use crate::survey_machine::{Activities, AskByMailError, AskError, Logic};
use statewright::Cx;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// People. Those whose number ends in 9 refuse, in 8 are never there, in 7 are there at the second
/// attempt, in 6 take a while.
#[derive(Clone, Default)]
pub struct People {
    calls: Arc<Mutex<Vec<String>>>,
    running: Arc<AtomicU32>,
    most: Arc<AtomicU32>,
    cancelled: Arc<AtomicU32>,
    are_slow: bool,
}

impl People {
    /// All take a while.
    pub fn slow() -> Self {
        Self { are_slow: true, ..Self::default() }
    }

    /// What was called, by idempotency key and attempt, since it was last asked.
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many were asked at once at most.
    pub fn most(&self) -> u32 {
        self.most.load(Ordering::SeqCst)
    }

    /// How many calls were told that nobody waits.
    pub fn cancelled(&self) -> u32 {
        self.cancelled.load(Ordering::SeqCst)
    }

    fn note(&self, cx: &Cx) {
        let line = format!("{} {}", cx.idempotency_key(), cx.attempt());
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

impl Logic for People {
    fn guess(who: u32) -> u32 {
        who + 2
    }
}

/// One who is asked; over when it is dropped, which is noted if nobody waited any more.
struct Asked<'p>(&'p People, Cx);

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
        if self.1.is_cancelled() {
            self.0.cancelled.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Activities for People {
    async fn ask(&self, cx: &Cx, who: u32) -> Result<u32, AskError> {
        self.note(cx);
        let now = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let asked = Asked(self, cx.clone());
        if self.are_slow {
            tokio::time::sleep(std::time::Duration::from_millis(u64::from(who % 5))).await;
        }
        if who % 10 == 6 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        drop(asked);
        match who % 10 {
            9 => Err(AskError::Refused { who }),
            8 => Err(AskError::Away),
            7 if cx.attempt() == 1 => Err(AskError::Away),
            _ => Ok(who),
        }
    }

    async fn ask_by_mail(&self, cx: &Cx, who: u32) -> Result<u32, AskByMailError> {
        self.note(cx);
        if who % 20 == 18 {
            return Err(std::io::Error::other("no address"))?;
        }
        Ok(who + 1)
    }
}
