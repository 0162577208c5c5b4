//! Syntax trees to models: finds what every name means, and the type of every expression.
//!
//! First the types of the whole package ([`types`]); then for each machine what it declares
//! ([`declarations`]), the tree of its states ([`states`]), and last their bodies, with all of
//! that known ([`bodies`], which calls [`reactions`], [`effects`], [`targets`] and [`expr`]).
//! One mistake gives one error: what cannot be resolved has an unknown type or is left out, and
//! the caller does not check a model that has errors.

mod annotations;
mod bodies;
mod ctx;
mod declarations;
mod effects;
mod expr;
mod machine;
mod names;
mod orchestration;
mod package;
mod print;
mod reactions;
mod scope;
mod states;
mod suggest;
mod targets;
mod types;

pub use package::{Package, ParsedFile};

use crate::ast::{Item, Machine};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Allow, Model};
use crate::span::Span;
use names::{Names, snake_case};
use orchestration::Machines;
use std::collections::BTreeMap;
use types::Types;

/// The models of the machines in the root file, in order. After an error they are not complete.
pub fn resolve(package: &Package, d: &mut Diagnostics) -> Vec<Model> {
    let Some(root) = package.files.first() else { return Vec::new() };
    let types = Types::collect(package, d);
    let machines = Machines::collect(package);
    let mut allows = Vec::new();
    for file in &package.files {
        file.tree.items.iter().for_each(|item| check_annotations(item, &mut allows, d));
    }
    let own: Vec<&Machine> = root.tree.items.iter().filter_map(machine).collect();
    machine_names(&own, d);
    let imported: Vec<&Machine> = package
        .imported_first()
        .into_iter()
        .filter(|file| *file != 0)
        .flat_map(|file| package.files[file].tree.items.iter().filter_map(machine))
        .collect();
    let mut models: Vec<Model> = own
        .iter()
        .zip(ends(&root.tree.items))
        .map(|(tree, end)| machine::resolve(tree, end, &imported, &types, &machines, d))
        .collect();
    for model in &mut models {
        model.allows.extend(allows.iter().cloned());
    }
    share_type_uses(&mut models);
    if let [model] = models.as_mut_slice() {
        model.docs.extend(root.tree.docs.iter().cloned());
    }
    models
}

fn machine(item: &Item) -> Option<&Machine> {
    match item {
        Item::Machine(machine) => Some(machine),
        _ => None,
    }
}

/// Where each machine ends at the latest: before the next item, or with the file.
fn ends(items: &[Item]) -> Vec<u32> {
    let next = items.iter().skip(1).map(|item| span_of(item).start).chain([u32::MAX]);
    items.iter().zip(next).filter(|(item, _)| machine(item).is_some()).map(|(_, end)| end).collect()
}

fn span_of(item: &Item) -> Span {
    match item {
        Item::Use(item) => item.span,
        Item::Import(item) => item.span,
        Item::Enum(item) => item.span,
        Item::Struct(item) => item.span,
        Item::Machine(item) => item.span,
    }
}

/// The annotations of types and their parts.
fn check_annotations(item: &Item, allows: &mut Vec<Allow>, d: &mut Diagnostics) {
    match item {
        Item::Enum(decl) => {
            annotations::check(&decl.meta, decl.span, allows, d);
            for variant in &decl.variants {
                annotations::check(&variant.meta, variant.name.span, allows, d);
            }
        }
        Item::Struct(decl) => {
            annotations::check(&decl.meta, decl.span, allows, d);
            for field in &decl.fields {
                annotations::check(&field.meta, field.name.span, allows, d);
            }
        }
        Item::Use(_) | Item::Import(_) | Item::Machine(_) => {}
    }
}

/// Each machine becomes a Rust module, called like it in snake case.
fn machine_names(machines: &[&Machine], d: &mut Diagnostics) {
    let mut names = Names::default();
    let mut modules: BTreeMap<String, &Machine> = BTreeMap::new();
    for machine in machines {
        names.declare("machine", &machine.name, (), d);
        let module = snake_case(&machine.name.text);
        match modules.get(&module) {
            Some(first) if first.name.text != machine.name.text => {
                let message = format!(
                    "`{}` and `{}` have the same name in Rust",
                    first.name.text, machine.name.text
                );
                d.push(
                    Diagnostic::new(Code::NotAnIdentifier, machine.name.span, message)
                        .at(format!("becomes the module `{module}`"))
                        .label(first.name.span, "and so does this")
                        .help("give one of them another name"),
                );
            }
            Some(_) => {}
            None => {
                modules.insert(module, machine);
            }
        }
    }
}

/// All machines of a file share its types: what one of them uses is used.
fn share_type_uses(models: &mut [Model]) {
    let all: std::collections::BTreeSet<_> =
        models.iter().flat_map(|model| model.used.types.iter().copied()).collect();
    for model in models {
        model.used.types.clone_from(&all);
    }
}
