//! A host that fails as long as it is told to.

use crate::fragile_machine::{Activities, FetchError, Logic};
use statewright::Cx;
use std::io::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Fails as long as it is told to.
#[derive(Clone, Debug, Default)]
pub struct Flaky {
    /// It fails.
    pub fails: Arc<AtomicBool>,
    /// How often it was called.
    pub calls: Arc<AtomicU32>,
}

impl Logic for Flaky {
    fn is_poison(tries: u32) -> bool {
        assert!(tries != 3, "the third is poison");
        false
    }
}

impl Activities for Flaky {
    async fn fetch(&self, _: &Cx, _: &str) -> Result<u32, FetchError> {
        let calls = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        if self.fails.load(Ordering::SeqCst) {
            Err(Error::other("no route to host"))?;
        }
        Ok(calls)
    }
}
