//! Records of the journal: what happened and what came of it, as JSON.
//!
//! ```json
//! {"event":{"Submit":{"total":5}},"said":"Handled","asks":[{"id":1,"request":{..}}],"after":{..}}
//! ```
//! A record begins with its cause: `start`, `event` (and the `message` id it came under, or the
//! instance that it is `from`), `due` (a
//! timer, with its deadline), `to` and `reply` (the end of an activity, or with `cut` of a step of a
//! saga that is cut short), `migrated` (carried over from another shape of the machine), `claimed` and
//! `released` (who answers a task), `cancelled` (nobody waits for it any more). Then what was
//! decided: `calls` (actions), `asks` and `revokes` (activities), `said`, `emits` (outputs), `sends`
//! (to other instances). `after` is all of the instance behind the step, so that
//! going on from it needs no older code; of branches of a fan-out `part` is what has changed.

use super::error::EngineError;
use super::finite::Finite;
use crate::step::Dispatch;
use serde::Serialize;

/// An activity that is asked for.
#[derive(Serialize)]
pub(super) struct Asked<'r, R> {
    pub(super) id: u64,
    pub(super) request: &'r R,
}

/// Writes one record.
pub(super) struct Writer {
    bytes: Vec<u8>,
    /// The list that is open.
    list: Option<&'static str>,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::with_capacity(512), list: None }
    }

    /// A field with a value.
    pub(super) fn value(
        &mut self,
        name: &'static str,
        value: &impl Serialize,
    ) -> Result<(), EngineError> {
        self.name(name);
        serde_json::to_writer(&mut self.bytes, &Finite(value))
            .map_err(|error| EngineError::Undecodable(error.to_string()))
    }

    /// An item of a list, which is opened by its first item.
    pub(super) fn item(
        &mut self,
        name: &'static str,
        value: &impl Serialize,
    ) -> Result<(), EngineError> {
        if self.list == Some(name) {
            self.bytes.push(b',');
        } else {
            self.name(name);
            self.bytes.push(b'[');
            self.list = Some(name);
        }
        serde_json::to_writer(&mut self.bytes, &Finite(value))
            .map_err(|error| EngineError::Undecodable(error.to_string()))
    }

    /// What became of it.
    pub(super) fn end(&mut self, said: Dispatch, revoked: &[u64], outputs: &[String]) {
        self.name("said");
        self.bytes.extend_from_slice(match said {
            Dispatch::Handled => b"\"Handled\"",
            Dispatch::Deferred => b"\"Deferred\"",
            Dispatch::Ignored => b"\"Ignored\"",
            Dispatch::Unhandled => b"\"Unhandled\"",
            Dispatch::Pending => b"\"Pending\"",
        });
        self.plain("revokes", revoked.iter().map(u64::to_string));
        self.plain("emits", outputs.iter().cloned());
    }

    /// What is sent to other instances, as JSON.
    pub(super) fn sends(&mut self, messages: &[String]) {
        self.plain("sends", messages.iter().cloned());
    }

    fn plain(&mut self, name: &'static str, items: impl Iterator<Item = String>) {
        let mut items = items.peekable();
        if items.peek().is_none() {
            return;
        }
        self.name(name);
        self.bytes.push(b'[');
        for (at, item) in items.enumerate() {
            if at > 0 {
                self.bytes.push(b',');
            }
            self.bytes.extend_from_slice(item.as_bytes());
        }
        self.bytes.push(b']');
    }

    /// All of the instance behind the step.
    pub(super) fn after(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>,
    ) -> Result<(), EngineError> {
        self.name("after");
        write(&mut self.bytes).map_err(|error| EngineError::Undecodable(error.to_string()))
    }

    fn name(&mut self, name: &str) {
        if self.list.take().is_some() {
            self.bytes.push(b']');
        }
        self.bytes.push(if self.bytes.is_empty() { b'{' } else { b',' });
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(b"\":");
    }

    pub(super) fn finish(mut self) -> String {
        self.bytes.push(b'}');
        // Everything in it comes from strings and from serde_json, which writes UTF-8.
        String::from_utf8(self.bytes).unwrap_or_default()
    }
}
