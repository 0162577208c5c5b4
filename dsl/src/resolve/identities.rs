//! What persists: no two things of one kind are one thing for instances that are kept.

use super::annotations;
use super::names::said_twice;
use crate::ast::{Annotation, Expr, ExprKind, Machine, MachineItem, Meta, Name, StateItem};
use crate::ast::{State, StateItemKind};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::Span;
use std::collections::BTreeMap;

/// E0101 where two states, two events or two fields of the context have one identity, or say that
/// they were the same thing.
pub(super) fn check(machine: &Machine, d: &mut Diagnostics) {
    let (mut fields, mut events, mut states) = (Kind::default(), Kind::default(), Kind::default());
    for item in &machine.items {
        match item {
            MachineItem::Context(context) => {
                for field in &context.fields {
                    fields.add(&field.param.meta, &field.param.name, &field.param.name.text, "");
                }
            }
            MachineItem::Event(event) => events.add(&event.meta, &event.name, &event.name.text, ""),
            MachineItem::State(item) => states.state(item, ""),
            _ => {}
        }
    }
    for kind in [fields, events, states] {
        kind.tell(d);
    }
}

/// Things of one kind.
#[derive(Default)]
struct Kind<'a> {
    /// Identities that are given: `@id("..")`.
    given: Vec<(&'a str, Span)>,
    /// Identities of what has no `@id`: its name, for a state its path.
    natural: BTreeMap<String, Span>,
    /// What stands around, and `@was("..")`.
    was: Vec<(String, &'a str, Span)>,
}

impl<'a> Kind<'a> {
    fn add(&mut self, meta: &'a Meta, name: &Name, path: &str, around: &str) {
        let of = |word: &'static str| {
            meta.annotations.iter().filter_map(move |annotation| said(annotation, word))
        };
        self.given.extend(of("id"));
        self.was.extend(of("was").map(|(text, span)| (around.to_owned(), text, span)));
        if annotations::identity(meta).id.is_none() {
            self.natural.entry(path.to_owned()).or_insert(name.span);
        }
    }

    fn state(&mut self, item: &'a StateItem, around: &str) {
        let StateItemKind::State(State { meta, name, items, .. }) = &item.kind else { return };
        let path = match around {
            "" => name.text.clone(),
            around => format!("{around}.{}", name.text),
        };
        self.add(meta, name, &path, around);
        items.iter().flatten().for_each(|item| self.state(item, &path));
    }

    fn tell(self, d: &mut Diagnostics) {
        let mut ids: BTreeMap<&str, Span> = BTreeMap::new();
        for (id, span) in self.given {
            if let Some(first) = ids.get(id) {
                d.push(said_twice(&format!("the identity `{id}`"), span, *first));
                continue;
            }
            ids.insert(id, span);
            if let Some(other) = self.natural.get(id) {
                let message = format!("`{id}` is the identity of something else");
                d.push(
                    Diagnostic::new(Code::Duplicate, span, message)
                        .at("given here")
                        .label(*other, "without `@id` this has its name as identity")
                        .help("give one of the two another `@id`"),
                );
            }
        }
        let mut names: BTreeMap<(String, &str), Span> = BTreeMap::new();
        for (around, was, span) in self.was {
            match names.get(&(around.clone(), was)) {
                Some(first) => d.push(said_twice(&format!("the old name `{was}`"), span, *first)),
                None => drop(names.insert((around, was), span)),
            }
        }
    }
}

fn said<'a>(annotation: &'a Annotation, word: &str) -> Option<(&'a str, Span)> {
    match annotation.args.as_slice() {
        [Expr { kind: ExprKind::String(text), .. }] if annotation.name.text == word => {
            Some((text, annotation.span))
        }
        _ => None,
    }
}
