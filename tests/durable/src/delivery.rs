//! A host for deliveries that does what a test says.

use crate::delivery_machine::{Activities, DriveError, FileError, PostError};
use statewright::Cx;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// What becomes of a drive.
#[derive(Clone, Copy, Debug)]
pub enum Drives {
    /// It arrives.
    Arrives,
    /// Not now.
    IsDown,
    /// Never.
    IsRefused,
    /// Nobody knows.
    GetsLost,
}

/// Drives as it is told, the last of it for ever, and notes who was called when under which key.
#[derive(Clone, Debug)]
pub struct Van {
    drives: Arc<Mutex<VecDeque<Drives>>>,
    calls: Arc<Mutex<Vec<String>>>,
    /// The drawer for what is filed is stuck.
    pub is_stuck: Arc<AtomicBool>,
    start: Instant,
}

impl Van {
    /// A van that has not driven yet.
    pub fn new(drives: &[Drives]) -> Self {
        let drives = Arc::new(Mutex::new(drives.iter().copied().collect()));
        let (calls, is_stuck) = Default::default();
        Self { drives, calls, is_stuck, start: Instant::now() }
    }

    /// From now on.
    pub fn drives(&self, drives: Drives) {
        *self.drives.lock().unwrap_or_else(PoisonError::into_inner) = [drives].into();
    }

    /// Who was called since this was last asked: seconds, who, key and attempt.
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, who: &str, cx: &Cx) {
        let seconds = self.start.elapsed().as_secs();
        let call = format!("{seconds} {who} {} {}", cx.idempotency_key(), cx.attempt());
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }

    fn next(&self) -> Drives {
        let mut drives = self.drives.lock().unwrap_or_else(PoisonError::into_inner);
        match drives.len() {
            0 => Drives::Arrives,
            1 => drives[0],
            _ => drives.pop_front().unwrap_or(Drives::Arrives),
        }
    }
}

impl Activities for Van {
    async fn drive(&self, cx: &Cx, _: &str) -> Result<String, DriveError> {
        self.note("drive", cx);
        match self.next() {
            Drives::Arrives => Ok("van".to_owned()),
            Drives::IsDown => Err(DriveError::Down),
            Drives::IsRefused => Err(DriveError::Refused),
            Drives::GetsLost => std::future::pending().await,
        }
    }

    async fn post(&self, cx: &Cx, _: &str) -> Result<String, PostError> {
        self.note("post", cx);
        Ok("post".to_owned())
    }

    async fn file(&self, cx: &Cx, _: &str, _: &str) -> Result<(), FileError> {
        self.note("file", cx);
        if self.is_stuck.load(Ordering::SeqCst) {
            Err(std::io::Error::other("the drawer is stuck"))?;
        }
        Ok(())
    }
}
