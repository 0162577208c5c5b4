//! What a state starts: invoked activities, steps of a saga, people, fan-out; and `until`.

use crate::ast::{self, StateItem, StateItemKind, Step};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{StateId, StateKind, Ty};
use crate::resolve::annotations::{self, Subject};
use crate::resolve::ctx::{Ctx, Scope};
use crate::resolve::names::{check_name, declared_twice};
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    /// The statements of a state that start something. They come before its handlers, which name
    /// their results.
    pub(in crate::resolve) fn outside_items(
        &mut self,
        id: StateId,
        items: impl Iterator<Item = &'a StateItem>,
    ) {
        for item in items {
            match &item.kind {
                StateItemKind::Invoke(chain) => self.invoke(id, chain, item.span),
                StateItemKind::Human(human) => self.human(id, human, item.span),
                StateItemKind::FanOut(fan_out) => self.fan_out(id, fan_out, item.span),
                StateItemKind::Step(step) => self.step(id, step),
                StateItemKind::Concurrent(steps) => {
                    steps.iter().for_each(|step| self.step(id, step));
                }
                StateItemKind::Until(condition, times) => {
                    self.until(id, condition, *times, item.span);
                }
                _ => {}
            }
        }
    }

    /// `invoke activity(..) with policy fallback other(..)`, or `invoke machine Other(..)`.
    fn invoke(&mut self, id: StateId, chain: &'a [ast::Call], span: Span) {
        self.invokes_once(id, span);
        if chain.first().is_some_and(|call| call.machine) {
            return self.child(id, chain, span);
        }
        let (result, invoke) = self.chain(Scope::of(id), chain, span);
        self.outside.done.insert(id, result.into_iter().collect());
        if invoke.is_some() {
            self.bodies[id.index()].invoke = invoke;
        }
    }

    /// What a state starts is one thing, and its end is the only one that `on done` can mean.
    pub(super) fn invokes_once(&mut self, id: StateId, span: Span) {
        let body = &self.bodies[id.index()];
        let first = body.invoke.as_ref().map(|invoke| invoke.span);
        if let Some(first) = first.or(body.fan_out.as_ref().map(|fan_out| fan_out.span)) {
            self.error(
                Diagnostic::new(Code::Duplicate, span, "a state invokes one thing")
                    .at("the second here")
                    .label(first, "the first is here")
                    .help("give each a state of its own: one after the other, or in regions"),
            );
        }
        self.no_other_end(id, span);
    }

    /// `on done` in a state that invokes something means its result, so that nothing would see the
    /// end of what stands in it.
    fn no_other_end(&mut self, id: StateId, span: Span) {
        let tree = self.tree;
        let state = tree.get(id);
        let end_in = |id: StateId| {
            let children = tree.get(id).children.iter().map(|child| tree.get(*child));
            children.into_iter().find(|child| child.kind == StateKind::Final)
        };
        let end = match state.kind {
            StateKind::Composite | StateKind::Region => end_in(id),
            // It is done when all of its regions are.
            StateKind::Parallel => {
                let ends: Option<Vec<_>> = state.children.iter().map(|r| end_in(*r)).collect();
                ends.and_then(|ends| ends.first().copied())
            }
            StateKind::Root | StateKind::Atomic | StateKind::Final => None,
        };
        if let Some(end) = end {
            self.error(
                Diagnostic::new(Code::Nesting, span, "`on done` could mean two things here")
                    .at("this has a result")
                    .label(end.span, "and this completes the state")
                    .help("invoke in a state beside, or in one inside"),
            );
        }
    }

    pub(super) fn local(&mut self, id: StateId, name: &'a ast::Name, ty: Ty) {
        check_name(name, self.d);
        let first = self.outside.local_names(id).find(|(known, _)| *known == name.text);
        if let Some((_, first)) = first {
            self.error(declared_twice("result", name, first));
        }
        self.outside.locals.entry(id).or_default().push((name, ty));
    }

    fn step(&mut self, id: StateId, step: &'a Step) {
        annotations::check((Subject::Step, &step.meta), step.span, &mut self.allows, self.d);
        // What is a saga and something else too has an error already.
        if self.tree.special.get(&id) != Some(&ast::Modifier::Saga) {
            let state = self.tree.get(id);
            self.error(
                Diagnostic::new(Code::Nesting, step.span, "a step stands in a saga")
                    .at("not in a `saga state`")
                    .label(state.span, format!("`{}` is no saga", state.name.text))
                    .help("write `saga` before `state`"),
            );
        }
        let result = self.outside_call(Scope::of(id), &step.call, false).result;
        self.local(id, &step.name, result.unwrap_or(Ty::Unknown));
        if let Some(undo) = &step.compensate {
            self.outside_call(Scope::of(id), undo, false);
        }
    }
}
