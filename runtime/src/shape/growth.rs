//! Declared types that have changed so that what was written before can still be read.

use super::{Comparison, Difference, Document, TypeShape};
use std::collections::BTreeSet;

impl Comparison {
    /// What values have got or lost inside. Where they do not fit any more, it is said of what holds them.
    pub(super) fn type_differences(&self, found: &mut Vec<Difference>) {
        let (before, now) = (kept(&self.old), kept(&self.new));
        for new in self.new.types.iter().filter(|new| now.contains(new.name.as_str())) {
            let old = self.old.types.iter().find(|old| old.name == new.name);
            let Some(old) = old.filter(|old| before.contains(old.name.as_str())) else { continue };
            if old != new && self.types().text(&old.name, &new.name) {
                found.push(Difference::fine(format!("type `{}`", new.name), changed(old, new)));
            }
        }
    }
}

fn changed(old: &TypeShape, new: &TypeShape) -> String {
    let (before, now) = (names(old), names(new));
    let more: Vec<String> = now.iter().filter(|name| !before.contains(name)).map(quoted).collect();
    let less: Vec<String> = before.iter().filter(|name| !now.contains(name)).map(quoted).collect();
    let more = (!more.is_empty()).then(|| format!("has {} too now", more.join(", ")));
    let less = (!less.is_empty()).then(|| format!("has no {} any more", less.join(", ")));
    match (more, less) {
        (Some(more), Some(less)) => format!("{more}, and {less}"),
        (more, less) => more
            .or(less)
            .unwrap_or_else(|| "has other types inside now, which old values fit".into()),
    }
}

fn names(of: &TypeShape) -> Vec<&str> {
    let fields = of.fields.iter().map(|field| field.name.as_str());
    fields.chain(of.variants.iter().map(|variant| variant.name.as_str())).collect()
}

fn quoted(name: &&str) -> String {
    format!("`{name}`")
}

/// The names of the types of which an instance at rest can hold values, or wait for them.
fn kept(of: &Document) -> BTreeSet<&str> {
    let states = || of.states.iter();
    let events = of.events.iter().filter(|event| event.kept);
    let messages = events.chain(&of.outputs).chain(&of.activities).chain(&of.actions);
    let fields = of.context.iter().chain(states().flat_map(|state| &state.data));
    let fields = fields.chain(messages.flat_map(|message| &message.fields));
    let gives = states().map(|state| state.gives.as_str());
    let mut open: Vec<&str> = fields.map(|field| field.ty.as_str()).chain(gives).collect();
    let mut known = BTreeSet::new();
    while let Some(text) = open.pop() {
        for name in text.split(['<', '>', ',', ' ']) {
            let Some(found) = of.types.iter().find(|declared| declared.name == name) else {
                continue;
            };
            if known.insert(name) {
                let inside = found.variants.iter().flat_map(|variant| &variant.fields);
                open.extend(found.fields.iter().chain(inside).map(|field| field.ty.as_str()));
            }
        }
    }
    known
}
