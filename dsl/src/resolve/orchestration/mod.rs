//! What talks to the outside: activities, policies, sagas, people, fan-out, loops, other machines.

mod calls;
mod children;
mod fan_out;
mod heads;
mod loops;
mod made;
mod messages;
mod people;
mod policies;
mod triggers;
mod work;

pub(super) use heads::Named;
pub(super) use loops::round;
pub(super) use policies::{millis, no_time};

use super::names::{Brought, Names};
use super::package::Package;
use crate::ast::{self, Item};
use crate::model::{Activity, ActivityId, MessageDecl, Policy, StateId, Ty};
use crate::span::Span;
use std::collections::BTreeMap;

/// The machines of a package, which others start and send to.
#[derive(Debug, Default)]
pub(super) struct Machines<'a> {
    names: Names<'a, &'a ast::Machine>,
    brought: Brought<'a>,
}

impl<'a> Machines<'a> {
    /// All machines of all files.
    pub(super) fn collect(package: &'a Package) -> Self {
        let mut machines = Self::default();
        let files = package.files.iter().enumerate();
        for (file, item) in
            files.flat_map(|(at, file)| file.tree.items.iter().map(move |i| (at, i)))
        {
            let Item::Machine(machine) = item else { continue };
            let name = &machine.name;
            if machines.brought.has(name) {
                machines.brought.add_other(name);
            } else if machines.names.get(&name.text).is_none() {
                machines.names.insert(name, machine);
                if file > 0 {
                    machines.brought.add(name);
                }
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
    /// Child machines of states whose `on done` can take nothing, though they give something.
    pub(super) several: BTreeMap<StateId, children::Several>,
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
}

impl<'a, 'x> Outside<'a, 'x> {
    pub(super) fn new(machines: &'x Machines<'a>, own: &'a ast::Machine) -> Self {
        Self {
            machines,
            own,
            locals: BTreeMap::new(),
            done: BTreeMap::new(),
            several: BTreeMap::new(),
            people: BTreeMap::new(),
            items_read: false,
            in_until: None,
            loops: BTreeMap::new(),
            policies: Vec::new(),
            made: Vec::new(),
            messages: Vec::new(),
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
}
