//! A subscriber that keeps spans and events with their fields.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps spans and events of the engine.
#[derive(Clone, Default)]
pub(super) struct Spans {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    /// Names and fields; a span is known by its place, from 1.
    spans: Vec<(&'static str, String)>,
    events: Vec<String>,
}

impl Spans {
    /// The fields of all spans of a name, in the order in which they began.
    pub(super) fn named(&self, name: &str) -> Vec<String> {
        let kept = self.kept.lock().expect("nobody panics");
        let named = kept.spans.iter().filter(|(own, _)| *own == name);
        named.map(|(_, fields)| fields.trim_start().to_owned()).collect()
    }

    /// All events with their fields.
    pub(super) fn events(&self) -> Vec<String> {
        self.kept.lock().expect("nobody panics").events.clone()
    }
}

/// Writes fields one behind the other.
struct Fields<'f>(&'f mut String);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, " {field}={value}");
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("statewright::")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut kept = self.kept.lock().expect("nobody panics");
        let mut fields = String::new();
        span.record(&mut Fields(&mut fields));
        kept.spans.push((span.metadata().name(), fields));
        Id::from_u64(kept.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut kept = self.kept.lock().expect("nobody panics");
        if let Some((_, fields)) = kept.spans.get_mut(span.into_u64() as usize - 1) {
            values.record(&mut Fields(fields));
        }
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = String::new();
        event.record(&mut Fields(&mut fields));
        self.kept.lock().expect("nobody panics").events.push(fields);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
