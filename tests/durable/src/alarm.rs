//! A bell that notes who has rung it.

use crate::alarm_machine::Actions;
use std::sync::{Arc, Mutex, PoisonError};

/// Notes who has rung it, in order.
#[derive(Clone, Debug, Default)]
pub struct Bell {
    rung: Arc<Mutex<Vec<String>>>,
}

impl Bell {
    /// Who has rung it so far.
    pub fn rung(&self) -> Vec<String> {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Actions for Bell {
    fn ring(&self, name: &str) {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner).push(name.to_owned());
    }
}
