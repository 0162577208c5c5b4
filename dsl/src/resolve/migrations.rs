//! `migrate` blocks: what becomes of instances of old versions.

use super::ctx::{Ctx, Old, Scope, Want};
use super::names::declared_twice;
use super::types::no_default;
use crate::ast::{self, MachineItem, MigrateItemKind, Name, Path};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{ContextDecl, Expr, Migration, Move, MoveTarget, Param, StateId, Ty};
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    /// The migrations of a machine, by version. One that leads to a later one is read in its words, so
    /// the last comes first.
    pub(super) fn migrations(&mut self, machine: &'a ast::Machine) -> Vec<Migration> {
        let mut written: Vec<&ast::Migrate> = machine
            .items
            .iter()
            .filter_map(|item| match item {
                MachineItem::Migrate(migrate) => Some(migrate),
                _ => None,
            })
            .collect();
        written.sort_by_key(|migrate| std::cmp::Reverse(migrate.from));
        let mut later: Vec<Migration> = Vec::new();
        for migrate in written {
            if let Some(other) = later.iter().find(|other| other.from == migrate.from) {
                self.twice(&format!("migration from {}", migrate.from), migrate.span, other.span);
                continue;
            }
            self.must_lead_here(machine, migrate);
            let migration = self.migration(migrate, &later);
            later.insert(0, migration);
        }
        later
    }

    fn must_lead_here(&mut self, machine: &ast::Machine, migrate: &ast::Migrate) {
        let (name, version) = (&machine.name.text, machine.version.unwrap_or(1));
        if machine.durable.is_none() {
            let message = format!("`{name}` is not durable, so there are no old instances of it");
            let diagnostic = Diagnostic::new(Code::TypeMismatch, migrate.place, message)
                .at("nothing is kept that could be migrated")
                .help(format!("write `durable machine {name}`, or remove the migration"));
            self.error(diagnostic);
        } else if migrate.from >= version {
            let message =
                format!("`{name}` is version {version}: nothing leads there from {}", migrate.from);
            let diagnostic = Diagnostic::new(Code::TypeMismatch, migrate.place, message)
                .at("not an older version")
                .label(machine.span, format!("version {version}"))
                .help(format!("write `machine {name} version {}`", migrate.from + 1));
            self.error(diagnostic);
        }
    }

    fn twice(&mut self, what: &str, second: Span, first: Span) {
        let message = format!("{what} is given twice");
        let diagnostic = Diagnostic::new(Code::Duplicate, second, message)
            .at("given again here")
            .label(first, "first given here")
            .help("remove one of the two");
        self.error(diagnostic);
    }

    fn migration(&mut self, written: &'a ast::Migrate, later: &[Migration]) -> Migration {
        let mut old: Vec<Param> = Vec::new();
        for item in &written.items {
            if let MigrateItemKind::Old(params) = &item.kind {
                self.more_old(&mut old, params);
            }
        }
        let mut migration = Migration {
            from: written.from,
            old: old.clone(),
            moves: Vec::new(),
            sets: Vec::new(),
            span: written.span,
        };
        let mut set: Vec<&Name> = Vec::new();
        for item in &written.items {
            match &item.kind {
                MigrateItemKind::Old(_) => {}
                MigrateItemKind::State { old: state, data, new } => {
                    let other = migration.moves.iter().find(|other| other.old == dotted(state));
                    if let Some(other) = other {
                        self.twice(&format!("old state `{}`", state.text()), item.span, other.span);
                    }
                    let data = self.old_params(data);
                    let new = self.move_targets(reading(&old, &data), new, later);
                    let (old, span) = (dotted(state), item.span);
                    migration.moves.push(Move { old, data, new, span });
                }
                MigrateItemKind::Set(name, value) => {
                    if let Some(first) = set.iter().find(|first| first.text == name.text) {
                        self.twice(&format!("field `{}`", name.text), name.span, first.span);
                    }
                    set.push(name);
                    migration.sets.extend(self.set_field((name, value), &old, later));
                }
            }
        }
        migration
    }

    /// The fields of one of several `old(..)`.
    fn more_old(&mut self, old: &mut Vec<Param>, written: &'a [ast::Param]) {
        let before = old.len();
        for param in self.old_params(written) {
            let known = old[..before].iter().find(|known| known.name.text == param.name.text);
            match known.map(|known| known.name.span) {
                Some(first) => self.error(declared_twice("old field", &param.name, first)),
                None => old.push(param),
            }
        }
    }

    fn old_params(&mut self, written: &'a [ast::Param]) -> Vec<Param> {
        written.iter().for_each(|param| no_default(param, self.d));
        self.types.params("old field", written, &mut self.used.types, self.d)
    }

    /// A field that a later migration reads, or one of the context.
    fn set_field(
        &mut self,
        (name, value): (&'a Name, &'a ast::Expr),
        old: &[Param],
        later: &[Migration],
    ) -> Option<(String, Expr)> {
        let scope = reading(old, &[]);
        if self.must_stay(name).is_none() {
            self.infer(scope, value, Some(Want::new(&Ty::Unknown)));
            return None;
        }
        let read = later
            .iter()
            .find_map(|later| later.old.iter().find(|param| param.name.text == name.text));
        if let Some(param) = read {
            let value = self.expr(scope, value, Want::param(param));
            return Some((name.text.clone(), value));
        }
        let ContextDecl::Declared(fields) = &self.declarations.context else {
            let value = self.infer(scope, value, Some(Want::new(&Ty::Unknown)));
            return Some((name.text.clone(), value));
        };
        let Some(id) = self.symbols.fields.get(&name.text) else {
            self.infer(scope, value, Some(Want::new(&Ty::Unknown)));
            let known = fields.iter().map(|f| (f.param.name.text.as_str(), f.param.name.span));
            let unknown = super::suggest::unknown(Code::UnknownName, "context field", name, known);
            self.error(unknown);
            return None;
        };
        let field = &fields[id.index()];
        let value = match field.late {
            // A `late` field is read by its type, and kept as an option.
            true => {
                let value = self.expr(scope, value, Want::param(&field.param));
                let (span, ty) = (value.span, Ty::Option(Box::new(value.ty.clone())));
                let kind =
                    crate::model::ExprKind::Builtin(crate::model::Builtin::Some, vec![value]);
                Expr { kind, ty, span }
            }
            false => self.expr(scope, value, Want::param(&field.param)),
        };
        Some((name.text.clone(), value))
    }

    /// Where instances go: to one state, or to one a region.
    fn move_targets(
        &mut self,
        scope: Scope<'_>,
        written: &'a [ast::TargetState],
        later: &[Migration],
    ) -> Vec<MoveTarget> {
        let mut found: Vec<MoveTarget> = Vec::new();
        let mut places: Vec<(StateId, Span)> = Vec::new();
        for new in written {
            let Some(target) = self.move_target(scope, new, later) else { continue };
            // Of states that a later migration leads on nobody knows any more how they stood.
            if let Some(state) = target.state {
                let second = (state, new.path.span);
                let all_apart =
                    places.iter().all(|first| self.must_be_apart(*first, second).is_some());
                if !all_apart {
                    break;
                }
                places.push(second);
            }
            found.push(target);
        }
        found
    }

    /// A state that a later migration leads on, or one of the machine.
    fn move_target(
        &mut self,
        scope: Scope<'_>,
        written: &'a ast::TargetState,
        later: &[Migration],
    ) -> Option<MoveTarget> {
        let path = dotted(&written.path);
        let args = written.args.as_deref();
        let span = written.path.span;
        let on = later.iter().flat_map(|later| &later.moves).find(|on| on.old == path);
        let (path, state, data) = match on {
            Some(on) => (path, None, on.data.clone()),
            None => {
                let state = self.state(StateId::ROOT, &written.path)?;
                self.may_be_named(state, &written.path)?;
                let tree = self.tree;
                let path = tree.path(state).replace("::", ".");
                (path, Some(state), tree.get(state).data.clone())
            }
        };
        let Some(args) = args else {
            return Some(MoveTarget { path, state, data: Vec::new() });
        };
        let what = format!("the state `{}`", written.path.text());
        let declared = data.first().map_or(span, |param| param.name.span);
        let values = self.args(scope, &what, declared, &data, args, span)?;
        let names = data.into_iter().map(|param| param.name.text);
        Some(MoveTarget { path, state, data: names.zip(values).collect() })
    }
}

/// What is read of the old version, and nothing else.
fn reading<'s>(context: &'s [Param], data: &'s [Param]) -> Scope<'s> {
    Scope { old: Some(Old { context, data }), ..Scope::CONSTANT }
}

fn dotted(path: &Path) -> String {
    path.text().replace("::", ".")
}
