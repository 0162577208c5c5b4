//! Effects.

use super::ctx::{Ctx, Scope, Want};
use super::declarations::Callable;
use super::suggest::unknown as unknown_name;
use crate::ast::{self, EffectKind as Written, Name};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{ContextDecl, Effect, EffectKind, EventId, Expr, FunctionKind, StateId, Ty};
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    /// Effects in order; those with an error are left out.
    pub(super) fn effects(&mut self, scope: Scope<'_>, written: &'a [ast::Effect]) -> Vec<Effect> {
        written
            .iter()
            .filter_map(|effect| {
                let kind = self.effect(scope, effect)?;
                Some(Effect { kind, span: effect.span })
            })
            .collect()
    }

    fn effect(&mut self, scope: Scope<'_>, written: &'a ast::Effect) -> Option<EffectKind> {
        let span = written.span;
        match &written.kind {
            Written::Set(name, value) => self.set(scope, name, value),
            Written::Raise { event, args, after } => {
                self.raise(scope, event, args, after.as_ref(), span)
            }
            Written::Cancel(name) => {
                let event = self.event(name)?;
                self.used.events.insert(event);
                Some(EffectKind::Cancel(event))
            }
            Written::Emit { output, args } => self.emit(scope, output, args, span),
            Written::Action { action, args } => self.action(scope, action, args, span),
            Written::Send { machine, key, event, args } => {
                self.send(scope, machine, key, event, args, span)
            }
        }
    }

    fn set(
        &mut self,
        scope: Scope<'_>,
        name: &'a Name,
        value: &'a ast::Expr,
    ) -> Option<EffectKind> {
        if let Some((state, index)) = self.data_around(scope, &name.text) {
            let tree = self.tree;
            let param = &tree.get(state).data[index];
            let value = self.expr(scope, value, Want::param(param));
            if param.made && tree.special.get(&state) == Some(&ast::Modifier::Loop) {
                let owner = tree.get(state);
                self.error(
                    Diagnostic::new(
                        Code::IllFormedLoop,
                        name.span,
                        "a loop counts its rounds itself",
                    )
                    .at("cannot be set")
                    .label(owner.span, format!("this is the round of `{}`", owner.name.text))
                    .help(format!("`reenter {}` begins with the first round", owner.name.text)),
                );
                return None;
            }
            return Some(EffectKind::SetData(state, index as u32, value));
        }
        let declarations = self.declarations;
        let ContextDecl::Declared(fields) = &declarations.context else {
            let value = self.infer(scope, value, Some(Want::new(&Ty::Unknown)));
            return Some(EffectKind::SetExternal(name.clone(), value));
        };
        let Some(id) = self.symbols.fields.get(&name.text) else {
            self.infer(scope, value, Some(Want::new(&Ty::Unknown)));
            self.no_such_field(scope, name);
            return None;
        };
        self.used.fields_set.insert(id);
        let value = self.expr(scope, value, Want::param(&fields[id.index()].param));
        self.must_stay(name)?;
        Some(EffectKind::Set(id, value))
    }

    /// The key of a machine is what it was at the start.
    pub(super) fn must_stay(&mut self, name: &Name) -> Option<()> {
        let key = self.key.filter(|(key, _)| self.symbols.fields.get(&name.text) == Some(*key));
        let Some((_, declared)) = key else { return Some(()) };
        let message = format!("`{}` is the key, and cannot be set", name.text);
        self.error(
            Diagnostic::new(Code::KeySet, name.span, message)
                .at("the instance is found by what it was at the start")
                .label(declared, "declared as the key here")
                .help("keep what changes in another field of the context"),
        );
        None
    }

    /// The data of this name in the state of the scope, or in the nearest around it that has some.
    fn data_around(&self, scope: Scope<'_>, name: &str) -> Option<(StateId, usize)> {
        let tree = self.tree;
        tree.around(scope.state?).find_map(|id| {
            let index = tree.get(id).data.iter().position(|param| param.name.text == name)?;
            Some((id, index))
        })
    }

    fn no_such_field(&mut self, scope: Scope<'_>, name: &Name) {
        let tree = self.tree;
        let data = scope.state.into_iter().flat_map(|state| tree.around(state));
        let data = data.flat_map(|id| tree.get(id).data.iter()).filter(|param| !param.made);
        let data = data.map(|param| (param.name.text.as_str(), param.name.span));
        let places = self.types.patience.with(data.chain(self.symbols.fields.places()));
        let mut diagnostic = unknown_name(Code::UnknownName, "context field", name, places);
        let elsewhere = tree.states.iter().find_map(|state| {
            let param = state.data.iter().find(|param| param.name.text == name.text)?;
            Some((state, param))
        });
        if scope.bindings.iter().any(|b| b.name.text == name.text) {
            diagnostic =
                diagnostic.help("only fields of the context and data of states can be set");
        } else if let Some((state, param)) = elsewhere {
            let owner = &state.name.text;
            diagnostic = diagnostic
                .label(param.name.span, format!("this is data of `{owner}`"))
                .help(format!("what stands in `{owner}` can set it, since it is active there"));
        } else if diagnostic.fixes.is_empty() {
            diagnostic =
                diagnostic.help(format!("declare it: `context {{ {}: Type }}`", name.text));
        }
        self.error(diagnostic);
    }

    /// Values for the payload of an event; of an external one, whatever is written.
    pub(super) fn payload(
        &mut self,
        scope: Scope<'_>,
        event: EventId,
        name: &Name,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<Vec<Expr>> {
        let declarations = self.declarations;
        match declarations.events.get(event.index()) {
            Some(declared) if declarations.external_events.is_none() => {
                let what = format!("the event `{}`", name.text);
                self.args(scope, &what, declared.name.span, &declared.params, args, span)
            }
            _ => Some(self.loose_args(scope, args)),
        }
    }

    fn raise(
        &mut self,
        scope: Scope<'_>,
        name: &'a Name,
        args: &'a [ast::Expr],
        after: Option<&'a ast::Expr>,
        span: Span,
    ) -> Option<EffectKind> {
        let delay = after.map(|delay| self.expr(scope, delay, Want::new(&Ty::Duration)));
        let Some(event) = self.event(name) else {
            self.loose_args(scope, args);
            return None;
        };
        self.used.events.insert(event);
        let args = self.payload(scope, event, name, args, span)?;
        Some(match delay {
            Some(delay) => EffectKind::RaiseAfter(event, args, delay),
            None => EffectKind::Raise(event, args),
        })
    }

    pub(super) fn emit(
        &mut self,
        scope: Scope<'_>,
        name: &'a Name,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<EffectKind> {
        let Some(output) = self.output(name) else {
            self.loose_args(scope, args);
            return None;
        };
        self.used.outputs.insert(output);
        let declarations = self.declarations;
        let args = match declarations.outputs.get(output.index()) {
            Some(declared) if declarations.external_outputs.is_none() => {
                let what = format!("the output `{}`", name.text);
                self.args(scope, &what, declared.name.span, &declared.params, args, span)?
            }
            _ => self.loose_args(scope, args),
        };
        Some(EffectKind::Emit(output, args))
    }

    fn action(
        &mut self,
        scope: Scope<'_>,
        name: &'a Name,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<EffectKind> {
        let declarations = self.declarations;
        let found = self.symbols.functions.find(&name.text);
        if let Some((Callable::Host(id), declared)) = found {
            let function = &declarations.functions[id.index()];
            self.used.functions.insert(id);
            if function.kind == FunctionKind::Action {
                let what = format!("`{}`", name.text);
                let args = self.args(scope, &what, declared, &function.params, args, span)?;
                return Some(EffectKind::Action(id, args));
            }
        }
        self.loose_args(scope, args);
        let diagnostic = match found {
            Some((callable, declared)) => self.no_action(name, callable, declared),
            None => self.unknown_action(name),
        };
        self.error(diagnostic);
        None
    }

    fn no_action(&self, name: &Name, callable: Callable, declared: Span) -> Diagnostic {
        let what = self.kind_of(callable);
        let message = format!("`{}` is {what}, not an action", name.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message)
            .at("cannot be done as an effect")
            .label(declared, "declared here");
        match callable {
            Callable::Host(_) => diagnostic.help("only an `action` has an effect"),
            Callable::Activity(_) => {
                diagnostic.help(format!("start it in a state: `invoke {}(..)`", name.text))
            }
        }
    }

    fn unknown_action(&self, name: &Name) -> Diagnostic {
        // Only what can be done here is worth suggesting.
        let functions = &self.declarations.functions;
        let actions = functions.iter().filter(|f| f.kind == FunctionKind::Action);
        let places = self.types.patience.with(actions.map(|f| (f.name.text.as_str(), f.name.span)));
        let diagnostic = unknown_name(Code::UnknownName, "action", name, places);
        if let Some((_, span)) = self.symbols.outputs.find(&name.text) {
            return diagnostic
                .label(span, "an output has this name")
                .help(format!("write `emit {}`", name.text))
                .fix("write `emit`", Span { end: name.span.start, ..name.span }, "emit ");
        }
        if let Some((_, span)) = self.symbols.events.find(&name.text) {
            return diagnostic
                .label(span, "an event has this name")
                .help(format!("write `raise {}`", name.text))
                .fix("write `raise`", Span { end: name.span.start, ..name.span }, "raise ");
        }
        if diagnostic.fixes.is_empty() {
            return diagnostic.help(format!("declare it: `action {}(..)`", name.text));
        }
        diagnostic
    }
}
