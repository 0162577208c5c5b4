//! Calls of activities and machines, and messages to other machines.

use super::heads::Named;
use crate::ast::{self, Call, Name};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{
    ErrorId, Expr, Fallback, FunctionKind, Invoke, PolicyId, StateId, StateKind, Ty, Work,
};
use crate::resolve::ctx::{Ctx, Scope};
use crate::resolve::declarations::Callable;
use crate::resolve::expr::agrees;
use crate::resolve::names::said_twice;
use crate::resolve::suggest::unknown;
use crate::span::Span;

/// What a call is of.
pub(super) struct Called {
    /// What it gives; `None` if nothing.
    pub(super) result: Option<Ty>,
    /// What carries it out, and its arguments; `None` behind a mistake.
    pub(super) work: Option<(Work, Vec<Expr>)>,
    /// How hard it is tried.
    pub(super) policy: Option<PolicyId>,
}

impl<'a> Ctx<'a, '_> {
    /// A call and its fallbacks; the result is that of the first, which the others have to match.
    /// No result for an activity without one.
    pub(super) fn chain(
        &mut self,
        scope: Scope<'_>,
        chain: &'a [Call],
        span: Span,
    ) -> (Option<Ty>, Option<Invoke>) {
        let [first, rest @ ..] = chain else { return (Some(Ty::Unknown), None) };
        let called = self.outside_call(scope, first, false);
        let wanted = called.result.clone();
        let mut invoke = match called.work {
            Some((Work::Activity(activity), args)) => {
                let (policy, fallbacks) = (called.policy, Vec::new());
                let head = first.span;
                Some(Invoke { activity, args, policy, fallbacks, task: None, head, span })
            }
            _ => None,
        };
        let mut before = &first.name;
        for call in rest {
            let fallback = self.outside_call(scope, call, true);
            self.same_result(
                wanted.as_ref(),
                first.name.span,
                fallback.result.as_ref(),
                &call.name,
            );
            let on = self.taken_over(call, before, invoke.as_ref());
            before = &call.name;
            let Some((work, args)) = fallback.work else { continue };
            let policy = fallback.policy;
            if let Some(invoke) = &mut invoke {
                let fallback = Fallback { work, args, policy, on, span: call.span };
                invoke.fallbacks.push(fallback);
            }
        }
        (wanted, invoke)
    }

    /// The errors behind `fallback on`: permanent ones that the call before can end with.
    fn taken_over(
        &mut self,
        call: &'a Call,
        before: &Name,
        invoke: Option<&Invoke>,
    ) -> Vec<ErrorId> {
        let declarations = self.declarations;
        let mut on = Vec::new();
        for (at, name) in call.on.iter().enumerate() {
            let Some((error, declared)) = self.error_of(name, Named::TakenOver) else { continue };
            if let Some(first) = call.on[..at].iter().find(|other| other.text == name.text) {
                self.error(said_twice(&format!("`{}`", name.text), name.span, first.span));
                continue;
            }
            let raised = invoke.is_none_or(|invoke| match invoke.work(invoke.fallbacks.len()) {
                Work::Activity(activity) => {
                    declarations.activities[activity.index()].raises.contains(&error)
                }
                Work::Function(_) => false,
            });
            let report = |what: String, at: &str| {
                Diagnostic::new(Code::UnknownEvent, name.span, what).at(at.to_owned())
            };
            if !raised {
                let what = format!("`{}` does not end with `{}`", before.text, name.text);
                self.error(report(what, "is not raised by it").label(before.span, "this call"));
            } else if declarations.errors[error.index()].transient {
                let what = format!("a fallback is tried behind `{}` in any case", name.text);
                let at = "only permanent errors need to be named";
                self.error(report(what, at).label(declared, "is `transient`"));
            } else {
                on.push(error);
            }
        }
        on
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
        let policy = call.policy.as_ref().and_then(|name| self.policy_named(name));
        let unknown = Called { result: Some(Ty::Unknown), work: None, policy };
        if call.machine {
            self.no_machine_here(call);
            self.loose_args(scope, &call.args);
            return unknown;
        }
        let (symbols, declarations) = (self.symbols, self.declarations);
        let what = format!("`{}`", call.name.text);
        match symbols.functions.find(&call.name.text) {
            Some((Callable::Activity(id), declared)) => {
                self.used.activities.insert(id);
                let activity = &declarations.activities[id.index()];
                let args =
                    self.args(scope, &what, declared, &activity.params, &call.args, call.span);
                let work = args.map(|args| (Work::Activity(id), args));
                Called { result: activity.result.clone(), work, policy }
            }
            Some((Callable::Host(id), declared))
                if fallback && declarations.functions[id.index()].kind == FunctionKind::Fn =>
            {
                self.used.functions.insert(id);
                let function = &declarations.functions[id.index()];
                let args =
                    self.args(scope, &what, declared, &function.params, &call.args, call.span);
                let work = args.map(|args| (Work::Function(id), args));
                if let Some(policy) = &call.policy {
                    self.policy_of_function(&call.name, declared, policy);
                }
                Called { result: function.result.clone(), work, policy: None }
            }
            found => {
                self.loose_args(scope, &call.args);
                self.no_activity(&call.name, found);
                unknown
            }
        }
    }

    /// A declared policy; an error if there is none.
    fn policy_named(&mut self, name: &Name) -> Option<PolicyId> {
        let symbols = self.symbols;
        let found = symbols.policies.find(&name.text);
        match found {
            Some((id, place)) => {
                self.used.policies.insert(id);
                self.d.extend(symbols.brought_policies.unclear("a policy", name, place));
            }
            None => {
                let places = self.symbols.policies.places();
                let diagnostic = unknown(Code::UnknownName, "policy", name, places);
                self.error(diagnostic);
            }
        }
        found.map(|(id, _)| id)
    }

    /// A function is calculated at once, and does not fail.
    fn policy_of_function(&mut self, name: &Name, declared: Span, policy: &Name) {
        let message = format!("`{}` is a fn, which needs no policy", name.text);
        self.error(
            Diagnostic::new(Code::UnknownName, policy.span, message)
                .at("policies are for activities")
                .label(declared, "declared here")
                .help(format!(
                    "leave out `with {}`: a fn is calculated at once, and cannot fail",
                    policy.text
                )),
        );
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

    /// `abort` outside of a saga; those in one have become transitions.
    pub(in crate::resolve) fn abort(&mut self, state: StateId, span: Span) {
        let tree = self.tree;
        // One that means nothing in its saga has been told.
        let mut around = tree.around(state);
        if around.any(|id| {
            tree.get(id).part.is_some() || tree.special.get(&id) == Some(&ast::Modifier::Saga)
        }) {
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
}
