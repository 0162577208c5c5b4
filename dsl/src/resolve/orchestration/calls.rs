//! Calls of activities and machines, and messages to other machines.

use crate::ast::{self, Call, Name};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{ActivityId, Expr, FunctionKind, StateId, StateKind, Ty};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::resolve::declarations::Callable;
use crate::resolve::expr::agrees;
use crate::resolve::suggest::{suggest, unknown};
use crate::span::Span;

/// What a call is of.
pub(super) struct Called {
    /// What it gives; `None` if nothing.
    pub(super) result: Option<Ty>,
    /// An activity with its arguments.
    pub(super) activity: Option<(ActivityId, Vec<Expr>)>,
}

impl Called {
    fn of(result: Option<Ty>) -> Self {
        Self { result, activity: None }
    }
}

impl<'a> Ctx<'a, '_> {
    /// A call and its fallbacks; the result is that of the first, which the others have to match.
    /// No result for an activity without one.
    pub(super) fn chain(&mut self, scope: Scope<'_>, chain: &'a [Call]) -> Option<Ty> {
        let mut first: Option<(Option<Ty>, Span)> = None;
        for (index, call) in chain.iter().enumerate() {
            let result = self.outside_call(scope, call, index > 0).result;
            match &first {
                None => first = Some((result, call.name.span)),
                Some((wanted, span)) => {
                    let (wanted, span) = (wanted.clone(), *span);
                    self.same_result(wanted.as_ref(), span, result.as_ref(), &call.name);
                }
            }
        }
        first.and_then(|(result, _)| result)
    }

    fn same_result(&mut self, wanted: Option<&Ty>, first: Span, found: Option<&Ty>, name: &Name) {
        let same = match (wanted, found) {
            (Some(Ty::Unknown), _) | (_, Some(Ty::Unknown)) => true,
            (Some(wanted), Some(found)) => agrees(wanted, found),
            (None, None) => true,
            _ => false,
        };
        if same {
            return;
        }
        let text = |ty: Option<&Ty>| ty.map_or("nothing".to_owned(), |ty| self.types.text(ty));
        let message = format!("a fallback gives what it stands for: `{}`", text(wanted));
        let diagnostic = Diagnostic::new(Code::TypeMismatch, name.span, message)
            .at(format!("gives `{}`", text(found)))
            .label(first, format!("gives `{}`", text(wanted)));
        self.error(diagnostic);
    }

    /// One call: the activity, its arguments, its policy.
    pub(super) fn outside_call(
        &mut self,
        scope: Scope<'_>,
        call: &'a Call,
        fallback: bool,
    ) -> Called {
        if let Some(policy) = &call.policy
            && self.symbols.policies.get(&policy.text).is_none()
        {
            let places = self.symbols.policies.places();
            let diagnostic = unknown(Code::UnknownName, "policy", policy, places);
            self.error(diagnostic);
        }
        if call.machine {
            self.machine_named(&call.name);
            self.loose_args(scope, &call.args);
            return Called::of(Some(Ty::Unknown));
        }
        let (symbols, declarations) = (self.symbols, self.declarations);
        let what = format!("`{}`", call.name.text);
        match symbols.functions.find(&call.name.text) {
            Some((Callable::Activity(id), declared)) => {
                self.used.activities.insert(id);
                let activity = &declarations.activities[id.index()];
                let args =
                    self.args(scope, &what, declared, &activity.params, &call.args, call.span);
                Called { result: activity.result.clone(), activity: args.map(|args| (id, args)) }
            }
            Some((Callable::Host(id), declared))
                if fallback && declarations.functions[id.index()].kind == FunctionKind::Fn =>
            {
                self.used.functions.insert(id);
                let function = &declarations.functions[id.index()];
                self.args(scope, &what, declared, &function.params, &call.args, call.span);
                Called::of(function.result.clone())
            }
            found => {
                self.loose_args(scope, &call.args);
                self.no_activity(&call.name, found);
                Called::of(Some(Ty::Unknown))
            }
        }
    }

    fn no_activity(&mut self, name: &Name, found: Option<(Callable, Span)>) {
        let diagnostic = match found {
            Some((callable, declared)) => {
                let message =
                    format!("`{}` is {}, not an activity", name.text, self.kind_of(callable));
                Diagnostic::new(Code::UnknownName, name.span, message)
                    .label(declared, "declared here")
            }
            None => unknown(Code::UnknownName, "activity", name, self.symbols.functions.places()),
        };
        self.error(diagnostic);
    }

    fn machine_named(&mut self, name: &Name) -> bool {
        let machines = self.outside.machines;
        if machines.names.get(&name.text).is_some() {
            return true;
        }
        let diagnostic = unknown(Code::UnknownName, "machine", name, machines.names.places());
        self.error(diagnostic.help("import the file that declares it"));
        false
    }

    /// `send Machine(key).Event(..)`
    pub(in crate::resolve) fn send(
        &mut self,
        scope: Scope<'_>,
        machine: &'a Name,
        key: &'a ast::Expr,
        event: &'a Name,
        args: &'a [ast::Expr],
        span: Span,
    ) {
        self.outside.unbuilt("send", span);
        self.infer(scope, key, None);
        self.loose_args(scope, args);
        let machines = self.outside.machines;
        if !self.machine_named(machine) || machines.external.contains(machine.text.as_str()) {
            return;
        }
        let found = machines.events.get(&(machine.text.as_str(), event.text.as_str()));
        match found {
            Some((declared, count)) if *count != args.len() => {
                let what = format!("the event `{}`", event.text);
                self.wrong_count(&what, Some(*declared), *count, args.len(), span);
            }
            Some(_) => {}
            None => {
                let message = format!("`{}` has no event `{}`", machine.text, event.text);
                let of_machine = machines.events.range((machine.text.as_str(), "")..);
                let known = of_machine
                    .take_while(|((of, _), _)| *of == machine.text)
                    .map(|((_, name), (span, _))| (*name, *span));
                let diagnostic = Diagnostic::new(Code::UnknownEvent, event.span, message);
                self.error(suggest(diagnostic, event, known));
            }
        }
    }

    /// `abort`: takes back the saga that the state is, or is in.
    pub(in crate::resolve) fn abort(&mut self, state: StateId, span: Span) {
        self.outside.unbuilt("abort", span);
        let tree = self.tree;
        let in_saga =
            tree.around(state).any(|id| tree.special.get(&id) == Some(&ast::Modifier::Saga));
        if in_saga {
            return;
        }
        let state = tree.get(state);
        let mut diagnostic = Diagnostic::new(Code::Nesting, span, "only a saga can be aborted")
            .at("not in a `saga state`");
        if state.kind != StateKind::Root {
            diagnostic = diagnostic.label(state.span, "this state is no saga");
        }
        self.error(diagnostic);
    }

    /// A constant duration.
    pub(super) fn constant_duration(&mut self, written: &'a ast::Expr) {
        self.expr(Scope::CONSTANT, written, Want::new(&Ty::Duration));
    }
}
