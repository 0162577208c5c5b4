//! Shapes of machines, and what becomes of instances when they change.
//!
//! The compiler writes the shape of a durable machine as a [`Document`]: everything that an instance at
//! rest depends on. Stores keep each shape that ever ran. So a later version of the program knows what
//! an instance was made by, without the source of then: a [`Comparison`] of the two says what is the
//! same under another name, what is new and has a default, and what does not go by itself.
//!
//! The rules stand here once: `statewright compat` asks for all differences, an engine asks of one
//! instance only for what it consists of. An instance that is in no state that is gone goes on.
//!
//! * [`document`]: shapes as data; [`types`] and [`states`]: what can be read as what, and which states
//!   are the same.
//! * [`fields`], [`places`], [`pending`]: the rules, by what they are about.
//! * [`sagas`]: what an instance has done of one, and what the new machine takes for done.
//! * [`growth`]: declared types that have changed and still fit.
//! * [`differences`]: all that they say of two shapes.

mod differences;
mod document;
mod fields;
mod growth;
mod pending;
mod places;
mod readings;
mod sagas;
mod states;
mod types;

pub use document::{
    Document, FieldShape, MessageShape, MigrationShape, MovedShape, StateShape, TimerShape,
    TypeShape,
};
pub(crate) use fields::Source;

use serde::Serialize;
use states::Pairs;
use std::fmt;
use types::Types;

/// Two shapes of one machine, the old one and the new one.
pub struct Comparison {
    pub(crate) old: Document,
    pub(crate) new: Document,
    pairs: Pairs,
}

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is about, as ``state `Paid` ``.
    pub what: String,
    /// What has become of it.
    pub why: String,
    /// What has to be done for instances that it touches; none if they go on by themselves.
    pub way_out: Option<String>,
    /// The version whose `migrate` block does that.
    pub migrated_from: Option<u64>,
}

/// What becomes of instances of the old shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing that they depend on has changed.
    Same,
    /// They go on by themselves.
    Compatible,
    /// Some cannot, and `migrate` blocks say what becomes of them.
    Migrated,
    /// Some cannot, and are parked.
    NeedsMigration,
}

impl Comparison {
    /// Compares two shapes.
    pub fn new(old: Document, new: Document) -> Self {
        let pairs = Pairs::find(&old, &new);
        Self { old, new, pairs }
    }

    /// What becomes of instances of the old shape.
    pub fn verdict(&self) -> Verdict {
        let differences = self.differences();
        let open = |d: &Difference| d.way_out.is_some() && d.migrated_from.is_none();
        match differences.iter().any(open) {
            true => Verdict::NeedsMigration,
            false if differences.iter().any(|d| d.way_out.is_some()) => Verdict::Migrated,
            false if differences.is_empty() => Verdict::Same,
            false => Verdict::Compatible,
        }
    }

    fn types(&self) -> Types<'_> {
        Types { old: &self.old, new: &self.new }
    }

    /// The new state that an old one is.
    pub(crate) fn new_of(&self, old: usize) -> Option<usize> {
        self.pairs.new_of[old]
    }

    /// The old state that a new one was.
    pub(crate) fn old_of(&self, new: usize) -> Option<usize> {
        self.pairs.old_of[new]
    }

    /// How a `migrate` block of the new machine is called here.
    fn block(&self) -> String {
        format!("migrate from {}", self.old.version)
    }
}

impl Difference {
    /// Instances go on by themselves.
    fn fine(what: String, why: impl Into<String>) -> Self {
        Self { what, why: why.into(), way_out: None, migrated_from: None }
    }

    /// Instances that it touches do not.
    fn refused(what: String, why: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { what, why: why.into(), way_out: Some(way_out.into()), migrated_from: None }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what, self.why)?;
        self.way_out.iter().try_for_each(|way_out| write!(f, "; {way_out}"))
    }
}

/// A state as messages name it.
fn state_name(shape: &StateShape) -> String {
    let word = if shape.kind == "region" { "region" } else { "state" };
    match shape.kind == "root" {
        true => "the machine".to_owned(),
        false => format!("{word} `{}`", shape.path.replace('.', "::")),
    }
}

/// A state as a `migrate` block names it.
fn target(shape: &StateShape) -> String {
    shape.path.replace('.', "::")
}
