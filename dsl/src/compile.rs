//! The whole way from source text to checked machines, and the one place that reads source files.

mod allows;
mod imports;
mod loader;
#[cfg(feature = "tools")]
mod script;

pub use crate::resolve::{Package, ParsedFile};
pub use loader::{FileLoader, LoadError, Loader, TextLoader};
#[cfg(feature = "tools")]
pub use script::{Asked, claims, script};

use crate::ast::Item;
use crate::check;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::levels::Levels;
use crate::model::{ActivityKind, Allow, Model, Valid};
use crate::resolve;
use crate::source::Sources;
use crate::unfold;

/// What came of one compilation.
#[derive(Debug)]
pub struct Compilation {
    /// All texts that were read.
    pub sources: Sources,
    /// Everything there is to say, by place; what `@allow` covers is not in it.
    pub diagnostics: Diagnostics,
    /// The machines of the root file, in order; empty if there was an error.
    pub machines: Vec<Valid<Model>>,
    /// The syntax trees.
    pub package: Package,
    /// The levels of warnings.
    pub levels: Levels,
}

/// Compiles the file that the loader knows as `root`, and what it imports.
pub fn compile(loader: &dyn Loader, root: &str) -> Compilation {
    compile_at(loader, root, &Levels::default())
}

/// Like [`compile`], with warnings taken as seriously as the levels say.
pub fn compile_at(loader: &dyn Loader, root: &str, levels: &Levels) -> Compilation {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let package = imports::load(loader, root, &mut sources, &mut diagnostics);
    finish(sources, diagnostics, package, levels)
}

/// The same with the scenarios that stand beside the file: those of `flows/order.flow` in
/// `flows/order.scenarios.flow`, if there is such a file. Of that file it compiles the one beside.
pub fn compile_with_scenarios(loader: &dyn Loader, root: &str, levels: &Levels) -> Compilation {
    let own = root.strip_suffix(imports::SCENARIOS).map(|stem| format!("{stem}.flow"));
    let root = own.as_deref().unwrap_or(root);
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let mut package = imports::load(loader, root, &mut sources, &mut diagnostics);
    package.beside = imports::beside(loader, root, &mut sources, &mut diagnostics);
    finish(sources, diagnostics, package, levels)
}

/// Compiles a text that is not a file; what it imports comes from the loader, with paths relative
/// to `name`.
pub fn compile_text_with(loader: &dyn Loader, name: &str, text: &str) -> Compilation {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let package = imports::load_text(loader, name, text, &mut sources, &mut diagnostics);
    finish(sources, diagnostics, package, &Levels::default())
}

/// Compiles a text that is not a file and imports nothing.
pub fn compile_text(name: &str, text: &str) -> Compilation {
    compile_text_with(&TextLoader::default(), name, text)
}

/// Drops the warnings about a machine that its author has answered with `@allow`, and gives the rest
/// their levels: for what is found after compiling.
pub fn weigh(compilation: &Compilation, model: &Model, diagnostics: &mut Diagnostics) {
    allows::apply(model.allows.clone(), diagnostics);
    compilation.levels.apply(diagnostics);
}

fn finish(
    sources: Sources,
    mut diagnostics: Diagnostics,
    package: Package,
    levels: &Levels,
) -> Compilation {
    let mut models = resolve_trees(&package, &mut diagnostics);
    for model in &mut models {
        model.strict |= levels.asks_for(Code::Unhandled);
    }
    let allows: Vec<Allow> = models.iter().flat_map(|model| model.allows.clone()).collect();
    let imported = match diagnostics.has_errors() {
        true => Vec::new(),
        false => started(&package, &models),
    };
    // Some rules hold for models with mistakes too; `check` knows which.
    let mut machines = check::check(models, &imported, &mut diagnostics);
    let unused = allows::apply(allows, &mut diagnostics);
    // After an error not all rules have looked.
    if let Some(root) = package.files.first().filter(|_| !diagnostics.has_errors()) {
        allows::unused(&unused, root.source, &mut diagnostics);
    }
    levels.apply(&mut diagnostics);
    diagnostics.sort();
    if diagnostics.has_errors() {
        machines.clear();
    }
    Compilation { sources, diagnostics, machines, package, levels: levels.clone() }
}

/// The machines of imported files, if one of them may be started. What is wrong with them is said where
/// they are compiled themselves.
fn started(package: &Package, models: &[Model]) -> Vec<Model> {
    let activities = models.iter().flat_map(|model| &model.declarations.activities);
    let mut started = activities.filter(|made| matches!(made.kind, ActivityKind::Machine(_)));
    let own = |name: &str| models.iter().any(|model| model.name.text == name);
    if !started.any(|made| !own(&made.name.text)) {
        return Vec::new();
    }
    let mut imported = Vec::new();
    for (at, file) in package.files.iter().enumerate().skip(1) {
        if file.tree.items.iter().any(|item| matches!(item, Item::Machine(_))) {
            let mut said = Diagnostics::default();
            let found = resolve_trees(&package.rooted_at(at), &mut said);
            imported.extend(found.into_iter().filter(|_| !said.has_errors()));
        }
    }
    imported
}

/// Resolves, and after errors in the syntax keeps only what cannot be a consequence of them: what
/// the parser skipped may have declared a name that now seems unknown.
fn resolve_trees(package: &Package, diagnostics: &mut Diagnostics) -> Vec<Model> {
    let broken = diagnostics.has_errors();
    let mut found = Diagnostics::default();
    let models = resolve::resolve(&unfold::unfold(package, &mut found), &mut found);
    for diagnostic in found.iter() {
        if !broken || stands_alone(diagnostic) {
            diagnostics.push(diagnostic.clone());
        }
    }
    if broken { Vec::new() } else { models }
}

/// True for a mistake that is one whatever else the file says: an unknown name counts if a known
/// one is so near that it must have been meant.
fn stands_alone(diagnostic: &Diagnostic) -> bool {
    match diagnostic.code {
        Code::Duplicate | Code::NotAnIdentifier => true,
        Code::UnknownState | Code::UnknownEvent | Code::UnknownName => !diagnostic.fixes.is_empty(),
        _ => diagnostic.severity == Severity::Warning,
    }
}
