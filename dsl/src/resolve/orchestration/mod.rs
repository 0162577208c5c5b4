//! What talks to the outside: activities, policies, sagas, people, fan-out, loops, other machines.
//!
//! Its names are resolved, so that a typo is found; what it means is not built yet, and one error
//! a machine says so.

mod calls;
mod fan_out;
mod heads;
mod loops;
mod made;
mod messages;
mod people;
mod policies;
mod triggers;
mod work;

pub(super) use loops::round;
pub(super) use policies::{millis, no_time};

use super::ctx::Ctx;
use super::names::Names;
use super::package::Package;
use crate::ast::{self, Item};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Activity, ActivityId, MessageDecl, Policy, StateId, Ty};
use crate::span::Span;
use std::collections::BTreeMap;

/// The machines of a package, which others start and send to.
#[derive(Debug, Default)]
pub(super) struct Machines<'a> {
    names: Names<'a, &'a ast::Machine>,
}

impl<'a> Machines<'a> {
    /// All machines of all files.
    pub(super) fn collect(package: &'a Package) -> Self {
        let mut machines = Self::default();
        let items = package.files.iter().flat_map(|file| &file.tree.items);
        for item in items {
            if let Item::Machine(machine) = item {
                machines.names.insert(&machine.name, machine);
            }
        }
        machines
    }
}

/// What is known of the outside while the bodies of one machine are resolved.
pub(super) struct Outside<'a, 'x> {
    machines: &'x Machines<'a>,
    /// The machine itself.
    own: &'a ast::Machine,
    /// Names that a state gives to results: of steps, calls, joins.
    locals: BTreeMap<StateId, Vec<(&'a ast::Name, Ty)>>,
    /// What `on done` carries in states that start something.
    done: BTreeMap<StateId, Vec<Ty>>,
    /// States with a `human` step.
    people: BTreeMap<StateId, people::Asked>,
    /// True once a branch of a fan-out has named its value of the list.
    pub(super) items_read: bool,
    /// The loop whose `until` is read, where `change(..)` has a meaning.
    pub(super) in_until: Option<StateId>,
    /// What is known of loops so far.
    loops: BTreeMap<StateId, loops::Rounds>,
    /// What the policies of the machine say.
    pub(super) policies: Vec<Policy>,
    /// Activities that no statement declares.
    made: Vec<(ActivityId, Activity)>,
    /// What is sent to other machines.
    pub(super) messages: Vec<MessageDecl>,
    /// Constructs with their places.
    unbuilt: Vec<(&'static str, Span)>,
}

impl<'a, 'x> Outside<'a, 'x> {
    pub(super) fn new(machines: &'x Machines<'a>, own: &'a ast::Machine) -> Self {
        Self {
            machines,
            own,
            locals: BTreeMap::new(),
            done: BTreeMap::new(),
            people: BTreeMap::new(),
            items_read: false,
            in_until: None,
            loops: BTreeMap::new(),
            policies: Vec::new(),
            made: Vec::new(),
            messages: Vec::new(),
            unbuilt: Vec::new(),
        }
    }

    /// The type of a result that a state gives this name.
    pub(super) fn local(&self, state: StateId, name: &str) -> Option<Ty> {
        let locals = self.locals.get(&state)?;
        locals.iter().rev().find(|(local, _)| local.text == name).map(|(_, ty)| ty.clone())
    }

    /// The names that a state gives to results.
    pub(super) fn local_names(&self, state: StateId) -> impl Iterator<Item = (&'a str, Span)> + '_ {
        let locals = self.locals.get(&state).into_iter().flatten();
        locals.map(|(name, _)| (name.text.as_str(), name.span))
    }

    /// What `on done` carries, if the state starts something.
    pub(super) fn done_of(&self, state: StateId) -> Option<Vec<Ty>> {
        self.done.get(&state).cloned()
    }

    /// True if `on done` in the state means how something that it starts has ended.
    pub(super) fn starts(&self, state: StateId) -> bool {
        self.done.contains_key(&state)
    }

    fn unbuilt(&mut self, construct: &'static str, span: Span) {
        self.unbuilt.push((construct, span));
    }
}

impl Ctx<'_, '_> {
    /// The one error for everything that this version cannot run.
    pub(super) fn not_built(&mut self) {
        self.outside.unbuilt.sort_by_key(|(_, span)| span.order());
        let mut kinds: Vec<(&'static str, Span)> = Vec::new();
        for (construct, span) in &self.outside.unbuilt {
            if !kinds.iter().any(|(known, _)| known == construct) {
                kinds.push((construct, *span));
            }
        }
        let Some(((_, primary), others)) = kinds.split_first() else { return };
        let names: Vec<String> = kinds.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = match names.as_slice() {
            [one] => format!("{one} is not built yet"),
            [first @ .., last] => format!("{} and {last} are not built yet", first.join(", ")),
            [] => return,
        };
        let mut diagnostic = Diagnostic::new(Code::NotBuilt, *primary, message)
            .at("this version cannot run it")
            .note("the machine parses, and its names are resolved");
        for (name, span) in others {
            diagnostic = diagnostic.label(*span, format!("`{name}`"));
        }
        self.error(diagnostic);
    }
}
