//! All that the rules say of two shapes.

use super::fields::was;
use super::{Comparison, Difference, FieldShape, Source, StateShape, state_name};

impl Comparison {
    /// All that is not as it was and that instances depend on: the machine, its context, its states,
    /// what waits, the types of all that; in declared order.
    pub fn differences(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        self.context_differences(&mut found);
        for (at, state) in self.new.states.iter().enumerate() {
            match self.old_of(at) {
                Some(old) => self.state_differences(old, at, &mut found),
                None => found.push(Difference::fine(state_name(state), self.entered(at))),
            }
        }
        for (at, state) in self.old.states.iter().enumerate() {
            if self.new_of(at).is_none() && self.old.children(at).next().is_some() {
                // What is in it says where it is.
                found.push(Difference::fine(state_name(state), "is gone"));
                continue;
            }
            let Err(mut difference) = self.place(at) else { continue };
            difference.migrated_from = self.moved_by(&state.path);
            found.push(difference);
        }
        self.message_differences(&mut found);
        self.type_differences(&mut found);
        self.reading_differences(&mut found);
        // Two states may say the same of what stands around them.
        let mut told: Vec<Difference> = Vec::new();
        found.into_iter().for_each(|d| {
            if !told.contains(&d) {
                told.push(d)
            }
        });
        told
    }

    fn context_differences(&self, found: &mut Vec<Difference>) {
        if self.old.key != self.new.key {
            let of = |key: &Option<String>, list: &[FieldShape]| {
                list.iter().find(|field| Some(&field.name) == key.as_ref()).cloned()
            };
            let new = of(&self.new.key, &self.new.context);
            let source = new.as_ref().and_then(|new| self.old_field(new));
            if source.map(|old| &old.name) != self.old.key.as_ref() {
                let why = "is another field now: instances keep the key that they have";
                found.push(Difference::fine("`key`".to_owned(), why));
            }
        }
        found.extend(self.external_context().err());
        for field in &self.new.context {
            let what = format!("context field `{}`", field.name);
            let lacking = self.lacking(field).filter(|_| field.late);
            let difference = match (self.context(field), lacking) {
                (Ok(Source::Old(_) | Source::Default), Some(state)) => {
                    self.needed(&field.name, "may be unset", state)
                }
                (Ok(Source::Old(old)), _) if old.name != field.name => {
                    Difference::fine(what, format!("was called `{}`", old.name))
                }
                (Ok(Source::Old(old)), _) if (&old.ty, old.late) != (&field.ty, field.late) => {
                    Difference::fine(what, was(old, field))
                }
                (Ok(Source::Old(_)), _) => continue,
                (Ok(Source::OldIfSet(old)), _) => self.unset(old, field),
                (Ok(Source::Default), _) if field.late => {
                    Difference::fine(what, "is new, and unset")
                }
                (Ok(Source::Default), _) => Difference::fine(what, "is new, and has a default"),
                (Err(difference), _) => difference,
            };
            let migrated_from = self.set_by(&field.name).filter(|_| difference.way_out.is_some());
            found.push(Difference { migrated_from, ..difference });
        }
        let kept = |old: &&FieldShape| {
            let source = |field| self.old_field(field).map(|old| &old.name);
            self.new.context.iter().all(|field| source(field) != Some(&old.name))
        };
        for old in self.old.context.iter().filter(kept) {
            let what = format!("context field `{}`", old.name);
            found.push(Difference::fine(what, "is gone, and its value is dropped"));
        }
    }

    /// What a state that is new means for instances.
    fn entered(&self, new: usize) -> &'static str {
        let around = self.new.parent(new);
        let stays = around.is_some_and(|around| self.old_of(around).is_some());
        match self.new.states[new].kind == "region" && stays {
            true => {
                "is new: instances are in its initial state when they are resumed, without its entry effects"
            }
            false => "is new",
        }
    }

    fn state_differences(&self, old: usize, new: usize, found: &mut Vec<Difference>) {
        let (before, now) = (&self.old.states[old], &self.new.states[new]);
        let mut fine = |why: String| found.push(Difference::fine(state_name(now), why));
        if before.path != now.path && before.name != now.name {
            fine(format!("was called `{}`", before.path.replace('.', "::")));
        }
        let around = |old: usize, new: usize| (self.old.parent(old), self.new.parent(new));
        if let (Some(outer), Some(inner)) = around(old, new)
            && self.new_of(outer) != Some(inner)
        {
            fine(format!("stands in {} now", state_name(&self.new.states[inner])));
        }
        if before.part == "step" && now.part == "pivot" {
            fine("is the pivot now".to_owned());
        }
        let is_leaf = |shape: &StateShape| shape.initial.is_empty() && shape.kind == "atomic";
        if is_leaf(before) && !is_leaf(now) && now.kind != "final" {
            fine("has states in it now: instances in it are in its initial ones, without their entry effects".to_owned());
        }
        if before.remembered && !now.remembered {
            fine("is not remembered any more".to_owned());
        }
        if before.asks_person() && before.invoke == now.invoke && before.gives != now.gives {
            // What cannot be read as it is now is refused below.
            if self.gives_the_same(before, now) && !before.gives.is_empty() {
                fine(format!("was answered by `{}` and is by `{}` now", before.gives, now.gives));
            }
        }
        if now.timed && !before.timed {
            fine("is asked for `elapsed()` now, which counts from when it is resumed".to_owned());
        }
        let mut pending = Vec::new();
        match self.timers(old, new) {
            Ok(pairs) => self.timer_differences((old, new), &pairs, &mut pending),
            Err(difference) => pending.push(difference),
        }
        pending.extend(self.invoked(old, new).err());
        pending.extend(self.not_asked(new));
        self.data_differences(new, &mut pending);
        for difference in pending {
            let by = self.moved_by(&before.path).filter(|_| difference.way_out.is_some());
            found.push(Difference { migrated_from: by, ..difference });
        }
    }

    fn timer_differences(
        &self,
        (old, new): (usize, usize),
        pairs: &[(usize, usize)],
        found: &mut Vec<Difference>,
    ) {
        let (before, now) = (&self.old.states[old], &self.new.states[new]);
        for (at, timer) in now.timers.iter().enumerate() {
            if pairs.iter().all(|(_, now)| *now != at) {
                let what = format!("`{} {}` of {}", timer.kind, timer.delay, state_name(now));
                let why = "is new: it starts when an instance in the state is resumed";
                found.push(Difference::fine(what, why));
            }
        }
        for (at, timer) in before.timers.iter().enumerate() {
            if pairs.iter().all(|(before, _)| *before != at) {
                let what = format!("`{} {}` of {}", timer.kind, timer.delay, state_name(now));
                found.push(Difference::fine(what, "is gone"));
            }
        }
    }

    fn data_differences(&self, new: usize, found: &mut Vec<Difference>) {
        let shape = &self.new.states[new];
        for field in &shape.data {
            match self.data(new, field) {
                Ok(Source::Default) => {
                    let what = format!("data `{}` of {}", field.name, state_name(shape));
                    found.push(Difference::fine(what, "is new, and has a default"));
                }
                Ok(Source::Old(old)) if old.ty != field.ty => {
                    let what = format!("data `{}` of {}", field.name, state_name(shape));
                    found.push(Difference::fine(what, was(old, field)));
                }
                Ok(_) => {}
                Err(difference) => found.push(difference),
            }
        }
        // A state that is new around one that is not has to be given its data too.
        for outer in self.new.around(new).skip(1).filter(|outer| self.old_of(*outer).is_none()) {
            let fields = self.new.states[outer].data.iter();
            found.extend(fields.filter_map(|field| self.data(outer, field).err()));
        }
    }

    fn message_differences(&self, found: &mut Vec<Difference>) {
        for old in self.old.events.iter().filter(|event| event.kept) {
            match self.event(&old.name) {
                Ok(Some(name)) if name != old.name => {
                    let what = format!("event `{name}`");
                    found.push(Difference::fine(what, format!("was called `{}`", old.name)));
                }
                Ok(_) => {}
                Err(difference) => found.push(difference),
            }
        }
        for old in &self.old.outputs {
            let new = self.new.outputs.iter().find(|new| new.name == old.name);
            if !new.is_some_and(|new| self.types().fields(&old.fields, &new.fields)) {
                let why = "is another now: those that were put out before cannot be read";
                found.push(Difference::fine(format!("output `{}`", old.name), why));
            }
        }
        for old in &self.old.actions {
            // An instance has one only if the program was killed between a step and its actions.
            let difference = self.action(&old.name).err().map(|d| Difference {
                why: format!(
                    "{}: instances of which the program was killed before that are parked",
                    d.why
                ),
                way_out: None,
                ..d
            });
            found.extend(difference);
        }
    }

    /// The `migrate` block that says what a field is.
    fn set_by(&self, field: &str) -> Option<u64> {
        let blocks = self.blocks().find(|block| block.sets.iter().any(|set| set == field));
        blocks.map(|block| block.from)
    }

    /// The `migrate` block that says what becomes of instances in an old state.
    fn moved_by(&self, path: &str) -> Option<u64> {
        let inside = |old: &str| {
            path.strip_prefix(old).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let found = self.blocks().find(|block| block.states.iter().any(|moved| inside(&moved.old)));
        found.map(|block| block.from)
    }

    /// The `migrate` blocks that take instances of the old version.
    fn blocks(&self) -> impl Iterator<Item = &super::MigrationShape> {
        let (old, new) = (self.old.version, self.new.version);
        self.new.migrations.iter().filter(move |block| old <= block.from && block.from < new)
    }
}
