//! Rules for values: the context, and the data of states.

use super::{Comparison, Difference, FieldShape, state_name, target};
use std::borrow::Cow;

/// Where a new value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source<'a> {
    /// The old field.
    Old(&'a FieldShape),
    /// The old field, if it is set.
    OldIfSet(&'a FieldShape),
    /// Its default, or unset.
    Default,
}

impl Comparison {
    /// The old field of the context that a new one was.
    pub(super) fn old_field(&self, field: &FieldShape) -> Option<&FieldShape> {
        let identity = |field: &FieldShape| field.id.clone().unwrap_or_else(|| field.name.clone());
        let old = &self.old.context;
        let was = |old: &&FieldShape| {
            field.was.iter().any(|was| *was == old.name || *was == identity(old))
        };
        let same = |old: &&FieldShape| identity(old) == identity(field) || old.name == field.name;
        // What another field says that it was is not this one.
        let taken = |old: &&FieldShape| {
            let others = self.new.context.iter().filter(|other| other.name != field.name);
            others.into_iter().any(|other| other.was.contains(&old.name))
        };
        old.iter().find(was).or_else(|| old.iter().find(|old| same(old) && !taken(old)))
    }

    /// Where a field of the context comes from.
    pub(crate) fn context(&self, field: &FieldShape) -> Result<Source<'_>, Difference> {
        let what = format!("context field `{}`", field.name);
        let set = self.set(field);
        match self.old_field(field) {
            Some(old) if self.types().field(old, field) => Ok(Source::Old(old)),
            Some(old) if self.types().field_if_set(old, field) => Ok(Source::OldIfSet(old)),
            Some(old) => Err(Difference::refused(what, was(old, field), set)),
            None if field.default || field.late => Ok(Source::Default),
            None => {
                let way_out = match self.is_key(field) {
                    true => {
                        "a key is never set: let `key` name a field that instances have".to_owned()
                    }
                    false => format!("give it a default, or {set}"),
                };
                Err(Difference::refused(what, "is new and has no default", way_out))
            }
        }
    }

    /// What says what a field of the context is, if it cannot be what it was.
    fn set(&self, field: &FieldShape) -> String {
        match self.is_key(field) {
            true => "give it the type that it had: a key is never set".to_owned(),
            false => {
                format!("`set {} = ..` in `{} {{ .. }}` says what it is", field.name, self.block())
            }
        }
    }

    fn is_key(&self, field: &FieldShape) -> bool {
        self.new.key.as_ref() == Some(&field.name)
    }

    /// An old field that may be unset, and must not be any more.
    pub(crate) fn unset(&self, old: &FieldShape, field: &FieldShape) -> Difference {
        let (what, set) = (format!("context field `{}`", field.name), self.set(field));
        Difference::refused(what, format!("{}, and it may be unset", was(old, field)), set)
    }

    /// A `late` field that is unset where no instance can be without.
    pub(crate) fn needed(&self, field: &str, unset: &str, state: usize) -> Difference {
        let why = format!("{unset}, and is read from {} on", state_name(&self.new.states[state]));
        let way_out = format!("`set {field} = ..` in `{} {{ .. }}` says what it is", self.block());
        Difference::refused(format!("context field `{field}`"), why, way_out)
    }

    /// The first state that needs a `late` field and in which instances of the old shape may not have
    /// it.
    pub(super) fn lacking(&self, field: &FieldShape) -> Option<usize> {
        let old = self.old_field(field);
        (0..self.new.states.len()).find(|at| {
            let is_set = |state: usize| {
                let set = &self.old.states[state].set;
                old.is_some_and(|old| !old.late || set.contains(&old.name))
            };
            self.new.states[*at].needs.contains(&field.name)
                && self.old_of(*at).is_some_and(|state| !is_set(state))
        })
    }

    /// Where a piece of data of a new state comes from.
    pub(crate) fn data(&self, state: usize, field: &FieldShape) -> Result<Source<'_>, Difference> {
        let shape = &self.new.states[state];
        let old = self.old_of(state).map(|old| &self.old.states[old].data);
        let name = self.name_before(&field.name);
        let old = old.and_then(|data| data.iter().find(|old| old.name == name));
        let what = format!("data `{}` of {}", field.name, state_name(shape));
        let target = target(shape);
        let give =
            format!("`state {target} -> {target}(..)` in `{} {{ .. }}` gives it", self.block());
        match old {
            Some(old) if self.types().field(old, field) => Ok(Source::Old(old)),
            Some(old) => Err(Difference::refused(what, was(old, field), give)),
            None if field.default => Ok(Source::Default),
            None => {
                let way_out = format!("give it a default, or {give}");
                Err(Difference::refused(what, "is new and has no default", way_out))
            }
        }
    }

    /// The name that a piece of data had. What a loop remembers is called as what it is of,
    /// `change(score)`, and fields of the context may have been called otherwise.
    fn name_before<'n>(&self, name: &'n str) -> Cow<'n, str> {
        if !name.contains('(') {
            return name.into();
        }
        let is_in_word = |char: char| char.is_alphanumeric() || char == '_';
        // Each word with what stands behind it.
        let parts = name.split_inclusive(|char| !is_in_word(char));
        let before = parts.map(|part| {
            let word = part.trim_end_matches(|char| !is_in_word(char));
            let is_called = |field: &&FieldShape| field.name == word && !part.ends_with('(');
            let field = self.new.context.iter().find(is_called);
            match field.and_then(|field| self.old_field(field)) {
                Some(old) => format!("{}{}", old.name, &part[word.len()..]),
                None => part.to_owned(),
            }
        });
        before.collect::<String>().into()
    }

    /// The whole context, if it is a type of the user's own.
    pub(crate) fn external_context(&self) -> Result<bool, Difference> {
        match (&self.old.external_context, &self.new.external_context) {
            (None, None) => Ok(false),
            (Some(old), Some(new)) if old == new => Ok(true),
            _ => Err(Difference::refused(
                "the context".to_owned(),
                "was another type",
                "a `Migrate` in Rust makes the new one of the old one",
            )),
        }
    }
}

/// ``was `u32` and is `String` now``
pub(super) fn was(old: &FieldShape, new: &FieldShape) -> String {
    let written = |field: &FieldShape| match field.late {
        true => format!("late {}", field.ty),
        false => field.ty.clone(),
    };
    format!("was `{}` and is `{}` now", written(old), written(new))
}
