//! Values that cannot be written, and a host that panics.

use crate::marked_machine::{Actions, Logic};
use serde::ser::Error;
use serde::{Deserialize, Serialize, Serializer};
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
}

impl Actions for Speaker {
    fn say(&self, text: &str) {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
        assert!(text != "panic", "as it was told");
    }
}
