//! What instances put out, with a cursor: nothing is missed and nothing comes twice.

use super::error::EngineError;
use super::held::Storable;
use super::{Engine, View};
use crate::store::OutputRow;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::marker::PhantomData;

/// So many outputs are read in one go.
const READ: usize = 100;

/// Behind which output one has read. Keep it, and go on there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cursor(pub u64);

impl Cursor {
    /// Before all outputs.
    pub const START: Self = Self(0);
}

/// The outputs of an instance, one after the other, those that come yet too.
pub struct Outputs<M> {
    engine: Engine,
    key: String,
    after: Cursor,
    read: VecDeque<OutputRow>,
    machine: PhantomData<fn() -> M>,
}

impl<M: Storable> Outputs<M> {
    pub(super) fn new(engine: Engine, key: &str, after: Cursor) -> Self {
        let (key, read) = (key.to_owned(), VecDeque::new());
        Self { engine, key, after, read, machine: PhantomData }
    }

    /// Behind which output one has read.
    pub fn cursor(&self) -> Cursor {
        self.after
    }

    /// The next output with its cursor; waits until there is one. `None` when the instance has ended
    /// and there is no more.
    ///
    /// # Errors
    /// There is no such instance; it is parked; an output cannot be read.
    pub async fn next(&mut self) -> Result<Option<(Cursor, M::Output)>, EngineError> {
        loop {
            if let Some(row) = self.read.pop_front() {
                self.after = Cursor(row.number);
                let output = serde_json::from_str(&row.body);
                let output = output.map_err(|error| EngineError::Undecodable(error.to_string()))?;
                return Ok(Some((self.after, output)));
            }
            let Cursor(after) = self.after;
            let wanted = move |view: &View<M>| view.outputs > after;
            let id = match self.engine.wait_for::<M>(&self.key, wanted).await {
                Ok(view) => view.id,
                Err(
                    EngineError::Finished(_)
                    | EngineError::Abandoned(_)
                    | EngineError::Cancelled(_),
                ) => return Ok(None),
                Err(error) => return Err(error),
            };
            let rows = self.engine.read(move |store| store.outputs(id, after, READ)).await?;
            if rows.is_empty() {
                // They were there and are not kept any more.
                self.after = Cursor(self.engine.state::<M>(&self.key).await?.outputs);
            }
            self.read.extend(rows);
        }
    }
}
