//! Values that cannot be written, or panic, and a host that does.

use crate::marked_machine::{Actions, Logic};
use serde::ser::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A number that cannot be written if it is 13.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Mark(pub u32);

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            13 => Err(S::Error::custom("thirteen is not written")),
            n => serializer.serialize_u32(n),
        }
    }
}

/// A value of which one thing panics, by its number.
#[derive(Debug, PartialEq)]
pub struct Trap(pub u32);

impl Trap {
    /// Writing it panics.
    pub const WRITTEN: u32 = 1;
    /// Reading it panics.
    pub const READ: u32 = 2;
    /// Copying it panics, once [`Trap::is_set`].
    pub const COPIED: u32 = 3;
    /// Letting go of it panics, once [`Trap::is_set`], and that once.
    pub const DROPPED: u32 = 4;

    /// Says that copying, or letting go, panics from now on.
    pub fn is_set(set: bool) {
        SET.store(set, Ordering::SeqCst);
    }
}

static SET: AtomicBool = AtomicBool::new(false);

impl Serialize for Trap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        assert!(self.0 != Self::WRITTEN, "a trap is written");
        serializer.serialize_u32(self.0)
    }
}

impl<'de> Deserialize<'de> for Trap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kind = u32::deserialize(deserializer)?;
        assert!(kind != Self::READ, "a trap is read");
        Ok(Self(kind))
    }
}

impl Clone for Trap {
    fn clone(&self) -> Self {
        assert!(self.0 != Self::COPIED || !SET.load(Ordering::SeqCst), "a trap is copied");
        Self(self.0)
    }
}

impl Drop for Trap {
    fn drop(&mut self) {
        // A second panic on the way of a first would end the process.
        let springs = self.0 == Self::DROPPED && SET.swap(false, Ordering::SeqCst);
        assert!(!springs, "a trap is dropped");
    }
}

/// Notes what it is told to say, and panics if that is `panic`.
#[derive(Clone, Debug, Default)]
pub struct Speaker {
    said: Arc<Mutex<Vec<String>>>,
}

impl Speaker {
    /// All that was said.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Logic for Speaker {
    fn mark_of(n: u32) -> Mark {
        Mark(n)
    }

    fn trap_of(kind: u32) -> Trap {
        Trap(kind)
    }
}

impl Actions for Speaker {
    fn say(&self, text: &str) {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
        assert!(text != "panic", "as it was told");
    }
}
