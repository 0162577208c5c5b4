//! Syntax trees to models: finds what every name means, and the type of every expression.
//!
//! First the types of the whole package ([`types`]); then for each machine what it declares
//! ([`declarations`]), the tree of its states ([`states`]), and last their bodies, with all of
//! that known ([`bodies`], which calls [`reactions`], [`effects`], [`targets`] and [`expr`]).
//! One mistake gives one error: what cannot be resolved has an unknown type or is left out, and
//! the caller does not check a model that has errors.

mod activity_names;
mod annotations;
mod bodies;
mod ctx;
mod declarations;
mod effects;
mod expr;
mod identities;
mod machine;
mod migrations;
mod names;
mod orchestration;
mod package;
mod print;
mod reactions;
mod scenarios;
mod scope;
mod states;
mod suggest;
mod targets;
mod types;

pub use package::{Package, ParsedFile};

use crate::ast::{Item, Machine, Name, Scenario};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Allow, Model};
use annotations::Subject;
use machine::Beside;
use names::{Names, snake_case};
use orchestration::Machines;
use std::collections::BTreeMap;
use types::Types;

/// One machine with what is asked of it from outside: the steps of a script, claims. What is wrong
/// with these is reported, and nothing else.
#[cfg(feature = "tools")]
pub fn asked(
    package: &Package,
    machine: usize,
    script: &[crate::ast::ScenarioStep],
    claims: &[crate::ast::Claim],
    d: &mut Diagnostics,
) -> (Vec<crate::model::ScenarioStep>, Vec<crate::model::Property>) {
    let Some(root) = package.files.first() else { return Default::default() };
    let mut known = Diagnostics::default();
    let types = Types::collect(package, &mut known);
    let machines = Machines::collect(package);
    let own = root.tree.items.iter().filter_map(self::machine).nth(machine);
    let Some(tree) = own else { return Default::default() };
    let beside = Beside { script, claims, ..Beside::default() };
    let mut model = machine::resolve(tree, u32::MAX, &[], beside, &types, &machines, &mut known);
    let places: Vec<_> =
        script.iter().map(|s| s.span).chain(claims.iter().map(|c| c.span)).collect();
    let about = |d: &Diagnostic| places.iter().any(|span| span.source == d.primary.source);
    known.iter().filter(|d| about(d)).for_each(|diagnostic| d.push(diagnostic.clone()));
    let steps = match script.is_empty() {
        true => Vec::new(),
        false => model.scenarios.pop().map(|scenario| scenario.steps).unwrap_or_default(),
    };
    let properties = model.properties.split_off(model.properties.len() - claims.len());
    (steps, properties)
}

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
    let scenarios = scenarios_of(package, &own, d);
    let mut models: Vec<Model> = Vec::new();
    for ((tree, end), scenarios) in own.iter().zip(ends(&root.tree.items)).zip(&scenarios) {
        let beside = Beside { scenarios, ..Beside::default() };
        models.push(machine::resolve(tree, end, &imported, beside, &types, &machines, d));
    }
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
    let next = items.iter().skip(1).map(|item| item.span().start).chain([u32::MAX]);
    items.iter().zip(next).filter(|(item, _)| machine(item).is_some()).map(|(_, end)| end).collect()
}

/// The scenarios that stand beside the machines, machine by machine.
fn scenarios_of<'a>(
    package: &'a Package,
    machines: &[&Machine],
    d: &mut Diagnostics,
) -> Vec<Vec<&'a Scenario>> {
    let mut all = vec![Vec::new(); machines.len()];
    let files = package.files.first().into_iter().chain(&package.beside);
    for item in files.flat_map(|file| &file.tree.items) {
        let Item::Scenario(scenario) = item else { continue };
        let named = |name: &Name| machines.iter().position(|m| m.name.text == name.text);
        let at = match &scenario.machine {
            Some(name) => named(name).ok_or(name),
            None if machines.len() == 1 => Ok(0),
            None => {
                let message = "it is not said whose scenario this is";
                let diagnostic = Diagnostic::new(Code::UnknownName, scenario.title.span, message);
                let help = "name the machine: `scenario \"..\" for Machine { .. }`";
                d.push(diagnostic.help(help));
                continue;
            }
        };
        match at {
            Ok(at) => all[at].push(scenario),
            Err(name) => {
                let known = machines.iter().map(|m| (m.name.text.as_str(), m.name.span));
                d.push(suggest::unknown(Code::UnknownName, "machine", name, known));
            }
        }
    }
    all
}

/// The annotations of types and their parts.
fn check_annotations(item: &Item, allows: &mut Vec<Allow>, d: &mut Diagnostics) {
    match item {
        Item::Enum(decl) => {
            annotations::check((Subject::Other("a type"), &decl.meta), decl.span, allows, d);
            for variant in &decl.variants {
                annotations::check(
                    (Subject::Other("a variant"), &variant.meta),
                    variant.name.span,
                    allows,
                    d,
                );
            }
        }
        Item::Struct(decl) => {
            annotations::check((Subject::Other("a type"), &decl.meta), decl.span, allows, d);
            for field in &decl.fields {
                annotations::check(
                    (Subject::Other("a field of a type"), &field.meta),
                    field.name.span,
                    allows,
                    d,
                );
            }
        }
        Item::Use(_) | Item::Import(_) | Item::Machine(_) | Item::Scenario(_) => {}
    }
}

/// How user code calls the library whose macros make modules of machines.
const LIBRARY: &str = "statewright";

/// Each machine becomes a Rust module, called like it in snake case.
fn machine_names(machines: &[&Machine], d: &mut Diagnostics) {
    let mut names = Names::default();
    let mut modules: BTreeMap<String, &Machine> = BTreeMap::new();
    for machine in machines {
        names.declare("machine", &machine.name, (), d);
        let module = snake_case(&machine.name.text);
        if module == LIBRARY {
            let message = format!("`{}` would hide the library in Rust", machine.name.text);
            d.push(
                Diagnostic::new(Code::NotAnIdentifier, machine.name.span, message)
                    .at(format!("becomes the module `{module}`"))
                    .help("give it another name"),
            );
        }
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
